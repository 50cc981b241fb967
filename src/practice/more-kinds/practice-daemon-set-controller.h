/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Keeps a pod of each DaemonSet running on every node that should have one. */
#define PRACTICE_TYPE_DAEMON_SET_CONTROLLER (practice_daemon_set_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDaemonSetController,
                      practice_daemon_set_controller,
                      PRACTICE,
                      DAEMON_SET_CONTROLLER,
                      PracticeController)

PracticeController *practice_daemon_set_controller_new (PracticeStore *store);

G_END_DECLS

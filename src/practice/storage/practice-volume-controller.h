/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-disks.h"

G_BEGIN_DECLS

#define PRACTICE_TYPE_VOLUME_CONTROLLER (practice_volume_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeVolumeController,
                      practice_volume_controller,
                      PRACTICE,
                      VOLUME_CONTROLLER,
                      PracticeController)

/* @disks (nullable): what is to be emptied. */
PracticeController *practice_volume_controller_new (PracticeStore *store, PracticeDisks *disks);

G_END_DECLS

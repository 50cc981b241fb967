/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

#define PRACTICE_TYPE_VOLUME_PROVISIONER (practice_volume_provisioner_get_type ())
G_DECLARE_FINAL_TYPE (PracticeVolumeProvisioner,
                      practice_volume_provisioner,
                      PRACTICE,
                      VOLUME_PROVISIONER,
                      PracticeController)

PracticeController *practice_volume_provisioner_new (PracticeStore *store);

G_END_DECLS

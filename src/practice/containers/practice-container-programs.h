/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"
#include "practice-controller.h"
#include "practice-image-catalog.h"

G_BEGIN_DECLS

/* Starts what containers really run, once for each of their runs. Where this computer cannot, they
 * run nothing. Signal: "ended" (const char *namespace_, const char *pod, const char *pod_uid, const
 * char *container, int exit_status). */
#define PRACTICE_TYPE_CONTAINER_PROGRAMS (practice_container_programs_get_type ())
G_DECLARE_FINAL_TYPE (PracticeContainerPrograms,
                      practice_container_programs,
                      PRACTICE,
                      CONTAINER_PROGRAMS,
                      PracticeController)

PracticeController *practice_container_programs_new (PracticeStore *store,
                                                     PracticeImageCatalog *images,
                                                     PracticeContainerRuntime *runtime);

G_END_DECLS

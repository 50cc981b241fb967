/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-image-catalog.h"
#include "practice-network.h"

G_BEGIN_DECLS

/* Runs what answers in the containers of running pods, on the pods' own addresses. */
#define PRACTICE_TYPE_WORKLOADS (practice_workloads_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeWorkloads, practice_workloads, PRACTICE, WORKLOADS, PracticeController)

PracticeController *practice_workloads_new (PracticeStore *store,
                                            PracticeNetwork *network,
                                            PracticeImageCatalog *images);

G_END_DECLS

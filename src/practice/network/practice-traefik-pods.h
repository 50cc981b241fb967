/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-controller.h"
#include "practice-fabric.h"
#include "practice-image-catalog.h"

G_BEGIN_DECLS

/* Runs Traefik in the pods that are to run it. */
#define PRACTICE_TYPE_TRAEFIK_PODS (practice_traefik_pods_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeTraefikPods, practice_traefik_pods, PRACTICE, TRAEFIK_PODS, PracticeController)

/* @network and @logs (nullable) */
PracticeController *practice_traefik_pods_new (PracticeStore *store,
                                               PracticeImageCatalog *images,
                                               PracticeNetwork *network,
                                               PracticeFabric *fabric,
                                               PracticeContainerLogs *logs);

G_END_DECLS

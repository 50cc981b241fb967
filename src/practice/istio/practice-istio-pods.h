/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-mesh.h"

G_BEGIN_DECLS

/* What answers in the pods of Istio itself while they run: gateways and Kiali. */
#define PRACTICE_TYPE_ISTIO_PODS (practice_istio_pods_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeIstioPods, practice_istio_pods, PRACTICE, ISTIO_PODS, PracticeController)

/* @network (nullable) */
PracticeController *
practice_istio_pods_new (PracticeStore *store, PracticeMesh *mesh, PracticeNetwork *network);

G_END_DECLS

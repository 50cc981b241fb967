/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-fabric.h"

G_BEGIN_DECLS

/* What answers in the add-ons' pods that have a web page of ours. */
#define PRACTICE_TYPE_PORTAL_PODS (practice_portal_pods_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticePortalPods, practice_portal_pods, PRACTICE, PORTAL_PODS, PracticeController)

/* @network (nullable) */
PracticeController *
practice_portal_pods_new (PracticeStore *store, PracticeFabric *fabric, PracticeNetwork *network);

G_END_DECLS

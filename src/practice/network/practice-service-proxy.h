/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"
#include "practice-fabric.h"

G_BEGIN_DECLS

/* Makes Services answer: what arrives at a cluster IP, a node port or a load balancer goes to a pod
 * that is ready. */
#define PRACTICE_TYPE_SERVICE_PROXY (practice_service_proxy_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeServiceProxy, practice_service_proxy, PRACTICE, SERVICE_PROXY, PracticeController)

PracticeController *
practice_service_proxy_new (PracticeStore *store, PracticeNetwork *network, PracticeFabric *fabric);

G_END_DECLS

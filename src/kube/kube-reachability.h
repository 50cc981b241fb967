/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-timings.h"
#include "kube-transport.h"

G_BEGIN_DECLS

/* Whether the API server answers: the one place that tries again when it does not. Signals "lost"
 * and "restored". */
#define KUBE_TYPE_REACHABILITY (kube_reachability_get_type ())
G_DECLARE_FINAL_TYPE (KubeReachability, kube_reachability, KUBE, REACHABILITY, GObject)

KubeReachability *kube_reachability_new (KubeTransport *transport, const KubeTimings *timings);
gboolean kube_reachability_get_reachable (KubeReachability *self);
const GError *kube_reachability_get_error (KubeReachability *self);
void kube_reachability_report_failure (KubeReachability *self, const GError *error);
void kube_reachability_report_answer (KubeReachability *self);
void kube_reachability_probe (KubeReachability *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-list.h"
#include "kube-tree-cache.h"

G_BEGIN_DECLS

/* Follows a collection for ever: list, watch, and what to do when either fails. Signals "listed"
 * (GPtrArray of KubeChange, settled; gboolean whether that is all there is), "changes" (GPtrArray
 * of KubeChange, settled), "state-changed". */
#define KUBE_TYPE_REFLECTOR (kube_reflector_get_type ())
G_DECLARE_FINAL_TYPE (KubeReflector, kube_reflector, KUBE, REFLECTOR, GObject)

KubeReflector *kube_reflector_new (KubeClient *client,
                                   const KubeKind *kind,
                                   const char *namespace_,
                                   const char *label_selector);
void kube_reflector_start (KubeReflector *self);
void kube_reflector_stop (KubeReflector *self);
void kube_reflector_retry (KubeReflector *self);
KubeListState kube_reflector_get_state (KubeReflector *self);
const GError *kube_reflector_get_error (KubeReflector *self);
gint64 kube_reflector_get_synced_at (KubeReflector *self);
const char *kube_reflector_get_namespace (KubeReflector *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"
#include "kube-object.h"
#include "kube-tree-cache.h"

G_BEGIN_DECLS

KubeObject *kube_object_new_of_kind (GBytes *json,
                                     const KubeKind *kind,
                                     const char *version,
                                     KubeTreeCache *cache);
gboolean kube_object_take (KubeObject *self, KubeObject *newer);
void kube_object_emit_changed (KubeObject *self);
int kube_object_compare (KubeObject *a, KubeObject *b);
int kube_object_compare_key (KubeObject *self, const char *namespace_, const char *name);

G_END_DECLS

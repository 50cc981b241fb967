/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-change.h"

G_BEGIN_DECLS

/* The objects of a list model, sorted by namespace and name. */
typedef struct _KubeRows KubeRows;

/* What a batch did, for one items-changed. */
typedef struct {
  guint position;
  guint removed;
  guint added;
} KubeSplice;

KubeRows *kube_rows_new (void);
void kube_rows_free (KubeRows *self);
guint kube_rows_get_n_rows (KubeRows *self);
KubeObject *kube_rows_get (KubeRows *self, guint position);
KubeObject *kube_rows_find (KubeRows *self, const char *namespace_, const char *name);
/* @changes: settled. @complete: what is not among them is gone. Objects that stay and are something
 * new are added to @updated. */
KubeSplice
kube_rows_apply (KubeRows *self, GPtrArray *changes, gboolean complete, GPtrArray *updated);

G_END_DECLS

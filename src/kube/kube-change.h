/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-object.h"

G_BEGIN_DECLS

/* What a list or a watch says of one object. */
typedef struct {
  KubeObject *object; /* as it is now, or was when it was deleted */
  gboolean deleted;
} KubeChange;

KubeChange *kube_change_new (KubeObject *object, gboolean deleted);
void kube_change_free (KubeChange *self);
GPtrArray *kube_change_new_array (void);
/* Sorts as a list is sorted, and keeps of several changes of one object the last one. */
void kube_change_settle (GPtrArray *changes);

G_END_DECLS

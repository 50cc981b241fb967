/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-object.h"

G_BEGIN_DECLS

typedef enum {
  KUBE_LIST_IDLE,    /* not started, or stopped */
  KUBE_LIST_LOADING, /* first list under way */
  KUBE_LIST_LIVE,    /* listed, watch open */
  KUBE_LIST_STALE,   /* connection lost: the rows are old, it tries again */
  KUBE_LIST_ABSENT,  /* the server has no such resource (Istio is not installed); looks again */
  KUBE_LIST_FORBIDDEN,
  KUBE_LIST_UNAUTHORIZED, /* stopped: sign in again */
} KubeListState;

GType kube_list_state_get_type (void);
#define KUBE_TYPE_LIST_STATE (kube_list_state_get_type ())

/* A GListModel of KubeObject kept equal to a collection of the cluster by list and watch. Sorted by
 * namespace and name. One "items-changed" a batch for rows that come and go; an object that only
 * changes stays in place and emits its own "changed". Signal "updated" once after every batch of
 * either kind. */
#define KUBE_TYPE_LIST (kube_list_get_type ())
G_DECLARE_FINAL_TYPE (KubeList, kube_list, KUBE, LIST, GObject)

/* @namespace NULL: all; @label_selector nullable */
KubeList *kube_list_new (KubeClient *client,
                         const KubeKind *kind,
                         const char *namespace_,
                         const char *label_selector);
void kube_list_start (KubeList *self);
void kube_list_stop (KubeList *self);
/* Tries again now, whatever the back-off says. */
void kube_list_retry (KubeList *self);
KubeListState kube_list_get_state (KubeList *self); /* property "state" */
const GError *
kube_list_get_error (KubeList *self); /* (nullable) why it is not live; property "error" */
gint64 kube_list_get_synced_at (
  KubeList *self); /* monotonic µs of the last word from the server, 0: never */
const KubeKind *kube_list_get_kind (KubeList *self);
/* (nullable): all; one only where all were asked for and are forbidden */
const char *kube_list_get_namespace (KubeList *self);
KubeObject *kube_list_find (KubeList *self,
                            const char *namespace_,
                            const char *name); /* (transfer none) (nullable) */

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KUBE_LIST_SPLITTER_MAX_ITEM_BYTES (32 * 1024 * 1024)

/* Takes a Kubernetes list apart while it arrives: hands out the text of each item, and keeps
 * nothing of it. */
typedef struct _KubeListSplitter KubeListSplitter;

/* FALSE stops the splitter. */
typedef gboolean (*KubeListItemFunc) (const char *text,
                                      gsize length,
                                      gpointer user_data,
                                      GError **error);

KubeListSplitter *kube_list_splitter_new (KubeListItemFunc func, gpointer user_data);
void kube_list_splitter_free (KubeListSplitter *self);
gboolean
kube_list_splitter_feed (KubeListSplitter *self, const char *data, gsize length, GError **error);
gboolean kube_list_splitter_finish (KubeListSplitter *self, GError **error);
/* After finish; both nullable */
const char *kube_list_splitter_get_resource_version (KubeListSplitter *self);
const char *kube_list_splitter_get_continue (KubeListSplitter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeListSplitter, kube_list_splitter_free)

G_END_DECLS

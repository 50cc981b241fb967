/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-collection.h"

G_BEGIN_DECLS

/* Called with each page but the last, while it is only a part of the list. (of KubeChange,
 * settled) */
typedef void (*KubePageFunc) (GPtrArray *changes, gpointer user_data);

/* Asks for a whole collection, page by page. */
void kube_lister_list_async (KubeClient *client,
                             const KubeCollection *collection,
                             GCancellable *cancellable,
                             KubePageFunc page_func,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* All of it, settled (of KubeChange); a watch begins at @resource_version. */
GPtrArray *kube_lister_list_finish (KubeClient *client,
                                    GAsyncResult *result,
                                    char **resource_version,
                                    GError **error);

G_END_DECLS

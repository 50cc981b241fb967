/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-collection.h"
#include "kube-transport.h"

G_BEGIN_DECLS

/* One answer to a list request. */
typedef struct {
  GPtrArray *changes; /* of KubeChange, as the server has them sorted */
  char *resource_version;
  char *continue_token; /* (nullable): there is more */
} KubePage;

void kube_page_free (KubePage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubePage, kube_page_free)

/* Reads a page of @collection from @stream; large ones are parsed in a thread while they arrive. */
void kube_page_read_async (GInputStream *stream,
                           const KubeCollection *collection,
                           guint max_items,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
KubePage *kube_page_read_finish (GInputStream *stream, GAsyncResult *result, GError **error);

G_END_DECLS

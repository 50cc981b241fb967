/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"
#include "kube-tree-cache.h"

G_BEGIN_DECLS

#define KUBE_WATCH_DECODER_MAX_LINE_BYTES (32 * 1024 * 1024)

/* Makes changes of the lines of a watch. */
typedef struct _KubeWatchDecoder KubeWatchDecoder;

KubeWatchDecoder *
kube_watch_decoder_new (const KubeKind *kind, const char *version, KubeTreeCache *cache);
void kube_watch_decoder_free (KubeWatchDecoder *self);
/* Bytes as they come. Returns how many bytes of whole lines there are to decode. */
gsize kube_watch_decoder_feed (KubeWatchDecoder *self, const char *data, gsize length);
/* Adds what the whole lines say to @changes (of KubeChange). */
gboolean kube_watch_decoder_decode (KubeWatchDecoder *self, GPtrArray *changes, GError **error);
/* (nullable): of the last event of any kind */
const char *kube_watch_decoder_get_resource_version (KubeWatchDecoder *self);
guint kube_watch_decoder_get_n_events (KubeWatchDecoder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeWatchDecoder, kube_watch_decoder_free)

G_END_DECLS

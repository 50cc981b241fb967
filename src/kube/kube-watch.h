/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"
#include "kube-collection.h"

G_BEGIN_DECLS

/* One watch, from one resourceVersion to its end. Signals "opened", "word" (any bytes came),
 * "changes" (GPtrArray of KubeChange, settled), and once "ended" (GError, NULL for a normal end),
 * after which there is nothing more. */
#define KUBE_TYPE_WATCH (kube_watch_get_type ())
G_DECLARE_FINAL_TYPE (KubeWatch, kube_watch, KUBE, WATCH, GObject)

KubeWatch *
kube_watch_new (KubeClient *client, const KubeCollection *collection, const char *resource_version);
void kube_watch_start (KubeWatch *self);
/* No signal comes after this. */
void kube_watch_stop (KubeWatch *self);
/* Where the next watch begins. */
const char *kube_watch_get_resource_version (KubeWatch *self);
/* Whether it was of any use: the server told something, or kept it open. */
gboolean kube_watch_was_useful (KubeWatch *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* What a reflector waits for before it goes on. Signal "over": it has come. */
#define KUBE_TYPE_PAUSE (kube_pause_get_type ())
G_DECLARE_FINAL_TYPE (KubePause, kube_pause, KUBE, PAUSE, GObject)

KubePause *kube_pause_new (KubeClient *client);
void kube_pause_wait (KubePause *self, guint delay_ms);
void kube_pause_back_off (KubePause *self, gint64 live_since, const GError *error);
void kube_pause_wait_for_server (KubePause *self, const GError *error);
void kube_pause_cancel (KubePause *self);
void kube_pause_reset (KubePause *self);
gboolean kube_pause_is_timed (KubePause *self);

G_END_DECLS

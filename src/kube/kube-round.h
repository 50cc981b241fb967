/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client.h"

G_BEGIN_DECLS

/* A list, where there is none to go on from, and the watch that follows on it. Signals "listed"
 * (GPtrArray of KubeChange, settled; gboolean whether that is all there is), "opened", "word" (any
 * bytes came), "changes" (GPtrArray of KubeChange, settled), and once a run "ended" (GError, NULL
 * where the next run may begin at once). */
#define KUBE_TYPE_ROUND (kube_round_get_type ())
G_DECLARE_FINAL_TYPE (KubeRound, kube_round, KUBE, ROUND, GObject)

KubeRound *kube_round_new (KubeClient *client,
                           const KubeKind *kind,
                           const char *namespace_,
                           const char *label_selector);
void kube_round_set_namespace (KubeRound *self, const char *namespace_);
const char *kube_round_get_namespace (KubeRound *self);
void kube_round_run (KubeRound *self, const char *version);
void kube_round_stop (KubeRound *self);
gboolean kube_round_is_running (KubeRound *self);
void kube_round_forget_version (KubeRound *self);
void kube_round_forget_all (KubeRound *self);

G_END_DECLS

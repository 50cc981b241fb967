/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-context.h"
#include "kube-runner.h"

G_BEGIN_DECLS

/* What a plugin answered. */
typedef struct {
  char *token;         /* (nullable) */
  GBytes *certificate; /* (nullable): PEM */
  GBytes *key;         /* (nullable): PEM */
  gint64 expires_at;   /* Unix seconds, 0: when a request is refused */
} KubeExecCredential;

void kube_exec_credential_free (KubeExecCredential *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeExecCredential, kube_exec_credential_free)

#define KUBE_TYPE_EXEC_PLUGIN (kube_exec_plugin_get_type ())
G_DECLARE_FINAL_TYPE (KubeExecPlugin, kube_exec_plugin, KUBE, EXEC_PLUGIN, GObject)

KubeExecPlugin *kube_exec_plugin_new (KubeContext *context);
void kube_exec_plugin_approve (KubeExecPlugin *self);
void kube_exec_plugin_fetch_async (KubeExecPlugin *self,
                                   KubeRunner *runner,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
KubeExecCredential *
kube_exec_plugin_fetch_finish (KubeExecPlugin *self, GAsyncResult *result, GError **error);

G_END_DECLS

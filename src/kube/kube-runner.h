/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-command.h"
#include "kube-client.h"
#include "kube-client.h"

G_BEGIN_DECLS

/* Runs commands where the kubeconfig came from. */
#define KUBE_TYPE_RUNNER (kube_runner_get_type ())
G_DECLARE_FINAL_TYPE (KubeRunner, kube_runner, KUBE, RUNNER, GObject)

KubeRunner *kube_runner_new (KubeRunFunc run, gpointer user_data, GDestroyNotify destroy);
KubeRunner *kube_runner_new_here (void);
void kube_runner_run_async (KubeRunner *self,
                            const char *const *argv,
                            const char *const *environment,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
BaseCommandResult *kube_runner_run_finish (KubeRunner *self, GAsyncResult *result, GError **error);

G_END_DECLS

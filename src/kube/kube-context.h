/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One context of a kubeconfig, resolved: where to, as whom, trusting what. Immutable. */
#define KUBE_TYPE_CONTEXT (kube_context_get_type ())
G_DECLARE_FINAL_TYPE (KubeContext, kube_context, KUBE, CONTEXT, GObject)

const char *kube_context_get_name (KubeContext *self);
const char *kube_context_get_server (KubeContext *self);    /* URL, may have a path */
const char *kube_context_get_namespace (KubeContext *self); /* "default" where unset */
const char *kube_context_get_host (KubeContext *self);      /* host and port of the server */
guint16 kube_context_get_port (KubeContext *self);
gboolean kube_context_get_insecure (KubeContext *self); /* certificate is not verified */
/* (nullable): the command line of its exec plugin, for the user to agree to */
const char *const *kube_context_get_exec_argv (KubeContext *self);

G_END_DECLS

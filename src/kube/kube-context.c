/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-context-private.h"

/**
 * KubeContext:
 *
 * Made by [class@KubeConfig]; never changes. Its secrets have no getters.
 */
G_DEFINE_FINAL_TYPE (KubeContext, kube_context, G_TYPE_OBJECT)

static void
kube_context_finalize (GObject *object)
{
  KubeContext *self = KUBE_CONTEXT (object);

  g_free (self->name);
  g_free (self->namespace_);
  g_free (self->server);
  g_free (self->host);
  g_free (self->tls_server_name);
  g_free (self->proxy_url);
  g_free (self->token);
  g_free (self->token_file);
  g_free (self->username);
  g_free (self->password);
  g_free (self->impersonate_user);
  g_free (self->impersonate_uid);
  g_strfreev (self->impersonate_groups);
  g_strfreev (self->impersonate_extra);
  g_clear_pointer (&self->ca, g_bytes_unref);
  g_clear_pointer (&self->client_certificate, g_bytes_unref);
  g_clear_pointer (&self->client_key, g_bytes_unref);
  g_clear_pointer (&self->exec, kube_exec_config_free);

  G_OBJECT_CLASS (kube_context_parent_class)->finalize (object);
}

static void
kube_context_class_init (KubeContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_context_finalize;
}

static void
kube_context_init (KubeContext *self)
{
}

/**
 * kube_context_get_name:
 * @self: a context
 *
 * Returns: its name in the kubeconfig
 */
const char *
kube_context_get_name (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->name;
}

/**
 * kube_context_get_server:
 * @self: a context
 *
 * Returns: the URL of the API server, which may have a path, with no slash at its end
 */
const char *
kube_context_get_server (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->server;
}

/**
 * kube_context_get_namespace:
 * @self: a context
 *
 * Returns: the namespace that kubectl works in, "default" where the context names none
 */
const char *
kube_context_get_namespace (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->namespace_;
}

/**
 * kube_context_get_host:
 * @self: a context
 *
 * Returns: the name or address of the API server, with no brackets around an IPv6 one
 */
const char *
kube_context_get_host (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->host;
}

/**
 * kube_context_get_port:
 * @self: a context
 *
 * Returns: the port of the API server, the scheme's own where the URL has none
 */
guint16
kube_context_get_port (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), 0);

  return self->port;
}

/**
 * kube_context_get_insecure:
 * @self: a context
 *
 * Returns: whether anyone between could read and change what is said: the certificate is not
 *   verified, or there is none
 */
gboolean
kube_context_get_insecure (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), FALSE);

  return self->insecure || !self->secure;
}

/**
 * kube_context_get_exec_argv:
 * @self: a context
 *
 * Returns: (transfer none) (nullable): the command line of its exec plugin
 */
const char *const *
kube_context_get_exec_argv (KubeContext *self)
{
  g_return_val_if_fail (KUBE_IS_CONTEXT (self), NULL);

  return self->exec != NULL ? (const char *const *)self->exec->argv : NULL;
}

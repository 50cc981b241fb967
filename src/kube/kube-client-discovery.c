/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-client-private.h"

/* What the server of a client serves. */

static void
take_discovery (KubeClient *self, KubeDiscovery *discovery)
{
  g_autoptr (KubeDiscovery) old = g_steal_pointer (&self->discovery);
  gboolean same_version;

  self->discovery = g_object_ref (discovery);
  self->discovered_at = g_get_monotonic_time ();
  if (old != NULL && kube_discovery_equal (old, discovery))
    return;
  same_version = old != NULL && g_strcmp0 (kube_discovery_get_server_version (old),
                                           kube_discovery_get_server_version (discovery)) == 0;
  if (!same_version)
    g_object_notify (G_OBJECT (self), "server-version");
  g_signal_emit_by_name (self, "discovered");
}

static void
discovered_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeClient) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeDiscovery) discovery = kube_discovery_load_finish (result, &error);

  if (discovery != NULL)
    take_discovery (self, discovery);
  kube_waiters_return (&self->discovering, error);
}

/**
 * kube_client_discover_async:
 * @self: a client
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known what the server serves
 * @user_data: data for @callback
 *
 * Asks the server anew. Several who ask at once share one answer.
 */
void
kube_client_discover_async (KubeClient *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kube_client_discover_async);
  if (kube_waiters_add (&self->discovering, g_steal_pointer (&task)))
    kube_discovery_load_async (self->transport, NULL, discovered_cb, g_object_ref (self));
}

/**
 * kube_client_discover_finish:
 * @self: a client
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether the server has answered; what it said before stays known where it has not
 */
gboolean
kube_client_discover_finish (KubeClient *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kube_client_get_server_version:
 * @self: a client
 *
 * Returns: (nullable): such as "v1.15.2", %NULL before it was asked
 */
const char *
kube_client_get_server_version (KubeClient *self)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  return self->discovery != NULL ? kube_discovery_get_server_version (self->discovery) : NULL;
}

/**
 * kube_client_get_served_version:
 * @self: a client
 * @kind: a resource
 *
 * Returns: (nullable): the newest version of @kind that both sides know
 */
const char *
kube_client_get_served_version (KubeClient *self, const KubeKind *kind)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);
  g_return_val_if_fail (kind != NULL, NULL);

  return self->discovery != NULL ? kube_discovery_get_served_version (self->discovery, kind) : NULL;
}

/**
 * kube_client_serves_group:
 * @self: a client
 * @group: an API group, "" for the core
 *
 * Returns: whether the server is known to have it
 */
gboolean
kube_client_serves_group (KubeClient *self, const char *group)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), FALSE);
  g_return_val_if_fail (group != NULL, FALSE);

  return self->discovery != NULL && kube_discovery_serves_group (self->discovery, group);
}

/**
 * kube_client_get_apis:
 * @self: a client
 *
 * Returns: (nullable) (transfer none): what the server serves, as kube_discovery_get_apis() has it;
 *   good until it is discovered anew. %NULL before it was asked
 */
const char *const *
kube_client_get_apis (KubeClient *self)
{
  g_return_val_if_fail (KUBE_IS_CLIENT (self), NULL);

  return self->discovery != NULL ? kube_discovery_get_apis (self->discovery) : NULL;
}

/*
 * kube_client_is_discovered:
 * @self: a client
 *
 * Returns: whether the server has said what it serves
 */
gboolean
kube_client_is_discovered (KubeClient *self)
{
  return self->discovery != NULL;
}

/*
 * kube_client_get_discovered_at:
 * @self: a client
 *
 * Returns: when the server last said what it serves, monotonic; 0 for never
 */
gint64
kube_client_get_discovered_at (KubeClient *self)
{
  return self->discovered_at;
}

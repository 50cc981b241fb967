/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-runtime-private.h"

#include "base-json.h"
#include "base-metadata.h"

/* Connections to ports of pods as from inside them: to a program that really runs there, to one of
 * ours on a real socket, or straight to it. */

#define LOOPBACK "127.0.0.1"

/* What a connection is to lead to. */
typedef struct {
  PracticePeer *peer; /* the pod itself */
  JsonNode *pod;
  guint16 port;
} Target;

static void
target_free (gpointer data)
{
  Target *self = data;

  practice_peer_free (self->peer);
  json_node_unref (self->pod);
  g_free (self);
}

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
    practice_dialer_connect_finish (PRACTICE_DIALER (source), result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* Straight to our own program, since there is no socket between. */
static void
dial (GTask *owned)
{
  g_autoptr (GTask) task = owned;
  PracticeContainerRuntime *self = g_task_get_source_object (task);
  const Target *target = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  PracticeDialer *dialer = practice_plain_pods_ensure_dialer (
    practice_container_runtime_get_plain_pods (self), target->pod, &error);

  if (dialer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    practice_dialer_connect_async (dialer, target->peer->address, target->port, cancellable,
                                   dialled_cb, g_steal_pointer (&task));
}

/* A program of ours in the pod, on a real socket or not. */
static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PracticeContainerRuntime *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GIOStream *stream = practice_fabric_connect_finish (PRACTICE_FABRIC (source), result, &error);

  if (practice_container_runtime_get_plain_pods (self) != NULL &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    dial (g_steal_pointer (&task));
  else if (stream != NULL)
    g_task_return_pointer (task, stream, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
connect_by_fabric (PracticeContainerRuntime *self, GTask *task)
{
  const Target *target = g_task_get_task_data (task);

  practice_fabric_connect_async (practice_container_runtime_get_fabric (self), target->peer,
                                 target->peer->address, target->port, g_task_get_cancellable (task),
                                 connected_cb, g_object_ref (task));
}

/* A program that really runs in the pod comes first. */
static void
connected_inside_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GSocketConnection *connection =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, NULL);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    connect_by_fabric (g_task_get_source_object (task), task);
}

/**
 * practice_container_runtime_connect_async:
 * @self: a runtime
 * @pod: a Pod that runs
 * @port: a TCP port
 * @cancellable: (nullable): a cancellable
 * @callback: called when connected or not
 * @user_data: data of @callback
 *
 * Connects to a port of a pod as from inside it.
 */
void
practice_container_runtime_connect_async (PracticeContainerRuntime *self,
                                          JsonNode *pod,
                                          guint16 port,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  PracticeNetwork *network;
  Target *target;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_container_runtime_connect_async);
  target = g_new (Target, 1);
  target->peer =
    practice_peer_new (base_json_get_string (pod, "status", "podIP", NULL),
                       base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  target->pod = json_node_ref (pod);
  target->port = port;
  g_task_set_task_data (task, target, target_free);
  network = practice_container_runtime_get_network (self, base_metadata_get_uid (pod));
  if (network != NULL)
    practice_network_connect_async (network, LOOPBACK, port, cancellable, connected_inside_cb,
                                    g_steal_pointer (&task));
  else
    connect_by_fabric (self, task);
}

/**
 * practice_container_runtime_connect_finish:
 * @self: a runtime
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the connection; %G_IO_ERROR_CONNECTION_REFUSED where nothing
 *   listens
 */
GIOStream *
practice_container_runtime_connect_finish (PracticeContainerRuntime *self,
                                           GAsyncResult *result,
                                           GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

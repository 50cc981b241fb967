/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-fabric-door.h"

struct _PracticeFabricDoor {
  GObject parent_instance;

  PracticeFabric *fabric;
  char *address;
  guint16 port;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeFabricDoor,
                               practice_fabric_door,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
practice_fabric_door_handle_async (PracticeHttpHandler *handler,
                                   PracticeHttpRequest *request,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  PracticeFabricDoor *self = PRACTICE_FABRIC_DOOR (handler);
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_fabric_door_handle_async);
  practice_fabric_send_async (self->fabric, request, self->address, self->port, cancellable,
                              sent_cb, task);
}

static PracticeHttpResponse *
practice_fabric_door_handle_finish (PracticeHttpHandler *handler,
                                    GAsyncResult *result,
                                    GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_fabric_door_handle_async;
  iface->handle_finish = practice_fabric_door_handle_finish;
}

static void
practice_fabric_door_finalize (GObject *object)
{
  PracticeFabricDoor *self = PRACTICE_FABRIC_DOOR (object);

  g_clear_object (&self->fabric);
  g_free (self->address);

  G_OBJECT_CLASS (practice_fabric_door_parent_class)->finalize (object);
}

static void
practice_fabric_door_class_init (PracticeFabricDoorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_fabric_door_finalize;
}

static void
practice_fabric_door_init (PracticeFabricDoor *self)
{
}

/**
 * practice_fabric_door_new:
 * @fabric: the cluster's network
 * @address: an address in it
 * @port: the port there
 *
 * Returns: (transfer full): what answers there
 */
PracticeFabricDoor *
practice_fabric_door_new (PracticeFabric *fabric, const char *address, guint16 port)
{
  PracticeFabricDoor *self;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);
  g_return_val_if_fail (address != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_FABRIC_DOOR, NULL);
  self->fabric = g_object_ref (fabric);
  self->address = g_strdup (address);
  self->port = port;

  return self;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-addon-service.h"
#include "practice-channel.h"

/* Whoever works on the jumpserver can connect, so that what comes is checked and counted. */
#define CLIENT_LIMIT 16

/*
 * What a client sends:
 *   enable-addon name: s
 * and what it is told:
 *   enabled
 *   failed       message: s
 */
struct _PracticeAddonService {
  GObject parent_instance;

  PracticeCluster *cluster;
  GSocket *listener;
  GSource *accepting;
  GPtrArray *clients; /* of PracticeChannel */
};

G_DEFINE_FINAL_TYPE (PracticeAddonService, practice_addon_service, G_TYPE_OBJECT)

static void
message_cb (PracticeAddonService *self,
            GVariant *message,
            GUnixFDList *fds,
            PracticeChannel *channel)
{
  const char *op = "";
  const char *name = NULL;
  g_autoptr (GError) error = NULL;

  g_variant_lookup (message, "op", "&s", &op);
  if (!g_str_equal (op, "enable-addon") || !g_variant_lookup (message, "name", "&s", &name))
    return;
  if (practice_addons_enable (practice_cluster_get_addons (self->cluster), name, &error))
    practice_channel_send (channel, g_variant_new_parsed ("{'op': <'enabled'>}"), NULL);
  else
    practice_channel_send (
      channel, g_variant_new_parsed ("{'op': <'failed'>, 'message': <%s>}", error->message), NULL);
}

static void
closed_cb (PracticeAddonService *self, PracticeChannel *channel)
{
  g_ptr_array_remove_fast (self->clients, channel);
}

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  PracticeAddonService *self = user_data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);
  PracticeChannel *channel;

  if (!socket || self->clients->len >= CLIENT_LIMIT)
    return G_SOURCE_CONTINUE;
  channel = practice_channel_new (socket);
  g_ptr_array_add (self->clients, channel);
  g_signal_connect_object (channel, "message", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (channel, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return G_SOURCE_CONTINUE;
}

static void
practice_addon_service_dispose (GObject *object)
{
  PracticeAddonService *self = PRACTICE_ADDON_SERVICE (object);

  if (self->accepting)
    g_source_destroy (self->accepting);
  g_clear_pointer (&self->accepting, g_source_unref);
  g_clear_object (&self->listener);
  g_ptr_array_set_size (self->clients, 0);
  g_clear_object (&self->cluster);

  G_OBJECT_CLASS (practice_addon_service_parent_class)->dispose (object);
}

static void
practice_addon_service_finalize (GObject *object)
{
  PracticeAddonService *self = PRACTICE_ADDON_SERVICE (object);

  g_ptr_array_unref (self->clients);

  G_OBJECT_CLASS (practice_addon_service_parent_class)->finalize (object);
}

static void
practice_addon_service_class_init (PracticeAddonServiceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_addon_service_dispose;
  object_class->finalize = practice_addon_service_finalize;
}

static void
practice_addon_service_init (PracticeAddonService *self)
{
  self->clients = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * practice_addon_service_new:
 * @path: where the Unix socket shall be; a socket that is there is taken for one left behind
 * @cluster: whose add-ons are switched
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a service that listens
 */
PracticeAddonService *
practice_addon_service_new (const char *path, PracticeCluster *cluster, GError **error)
{
  g_autoptr (PracticeAddonService) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (cluster), NULL);

  self = g_object_new (PRACTICE_TYPE_ADDON_SERVICE, NULL);
  self->listener = practice_channel_listen (path, error);
  if (!self->listener)
    return NULL;
  self->cluster = g_object_ref (cluster);
  self->accepting = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());
  return g_steal_pointer (&self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-listeners.h"

struct _PracticeListeners {
  GObject parent_instance;

  PracticeNetwork *network;
  GHashTable *sockets; /* GSocket, not owned, to "address:port" */
};

G_DEFINE_FINAL_TYPE (PracticeListeners, practice_listeners, G_TYPE_OBJECT)

static void
socket_gone_cb (gpointer user_data, GObject *socket)
{
  PracticeListeners *self = user_data;

  g_hash_table_remove (self->sockets, socket);
}

static void
listening_cb (PracticeListeners *self, GSocket *socket, const char *address, guint port)
{
  g_hash_table_insert (self->sockets, socket, g_strdup_printf ("%s:%u", address, port));
  g_object_weak_ref (G_OBJECT (socket), socket_gone_cb, self);
}

static void
practice_listeners_dispose (GObject *object)
{
  PracticeListeners *self = PRACTICE_LISTENERS (object);
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    g_object_weak_unref (socket, socket_gone_cb, self);
  g_hash_table_remove_all (self->sockets);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (practice_listeners_parent_class)->dispose (object);
}

static void
practice_listeners_finalize (GObject *object)
{
  g_hash_table_unref (PRACTICE_LISTENERS (object)->sockets);

  G_OBJECT_CLASS (practice_listeners_parent_class)->finalize (object);
}

static void
practice_listeners_class_init (PracticeListenersClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_listeners_dispose;
  object_class->finalize = practice_listeners_finalize;
}

static void
practice_listeners_init (PracticeListeners *self)
{
  self->sockets = g_hash_table_new_full (NULL, NULL, NULL, g_free);
}

/**
 * practice_listeners_new:
 * @network: a network
 *
 * Returns: (transfer full): what listens in it from now on
 */
PracticeListeners *
practice_listeners_new (PracticeNetwork *network)
{
  PracticeListeners *self;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);

  self = g_object_new (PRACTICE_TYPE_LISTENERS, NULL);
  self->network = g_object_ref (network);
  g_signal_connect_object (network, "listening", G_CALLBACK (listening_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_listeners_get_network:
 * @self: listeners
 *
 * Returns: (transfer none): where they are
 */
PracticeNetwork *
practice_listeners_get_network (PracticeListeners *self)
{
  g_return_val_if_fail (PRACTICE_IS_LISTENERS (self), NULL);

  return self->network;
}

/**
 * practice_listeners_has:
 * @self: listeners
 * @address: an IPv4 address
 * @port: a TCP port
 *
 * Returns: whether a socket of this process listens just there
 */
gboolean
practice_listeners_has (PracticeListeners *self, const char *address, guint16 port)
{
  g_autofree char *wanted = NULL;
  GHashTableIter iter;
  gpointer socket;
  gpointer place;

  g_return_val_if_fail (PRACTICE_IS_LISTENERS (self), FALSE);
  g_return_val_if_fail (address != NULL, FALSE);

  wanted = g_strdup_printf ("%s:%u", address, port);
  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &socket, &place))
    if (g_str_equal (place, wanted) && !g_socket_is_closed (socket))
      return TRUE;
  return FALSE;
}

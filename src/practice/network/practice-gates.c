/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gates.h"

/**
 * PracticeGates:
 *
 * Follows every socket that listens in the network at a pod's or a Service's address, from its
 * beginning to its end, and keeps to whom it is open as the router says. Connections that are made
 * already stay, as they do with connection tracking.
 */
struct _PracticeGates {
  GObject parent_instance;

  PracticeNetwork *network;
  PracticeRouter *router;
  PracticePeer *client; /* (nullable) */
  GHashTable *gates;    /* GSocket, not owned, to Gate */
};

G_DEFINE_FINAL_TYPE (PracticeGates, practice_gates, G_TYPE_OBJECT)

typedef struct {
  char *address;
  guint16 port;
  GPtrArray *sources; /* (nullable): as it is set; NULL: open to all */
} Gate;

static void
gate_free (gpointer data)
{
  Gate *self = data;

  g_free (self->address);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_free (self);
}

static int
compare_sources (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *)a, *(const char *const *)b);
}

static gboolean
are_equal (GPtrArray *a, GPtrArray *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->len != b->len)
    return FALSE;
  for (guint i = 0; i < a->len; i++)
    if (!g_str_equal (g_ptr_array_index (a, i), g_ptr_array_index (b, i)))
      return FALSE;
  return TRUE;
}

static GPtrArray *
list_sources (PracticeGates *self, const Gate *gate)
{
  if (self->client == NULL)
    return practice_router_list_sources (self->router, gate->address, gate->port,
                                         PRACTICE_NETWORK_OWN_ADDRESS);
  return practice_router_may_enter (self->router, self->client, gate->address, gate->port)
           ? NULL
           : g_ptr_array_new_with_free_func (g_free);
}

static void
update (PracticeGates *self, GSocket *socket, Gate *gate)
{
  g_autoptr (GPtrArray) sources = list_sources (self, gate);
  g_autoptr (GError) error = NULL;

  if (g_socket_is_closed (socket))
    return;
  if (sources != NULL)
    g_ptr_array_sort (sources, compare_sources);
  if (are_equal (sources, gate->sources))
    return;
  if (!practice_network_set_sources (self->network, socket, sources, &error)) {
    g_debug ("Policies cannot be kept at %s:%u: %s", gate->address, gate->port, error->message);
    return;
  }
  g_clear_pointer (&gate->sources, g_ptr_array_unref);
  gate->sources = g_steal_pointer (&sources);
}

static void
changed_cb (PracticeGates *self)
{
  GHashTableIter iter;
  gpointer socket;
  gpointer gate;

  g_hash_table_iter_init (&iter, self->gates);
  while (g_hash_table_iter_next (&iter, &socket, &gate))
    update (self, socket, gate);
}

static void
socket_gone_cb (gpointer user_data, GObject *socket)
{
  PracticeGates *self = user_data;

  g_hash_table_remove (self->gates, socket);
}

static void
listening_cb (PracticeGates *self, GSocket *socket, const char *address, guint port)
{
  Gate *gate = g_new0 (Gate, 1);

  gate->address = g_strdup (address);
  gate->port = port;
  g_hash_table_insert (self->gates, socket, gate);
  g_object_weak_ref (G_OBJECT (socket), socket_gone_cb, self);
  update (self, socket, gate);
}

static void
practice_gates_dispose (GObject *object)
{
  PracticeGates *self = PRACTICE_GATES (object);
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, self->gates);
  while (g_hash_table_iter_next (&iter, &socket, NULL))
    g_object_weak_unref (socket, socket_gone_cb, self);
  g_hash_table_remove_all (self->gates);
  g_clear_object (&self->router);
  g_clear_object (&self->network);

  G_OBJECT_CLASS (practice_gates_parent_class)->dispose (object);
}

static void
practice_gates_finalize (GObject *object)
{
  PracticeGates *self = PRACTICE_GATES (object);

  g_hash_table_unref (self->gates);
  g_clear_pointer (&self->client, practice_peer_free);

  G_OBJECT_CLASS (practice_gates_parent_class)->finalize (object);
}

static void
practice_gates_class_init (PracticeGatesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_gates_dispose;
  object_class->finalize = practice_gates_finalize;
}

static void
practice_gates_init (PracticeGates *self)
{
  self->gates = g_hash_table_new_full (NULL, NULL, NULL, gate_free);
}

/**
 * practice_gates_new:
 * @network: whose listening sockets are to follow policies, from now on
 * @router: says who may connect
 * @client: (nullable): who alone connects in @network; %NULL: whoever has an address there
 *
 * Returns: (transfer full): the gates
 */
PracticeGates *
practice_gates_new (PracticeNetwork *network, PracticeRouter *router, const PracticePeer *client)
{
  PracticeGates *self;

  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);
  g_return_val_if_fail (PRACTICE_IS_ROUTER (router), NULL);

  self = g_object_new (PRACTICE_TYPE_GATES, NULL);
  self->network = g_object_ref (network);
  self->router = g_object_ref (router);
  self->client = client != NULL ? practice_peer_copy (client) : NULL;
  g_signal_connect_object (network, "listening", G_CALLBACK (listening_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (router, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

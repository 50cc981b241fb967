/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-doors.h"

#include "practice-listeners.h"

struct _PracticeDoors {
  GHashTable *handlers;         /* "address:port" to PracticeHttpHandler */
  PracticeListeners *listeners; /* (nullable): without a network */
  GHashTable *insides;          /* address of a pod to PracticeListeners of its own network */
  GHashTable *acceptors;        /* "address:port" to Acceptor */
};

/* What answers without real sockets. */
typedef struct {
  PracticeAcceptFunc accept;
  GObject *program; /* (owned) */
} Acceptor;

static void
acceptor_free (gpointer data)
{
  Acceptor *self = data;

  g_clear_object (&self->program);
  g_free (self);
}

static char *
make_key (const char *address, guint16 port)
{
  return g_strdup_printf ("%s:%u", address, port);
}

/**
 * practice_doors_new:
 * @network: (nullable): where our own programs listen for what is not HTTP
 *
 * Returns: (transfer full): the doors of pods where nothing answers yet but what listens
 */
PracticeDoors *
practice_doors_new (PracticeNetwork *network)
{
  PracticeDoors *self = g_new0 (PracticeDoors, 1);

  self->handlers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->insides = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->acceptors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, acceptor_free);
  self->listeners = network != NULL ? practice_listeners_new (network) : NULL;
  return self;
}

/**
 * practice_doors_free:
 * @self: (transfer full): doors
 */
void
practice_doors_free (PracticeDoors *self)
{
  practice_doors_close (self);
  g_hash_table_unref (self->handlers);
  g_hash_table_unref (self->insides);
  g_hash_table_unref (self->acceptors);
  g_free (self);
}

/**
 * practice_doors_close:
 * @self: doors
 *
 * Has nothing answer any more.
 */
void
practice_doors_close (PracticeDoors *self)
{
  g_hash_table_remove_all (self->handlers);
  g_clear_object (&self->listeners);
  g_hash_table_remove_all (self->insides);
  g_hash_table_remove_all (self->acceptors);
}

/**
 * practice_doors_set_handler:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 * @handler: (nullable): what answers HTTP there from now on; %NULL: nothing any more
 */
void
practice_doors_set_handler (PracticeDoors *self,
                            const char *address,
                            guint16 port,
                            PracticeHttpHandler *handler)
{
  g_autofree char *key = make_key (address, port);

  if (handler != NULL)
    g_hash_table_insert (self->handlers, g_steal_pointer (&key), g_object_ref (handler));
  else
    g_hash_table_remove (self->handlers, key);
}

/**
 * practice_doors_get_handler:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 *
 * Returns: (transfer none) (nullable): what answers HTTP there
 */
PracticeHttpHandler *
practice_doors_get_handler (PracticeDoors *self, const char *address, guint16 port)
{
  g_autofree char *key = make_key (address, port);

  return g_hash_table_lookup (self->handlers, key);
}

/**
 * practice_doors_set_acceptor:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 * @accept: takes up connections
 * @program: (nullable): what they are to from now on; %NULL: nothing any more
 *
 * Says what answers something that is not HTTP, where there are no real sockets.
 */
void
practice_doors_set_acceptor (PracticeDoors *self,
                             const char *address,
                             guint16 port,
                             PracticeAcceptFunc accept,
                             GObject *program)
{
  g_autofree char *key = make_key (address, port);
  Acceptor *acceptor;

  if (program == NULL) {
    g_hash_table_remove (self->acceptors, key);
    return;
  }
  acceptor = g_new (Acceptor, 1);
  acceptor->accept = accept;
  acceptor->program = g_object_ref (program);
  g_hash_table_insert (self->acceptors, g_steal_pointer (&key), acceptor);
}

/**
 * practice_doors_accept:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 * @connection: the far end of a connection
 *
 * Returns: whether a program takes it up
 */
gboolean
practice_doors_accept (PracticeDoors *self,
                       const char *address,
                       guint16 port,
                       GSocketConnection *connection)
{
  g_autofree char *key = make_key (address, port);
  Acceptor *acceptor = g_hash_table_lookup (self->acceptors, key);

  if (acceptor == NULL)
    return FALSE;
  acceptor->accept (acceptor->program, connection);
  return TRUE;
}

/**
 * practice_doors_set_inside:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @network: (nullable): the network of the programs that really run in it; %NULL: none do
 */
void
practice_doors_set_inside (PracticeDoors *self, const char *address, PracticeNetwork *network)
{
  if (network != NULL)
    g_hash_table_insert (self->insides, g_strdup (address), practice_listeners_new (network));
  else
    g_hash_table_remove (self->insides, address);
}

/**
 * practice_doors_get_inside:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 *
 * Returns: (transfer none) (nullable): the network where the pod's own programs listen, unless one
 *   of ours has that port
 */
PracticeNetwork *
practice_doors_get_inside (PracticeDoors *self, const char *address, guint16 port)
{
  PracticeListeners *inside = g_hash_table_lookup (self->insides, address);

  /* What listens there for us would bring it back here. */
  if (inside == NULL || practice_listeners_has (inside, address, port) ||
      practice_doors_has_own (self, address, port))
    return NULL;
  return practice_listeners_get_network (inside);
}

/**
 * practice_doors_has_own:
 * @self: doors
 * @address: the IPv4 address of a pod
 * @port: its port
 *
 * Returns: whether one of our own programs answers there
 */
gboolean
practice_doors_has_own (PracticeDoors *self, const char *address, guint16 port)
{
  return practice_doors_get_handler (self, address, port) != NULL ||
         (self->listeners != NULL && practice_listeners_has (self->listeners, address, port));
}

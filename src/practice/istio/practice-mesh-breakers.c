/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-breakers.h"

#include "base-json.h"

/* Istio's defaults, which nobody reaches here. */
#define DEFAULT_LIMIT G_MAXINT32

struct _PracticeMeshBreakers {
  GHashTable *lines; /* key to Line */
};

/* To one upstream, from one proxy. */
typedef struct {
  gint64 n_connections;
  GQueue waiting; /* of PracticeMeshTicket */
} Line;

struct _PracticeMeshTicket {
  PracticeMeshBreakers *owner;
  char *key;
  gboolean is_granted;
  void (*granted) (gpointer user_data);
  gpointer user_data;
};

/**
 * practice_mesh_breakers_new:
 *
 * Returns: (transfer full): breakers for any number of proxies
 */
PracticeMeshBreakers *
practice_mesh_breakers_new (void)
{
  PracticeMeshBreakers *self = g_new (PracticeMeshBreakers, 1);

  self->lines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * practice_mesh_breakers_free:
 * @self: (transfer full): breakers, of which nobody has a ticket any more
 */
void
practice_mesh_breakers_free (PracticeMeshBreakers *self)
{
  g_hash_table_unref (self->lines);
  g_free (self);
}

static Line *
ensure_line (PracticeMeshBreakers *self, const char *key)
{
  Line *line = g_hash_table_lookup (self->lines, key);

  if (line == NULL) {
    line = g_new0 (Line, 1);
    g_hash_table_insert (self->lines, g_strdup (key), line);
  }
  return line;
}

/**
 * practice_mesh_breakers_enter:
 * @self: breakers
 * @key: the proxy and its upstream
 * @policy: a connectionPool of a DestinationRule
 * @granted: called once where the ticket is only a place in the line, when it is its turn
 * @user_data: data of @granted
 *
 * One request has a connection for itself, as HTTP/1.1 has it; `tcp.maxConnections` and
 * `http.http1MaxPendingRequests` are the limits
 * (https://istio.io/v1.3/docs/tasks/traffic-management/circuit-breaking/).
 *
 * Returns: (transfer full) (nullable): a ticket; %NULL where the line is full, too
 */
PracticeMeshTicket *
practice_mesh_breakers_enter (PracticeMeshBreakers *self,
                              const char *key,
                              JsonNode *policy,
                              void (*granted) (gpointer user_data),
                              gpointer user_data)
{
  gint64 most = base_json_get_int (policy, DEFAULT_LIMIT, "tcp", "maxConnections", NULL);
  gint64 waiting =
    base_json_get_int (policy, DEFAULT_LIMIT, "http", "http1MaxPendingRequests", NULL);
  Line *line = ensure_line (self, key);
  PracticeMeshTicket *ticket;

  if (line->n_connections >= most && line->waiting.length >= waiting)
    return NULL;
  ticket = g_new (PracticeMeshTicket, 1);
  ticket->owner = self;
  ticket->key = g_strdup (key);
  ticket->is_granted = line->n_connections < most;
  ticket->granted = granted;
  ticket->user_data = user_data;
  if (ticket->is_granted)
    line->n_connections++;
  else
    g_queue_push_tail (&line->waiting, ticket);
  return ticket;
}

/**
 * practice_mesh_ticket_is_granted:
 * @self: a ticket
 *
 * Returns: whether it is a connection by now
 */
gboolean
practice_mesh_ticket_is_granted (PracticeMeshTicket *self)
{
  return self->is_granted;
}

/**
 * practice_mesh_ticket_free:
 * @self: (transfer full): a ticket
 *
 * Gives it back; the next in the line, if there is one, has it.
 */
void
practice_mesh_ticket_free (PracticeMeshTicket *self)
{
  Line *line = g_hash_table_lookup (self->owner->lines, self->key);
  PracticeMeshTicket *next = NULL;

  if (!self->is_granted)
    g_queue_remove (&line->waiting, self);
  else if (line->waiting.length > 0)
    next = g_queue_pop_head (&line->waiting);
  else
    line->n_connections--;
  if (line->n_connections == 0 && line->waiting.length == 0)
    g_hash_table_remove (self->owner->lines, self->key);
  g_free (self->key);
  g_free (self);
  if (next == NULL)
    return;
  next->is_granted = TRUE;
  next->granted (next->user_data);
}

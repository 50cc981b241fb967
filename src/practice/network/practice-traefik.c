/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik.h"

#include <libsoup/soup.h>

#include "practice-age.h"

#define PROCESS_ID 1

/**
 * PracticeTraefik:
 *
 * The configuration is made anew at the first request after an object that it comes from changed.
 */
struct _PracticeTraefik {
  GObject parent_instance;

  PracticeStore *store;
  PracticeTraefikConfig *config; /* (nullable): to be made anew */
  GHashTable *turns;             /* name of a backend to Turn */
  gint64 started;                /* monotonic */
  GHashTable *statuses;          /* status to how many of it */
  guint n_responses;
  gint64 busy; /* microseconds of all requests together */
};

G_DEFINE_FINAL_TYPE (PracticeTraefik, practice_traefik, G_TYPE_OBJECT)

/* Where weighted round robin is in a backend: servers in order, those of at least @level. */
typedef struct {
  guint next;
  guint level;
} Turn;

static void
changed_cb (PracticeTraefik *self)
{
  g_clear_pointer (&self->config, practice_traefik_config_free);
}

static void
practice_traefik_dispose (GObject *object)
{
  PracticeTraefik *self = PRACTICE_TRAEFIK (object);

  g_clear_pointer (&self->config, practice_traefik_config_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_traefik_parent_class)->dispose (object);
}

static void
practice_traefik_finalize (GObject *object)
{
  PracticeTraefik *self = PRACTICE_TRAEFIK (object);

  g_hash_table_unref (self->turns);
  g_hash_table_unref (self->statuses);

  G_OBJECT_CLASS (practice_traefik_parent_class)->finalize (object);
}

static void
practice_traefik_class_init (PracticeTraefikClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_traefik_dispose;
  object_class->finalize = practice_traefik_finalize;
}

static void
practice_traefik_init (PracticeTraefik *self)
{
  self->turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->statuses = g_hash_table_new (NULL, NULL);
  self->started = g_get_monotonic_time ();
}

/**
 * practice_traefik_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): a Traefik that follows the Ingresses in @store
 */
PracticeTraefik *
practice_traefik_new (PracticeStore *store)
{
  static const char *const events[] = { "event::networking.k8s.io/ingresses", "event::/services",
                                        "event::/endpoints", "event::/secrets" };
  PracticeTraefik *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_TRAEFIK, NULL);
  self->store = g_object_ref (store);
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    g_signal_connect_object (store, events[i], G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_traefik_get_config:
 * @self: a Traefik
 *
 * Returns: (transfer none): what the Ingresses ask for now; good until the store changes
 */
PracticeTraefikConfig *
practice_traefik_get_config (PracticeTraefik *self)
{
  g_return_val_if_fail (PRACTICE_IS_TRAEFIK (self), NULL);

  if (self->config == NULL)
    self->config = practice_traefik_config_new (self->store);
  return self->config;
}

static guint
get_weight (GPtrArray *servers, guint index)
{
  const PracticeTraefikServer *server = g_ptr_array_index (servers, index);

  return server->weight;
}

static void
measure (GPtrArray *servers, guint *highest, guint *divisor)
{
  *highest = 0;
  *divisor = 0;
  for (guint i = 0; i < servers->len; i++) {
    guint a = *divisor;
    guint b = get_weight (servers, i);

    *highest = MAX (*highest, b);
    while (b != 0) {
      guint rest = a % b;

      a = b;
      b = rest;
    }
    *divisor = a;
  }
}

/**
 * practice_traefik_choose:
 * @self: a Traefik
 * @backend: a backend of its configuration
 *
 * Weighted round robin as of the Linux virtual server
 * (http://kb.linuxvirtualserver.org/wiki/Weighted_Round-Robin_Scheduling): in a round of as many
 * requests as the weights are together, each server gets just its own.
 *
 * Returns: (transfer none) (nullable): the next server; %NULL where none has any weight
 */
PracticeTraefikServer *
practice_traefik_choose (PracticeTraefik *self, const PracticeTraefikBackend *backend)
{
  GPtrArray *servers;
  guint highest;
  guint divisor;
  Turn *turn;

  g_return_val_if_fail (PRACTICE_IS_TRAEFIK (self), NULL);
  g_return_val_if_fail (backend != NULL, NULL);

  servers = backend->servers;
  measure (servers, &highest, &divisor);
  if (highest == 0)
    return NULL;
  turn = g_hash_table_lookup (self->turns, backend->name);
  if (turn == NULL) {
    turn = g_new0 (Turn, 1);
    g_hash_table_insert (self->turns, g_strdup (backend->name), turn);
  }
  for (;;) {
    guint index = turn->next % servers->len;

    if (index == 0)
      turn->level =
        turn->level > divisor ? MIN (turn->level, highest + divisor) - divisor : highest;
    turn->next = index + 1;
    if (get_weight (servers, index) > 0 && get_weight (servers, index) >= turn->level)
      return g_ptr_array_index (servers, index);
  }
}

/**
 * practice_traefik_count:
 * @self: a Traefik
 * @status: of a response it gave
 * @microseconds: what it took
 *
 * Counts a response.
 */
void
practice_traefik_count (PracticeTraefik *self, guint status, gint64 microseconds)
{
  gpointer key = GUINT_TO_POINTER (status);
  guint n;

  g_return_if_fail (PRACTICE_IS_TRAEFIK (self));

  n = GPOINTER_TO_UINT (g_hash_table_lookup (self->statuses, key));
  g_hash_table_insert (self->statuses, key, GUINT_TO_POINTER (n + 1));
  self->n_responses++;
  self->busy += microseconds;
}

/**
 * practice_traefik_get_count:
 * @self: a Traefik
 *
 * Returns: how many responses were counted
 */
guint
practice_traefik_get_count (PracticeTraefik *self)
{
  g_return_val_if_fail (PRACTICE_IS_TRAEFIK (self), 0);

  return self->n_responses;
}

/**
 * practice_traefik_new_health:
 * @self: a Traefik
 *
 * Returns: (transfer full): its figures, as `/health` of Traefik 1.7 has them
 *   (https://doc.traefik.io/traefik/v1.7/configuration/api/#health)
 */
JsonNode *
practice_traefik_new_health (PracticeTraefik *self)
{
  g_autoptr (JsonObject) counts = json_object_new ();
  g_autofree char *now = practice_age_dup_now ();
  gint64 uptime = g_get_monotonic_time () - self->started;
  g_autoptr (JsonObject) object = json_object_new ();
  double seconds = self->busy / (double)G_TIME_SPAN_SECOND;
  g_autofree char *uptime_text = g_strdup_printf ("%.3fs", uptime / (double)G_TIME_SPAN_SECOND);
  g_autofree char *total_text = g_strdup_printf ("%.6fs", seconds);
  GHashTableIter iter;
  gpointer status;
  gpointer n;

  g_hash_table_iter_init (&iter, self->statuses);
  while (g_hash_table_iter_next (&iter, &status, &n)) {
    g_autofree char *name = g_strdup_printf ("%u", GPOINTER_TO_UINT (status));

    json_object_set_int_member (counts, name, GPOINTER_TO_UINT (n));
  }
  json_object_set_int_member (object, "pid", PROCESS_ID);
  json_object_set_string_member (object, "uptime", uptime_text);
  json_object_set_double_member (object, "uptime_sec", uptime / (double)G_TIME_SPAN_SECOND);
  json_object_set_string_member (object, "time", now);
  json_object_set_int_member (object, "unixtime", g_get_real_time () / G_TIME_SPAN_SECOND);
  json_object_set_object_member (object, "status_code_count", json_object_new ());
  json_object_set_object_member (object, "total_status_code_count", json_object_ref (counts));
  json_object_set_int_member (object, "count", 0);
  json_object_set_int_member (object, "total_count", self->n_responses);
  json_object_set_string_member (object, "total_response_time", total_text);
  json_object_set_double_member (object, "total_response_time_sec", seconds);
  json_object_set_double_member (object, "average_response_time_sec",
                                 self->n_responses > 0 ? seconds / self->n_responses : 0);
  return json_node_init_object (json_node_alloc (), object);
}

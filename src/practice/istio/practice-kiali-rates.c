/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali-rates.h"

/* What came with one status. */
typedef struct {
  guint n_requests;
  GHashTable *flags; /* to number of requests */
  GHashTable *hosts; /* likewise */
} Code;

static const char *const class_names[] = { "NoResponse", NULL, NULL, "3xx", "4xx", "5xx" };

static void
code_free (gpointer data)
{
  Code *self = data;

  g_hash_table_unref (self->flags);
  g_hash_table_unref (self->hosts);
  g_free (self);
}

/**
 * practice_kiali_rates_init:
 * @self: (out caller-allocates): rates of nothing yet
 */
void
practice_kiali_rates_init (PracticeKialiRates *self)
{
  *self = (PracticeKialiRates){ 0 };
  self->codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, code_free);
}

/**
 * practice_kiali_rates_clear:
 * @self: rates
 */
void
practice_kiali_rates_clear (PracticeKialiRates *self)
{
  g_clear_pointer (&self->codes, g_hash_table_unref);
}

static void
count (GHashTable *table, const char *key, guint n)
{
  guint before = GPOINTER_TO_UINT (g_hash_table_lookup (table, key));

  g_hash_table_insert (table, (gpointer)key, GUINT_TO_POINTER (before + n));
}

static Code *
ensure_code (PracticeKialiRates *self, guint status)
{
  g_autofree char *key = status != 0 ? g_strdup_printf ("%u", status) : g_strdup ("-");
  Code *code = g_hash_table_lookup (self->codes, key);

  if (code == NULL) {
    code = g_new0 (Code, 1);
    code->flags = g_hash_table_new (g_str_hash, g_str_equal);
    code->hosts = g_hash_table_new (g_str_hash, g_str_equal);
    g_hash_table_insert (self->codes, g_steal_pointer (&key), code);
  }
  return code;
}

/**
 * practice_kiali_rates_add:
 * @self: rates
 * @traffic: what flowed of one kind
 */
void
practice_kiali_rates_add (PracticeKialiRates *self, const PracticeMeshTraffic *traffic)
{
  const PracticeMeshFlow *flow = traffic->flow;
  guint class = flow->status / 100;
  Code *code;

  if (traffic->n_requests == 0)
    return;
  code = ensure_code (self, flow->status);
  self->n_requests += traffic->n_requests;
  self->n_classes[class < G_N_ELEMENTS (self->n_classes) ? class : 5] += traffic->n_requests;
  self->duration += (double)traffic->duration / 1000 * traffic->n_requests;
  if (flow->is_mutual_tls)
    self->n_encrypted += traffic->n_requests;
  code->n_requests += traffic->n_requests;
  count (code->flags, flow->flags, traffic->n_requests);
  count (code->hosts, flow->service != NULL ? flow->service : "unknown", traffic->n_requests);
}

static void
set_number (JsonObject *object, const char *name, const char *format, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  json_object_set_string_member (object, name, g_ascii_formatd (text, sizeof text, format, value));
}

/**
 * practice_kiali_rates_write_node:
 * @self: what a node received or sent
 * @direction: "In" or "Out"
 * @seconds: in so much time
 * @rates: gets its members: requests a second, as text; what did not happen is left out
 */
void
practice_kiali_rates_write_node (PracticeKialiRates *self,
                                 const char *direction,
                                 guint seconds,
                                 JsonObject *rates)
{
  g_autofree char *all = g_strconcat ("http", direction, NULL);

  if (self->n_requests > 0)
    set_number (rates, all, "%.2f", (double)self->n_requests / seconds);
  for (guint i = 0; i < G_N_ELEMENTS (class_names); i++) {
    g_autofree char *name =
      class_names[i] != NULL ? g_strconcat ("http", direction, class_names[i], NULL) : NULL;

    if (name != NULL && self->n_classes[i] > 0)
      set_number (rates, name, "%.2f", (double)self->n_classes[i] / seconds);
  }
}

static JsonObject *
write_shares (GHashTable *table, guint n_all)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (table), (GCompareFunc)g_strcmp0);
  JsonObject *shares = json_object_new ();

  for (GList *link = keys; link != NULL; link = link->next)
    set_number (shares, link->data, "%.1f",
                100.0 * GPOINTER_TO_UINT (g_hash_table_lookup (table, link->data)) / n_all);
  return shares;
}

static JsonObject *
write_responses (PracticeKialiRates *self)
{
  g_autoptr (GList) keys =
    g_list_sort (g_hash_table_get_keys (self->codes), (GCompareFunc)g_strcmp0);
  JsonObject *responses = json_object_new ();

  for (GList *link = keys; link != NULL; link = link->next) {
    Code *code = g_hash_table_lookup (self->codes, link->data);
    JsonObject *response = json_object_new ();

    json_object_set_object_member (response, "flags", write_shares (code->flags, self->n_requests));
    json_object_set_object_member (response, "hosts", write_shares (code->hosts, self->n_requests));
    json_object_set_object_member (responses, link->data, response);
  }
  return responses;
}

/**
 * practice_kiali_rates_write_edge:
 * @self: what went one way
 * @n_all: the number of requests that its source sent in all
 * @seconds: in so much time
 *
 * Returns: (transfer full): the edge's "traffic"
 */
JsonObject *
practice_kiali_rates_write_edge (PracticeKialiRates *self, guint n_all, guint seconds)
{
  JsonObject *traffic = json_object_new ();
  JsonObject *rates = json_object_new ();
  guint n_errors = self->n_classes[0] + self->n_classes[4] + self->n_classes[5];

  json_object_set_string_member (traffic, "protocol", "http");
  json_object_set_object_member (traffic, "rates", rates);
  if (self->n_requests == 0)
    return traffic;
  practice_kiali_rates_write_node (self, "", seconds, rates);
  if (n_errors > 0)
    set_number (rates, "httpPercentErr", "%.1f", 100.0 * n_errors / self->n_requests);
  if (n_all > 0)
    set_number (rates, "httpPercentReq", "%.1f", 100.0 * self->n_requests / n_all);
  json_object_set_object_member (traffic, "responses", write_responses (self));
  return traffic;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-retries.h"

/* Envoy waits between tries a random time, the bound of which doubles
 * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-max-retries).
 */
#define BACKOFF_MILLISECONDS 25
#define BACKOFF_LIMIT 250

static gboolean
has_condition (const PracticeMeshRetries *self, const char *condition)
{
  g_auto (GStrv) conditions = g_strsplit (self->on, ",", -1);

  for (guint i = 0; conditions[i] != NULL; i++)
    if (g_str_equal (g_strstrip (conditions[i]), condition))
      return TRUE;
  return FALSE;
}

/**
 * practice_mesh_retries_want_status:
 * @self: when to try again
 * @status: what was answered
 *
 * Returns: whether that is a reason
 */
gboolean
practice_mesh_retries_want_status (const PracticeMeshRetries *self, guint status)
{
  g_autofree char *number = g_strdup_printf ("%u", status);

  return (status >= 500 && has_condition (self, "5xx")) ||
         (status >= 502 && status <= 504 && has_condition (self, "gateway-error")) ||
         (status == 409 && has_condition (self, "retriable-4xx")) ||
         (status == 503 && self->is_service_unavailable) || has_condition (self, number);
}

/**
 * practice_mesh_retries_want_end:
 * @self: when to try again
 * @is_connect_failure: whether there never was a connection
 *
 * Returns: whether a try that ended without an answer is a reason
 */
gboolean
practice_mesh_retries_want_end (const PracticeMeshRetries *self, gboolean is_connect_failure)
{
  return has_condition (self, "5xx") || has_condition (self, "gateway-error") ||
         has_condition (self, "reset") ||
         (is_connect_failure && has_condition (self, "connect-failure"));
}

/**
 * practice_mesh_retries_draw_rest:
 * @n_tries: how many there were so far
 *
 * Returns: microseconds to wait before the next
 */
gint64
practice_mesh_retries_draw_rest (guint n_tries)
{
  guint bound = BACKOFF_MILLISECONDS * ((1u << MIN (n_tries, 8)) - 1);

  return (gint64)g_random_int_range (0, (gint32)CLAMP (bound, 1, BACKOFF_LIMIT)) * 1000;
}

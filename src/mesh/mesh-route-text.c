/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-route-text.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"

/* What is longer is not read. */
#define MAX_LINES 8

/* "reviews v3", or the host alone */
static char *
dup_destination (JsonNode *destination)
{
  const char *host = base_json_get_string (destination, "host", NULL);
  const char *subset = base_json_get_string (destination, "subset", NULL);

  if (subset == NULL)
    return g_strdup (host != NULL ? host : "?");
  return g_strdup_printf ("%s %s", host != NULL ? host : "?", subset);
}

static void
add_redirect (GPtrArray *lines, JsonNode *route)
{
  JsonNode *redirect = base_json_get (route, "redirect", NULL);
  const char *authority = base_json_get_string (redirect, "authority", NULL);
  const char *uri = base_json_get_string (redirect, "uri", NULL);

  if (redirect != NULL)
    /* Translators: a host and a path, either may be empty */
    g_ptr_array_add (lines,
                     g_strdup_printf (_ ("Redirects to %s%s."), authority != NULL ? authority : "",
                                      uri != NULL ? uri : ""));
}

static void
add_delegate (GPtrArray *lines, JsonNode *route)
{
  JsonNode *delegate = base_json_get (route, "delegate", NULL);
  const char *name = base_json_get_string (delegate, "name", NULL);

  if (delegate != NULL)
    /* Translators: %s is the name of a VirtualService */
    g_ptr_array_add (lines, g_strdup_printf (_ ("Its routes are in the VirtualService %s."),
                                             name != NULL ? name : "?"));
}

static void
add_direct_response (GPtrArray *lines, JsonNode *route)
{
  gint64 status = base_json_get_int (route, 0, "directResponse", "status", NULL);

  if (status > 0)
    /* Translators: %d is an HTTP status such as 503 */
    g_ptr_array_add (lines,
                     g_strdup_printf (_ ("Answers %d itself, without a service."), (int)status));
}

static void
add_mirror (GPtrArray *lines, JsonNode *destination)
{
  g_autofree char *words = NULL;

  if (destination == NULL)
    return;
  words = dup_destination (destination);
  /* Translators: %s is a destination such as "reviews v3" */
  g_ptr_array_add (lines, g_strdup_printf (_ ("Copies of requests go to %s."), words));
}

/**
 * mesh_route_text_dup_notes:
 *
 * Returns: (transfer full) (nullable): what the route does besides sharing requests out, a line
 *   each: redirect, delegate, direct response, mirrors
 */
char *
mesh_route_text_dup_notes (JsonNode *http_route)
{
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  JsonArray *mirrors = base_json_get_array (http_route, "mirrors", NULL);

  add_redirect (lines, http_route);
  add_delegate (lines, http_route);
  add_direct_response (lines, http_route);
  add_mirror (lines, base_json_get (http_route, "mirror", NULL));
  for (guint i = 0; i < base_json_get_length (mirrors) && i < MAX_LINES; i++)
    add_mirror (lines, base_json_get (json_array_get_element (mirrors, i), "destination", NULL));
  if (lines->len == 0)
    return NULL;
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **)lines->pdata);
}

static char *
dup_stream (const char *protocol, JsonNode *route)
{
  JsonArray *entries = base_json_get_array (route, "route", NULL);
  guint n = base_json_get_length (entries);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < n && i < MAX_LINES; i++) {
    JsonNode *entry = json_array_get_element (entries, i);
    g_autofree char *name = dup_destination (base_json_get (entry, "destination", NULL));
    gint64 weight = base_json_get_int (entry, n == 1 ? 100 : 0, "weight", NULL);

    if (i > 0)
      g_string_append (words, ", ");
    /* Translators: a destination and its share of the connections, "mysql v1 50 %" */
    g_string_append_printf (words, _ ("%s %d %%"), name, (int)CLAMP (weight, 0, G_MAXINT));
  }
  /* Translators: "TCP" or "TLS", and destinations with their shares */
  return g_strdup_printf (_ ("%s: %s"), protocol, words->str);
}

/**
 * mesh_route_text_dup_streams:
 *
 * Returns: (transfer full): a line for each TCP and TLS route, which are shown and not changed here
 */
GStrv
mesh_route_text_dup_streams (JsonNode *virtual_service)
{
  static const char *const members[][2] = { { "tls", "TLS" }, { "tcp", "TCP" } };
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonArray *routes = base_json_get_array (virtual_service, "spec", members[i][0], NULL);

    for (guint j = 0; j < base_json_get_length (routes) && j < MAX_LINES; j++) {
      g_autofree char *line = dup_stream (members[i][1], json_array_get_element (routes, j));

      g_strv_builder_add (lines, line);
    }
  }
  return g_strv_builder_end (lines);
}

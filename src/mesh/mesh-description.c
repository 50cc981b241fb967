/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-description.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-match.h"
#include "mesh-policy.h"
#include "mesh-sentence.h"
#include "mesh-shares.h"

/* A rule with more is read in its code. */
#define MAX_ROUTES 50

typedef enum {
  USER,
  CONDITION,
  EVERYONE,
  EVERYONE_ELSE,
  N_SUBJECTS,
} Subject;

typedef enum {
  GOES_TO,
  IS_SHARED,
  IS_REDIRECTED,
  IS_ANSWERED,
  IS_DELEGATED,
  IS_LOST,
  N_ACTIONS,
} Action;

/* Translators: in all of these {who} is a user's name or a condition such as "path starts with
 * /api", and {where} is a version, shares such as "70 % v1, 30 % v3", an address, a status or the
 * name of another virtual service. */
static const char *const sentences[N_SUBJECTS][N_ACTIONS] = {
  [USER] = {
    [GOES_TO] = N_ ("User {who} goes to {where}."),
    [IS_SHARED] = N_ ("User {who}: {where}."),
    [IS_REDIRECTED] = N_ ("User {who} is redirected to {where}."),
    [IS_ANSWERED] = N_ ("User {who} is answered with status {where} at once."),
    [IS_DELEGATED] = N_ ("User {who} goes where the virtual service {where} says."),
    [IS_LOST] = N_ ("User {who} gets errors, since no destination has a weight."),
  },
  [CONDITION] = {
    [GOES_TO] = N_ ("Where {who}, requests go to {where}."),
    [IS_SHARED] = N_ ("Where {who}: {where}."),
    [IS_REDIRECTED] = N_ ("Where {who}, requests are redirected to {where}."),
    [IS_ANSWERED] = N_ ("Where {who}, requests are answered with status {where} at once."),
    [IS_DELEGATED] = N_ ("Where {who}, requests go where the virtual service {where} says."),
    [IS_LOST] = N_ ("Where {who}, requests get errors, since no destination has a weight."),
  },
  [EVERYONE] = {
    [GOES_TO] = N_ ("Everyone goes to {where}."),
    [IS_SHARED] = N_ ("Everyone: {where}."),
    [IS_REDIRECTED] = N_ ("Everyone is redirected to {where}."),
    [IS_ANSWERED] = N_ ("Everyone is answered with status {where} at once."),
    [IS_DELEGATED] = N_ ("Everyone goes where the virtual service {where} says."),
    [IS_LOST] = N_ ("Everyone gets errors, since no destination has a weight."),
  },
  [EVERYONE_ELSE] = {
    [GOES_TO] = N_ ("Everyone else goes to {where}."),
    [IS_SHARED] = N_ ("Everyone else: {where}."),
    [IS_REDIRECTED] = N_ ("Everyone else is redirected to {where}."),
    [IS_ANSWERED] = N_ ("Everyone else is answered with status {where} at once."),
    [IS_DELEGATED] = N_ ("Everyone else goes where the virtual service {where} says."),
    [IS_LOST] = N_ ("Everyone else gets errors, since no destination has a weight."),
  },
};

static JsonNode *
get_element (JsonArray *array, guint i)
{
  return i < base_json_get_length (array) ? json_array_get_element (array, i) : NULL;
}

/* (nullable): the user whom a match is for, and nobody else */
static const char *
get_user (JsonArray *match)
{
  JsonNode *item = get_element (match, 0);
  JsonObject *headers = base_json_get_object (item, "headers", NULL);
  JsonObject *condition = base_json_get_object (item, "headers", "end-user", NULL);

  if (base_json_get_length (match) != 1 || condition == NULL ||
      json_object_get_size (headers) != 1 ||
      json_object_get_size (base_json_get_object (item, NULL)) != 1)
    return NULL;
  return base_json_get_string (item, "headers", "end-user", "exact", NULL);
}

static Subject
read_subject (JsonNode *route, guint i, char **who)
{
  JsonArray *match = base_json_get_array (route, "match", NULL);
  const char *user = get_user (match);

  *who = NULL;
  if (user != NULL && *user != '\0') {
    *who = g_strdup (user);
    return USER;
  }
  if (base_json_get_length (match) > 0) {
    *who = mesh_match_dup_words (base_json_get (route, "match", NULL));
    return CONDITION;
  }
  return i > 0 ? EVERYONE_ELSE : EVERYONE;
}

/* An address as far as it is given, "https://new.example.com/path" or "/path". */
static char *
dup_redirect (JsonNode *redirect)
{
  const char *scheme = base_json_get_string (redirect, "scheme", NULL);
  const char *authority = base_json_get_string (redirect, "authority", NULL);
  const char *uri = base_json_get_string (redirect, "uri", NULL);

  return g_strconcat (scheme != NULL ? scheme : "", scheme != NULL ? "://" : "",
                      authority != NULL ? authority : "", uri != NULL ? uri : "", NULL);
}

static Action
read_action (JsonNode *object, JsonNode *route, char **where)
{
  static const Action actions[] = {
    [MESH_SHARES_NONE] = IS_LOST, [MESH_SHARES_ONE] = GOES_TO, [MESH_SHARES_MANY] = IS_SHARED
  };
  JsonNode *redirect = base_json_get (route, "redirect", NULL);

  if (redirect != NULL) {
    *where = dup_redirect (redirect);
    return IS_REDIRECTED;
  }
  if (base_json_get (route, "directResponse", NULL) != NULL) {
    *where = g_strdup_printf ("%" G_GINT64_FORMAT,
                              base_json_get_int (route, 200, "directResponse", "status", NULL));
    return IS_ANSWERED;
  }
  if (base_json_get (route, "delegate", NULL) != NULL) {
    *where = g_strdup (base_json_get_string (route, "delegate", "name", NULL));
    return IS_DELEGATED;
  }
  return actions[mesh_shares_read (object, route, where)];
}

/* Takes the @sentences of one route. */
static void
add_paragraph (GPtrArray *paragraphs, GPtrArray *taken)
{
  g_autoptr (GPtrArray) owned = taken;

  g_ptr_array_add (owned, NULL);
  /* Translators: between sentences */
  g_ptr_array_add (paragraphs, g_strjoinv (_ (" "), (char **)owned->pdata));
}

static void
add_http_route (GPtrArray *paragraphs, JsonNode *object, JsonNode *route, guint i)
{
  GPtrArray *texts = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *who = NULL;
  g_autofree char *where = NULL;
  Subject subject = read_subject (route, i, &who);
  Action action = read_action (object, route, &where);

  g_ptr_array_add (texts, mesh_sentence_fill (_ (sentences[subject][action]), "who",
                                              who != NULL ? who : "", "where",
                                              where != NULL ? where : "", NULL));
  mesh_policy_add_sentences (texts, object, route);
  add_paragraph (paragraphs, texts);
}

/* The first route without a match takes what is left, and a request that none takes gets 404
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/). */
static void
add_http (GPtrArray *paragraphs, JsonNode *object)
{
  JsonArray *routes = base_json_get_array (object, "spec", "http", NULL);
  guint n = MIN (base_json_get_length (routes), MAX_ROUTES);
  guint i;
  gboolean is_open = FALSE;

  for (i = 0; i < n && !is_open; i++) {
    JsonNode *route = json_array_get_element (routes, i);

    is_open = base_json_get_length (base_json_get_array (route, "match", NULL)) == 0;
    add_http_route (paragraphs, object, route, i);
  }
  if (n > 0 && !is_open && n == base_json_get_length (routes))
    g_ptr_array_add (paragraphs, g_strdup (_ ("Everyone else is answered with status 404.")));
  if (i < base_json_get_length (routes)) {
    guint rest = base_json_get_length (routes) - i;

    g_ptr_array_add (
      paragraphs,
      is_open ? g_strdup_printf (ngettext ("%u more route is never reached: the one before it "
                                           "takes every request.",
                                           "%u more routes are never reached: the one before them "
                                           "takes every request.",
                                           rest),
                                 rest)
              : g_strdup_printf (
                  ngettext ("%u more route follows.", "%u more routes follow.", rest), rest));
  }
}

typedef enum {
  TCP,
  TCP_PORT,
  TLS,
  N_STREAMS,
} Stream;

/* Translators: connections that are not HTTP; {port} is a number, {name} a host, {where} a version
 * or shares such as "70 % v1, 30 % v3" */
static const char *const stream_sentences[N_STREAMS][3] = {
  [TCP] = {
    [MESH_SHARES_NONE] = N_ ("TCP connections end, since no destination has a weight."),
    [MESH_SHARES_ONE] = N_ ("TCP connections go to {where}."),
    [MESH_SHARES_MANY] = N_ ("TCP connections: {where}."),
  },
  [TCP_PORT] = {
    [MESH_SHARES_NONE] =
      N_ ("TCP connections to port {name} end, since no destination has a weight."),
    [MESH_SHARES_ONE] = N_ ("TCP connections to port {name} go to {where}."),
    [MESH_SHARES_MANY] = N_ ("TCP connections to port {name}: {where}."),
  },
  [TLS] = {
    [MESH_SHARES_NONE] =
      N_ ("TLS connections for {name} end, since no destination has a weight."),
    [MESH_SHARES_ONE] = N_ ("TLS connections for {name} go to {where}."),
    [MESH_SHARES_MANY] = N_ ("TLS connections for {name}: {where}."),
  },
};

/* The names of the hosts that TLS routes are for. */
static char *
dup_sni_hosts (JsonNode *route)
{
  JsonArray *match = base_json_get_array (route, "match", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < base_json_get_length (match); i++) {
    JsonArray *hosts = base_json_get_array (json_array_get_element (match, i), "sniHosts", NULL);

    for (guint j = 0; j < base_json_get_length (hosts); j++) {
      const char *host = base_json_get_string (json_array_get_element (hosts, j), NULL);

      if (host != NULL)
        g_ptr_array_add (names, (gpointer)host);
    }
  }
  if (names->len == 0)
    return g_strdup ("*");
  g_ptr_array_add (names, NULL);
  return g_strjoinv (_ (", "), (char **)names->pdata);
}

static void
add_streams (GPtrArray *paragraphs, JsonNode *object, const char *member)
{
  JsonArray *routes = base_json_get_array (object, "spec", member, NULL);

  for (guint i = 0; i < MIN (base_json_get_length (routes), MAX_ROUTES); i++) {
    JsonNode *route = json_array_get_element (routes, i);
    JsonNode *item = get_element (base_json_get_array (route, "match", NULL), 0);
    gint64 port = base_json_get_int (item, 0, "port", NULL);
    g_autofree char *where = NULL;
    g_autofree char *name = NULL;
    Stream stream = g_str_equal (member, "tls") ? TLS : port > 0 ? TCP_PORT : TCP;
    MeshShares shares = mesh_shares_read (object, route, &where);

    name = stream == TLS ? dup_sni_hosts (route) : g_strdup_printf ("%" G_GINT64_FORMAT, port);
    g_ptr_array_add (paragraphs,
                     mesh_sentence_fill (_ (stream_sentences[stream][shares]), "name", name,
                                         "where", where != NULL ? where : "", NULL));
  }
}

/* Rules for a gateway say nothing about calls inside the mesh, unless they name that, too. */
static void
add_gateways (GPtrArray *paragraphs, JsonNode *object)
{
  JsonArray *gateways = base_json_get_array (object, "spec", "gateways", NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;

  for (guint i = 0; i < base_json_get_length (gateways); i++) {
    const char *name = base_json_get_string (json_array_get_element (gateways, i), NULL);

    if (g_strcmp0 (name, "mesh") == 0)
      return;
    if (name != NULL)
      g_ptr_array_add (names, (gpointer)name);
  }
  if (names->len == 0)
    return;
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (_ (", "), (char **)names->pdata);
  g_ptr_array_add (paragraphs,
                   g_strdup_printf (ngettext ("Only for requests that come in by the gateway %s.",
                                              "Only for requests that come in by the gateways %s.",
                                              names->len - 1),
                                    list));
}

/**
 * mesh_description_dup_text:
 * @object: a VirtualService
 *
 * Returns: (transfer full): what it does, in plain sentences; one line for each route
 */
char *
mesh_description_dup_text (JsonNode *object)
{
  g_autoptr (GPtrArray) paragraphs = g_ptr_array_new_with_free_func (g_free);

  add_http (paragraphs, object);
  add_streams (paragraphs, object, "tls");
  add_streams (paragraphs, object, "tcp");
  if (paragraphs->len == 0)
    return g_strdup (_ ("It has no routes."));
  add_gateways (paragraphs, object);
  g_ptr_array_add (paragraphs, NULL);
  return g_strjoinv ("\n", (char **)paragraphs->pdata);
}

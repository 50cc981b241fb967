/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-frontend.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"

#define SECRETS "/secrets"
#define ANNOTATION "ingress.kubernetes.io/"
#define DEFAULT_RULE "PathPrefix:/"
#define PATTERN_LIMIT 1024

/*
 * The annotations are those of
 * https://doc.traefik.io/traefik/v1.7/configuration/backends/kubernetes/.
 */

/* Annotations may have "traefik." before them. */
static const char *
get_annotation (JsonNode *ingress, const char *name)
{
  g_autofree char *plain = g_strconcat (ANNOTATION, name, NULL);
  g_autofree char *longer = g_strconcat ("traefik." ANNOTATION, name, NULL);
  const char *value = base_metadata_get_annotation (ingress, plain);

  return value != NULL ? value : base_metadata_get_annotation (ingress, longer);
}

static gboolean
is_set (JsonNode *ingress, const char *name, gboolean fallback)
{
  const char *value = get_annotation (ingress, name);

  return value != NULL ? g_str_equal (value, "true") : fallback;
}

static GStrv
split_list (const char *text)
{
  g_auto (GStrv) parts = text != NULL ? g_strsplit (text, ",", -1) : NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; parts != NULL && parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (list, g_strdup (parts[i]));
  if (list->len == 0)
    return NULL;
  g_ptr_array_add (list, NULL);
  return (GStrv)g_ptr_array_free (g_steal_pointer (&list), FALSE);
}

/* (nullable) (transfer full): NULL where an annotation asks for what there is not. */
static char *
dup_path_rule (const PracticeTraefikWay *way)
{
  const char *type = get_annotation (way->ingress, "rule-type");
  const char *target = get_annotation (way->ingress, "rewrite-target");
  const char *modifier = get_annotation (way->ingress, "request-modifier");
  g_autoptr (GString) rule = g_string_new (NULL);
  g_autofree char *trimmed = g_strdup (target);

  if (type == NULL)
    type = g_strcmp0 (way->path_type, "Exact") == 0 ? "Path" : "PathPrefix";
  g_string_append_printf (rule, "%s:%s", type, way->path);
  if (target != NULL) {
    while (g_str_has_suffix (trimmed, "/"))
      trimmed[strlen (trimmed) - 1] = '\0';
    g_string_append_printf (rule, ";ReplacePathRegex: ^%s(.*) %s$1",
                            g_str_equal (way->path, "/") ? "" : way->path, trimmed);
  }
  if (modifier != NULL)
    g_string_append_printf (rule, ";%s", modifier);
  return g_string_free (g_steal_pointer (&rule), FALSE);
}

static char *
dup_host_rule (const char *host)
{
  const char *star = strchr (host, '*');

  if (star == NULL)
    return g_strconcat ("Host:", host, NULL);
  return g_strdup_printf ("HostRegexp:%.*s{subdomain:[A-Za-z0-9-_]+}%s", (int)(star - host), host,
                          star + 1);
}

static gboolean
add_route (PracticeTraefikFrontend *frontend, const char *name, const char *text)
{
  PracticeTraefikRule *rule = practice_traefik_rule_parse (text);

  if (rule == NULL)
    return FALSE;
  g_hash_table_insert (frontend->routes, g_strdup (name), rule);
  return TRUE;
}

static void
set_redirect_pattern (PracticeTraefikFrontend *frontend,
                      const char *pattern,
                      const char *replacement)
{
  if (strlen (pattern) > PATTERN_LIMIT)
    return;
  frontend->redirect_regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  frontend->redirect_replacement = practice_traefik_rule_convert_replacement (replacement);
  if (!g_regex_check_replacement (frontend->redirect_replacement, NULL, NULL))
    g_clear_pointer (&frontend->redirect_regex, g_regex_unref);
}

static void
set_redirect (PracticeTraefikFrontend *frontend, const PracticeTraefikWay *way)
{
  const char *root = get_annotation (way->ingress, "app-root");
  const char *entry_point = get_annotation (way->ingress, "redirect-entry-point");
  const char *regex = get_annotation (way->ingress, "redirect-regex");
  const char *replacement = get_annotation (way->ingress, "redirect-replacement");

  frontend->redirect_permanent = is_set (way->ingress, "redirect-permanent", FALSE);
  if (root != NULL && (*way->path == '\0' || g_str_equal (way->path, "/"))) {
    g_autofree char *escaped = g_regex_escape_string (way->host, -1);
    g_autofree char *pattern = g_strconcat (escaped, "(:[0-9]+)?/$", NULL);
    g_autofree char *to = g_strconcat (way->host, "$1/", *root == '/' ? root + 1 : root, NULL);

    set_redirect_pattern (frontend, pattern, to);
  } else if (entry_point != NULL && *entry_point != '\0') {
    frontend->redirect_entry_point = g_strdup (entry_point);
  } else if (regex != NULL && replacement != NULL) {
    set_redirect_pattern (frontend, regex, replacement);
  }
}

static void
set_sources (PracticeTraefikFrontend *frontend, JsonNode *ingress)
{
  g_auto (GStrv) ranges = split_list (get_annotation (ingress, "whitelist-source-range"));

  if (ranges == NULL)
    return;
  frontend->sources = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; ranges[i] != NULL; i++) {
    GInetAddressMask *mask = g_inet_address_mask_new_from_string (ranges[i], NULL);

    if (mask != NULL)
      g_ptr_array_add (frontend->sources, mask);
  }
}

/* The users of a Secret with one member, in the way of htpasswd(1). */
static GStrv
dup_users (PracticeStore *store, JsonNode *ingress)
{
  const char *name = get_annotation (ingress, "auth-secret");
  JsonObject *data = base_json_get_object (
    name != NULL ? practice_store_get (store, SECRETS, base_metadata_get_namespace (ingress), name)
                 : NULL,
    "data", NULL);
  g_autoptr (GList) values = NULL;
  g_autofree guint8 *decoded = NULL;
  g_autofree char *text = NULL;
  gsize length;

  if (data == NULL || json_object_get_size (data) != 1)
    return NULL;
  values = json_object_get_values (data);
  if (json_node_get_value_type (values->data) != G_TYPE_STRING)
    return NULL;
  decoded = g_base64_decode (json_node_get_string (values->data), &length);
  text = g_strndup ((const char *)decoded, length);
  g_strdelimit (text, "\r\n", ',');
  return split_list (text);
}

static guint
get_priority (const PracticeTraefikWay *way)
{
  const char *text = practice_traefik_way_get (way, "priority");

  return text != NULL ? CLAMP (g_ascii_strtoll (text, NULL, 10), 0, G_MAXINT) : 0;
}

/**
 * practice_traefik_way_get:
 * @way: a path of an Ingress
 * @name: of an annotation, such as "rule-type"
 *
 * Returns: (transfer none) (nullable): its value
 */
const char *
practice_traefik_way_get (const PracticeTraefikWay *way, const char *name)
{
  g_return_val_if_fail (way != NULL && name != NULL, NULL);

  return get_annotation (way->ingress, name);
}

/**
 * practice_traefik_way_dup_name:
 * @way: a path of an Ingress
 *
 * Returns: (transfer full): host and path, with what sets the frontend apart from others of both
 */
char *
practice_traefik_way_dup_name (const PracticeTraefikWay *way)
{
  g_auto (GStrv) entry_points = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *rank = NULL;
  g_autofree char *name = NULL;
  guint priority;

  g_return_val_if_fail (way != NULL, NULL);

  priority = get_priority (way);
  entry_points = split_list (get_annotation (way->ingress, "frontend-entry-points"));
  joined = entry_points != NULL ? g_strjoinv ("-", entry_points) : g_strdup ("");
  rank = priority > 0 ? g_strdup_printf ("%u-", priority) : g_strdup ("");
  if (*way->host != '\0' || *way->path != '\0')
    name = g_strconcat (way->host, way->path, NULL);
  else
    name = g_strdup (base_json_get_string (way->service, "name", NULL));
  return g_strconcat (rank, joined, *joined != '\0' ? "_" : "", name, NULL);
}

/**
 * practice_traefik_frontend_new:
 * @store: the cluster's objects
 * @way: the path of an Ingress that it is for
 * @name: its name
 * @backend: who gets its requests; outlives it
 *
 * Returns: (transfer full) (nullable): a frontend without routes; %NULL where the authentication
 *   that the Ingress asks for cannot be had
 */
PracticeTraefikFrontend *
practice_traefik_frontend_new (PracticeStore *store,
                               const PracticeTraefikWay *way,
                               const char *name,
                               PracticeTraefikBackend *backend)
{
  g_auto (GStrv) users = NULL;
  PracticeTraefikFrontend *self;
  const char *auth;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (way != NULL && name != NULL, NULL);

  auth = get_annotation (way->ingress, "auth-type");
  users = auth != NULL ? dup_users (store, way->ingress) : NULL;
  if (auth != NULL && (g_ascii_strcasecmp (auth, "basic") != 0 || users == NULL))
    return NULL;
  self = g_new0 (PracticeTraefikFrontend, 1);
  self->name = g_strdup (name);
  self->backend = backend;
  self->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                        (GDestroyNotify)practice_traefik_rule_free);
  self->priority = get_priority (way);
  self->passes_host = is_set (way->ingress, "preserve-host", TRUE);
  self->entry_points = split_list (get_annotation (way->ingress, "frontend-entry-points"));
  self->users = g_steal_pointer (&users);
  set_redirect (self, way);
  set_sources (self, way->ingress);
  return self;
}

/**
 * practice_traefik_frontend_free:
 * @self: (transfer full): a frontend
 *
 * Frees @self.
 */
void
practice_traefik_frontend_free (PracticeTraefikFrontend *self)
{
  g_free (self->name);
  g_hash_table_unref (self->routes);
  g_strfreev (self->entry_points);
  g_free (self->redirect_entry_point);
  g_clear_pointer (&self->redirect_regex, g_regex_unref);
  g_free (self->redirect_replacement);
  g_clear_pointer (&self->sources, g_ptr_array_unref);
  g_strfreev (self->users);
  g_free (self);
}

/**
 * practice_traefik_frontend_add:
 * @self: a frontend
 * @way: the path of an Ingress, of its name
 *
 * Adds the routes of @way.
 *
 * Returns: %FALSE where they cannot be read
 */
gboolean
practice_traefik_frontend_add (PracticeTraefikFrontend *self, const PracticeTraefikWay *way)
{
  g_autofree char *path_rule = NULL;
  g_autofree char *host_rule = NULL;

  g_return_val_if_fail (self != NULL && way != NULL, FALSE);

  path_rule = *way->path != '\0' ? dup_path_rule (way) : NULL;
  host_rule = *way->host != '\0' ? dup_host_rule (way->host) : NULL;
  if (path_rule != NULL && !add_route (self, way->path, path_rule))
    return FALSE;
  if (host_rule != NULL && !add_route (self, way->host, host_rule))
    return FALSE;
  return g_hash_table_size (self->routes) > 0 || add_route (self, "/", DEFAULT_RULE);
}

/**
 * practice_traefik_frontend_get_rank:
 * @self: a frontend
 *
 * Returns: its priority, or the length of its rules; frontends of a higher one are tried first
 */
guint
practice_traefik_frontend_get_rank (const PracticeTraefikFrontend *self)
{
  GHashTableIter iter;
  gpointer rule;
  guint rank = 0;

  g_return_val_if_fail (self != NULL, 0);

  if (self->priority > 0)
    return self->priority;
  g_hash_table_iter_init (&iter, self->routes);
  while (g_hash_table_iter_next (&iter, NULL, &rule))
    rank += strlen (practice_traefik_rule_get_text (rule));
  return rank;
}

/**
 * practice_traefik_frontend_matches:
 * @self: a frontend
 * @entry_point: "http" or "https"
 * @host: the host of a request, without a port
 * @path: its path
 *
 * Returns: whether it takes the request
 */
gboolean
practice_traefik_frontend_matches (const PracticeTraefikFrontend *self,
                                   const char *entry_point,
                                   const char *host,
                                   const char *path)
{
  GHashTableIter iter;
  gpointer rule;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->entry_points != NULL &&
      !g_strv_contains ((const char *const *)self->entry_points, entry_point))
    return FALSE;
  g_hash_table_iter_init (&iter, self->routes);
  while (g_hash_table_iter_next (&iter, NULL, &rule))
    if (!practice_traefik_rule_matches (rule, host, path))
      return FALSE;
  return TRUE;
}

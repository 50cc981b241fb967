/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-config.h"

#include <gio/gio.h>
#include <string.h>

#include "base-json.h"
#include "practice-traefik-weights.h"

#define INGRESSES "networking.k8s.io/ingresses"
#define SERVICES "/services"
#define ENDPOINTS "/endpoints"
#define SECRETS "/secrets"

#define ANNOTATION "ingress.kubernetes.io/"
#define CLASS_ANNOTATION "kubernetes.io/ingress.class"
#define CLASS "traefik"
#define DEFAULT_NAME "global-default"
#define DEFAULT_RULE "PathPrefix:/"
#define PATTERN_LIMIT 1024

/**
 * PracticeTraefikConfig:
 *
 * A frontend and a backend for each host and path of the Ingresses that are Traefik's, with the
 * annotations of https://doc.traefik.io/traefik/v1.7/configuration/backends/kubernetes/. Servers
 * are the pods themselves.
 */
struct _PracticeTraefikConfig {
  PracticeStore *store;
  GHashTable *backends; /* name to PracticeTraefikBackend */
  GHashTable *names;    /* name to PracticeTraefikFrontend, of @frontends */
  GPtrArray *frontends; /* of PracticeTraefikFrontend */
};

/* A path of an Ingress on its way to a frontend. */
typedef struct {
  JsonNode *ingress;
  const char *host;
  const char *path;
  const char *path_type;
  JsonNode *service; /* of the backend: its name and port */
  PracticeTraefikWeights *weights;
} Way;

static void
server_free (gpointer data)
{
  PracticeTraefikServer *self = data;

  g_free (self->name);
  g_free (self->url);
  g_free (self->host);
  g_free (self);
}

static void
backend_free (gpointer data)
{
  PracticeTraefikBackend *self = data;

  g_ptr_array_unref (self->servers);
  g_free (self->name);
  g_free (self);
}

static void
frontend_free (gpointer data)
{
  PracticeTraefikFrontend *self = data;

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

static guint
count (JsonArray *array)
{
  return array != NULL ? json_array_get_length (array) : 0;
}

/* Annotations may have "traefik." before them. */
static const char *
get_annotation (JsonNode *ingress, const char *name)
{
  g_autofree char *plain = g_strconcat (ANNOTATION, name, NULL);
  g_autofree char *longer = g_strconcat ("traefik." ANNOTATION, name, NULL);
  const char *value = base_json_get_string (ingress, "metadata", "annotations", plain, NULL);

  return value != NULL ? value
                       : base_json_get_string (ingress, "metadata", "annotations", longer, NULL);
}

static gboolean
is_set (JsonNode *ingress, const char *name, gboolean fallback)
{
  const char *value = get_annotation (ingress, name);

  return value != NULL ? g_str_equal (value, "true") : fallback;
}

static gboolean
is_ours (JsonNode *ingress)
{
  const char *class =
    base_json_get_string (ingress, "metadata", "annotations", CLASS_ANNOTATION, NULL);

  if (class == NULL)
    class = base_json_get_string (ingress, "spec", "ingressClassName", NULL);
  return class == NULL || *class == '\0' || g_str_equal (class, CLASS);
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

static char *
dup_base_name (const Way *way, const GStrv entry_points, guint priority)
{
  g_autofree char *joined = entry_points != NULL ? g_strjoinv ("-", entry_points) : g_strdup ("");
  g_autofree char *rank = priority > 0 ? g_strdup_printf ("%u-", priority) : g_strdup ("");
  g_autofree char *name = g_strconcat (way->host, way->path, NULL);

  if (*name == '\0') {
    g_free (name);
    name = g_strdup (base_json_get_string (way->service, "name", NULL));
  }
  return g_strconcat (rank, joined, *joined != '\0' ? "_" : "", name, NULL);
}

/* (nullable) (transfer full): NULL where an annotation asks for what there is not. */
static char *
dup_path_rule (const Way *way)
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
set_redirect (PracticeTraefikFrontend *frontend, const Way *way)
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
    name != NULL
      ? practice_store_get (store, SECRETS,
                            base_json_get_string (ingress, "metadata", "namespace", NULL), name)
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

/* (nullable): where what it asks of authentication cannot be had, there is no frontend. */
static PracticeTraefikFrontend *
new_frontend (PracticeTraefikConfig *self, const Way *way, const char *name)
{
  const char *auth = get_annotation (way->ingress, "auth-type");
  const char *priority = get_annotation (way->ingress, "priority");
  g_auto (GStrv) users = auth != NULL ? dup_users (self->store, way->ingress) : NULL;
  PracticeTraefikFrontend *frontend;

  if (auth != NULL && (g_ascii_strcasecmp (auth, "basic") != 0 || users == NULL))
    return NULL;
  frontend = g_new0 (PracticeTraefikFrontend, 1);
  frontend->name = g_strdup (name);
  frontend->backend = g_hash_table_lookup (self->backends, name);
  frontend->routes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                            (GDestroyNotify)practice_traefik_rule_free);
  frontend->priority = priority != NULL ? CLAMP (atoi (priority), 0, G_MAXINT) : 0;
  frontend->passes_host = is_set (way->ingress, "preserve-host", TRUE);
  frontend->entry_points = split_list (get_annotation (way->ingress, "frontend-entry-points"));
  frontend->users = g_steal_pointer (&users);
  set_redirect (frontend, way);
  set_sources (frontend, way->ingress);
  return frontend;
}

static gboolean
add_routes (PracticeTraefikFrontend *frontend, const Way *way)
{
  g_autofree char *path_rule = *way->path != '\0' ? dup_path_rule (way) : NULL;
  g_autofree char *host_rule = *way->host != '\0' ? dup_host_rule (way->host) : NULL;

  if (path_rule != NULL && !add_route (frontend, way->path, path_rule))
    return FALSE;
  if (host_rule != NULL && !add_route (frontend, way->host, host_rule))
    return FALSE;
  return g_hash_table_size (frontend->routes) > 0 || add_route (frontend, "/", DEFAULT_RULE);
}

static void
add_server (PracticeTraefikBackend *backend,
            const char *name,
            const char *protocol,
            const char *host,
            gint64 port,
            guint weight)
{
  PracticeTraefikServer *server = g_new0 (PracticeTraefikServer, 1);

  server->url = g_strdup_printf ("%s://%s:%" G_GINT64_FORMAT, protocol, host, port);
  server->name = g_strdup (name != NULL ? name : server->url);
  server->host = g_strdup (host);
  server->port = port;
  server->weight = weight;
  g_ptr_array_add (backend->servers, server);
}

static void
add_endpoints (PracticeTraefikConfig *self,
               PracticeTraefikBackend *backend,
               const Way *way,
               JsonNode *service,
               JsonNode *port,
               const char *protocol)
{
  const char *name = base_json_get_string (service, "metadata", "name", NULL);
  JsonArray *subsets = base_json_get_array (
    practice_store_get (self->store, ENDPOINTS,
                        base_json_get_string (service, "metadata", "namespace", NULL), name),
    "subsets", NULL);
  guint weight = practice_traefik_weights_get (way->weights, way->host, way->path, name);

  for (guint i = 0; i < count (subsets); i++) {
    JsonNode *subset = json_array_get_element (subsets, i);
    JsonArray *addresses = base_json_get_array (subset, "addresses", NULL);
    JsonArray *ports = base_json_get_array (subset, "ports", NULL);
    gint64 number = 0;

    for (guint j = 0; j < count (ports); j++) {
      JsonNode *other = json_array_get_element (ports, j);

      if (g_strcmp0 (base_json_get_string (other, "name", NULL),
                     base_json_get_string (port, "name", NULL)) == 0)
        number = base_json_get_int (other, 0, "port", NULL);
    }
    for (guint j = 0; number > 0 && j < count (addresses); j++) {
      JsonNode *address = json_array_get_element (addresses, j);

      add_server (backend, base_json_get_string (address, "targetRef", "name", NULL), protocol,
                  base_json_get_string (address, "ip", NULL), number, weight);
    }
  }
}

static gboolean
is_port (JsonNode *port, const Way *way)
{
  const char *name = base_json_get_string (way->service, "port", "name", NULL);
  gint64 number = base_json_get_int (way->service, 0, "port", "number", NULL);

  return (number > 0 && base_json_get_int (port, 0, "port", NULL) == number) ||
         (name != NULL && g_strcmp0 (base_json_get_string (port, "name", NULL), name) == 0);
}

static void
add_servers (PracticeTraefikConfig *self,
             PracticeTraefikBackend *backend,
             const Way *way,
             JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  const char *external = base_json_get_string (service, "spec", "externalName", NULL);

  for (guint i = 0; i < count (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *name = base_json_get_string (port, "name", NULL);
    const char *protocol = get_annotation (way->ingress, "protocol");
    gint64 number = base_json_get_int (port, 0, "port", NULL);

    if (!is_port (port, way))
      continue;
    if (protocol == NULL)
      protocol =
        number == 443 || (name != NULL && g_str_has_prefix (name, "https")) ? "https" : "http";
    if (g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "ExternalName") == 0)
      add_server (backend, NULL, protocol, external, number, 1);
    else
      add_endpoints (self, backend, way, service, port, protocol);
    return;
  }
}

static PracticeTraefikBackend *
ensure_backend (PracticeTraefikConfig *self, const char *name)
{
  PracticeTraefikBackend *backend = g_hash_table_lookup (self->backends, name);

  if (backend == NULL) {
    backend = g_new0 (PracticeTraefikBackend, 1);
    backend->name = g_strdup (name);
    backend->servers = g_ptr_array_new_with_free_func (server_free);
    g_hash_table_insert (self->backends, backend->name, backend);
  }
  return backend;
}

/* Where the Service is missing, there is no frontend: 404, not 503. */
static void
add_way (PracticeTraefikConfig *self, const Way *way, const char *fixed_name)
{
  g_auto (GStrv) entry_points = split_list (get_annotation (way->ingress, "frontend-entry-points"));
  const char *priority = get_annotation (way->ingress, "priority");
  g_autofree char *name =
    fixed_name != NULL
      ? g_strdup (fixed_name)
      : dup_base_name (way, entry_points, priority != NULL ? MAX (atoi (priority), 0) : 0);
  PracticeTraefikFrontend *frontend = g_hash_table_lookup (self->names, name);
  const char *service_name = base_json_get_string (way->service, "name", NULL);
  JsonNode *service = NULL;
  PracticeTraefikBackend *backend;

  if (service_name != NULL)
    service = practice_store_get (
      self->store, SERVICES, base_json_get_string (way->ingress, "metadata", "namespace", NULL),
      service_name);
  if (service == NULL)
    return;
  backend = ensure_backend (self, name);
  if (frontend == NULL) {
    frontend = new_frontend (self, way, name);
    if (frontend == NULL)
      return;
    g_ptr_array_add (self->frontends, frontend);
    g_hash_table_insert (self->names, frontend->name, frontend);
  }
  if (add_routes (frontend, way)) {
    add_servers (self, backend, way, service);
    return;
  }
  g_hash_table_remove (self->names, name);
  g_ptr_array_remove (self->frontends, frontend);
}

static void
add_ingress (PracticeTraefikConfig *self, JsonNode *ingress)
{
  g_autoptr (PracticeTraefikWeights) weights = practice_traefik_weights_new (
    self->store, ingress, get_annotation (ingress, "service-weights"));
  JsonNode *fallback = base_json_get (ingress, "spec", "defaultBackend", "service", NULL);
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);

  if (fallback != NULL && !g_hash_table_contains (self->names, DEFAULT_NAME "-frontend")) {
    const Way way = { ingress, "", "", NULL, fallback, weights };

    add_way (self, &way, DEFAULT_NAME "-frontend");
  }
  for (guint i = 0; i < count (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    const char *host = base_json_get_string (rule, "host", NULL);
    JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

    for (guint j = 0; j < count (paths); j++) {
      JsonNode *path = json_array_get_element (paths, j);
      const char *text = base_json_get_string (path, "path", NULL);
      const Way way = { ingress,
                        host != NULL ? host : "",
                        text != NULL ? text : "",
                        base_json_get_string (path, "pathType", NULL),
                        base_json_get (path, "backend", "service", NULL),
                        weights };

      add_way (self, &way, NULL);
    }
  }
}

/* Rules that are longer are tried first. */
static guint
get_rank (const PracticeTraefikFrontend *frontend)
{
  GHashTableIter iter;
  gpointer rule;
  guint rank = 0;

  if (frontend->priority > 0)
    return frontend->priority;
  g_hash_table_iter_init (&iter, frontend->routes);
  while (g_hash_table_iter_next (&iter, NULL, &rule))
    rank += strlen (practice_traefik_rule_get_text (rule));
  return rank;
}

static int
compare_frontends (gconstpointer a, gconstpointer b)
{
  const PracticeTraefikFrontend *first = *(const PracticeTraefikFrontend *const *)a;
  const PracticeTraefikFrontend *second = *(const PracticeTraefikFrontend *const *)b;
  guint first_rank = get_rank (first);
  guint second_rank = get_rank (second);

  if (first_rank != second_rank)
    return first_rank > second_rank ? -1 : 1;
  return strcmp (first->name, second->name);
}

/**
 * practice_traefik_config_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): what the Ingresses ask for now
 */
PracticeTraefikConfig *
practice_traefik_config_new (PracticeStore *store)
{
  PracticeTraefikConfig *self = g_new0 (PracticeTraefikConfig, 1);
  g_autoptr (GPtrArray) ingresses = practice_store_list (store, INGRESSES, NULL);

  self->store = g_object_ref (store);
  self->backends = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, backend_free);
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  self->frontends = g_ptr_array_new_with_free_func (frontend_free);
  for (guint i = 0; i < ingresses->len; i++)
    if (is_ours (g_ptr_array_index (ingresses, i)))
      add_ingress (self, g_ptr_array_index (ingresses, i));
  g_ptr_array_sort (self->frontends, compare_frontends);
  return self;
}

/**
 * practice_traefik_config_free:
 * @self: (transfer full): a configuration
 *
 * Frees @self.
 */
void
practice_traefik_config_free (PracticeTraefikConfig *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->frontends);
  g_hash_table_unref (self->backends);
  g_object_unref (self->store);
  g_free (self);
}

/**
 * practice_traefik_config_get_frontends:
 * @self: a configuration
 *
 * Returns: (transfer none) (element-type PracticeTraefikFrontend): its frontends, in the order in
 *   which they are tried
 */
GPtrArray *
practice_traefik_config_get_frontends (PracticeTraefikConfig *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->frontends;
}

static gboolean
matches (const PracticeTraefikFrontend *frontend, const char *host, const char *path)
{
  GHashTableIter iter;
  gpointer rule;

  g_hash_table_iter_init (&iter, frontend->routes);
  while (g_hash_table_iter_next (&iter, NULL, &rule))
    if (!practice_traefik_rule_matches (rule, host, path))
      return FALSE;
  return TRUE;
}

/**
 * practice_traefik_config_find:
 * @self: a configuration
 * @entry_point: "http" or "https"
 * @host: the host of a request, without a port
 * @path: its path
 *
 * Returns: (transfer none) (nullable): the frontend that takes the request
 */
PracticeTraefikFrontend *
practice_traefik_config_find (PracticeTraefikConfig *self,
                              const char *entry_point,
                              const char *host,
                              const char *path)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->frontends->len; i++) {
    PracticeTraefikFrontend *frontend = g_ptr_array_index (self->frontends, i);

    if ((frontend->entry_points == NULL ||
         g_strv_contains ((const char *const *)frontend->entry_points, entry_point)) &&
        matches (frontend, host, path))
      return frontend;
  }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kiali.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-kiali-graph.h"
#include "practice-mesh-duration.h"
#include "practice-resources.h"

#define ROOT "/kiali"
#define PAGE "/io/github/konvoylab/practice/kiali.html"
#define NAMESPACES "/namespaces"

#define JSON "application/json"
#define HTML "text/html; charset=utf-8"
#define TEXT "text/plain; charset=utf-8"

#define DEFAULT_SECONDS 600
#define MAX_SECONDS (30 * 24 * 3600)

struct _PracticeKiali {
  GObject parent_instance;

  PracticeMesh *mesh;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeKiali,
                               practice_kiali,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

/* Takes @node. */
static PracticeHttpResponse *
answer_json (guint status, JsonNode *node)
{
  g_autoptr (JsonNode) owned = node;
  g_autofree char *text = base_json_write (owned, FALSE);

  return practice_http_response_new (status, JSON, text);
}

static PracticeHttpResponse *
answer_error (guint status, const char *format, ...) G_GNUC_PRINTF (2, 3);

static PracticeHttpResponse *
answer_error (guint status, const char *format, ...)
{
  JsonObject *object = json_object_new ();
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  json_object_set_string_member (object, "error", message);
  return answer_json (status, base_json_take_object (object));
}

static PracticeHttpResponse *
answer_page (void)
{
  g_autoptr (GBytes) page =
    g_resource_lookup_data (practice_get_resource (), PAGE, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  return practice_http_response_new_bytes (200, HTML, page);
}

static PracticeHttpResponse *
answer_status (void)
{
  JsonObject *status = json_object_new ();
  JsonObject *object = json_object_new ();
  JsonObject *istio = json_object_new ();
  JsonArray *services = json_array_new ();

  json_object_set_string_member (status, "Kiali core version", "v1.4");
  json_object_set_string_member (status, "Kiali state", "running");
  json_object_set_object_member (object, "status", status);
  json_object_set_string_member (istio, "name", "Istio");
  json_object_set_string_member (istio, "version", "1.3.3");
  json_array_add_object_element (services, istio);
  json_object_set_array_member (object, "externalServices", services);
  json_object_set_array_member (object, "warningMessages", json_array_new ());
  return answer_json (200, base_json_take_object (object));
}

/* Whoever gets here is let in: the way here is guarded. */
static PracticeHttpResponse *
answer_authenticate (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_add_days (now, 1);
  g_autofree char *time = g_date_time_format (end, "%a, %d %b %Y %H:%M:%S GMT");
  g_autofree char *token = g_uuid_string_random ();
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "token", token);
  json_object_set_string_member (object, "expiresOn", time);
  json_object_set_string_member (object, "username", "admin");
  return answer_json (200, base_json_take_object (object));
}

static PracticeHttpResponse *
answer_namespaces (PracticeKiali *self)
{
  g_autoptr (GPtrArray) namespaces =
    practice_store_list (practice_mesh_get_store (self->mesh), NAMESPACES, NULL);
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < namespaces->len; i++) {
    JsonObject *object = json_object_new ();
    JsonNode *labels = base_json_get (namespaces->pdata[i], "metadata", "labels", NULL);

    json_object_set_string_member (object, "name", base_metadata_get_name (namespaces->pdata[i]));
    if (labels != NULL)
      json_object_set_member (object, "labels", base_json_copy (labels));
    json_array_add_object_element (list, object);
  }
  return answer_json (200, base_json_take_array (list));
}

static gboolean
read_type (const char *text, PracticeKialiGraphType *type)
{
  static const char *const names[] = {
    [PRACTICE_KIALI_WORKLOAD] = "workload",
    [PRACTICE_KIALI_APP] = "app",
    [PRACTICE_KIALI_VERSIONED_APP] = "versionedApp",
    [PRACTICE_KIALI_SERVICE] = "service",
  };

  *type = PRACTICE_KIALI_WORKLOAD;
  if (text == NULL || *text == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], text)) {
      *type = i;
      return TRUE;
    }
  return FALSE;
}

static gboolean
read_seconds (const char *text, guint *seconds)
{
  gint64 microseconds = 0;

  *seconds = DEFAULT_SECONDS;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!practice_mesh_duration_parse (text, &microseconds) || microseconds < G_USEC_PER_SEC)
    return FALSE;
  *seconds = (guint)MIN (microseconds / G_USEC_PER_SEC, MAX_SECONDS);
  return TRUE;
}

static gboolean
is_listed (const char *list, const char *name)
{
  g_auto (GStrv) names = g_strsplit (list != NULL ? list : "", ",", -1);

  return g_strv_contains ((const char *const *)names, name);
}

static gboolean
is_true (GHashTable *query, const char *name)
{
  const char *value = g_hash_table_lookup (query, name);

  return value != NULL && g_ascii_strcasecmp (value, "true") == 0;
}

static PracticeHttpResponse *
answer_graph (PracticeKiali *self, GHashTable *query)
{
  const char *namespaces = g_hash_table_lookup (query, "namespaces");
  const char *appenders = g_hash_table_lookup (query, "appenders");
  const char *boxes = g_hash_table_lookup (query, "boxBy");
  const char *groups = g_hash_table_lookup (query, "groupBy");
  const char *type = g_hash_table_lookup (query, "graphType");
  const char *duration = g_hash_table_lookup (query, "duration");
  g_auto (GStrv) names = g_strsplit (namespaces != NULL ? namespaces : "", ",", -1);
  PracticeKialiGraphOptions options = {
    .namespaces = names,
    .injects_services = is_true (query, "injectServiceNodes"),
    .has_idle_edges = is_true (query, "includeIdleEdges"),
    .has_idle_nodes = appenders == NULL || *appenders == '\0' ||
                      is_listed (appenders, "idleNode") || is_listed (appenders, "unusedNode"),
    .boxes_apps = is_listed (boxes, "app") || is_listed (groups, "app"),
  };

  if (namespaces == NULL || *namespaces == '\0')
    return answer_error (400, "At least one namespace must be specified via the namespaces query "
                              "parameter.");
  if (!read_type (type, &options.type))
    return answer_error (400, "Invalid graphType [%s]", type);
  if (!read_seconds (duration, &options.seconds))
    return answer_error (400, "Invalid duration [%s]", duration);
  for (guint i = 0; names[i] != NULL; i++)
    if (practice_store_get (practice_mesh_get_store (self->mesh), NAMESPACES, NULL,
                            g_strstrip (names[i])) == NULL)
      return answer_error (403, "Requested namespace [%s] is not accessible.", names[i]);
  return answer_json (200, practice_kiali_graph_new (self->mesh, &options));
}

/* The path below Kiali's own root, which another may stand before: /ops/portal/kiali. */
static const char *
find_own_path (const char *path)
{
  const char *found = strstr (path, ROOT);

  if (found == NULL)
    return NULL;
  found += strlen (ROOT);
  return *found == '/' || *found == '\0' ? found : NULL;
}

static PracticeHttpResponse *
answer_own (PracticeKiali *self, const char *path, GHashTable *query)
{
  if (g_str_equal (path, "/") || g_str_has_prefix (path, "/console"))
    return answer_page ();
  if (g_str_equal (path, "/healthz"))
    return practice_http_response_new (200, TEXT, "");
  if (g_str_equal (path, "/api") || g_str_equal (path, "/api/status"))
    return answer_status ();
  if (g_str_equal (path, "/api/authenticate"))
    return answer_authenticate ();
  if (g_str_equal (path, "/api/namespaces"))
    return answer_namespaces (self);
  if (g_str_equal (path, "/api/namespaces/graph"))
    return answer_graph (self, query);
  return answer_error (404, "There is nothing at %s", path);
}

static PracticeHttpResponse *
redirect (const char *location)
{
  PracticeHttpResponse *response = practice_http_response_new (302, NULL, "");

  soup_message_headers_replace (practice_http_response_get_headers (response), "Location",
                                location);
  return response;
}

static PracticeHttpResponse *
respond (PracticeKiali *self, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  const char *mark = strchr (practice_http_request_get_target (request), '?');
  g_autoptr (GHashTable) query =
    mark != NULL ? g_uri_parse_params (mark + 1, -1, "&", G_URI_PARAMS_WWW_FORM, NULL) : NULL;
  const char *own = find_own_path (path);

  if (query == NULL)
    query = g_hash_table_new (g_str_hash, g_str_equal);
  /* By a way that ends with a slash wherever this is: browsers resolve what follows by it. */
  if (own == NULL)
    return g_str_equal (path, "/") ? redirect ("kiali/") : answer_error (404, "Not found");
  return *own == '\0' ? redirect ("kiali/") : answer_own (self, own, query);
}

static void
practice_kiali_handle_async (PracticeHttpHandler *handler,
                             PracticeHttpRequest *request,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (handler, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_kiali_handle_async);
  g_task_return_pointer (task, respond (PRACTICE_KIALI (handler), request),
                         (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_kiali_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_kiali_handle_async;
  iface->handle_finish = practice_kiali_handle_finish;
}

static void
practice_kiali_finalize (GObject *object)
{
  PracticeKiali *self = PRACTICE_KIALI (object);

  g_clear_object (&self->mesh);

  G_OBJECT_CLASS (practice_kiali_parent_class)->finalize (object);
}

static void
practice_kiali_class_init (PracticeKialiClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_kiali_finalize;
}

static void
practice_kiali_init (PracticeKiali *self)
{
}

/**
 * practice_kiali_new:
 * @mesh: whose traffic it shows
 *
 * Returns: (transfer full): what answers in Kiali's pod
 */
PracticeKiali *
practice_kiali_new (PracticeMesh *mesh)
{
  PracticeKiali *self;

  g_return_val_if_fail (PRACTICE_IS_MESH (mesh), NULL);

  self = g_object_new (PRACTICE_TYPE_KIALI, NULL);
  self->mesh = g_object_ref (mesh);
  return self;
}

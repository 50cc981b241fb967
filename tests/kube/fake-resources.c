/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-resources.h"

#include <string.h>

#include "base-json-patch.h"
#include "base-json.h"
#include "base-metadata.h"

/* One request, all borrowed. */
typedef struct {
  FakeStore *store;
  FakeWatches *watches;
  const FakePath *path;
  GHashTable *query;
  SoupServerMessage *message;
} Request;

void
fake_resources_answer_json (SoupServerMessage *message, guint status, const char *json)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, json,
                                    strlen (json));
}

void
fake_resources_answer_status (SoupServerMessage *message,
                              guint status,
                              const char *reason,
                              const char *text)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autofree char *quoted = NULL;
  g_autofree char *json = NULL;

  json_node_set_string (node, text);
  quoted = base_json_write (node, FALSE);
  json = g_strdup_printf ("{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},"
                          "\"status\":\"Failure\",\"message\":%s,\"reason\":\"%s\",\"code\":%u}",
                          quoted, reason, status);
  fake_resources_answer_json (message, status, json);
}

static const char *
get_query (const Request *request, const char *name)
{
  return request->query != NULL ? g_hash_table_lookup (request->query, name) : NULL;
}

static guint64
get_query_number (const Request *request, const char *name)
{
  const char *value = get_query (request, name);

  return value != NULL ? g_ascii_strtoull (value, NULL, 10) : 0;
}

static void
answer_expired (const Request *request)
{
  fake_resources_answer_status (request->message, 410, "Expired",
                                "The provided continue parameter is too old");
}

static void
answer_not_found (const Request *request)
{
  g_autofree char *text =
    g_strdup_printf ("%s \"%s\" not found", request->path->kind->plural, request->path->name);

  fake_resources_answer_status (request->message, 404, "NotFound", text);
}

/* With kind and apiVersion, which the store's objects do not have. */
static void
answer_object (const Request *request, guint status, const char *object)
{
  g_autofree char *api_version = fake_path_dup_api_version (request->path);
  g_autofree char *json = g_strdup_printf ("{\"kind\":\"%s\",\"apiVersion\":\"%s\",%s",
                                           request->path->kind->kind, api_version, object + 1);

  fake_resources_answer_json (request->message, status, json);
}

/* Only "a=b,c=d" */
static gboolean
matches_labels (JsonNode *object, const char *selector)
{
  g_auto (GStrv) terms = g_strsplit (selector, ",", -1);

  for (gsize i = 0; terms[i] != NULL; i++) {
    g_auto (GStrv) halves = g_strsplit (terms[i], "=", 2);

    if (g_strcmp0 (base_metadata_get_label (object, halves[0]), halves[1]) != 0)
      return FALSE;
  }
  return TRUE;
}

static void
filter (GPtrArray *objects, const char *selector)
{
  for (guint i = objects->len; selector != NULL && i > 0; i--) {
    if (!matches_labels (g_ptr_array_index (objects, i - 1), selector))
      g_ptr_array_remove_index (objects, i - 1);
  }
}

/* A token is "VERSION-OFFSET"; it outlives no compaction. */
static void
handle_list (const Request *request)
{
  g_autoptr (GPtrArray) objects =
    fake_store_list (request->store, request->path->kind->plural, request->path->namespace_);
  guint64 limit = get_query_number (request, "limit");
  const char *token = get_query (request, "continue");
  guint64 version = fake_store_get_version (request->store);
  g_autofree char *api_version = fake_path_dup_api_version (request->path);
  g_autoptr (GString) json = g_string_new (NULL);
  guint64 start = 0, end;

  filter (objects, get_query (request, "labelSelector"));
  if (token != NULL) {
    g_auto (GStrv) halves = g_strsplit (token, "-", 2);

    version = g_ascii_strtoull (halves[0], NULL, 10);
    start = g_ascii_strtoull (halves[1], NULL, 10);
    if (version < fake_store_get_compacted (request->store)) {
      answer_expired (request);
      return;
    }
  }
  end = limit > 0 ? MIN (start + limit, objects->len) : objects->len;

  g_string_append_printf (json,
                          "{\"kind\":\"%sList\",\"apiVersion\":\"%s\",\"metadata\":{"
                          "\"resourceVersion\":\"%" G_GUINT64_FORMAT "\"",
                          request->path->kind->kind, api_version, version);
  if (end < objects->len)
    g_string_append_printf (json, ",\"continue\":\"%" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "\"",
                            version, end);
  g_string_append (json, "},\"items\":[");
  for (guint64 i = start; i < end; i++) {
    g_autofree char *text = base_json_write (g_ptr_array_index (objects, i), FALSE);

    g_string_append_printf (json, "%s%s", i > start ? "," : "", text);
  }
  g_string_append (json, "]}\n");
  fake_resources_answer_json (request->message, 200, json->str);
}

static void
handle_watch (const Request *request)
{
  guint64 version = get_query_number (request, "resourceVersion");
  g_autoptr (GPtrArray) events = NULL;

  if (version < fake_store_get_compacted (request->store)) {
    answer_expired (request);
    return;
  }
  events = fake_store_events (request->store, version);
  fake_watches_open (request->watches, request->message, request->path,
                     g_strcmp0 (get_query (request, "allowWatchBookmarks"), "true") == 0, events);
}

static void
handle_get (const Request *request)
{
  JsonNode *object = fake_store_get (request->store, request->path->kind->plural,
                                     request->path->namespace_, request->path->name);
  g_autofree char *text = object != NULL ? base_json_write (object, FALSE) : NULL;

  if (object != NULL)
    answer_object (request, 200, text);
  else
    answer_not_found (request);
}

static JsonNode *
parse_body (const Request *request)
{
  SoupMessageBody *body = soup_server_message_get_request_body (request->message);
  g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

  return base_json_parse (g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes), NULL);
}

static void
put_object (const Request *request, guint status, JsonNode *object)
{
  JsonObject *members = json_node_get_object (object);
  const FakeEvent *event;

  json_object_remove_member (members, "kind");
  json_object_remove_member (members, "apiVersion");
  if (request->path->namespace_ != NULL)
    json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "namespace",
                                   request->path->namespace_);
  event = fake_store_put (request->store, request->path->kind->plural, object);
  fake_watches_send_event (request->watches, event);
  answer_object (request, status, event->object);
}

static void
handle_create (const Request *request)
{
  g_autoptr (JsonNode) object = parse_body (request);
  const char *name = base_metadata_get_name (object);

  if (name == NULL)
    fake_resources_answer_status (request->message, 422, "Invalid", "name is required");
  else if (fake_store_get (request->store, request->path->kind->plural, request->path->namespace_,
                           name) != NULL)
    fake_resources_answer_status (request->message, 409, "AlreadyExists", "already exists");
  else
    put_object (request, 201, object);
}

/* A replacement or a patched object; its version must be the present one. */
static void
update (const Request *request, JsonNode *old, JsonNode *object)
{
  const char *version = base_json_get_string (object, "metadata", "resourceVersion", NULL);

  if (version != NULL &&
      g_strcmp0 (version, base_json_get_string (old, "metadata", "resourceVersion", NULL)) != 0)
    fake_resources_answer_status (request->message, 409, "Conflict",
                                  "the object has been modified; please apply your changes to "
                                  "the latest version and try again");
  else
    put_object (request, 200, object);
}

static JsonNode *
apply_patch (const Request *request, JsonNode *old, JsonNode *patch)
{
  const char *type = soup_message_headers_get_content_type (
    soup_server_message_get_request_headers (request->message), NULL);

  if (g_strcmp0 (type, "application/json-patch+json") == 0)
    return base_json_patch_apply (old, patch, NULL);
  if (g_strcmp0 (type, "application/merge-patch+json") == 0)
    return base_json_merge_patch_apply (old, patch);
  return NULL;
}

/* Where a test fails a real server has these words, and no cause. */
static void
handle_update (const Request *request, gboolean is_patch)
{
  JsonNode *old = fake_store_get (request->store, request->path->kind->plural,
                                  request->path->namespace_, request->path->name);
  g_autoptr (JsonNode) body = parse_body (request);
  g_autoptr (JsonNode) patched = NULL;

  if (old == NULL) {
    answer_not_found (request);
  } else if (body == NULL) {
    fake_resources_answer_status (request->message, 400, "BadRequest", "not JSON");
  } else if (!is_patch) {
    update (request, old, body);
  } else {
    patched = apply_patch (request, old, body);
    if (patched != NULL)
      update (request, old, patched);
    else
      fake_resources_answer_status (
        request->message, 422, "Invalid",
        "the server rejected our request due to an error in our request");
  }
}

/* Of the options that a deletion may have in its body. */
static gboolean
meets_preconditions (const Request *request)
{
  static const char *const names[] = { "uid", "resourceVersion" };
  JsonNode *object = fake_store_get (request->store, request->path->kind->plural,
                                     request->path->namespace_, request->path->name);
  g_autoptr (JsonNode) options = parse_body (request);

  for (gsize i = 0; object != NULL && options != NULL && i < G_N_ELEMENTS (names); i++) {
    const char *wanted = base_json_get_string (options, "preconditions", names[i], NULL);

    if (wanted != NULL &&
        g_strcmp0 (wanted, base_json_get_string (object, "metadata", names[i], NULL)) != 0)
      return FALSE;
  }
  return TRUE;
}

static void
handle_delete (const Request *request)
{
  const FakeEvent *event = NULL;

  if (!meets_preconditions (request)) {
    fake_resources_answer_status (request->message, 409, "Conflict", "Precondition failed");
    return;
  }
  event = fake_store_remove (request->store, request->path->kind->plural, request->path->namespace_,
                             request->path->name);
  if (event == NULL) {
    answer_not_found (request);
    return;
  }
  fake_watches_send_event (request->watches, event);
  fake_resources_answer_json (request->message, 200,
                              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Success\"}");
}

void
fake_resources_handle (FakeStore *store,
                       FakeWatches *watches,
                       const FakePath *path,
                       GHashTable *query,
                       SoupServerMessage *message)
{
  const Request request = { store, watches, path, query, message };
  const char *method = soup_server_message_get_method (message);
  const char *watch = get_query (&request, "watch");

  if (g_str_equal (method, "POST"))
    handle_create (&request);
  else if (g_str_equal (method, "PUT") || g_str_equal (method, "PATCH"))
    handle_update (&request, g_str_equal (method, "PATCH"));
  else if (g_str_equal (method, "DELETE"))
    handle_delete (&request);
  else if (path->name != NULL)
    handle_get (&request);
  else if (g_strcmp0 (watch, "true") == 0 || g_strcmp0 (watch, "1") == 0)
    handle_watch (&request);
  else
    handle_list (&request);
}

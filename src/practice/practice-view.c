/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-view.h"

#include <string.h>

#include "base-json.h"

/* Lists are put together in pieces of about this size. */
#define PIECE (256 * 1024)

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
write_node (JsonNode *node)
{
  return take_text (base_json_write (node, FALSE));
}

static void
append (GByteArray *array, const char *text)
{
  g_byte_array_append (array, (const guint8 *)text, strlen (text));
}

/**
 * practice_view_init:
 * @self: a view
 * @store: the store
 * @resource: the resource
 * @version: the version of it that is asked for
 * @request: the request
 *
 * Reads how a request wants its objects shown.
 */
void
practice_view_init (PracticeView *self,
                    PracticeStore *store,
                    PracticeResource *resource,
                    const PracticeVersion *version,
                    PracticeRequest *request)
{
  const char *include = practice_request_get (request, "includeObject");

  self->store = store;
  self->form = request->form;
  self->table.resource = resource;
  self->table.version = version;
  self->table.form_version = request->form_version;
  self->table.include = PRACTICE_INCLUDE_METADATA;
  if (g_strcmp0 (include, "Object") == 0)
    self->table.include = PRACTICE_INCLUDE_OBJECT;
  else if (g_strcmp0 (include, "None") == 0)
    self->table.include = PRACTICE_INCLUDE_NONE;
}

/* The text of a stored object in the version asked for: nearly always the one that was made when
 * it was written. */
static GBytes *
render_plain (PracticeView *self, JsonNode *object)
{
  GBytes *text = practice_store_get_text (self->store, object);
  g_autoptr (JsonNode) shown =
    practice_resource_from_storage (self->table.resource, self->table.version, object);

  if (shown == object && text != NULL)
    return g_bytes_ref (text);
  return write_node (shown);
}

static GBytes *
render_metadata (PracticeView *self, JsonNode *object)
{
  g_autoptr (JsonNode) partial = practice_partial_metadata_new (object, self->table.form_version);

  return write_node (partial);
}

static JsonNode *
new_metadata (const char *version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "resourceVersion", version);
  return json_node_init_object (json_node_alloc (), object);
}

static GBytes *
render_table (PracticeView *self, JsonNode *object, gboolean with_columns)
{
  g_autoptr (GPtrArray) objects = g_ptr_array_new ();
  g_autoptr (JsonNode) table = NULL;
  const char *version = base_json_get_string (object, "metadata", "resourceVersion", NULL);

  g_ptr_array_add (objects, object);
  table = practice_table_new_node (&self->table, new_metadata (version != NULL ? version : ""),
                                   objects, with_columns);
  return write_node (table);
}

static GBytes *
render (PracticeView *self, JsonNode *object, gboolean with_columns)
{
  switch (self->form) {
    case PRACTICE_FORM_TABLE:
      return render_table (self, object, with_columns);
    case PRACTICE_FORM_METADATA:
      return render_metadata (self, object);
    case PRACTICE_FORM_OBJECT:
    default:
      return render_plain (self, object);
  }
}

/**
 * practice_view_render:
 * @self: a view
 * @object: a stored object
 *
 * Returns: (transfer full): the text of @object
 */
GBytes *
practice_view_render (PracticeView *self, JsonNode *object)
{
  return render (self, object, TRUE);
}

static JsonNode *
new_list_metadata (guint64 version, const char *continue_token, gint64 remaining)
{
  JsonObject *object = json_object_new ();
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, version);

  json_object_set_string_member (object, "resourceVersion", text);
  if (continue_token != NULL)
    json_object_set_string_member (object, "continue", continue_token);
  if (remaining >= 0)
    json_object_set_int_member (object, "remainingItemCount", remaining);
  return json_node_init_object (json_node_alloc (), object);
}

static void
flush (GPtrArray *pieces, GByteArray **array)
{
  g_ptr_array_add (pieces, g_byte_array_free_to_bytes (*array));
  *array = g_byte_array_new ();
}

static void
append_head (PracticeView *self, GByteArray *array, JsonNode *metadata)
{
  g_autofree char *text = base_json_write (metadata, FALSE);
  g_autofree char *head = NULL;

  if (self->form == PRACTICE_FORM_METADATA)
    head = g_strdup_printf ("{\"kind\":\"PartialObjectMetadataList\",\"apiVersion\":"
                            "\"meta.k8s.io/%s\",\"metadata\":%s,\"items\":[",
                            self->table.form_version, text);
  else
    head =
      g_strdup_printf ("{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":%s,\"items\":[",
                       self->table.resource->list_kind, self->table.version->api_version, text);
  append (array, head);
}

/**
 * practice_view_render_list:
 * @self: a view
 * @objects: (element-type JsonNode): stored objects
 * @version: the version of the list
 * @continue_token: (nullable): where the next page begins
 * @remaining: how many are still to come; -1: not said
 *
 * Returns: (transfer full) (element-type GBytes): the text of the list, in pieces
 */
GPtrArray *
practice_view_render_list (PracticeView *self,
                           GPtrArray *objects,
                           guint64 version,
                           const char *continue_token,
                           gint64 remaining)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autoptr (JsonNode) metadata = new_list_metadata (version, continue_token, remaining);
  GByteArray *array;

  if (self->form == PRACTICE_FORM_TABLE) {
    g_autoptr (JsonNode) table =
      practice_table_new_node (&self->table, g_steal_pointer (&metadata), objects, TRUE);

    g_ptr_array_add (pieces, write_node (table));
    return g_steal_pointer (&pieces);
  }
  array = g_byte_array_new ();
  append_head (self, array, metadata);
  for (guint i = 0; i < objects->len; i++) {
    g_autoptr (GBytes) text = render (self, objects->pdata[i], FALSE);
    gsize length;
    const guint8 *data = g_bytes_get_data (text, &length);

    if (i > 0)
      append (array, ",");
    g_byte_array_append (array, data, (guint)length);
    if (array->len > PIECE)
      flush (pieces, &array);
  }
  append (array, "]}\n");
  g_ptr_array_add (pieces, g_byte_array_free_to_bytes (array));
  return g_steal_pointer (&pieces);
}

static GBytes *
make_line (const char *type, GBytes *object)
{
  GByteArray *array = g_byte_array_new ();
  g_autofree char *head = g_strdup_printf ("{\"type\":\"%s\",\"object\":", type);
  gsize length;
  const guint8 *data = g_bytes_get_data (object, &length);

  append (array, head);
  g_byte_array_append (array, data, (guint)length);
  append (array, "}\n");
  return g_byte_array_free_to_bytes (array);
}

/**
 * practice_view_render_event:
 * @self: a view
 * @type: "ADDED", "MODIFIED" or "DELETED"
 * @object: a stored object
 * @first: whether it is the first: then a Table tells its columns
 *
 * Returns: (transfer full): a line of a watch
 */
GBytes *
practice_view_render_event (PracticeView *self, const char *type, JsonNode *object, gboolean first)
{
  g_autoptr (GBytes) text = render (self, object, first);

  return make_line (type, text);
}

static JsonNode *
new_bookmark (PracticeView *self, guint64 version, gboolean initial_end)
{
  JsonObject *object = json_object_new ();
  JsonNode *metadata = new_list_metadata (version, NULL, -1);

  if (initial_end) {
    JsonObject *annotations = json_object_new ();

    json_object_set_string_member (annotations, "k8s.io/initial-events-end", "true");
    json_object_set_object_member (json_node_get_object (metadata), "annotations", annotations);
  }
  json_object_set_string_member (object, "kind", self->table.resource->kind);
  json_object_set_string_member (object, "apiVersion", self->table.version->api_version);
  json_object_set_member (object, "metadata", metadata);
  return json_node_init_object (json_node_alloc (), object);
}

/**
 * practice_view_render_bookmark:
 * @self: a view
 * @version: how far
 * @initial_end: whether all that there was at the start has been told
 *
 * Returns: (transfer full): a line of a watch that tells only how far it is
 */
GBytes *
practice_view_render_bookmark (PracticeView *self, guint64 version, gboolean initial_end)
{
  g_autoptr (JsonNode) object = new_bookmark (self, version, initial_end);
  g_autoptr (GBytes) text = NULL;

  if (self->form == PRACTICE_FORM_TABLE) {
    g_autoptr (GPtrArray) none = g_ptr_array_new ();
    g_autoptr (JsonNode) table = practice_table_new_node (
      &self->table, base_json_copy (base_json_get (object, "metadata", NULL)), none, FALSE);

    text = write_node (table);
  } else if (self->form == PRACTICE_FORM_METADATA) {
    text = render_metadata (self, object);
  } else {
    text = write_node (object);
  }
  return make_line ("BOOKMARK", text);
}

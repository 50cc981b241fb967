/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"

#include "base-json-private.h"
#include "base-json.h"
#include "base-yaml-scalar-private.h"

#include <string.h>
#include <yaml.h>

/* clang-format off */
G_DEFINE_QUARK (base-yaml-error-quark, base_yaml_error)
/* clang-format on */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_parser_t, yaml_parser_delete)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (yaml_event_t, yaml_event_delete)

/* One text being read, event by event. */
typedef struct {
  yaml_parser_t parser;
  const char *name;
  BaseYamlFlags flags;
  GHashTable *anchors; /* name → JsonNode, or NULL while the node is being read */
  guint depth;
  gsize nodes;
  gsize aliased;
} Reader;

static JsonNode *read_node (Reader *self, yaml_event_t *event, GError **error);

static void
reader_clear (Reader *self)
{
  yaml_parser_delete (&self->parser);
  g_clear_pointer (&self->anchors, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static void
unref_anchored (gpointer node)
{
  g_clear_pointer ((JsonNode **)&node, json_node_unref);
}

static void
set_error_at (
  Reader *self, const yaml_mark_t *mark, BaseYamlError code, const char *message, GError **error)
{
  g_set_error (error, BASE_YAML_ERROR, code, "%s%s%" G_GSIZE_FORMAT ":%" G_GSIZE_FORMAT ": %s",
               self->name != NULL ? self->name : "", self->name != NULL ? ":" : "", mark->line + 1,
               mark->column + 1, message);
}

/* libyaml knows no place for what is wrong with the encoding. */
static void
set_parser_error (Reader *self, GError **error)
{
  const yaml_mark_t *mark = &self->parser.problem_mark;

  if (self->parser.error == YAML_READER_ERROR)
    mark = &self->parser.mark;

  set_error_at (self, mark, BASE_YAML_ERROR_SYNTAX,
                self->parser.problem != NULL ? self->parser.problem : "not YAML", error);
}

static gboolean
next_event (Reader *self, yaml_event_t *event, GError **error)
{
  if (yaml_parser_parse (&self->parser, event))
    return TRUE;

  set_parser_error (self, error);
  return FALSE;
}

static gboolean
count_nodes (Reader *self, yaml_event_t *event, gsize nodes, GError **error)
{
  self->nodes += nodes;
  if (self->nodes <= BASE_YAML_MAX_NODES)
    return TRUE;

  set_error_at (self, &event->start_mark, BASE_YAML_ERROR_TOO_LARGE, "too many values", error);
  return FALSE;
}

/* A scalar is a C string; the rare nul of a "\0" becomes U+FFFD. */
static char *
dup_scalar_text (yaml_event_t *event)
{
  const char *value = (const char *)event->data.scalar.value;

  if (strlen (value) == event->data.scalar.length)
    return g_strdup (value);

  return g_utf8_make_valid (value, (gssize)event->data.scalar.length);
}

static JsonNode *
read_scalar (Reader *self, yaml_event_t *event, GError **error)
{
  g_autofree char *text = dup_scalar_text (event);
  g_autoptr (GError) reason = NULL;
  JsonNode *node;

  if (self->flags & BASE_YAML_ALL_STRINGS) {
    if (event->data.scalar.plain_implicit && base_yaml_scalar_is_null (text))
      return json_node_init_null (json_node_alloc ());
    return json_node_init_string (json_node_alloc (), text);
  }
  if (event->data.scalar.tag == NULL && !event->data.scalar.plain_implicit)
    return json_node_init_string (json_node_alloc (), text);

  node = base_yaml_scalar_resolve (text, (const char *)event->data.scalar.tag, &reason);
  if (node == NULL)
    set_error_at (self, &event->start_mark, BASE_YAML_ERROR_SYNTAX, reason->message, error);

  return node;
}

static JsonNode *
read_alias (Reader *self, yaml_event_t *event, GError **error)
{
  gpointer found;
  guint deepest = 0;
  gsize most = self->flags & BASE_YAML_FEW_ALIASES ? BASE_YAML_FEW_ALIASED : BASE_YAML_MAX_ALIASED;
  gsize cost;

  if (!g_hash_table_lookup_extended (self->anchors, event->data.alias.anchor, NULL, &found)) {
    set_error_at (self, &event->start_mark, BASE_YAML_ERROR_SYNTAX, "an alias of nothing", error);
    return NULL;
  }
  if (found == NULL) {
    set_error_at (self, &event->start_mark, BASE_YAML_ERROR_SYNTAX,
                  "an alias of the value that it is in", error);
    return NULL;
  }

  cost = base_json_measure (found, self->depth, &deepest);
  self->aliased += cost;
  if (self->aliased > most || deepest > BASE_YAML_MAX_DEPTH) {
    set_error_at (self, &event->start_mark, BASE_YAML_ERROR_TOO_LARGE,
                  "aliases make too large a document", error);
    return NULL;
  }

  return base_json_copy (found);
}

static JsonNode *
read_sequence (Reader *self, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  for (;;) {
    g_auto (yaml_event_t) event = { 0 };
    JsonNode *element;

    if (!next_event (self, &event, error))
      return NULL;
    if (event.type == YAML_SEQUENCE_END_EVENT)
      return json_node_init_array (json_node_alloc (), array);

    element = read_node (self, &event, error);
    if (element == NULL)
      return NULL;
    json_array_add_element (array, element);
  }
}

/* As Go's encoding of JSON wants it, every key is a string: 80 is "80" and yes is "true". */
static char *
dup_key (Reader *self, JsonNode *node, yaml_event_t *event, GError **error)
{
  if (JSON_NODE_HOLDS_VALUE (node))
    return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_dup_string (node)
                                                            : base_json_write (node, FALSE);

  set_error_at (self, &event->start_mark, BASE_YAML_ERROR_SYNTAX,
                "a key must be a string, a number or a boolean", error);
  return NULL;
}

static gboolean
is_merge_key (yaml_event_t *event)
{
  return event->type == YAML_SCALAR_EVENT && event->data.scalar.plain_implicit &&
         g_str_equal (event->data.scalar.value, "<<");
}

/* Adds what @object does not have yet: its own members win, then the first to be merged. */
static gboolean
merge (JsonObject *object, JsonNode *source)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (JSON_NODE_HOLDS_ARRAY (source)) {
    JsonArray *sources = json_node_get_array (source);

    for (guint i = 0; i < json_array_get_length (sources); i++) {
      JsonNode *element = json_array_get_element (sources, i);

      if (!JSON_NODE_HOLDS_OBJECT (element) || !merge (object, element))
        return FALSE;
    }
    return TRUE;
  }
  if (!JSON_NODE_HOLDS_OBJECT (source))
    return FALSE;

  json_object_iter_init_ordered (&iter, json_node_get_object (source));
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    if (!json_object_has_member (object, name))
      json_object_set_member (object, name, base_json_copy (value));
  }

  return TRUE;
}

static gboolean
merge_all (Reader *self, JsonObject *object, JsonArray *sources, yaml_event_t *end, GError **error)
{
  for (guint i = 0; i < json_array_get_length (sources); i++) {
    if (merge (object, json_array_get_element (sources, i)))
      continue;
    set_error_at (self, &end->start_mark, BASE_YAML_ERROR_SYNTAX,
                  "<< in the mapping that ends here takes a mapping or a list of them", error);
    return FALSE;
  }

  return TRUE;
}

static gboolean
read_member (
  Reader *self, JsonObject *object, JsonArray *merges, yaml_event_t *key_event, GError **error)
{
  g_autoptr (JsonNode) key = NULL;
  g_autofree char *name = NULL;
  g_auto (yaml_event_t) event = { 0 };
  JsonNode *value;

  key = read_node (self, key_event, error);
  if (key == NULL)
    return FALSE;
  name = dup_key (self, key, key_event, error);
  if (name == NULL || !next_event (self, &event, error))
    return FALSE;

  value = read_node (self, &event, error);
  if (value == NULL)
    return FALSE;

  if (is_merge_key (key_event))
    json_array_add_element (merges, value);
  else
    json_object_set_member (object, name, value);
  return TRUE;
}

static JsonNode *
read_mapping (Reader *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonArray) merges = json_array_new ();

  for (;;) {
    g_auto (yaml_event_t) event = { 0 };

    if (!next_event (self, &event, error))
      return NULL;
    if (event.type == YAML_MAPPING_END_EVENT)
      return merge_all (self, object, merges, &event, error)
               ? json_node_init_object (json_node_alloc (), object)
               : NULL;
    if (!read_member (self, object, merges, &event, error))
      return NULL;
  }
}

static JsonNode *
read_collection (Reader *self, yaml_event_t *event, GError **error)
{
  JsonNode *node;

  if (self->depth == BASE_YAML_MAX_DEPTH) {
    set_error_at (self, &event->start_mark, BASE_YAML_ERROR_TOO_LARGE, "nested too deeply", error);
    return NULL;
  }

  self->depth++;
  node = event->type == YAML_MAPPING_START_EVENT ? read_mapping (self, error)
                                                 : read_sequence (self, error);
  self->depth--;
  return node;
}

static const char *
get_anchor (yaml_event_t *event)
{
  if (event->type == YAML_SCALAR_EVENT)
    return (const char *)event->data.scalar.anchor;
  if (event->type == YAML_SEQUENCE_START_EVENT)
    return (const char *)event->data.sequence_start.anchor;

  return (const char *)event->data.mapping_start.anchor;
}

static JsonNode *
read_node (Reader *self, yaml_event_t *event, GError **error)
{
  const char *anchor;
  JsonNode *node;

  if (!count_nodes (self, event, 1, error))
    return NULL;
  if (event->type == YAML_ALIAS_EVENT)
    return read_alias (self, event, error);

  anchor = get_anchor (event);
  if (anchor != NULL)
    g_hash_table_replace (self->anchors, g_strdup (anchor), NULL);

  node = event->type == YAML_SCALAR_EVENT ? read_scalar (self, event, error)
                                          : read_collection (self, event, error);

  if (anchor != NULL && node != NULL)
    g_hash_table_replace (self->anchors, g_strdup (anchor), base_json_copy (node));

  return node;
}

static gboolean
read_documents (Reader *self, GPtrArray *documents, GError **error)
{
  for (;;) {
    g_auto (yaml_event_t) event = { 0 };
    JsonNode *node;

    if (!next_event (self, &event, error))
      return FALSE;
    if (event.type == YAML_STREAM_END_EVENT)
      return TRUE;
    if (event.type == YAML_STREAM_START_EVENT || event.type == YAML_DOCUMENT_END_EVENT)
      continue;
    if (event.type == YAML_DOCUMENT_START_EVENT) {
      g_hash_table_remove_all (self->anchors);
      continue;
    }

    node = read_node (self, &event, error);
    if (node == NULL)
      return FALSE;
    if (JSON_NODE_HOLDS_NULL (node))
      json_node_unref (node);
    else
      g_ptr_array_add (documents, node);
  }
}

/**
 * base_yaml_parse_all:
 * @data: (array length=length): the text, UTF-8 or UTF-16
 * @length: bytes in @data, or -1 where it ends with a nul
 * @name: (nullable): what to call the text in errors: a file's name
 * @flags: how to read it
 * @error: return location for a #BaseYamlError
 *
 * Reads all documents of a stream as Kubernetes reads them (see base_yaml_scalar_resolve()), with
 * anchors, aliases and merge keys. The last of two members with one name counts. With
 * %BASE_YAML_ALL_STRINGS every scalar but an unquoted null is a string.
 *
 * What it reads may be hostile: at most %BASE_YAML_MAX_BYTES, %BASE_YAML_MAX_DEPTH,
 * %BASE_YAML_MAX_NODES, and %BASE_YAML_MAX_ALIASED made by aliases, or %BASE_YAML_FEW_ALIASED with
 * %BASE_YAML_FEW_ALIASES. It keeps no state, so any
 * thread may call it.
 *
 * Returns: (transfer full) (element-type JsonNode): the documents that are not empty, none where
 *   all are; %NULL with @error set, its message beginning "name:line:column: "
 */
GPtrArray *
base_yaml_parse_all (
  const char *data, gssize length, const char *name, BaseYamlFlags flags, GError **error)
{
  g_autoptr (GPtrArray) documents = NULL;
  g_auto (Reader) self = { .name = name, .flags = flags };
  gsize size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (data == NULL)
    data = "";
  size = length < 0 ? strlen (data) : (gsize)length;
  if (!yaml_parser_initialize (&self.parser))
    g_error ("out of memory");
  if (size > BASE_YAML_MAX_BYTES) {
    set_error_at (&self, &self.parser.mark, BASE_YAML_ERROR_TOO_LARGE, "the text is too long",
                  error);
    return NULL;
  }

  yaml_parser_set_input_string (&self.parser, (const guchar *)data, size);
  self.anchors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, unref_anchored);
  documents = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  if (!read_documents (&self, documents, error))
    return NULL;

  return g_steal_pointer (&documents);
}

/**
 * base_yaml_parse:
 * @data: (array length=length): the text, UTF-8 or UTF-16
 * @length: bytes in @data, or -1 where it ends with a nul
 * @name: (nullable): what to call the text in errors: a file's name
 * @flags: how to read it
 * @error: return location for a #BaseYamlError
 *
 * Reads a text with one document, as base_yaml_parse_all() does. None is
 * %BASE_YAML_ERROR_EMPTY, more than one %BASE_YAML_ERROR_SYNTAX.
 *
 * Returns: (transfer full): the document, or %NULL with @error set
 */
JsonNode *
base_yaml_parse (
  const char *data, gssize length, const char *name, BaseYamlFlags flags, GError **error)
{
  g_autoptr (GPtrArray) documents = base_yaml_parse_all (data, length, name, flags, error);
  Reader self = { .name = name };
  yaml_mark_t start = { 0 };

  if (documents == NULL)
    return NULL;
  if (documents->len == 1)
    return g_ptr_array_steal_index (documents, 0);

  if (documents->len == 0)
    set_error_at (&self, &start, BASE_YAML_ERROR_EMPTY, "nothing is in it", error);
  else
    set_error_at (&self, &start, BASE_YAML_ERROR_SYNTAX, "it holds more than one document", error);
  return NULL;
}

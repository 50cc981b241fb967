/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-protobuf.h"

#include <string.h>

/* As deep as any type of the API nests, and a limit for a hostile body. */
#define MAX_DEPTH 40

/* Wire types (https://protobuf.dev/programming-guides/encoding/). */
enum {
  WIRE_VARINT = 0,
  WIRE_FIXED64 = 1,
  WIRE_BYTES = 2,
  WIRE_FIXED32 = 5,
};

static const guint8 magic[] = { 'k', '8', 's', 0 };

typedef struct {
  const guint8 *at;
  const guint8 *end;
} Reader;

/* One field of a message as it is on the wire. */
typedef struct {
  guint number;
  guint wire;
  guint64 value;
  Reader bytes;
} Item;

static gboolean
decode_message (const PracticeType *type, Reader reader, guint depth, JsonObject *object);

static gboolean
read_varint (Reader *self, guint64 *value)
{
  *value = 0;
  for (guint shift = 0; shift < 64 && self->at < self->end; shift += 7) {
    guint8 byte = *self->at++;

    *value |= (guint64)(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
read_fixed (Reader *self, guint length, guint64 *value)
{
  if ((gsize)(self->end - self->at) < length)
    return FALSE;
  *value = 0;
  for (guint i = 0; i < length; i++)
    *value |= (guint64)self->at[i] << (8 * i);
  self->at += length;
  return TRUE;
}

static gboolean
read_item (Reader *self, Item *item)
{
  guint64 key;

  if (!read_varint (self, &key) || key >> 3 > G_MAXUINT16)
    return FALSE;
  item->number = (guint)(key >> 3);
  item->wire = key & 7;
  switch (item->wire) {
    case WIRE_VARINT:
      return read_varint (self, &item->value);
    case WIRE_FIXED64:
      return read_fixed (self, 8, &item->value);
    case WIRE_FIXED32:
      return read_fixed (self, 4, &item->value);
    case WIRE_BYTES:
      if (!read_varint (self, &item->value) || item->value > (guint64)(self->end - self->at))
        return FALSE;
      item->bytes.at = self->at;
      item->bytes.end = self->at + item->value;
      self->at = item->bytes.end;
      return TRUE;
    default:
      return FALSE;
  }
}

/* The last field @number of a message; %FALSE where there is none. */
static gboolean
find_item (Reader reader, guint number, Item *found)
{
  Item item;
  gboolean any = FALSE;

  while (reader.at < reader.end && read_item (&reader, &item)) {
    if (item.number == number) {
      *found = item;
      any = TRUE;
    }
  }
  return any;
}

static JsonNode *
new_string (const Item *item)
{
  gsize length = (gsize)(item->bytes.end - item->bytes.at);
  g_autofree char *text = NULL;

  if (item->wire == WIRE_BYTES && length == 0)
    return json_node_init_string (json_node_alloc (), "");
  if (item->wire != WIRE_BYTES || !g_utf8_validate_len ((const char *)item->bytes.at, length, NULL))
    return NULL;
  text = g_strndup ((const char *)item->bytes.at, length);
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_base64 (const Item *item)
{
  g_autofree char *text = NULL;

  if (item->wire != WIRE_BYTES)
    return NULL;
  text = g_base64_encode (item->bytes.at, (gsize)(item->bytes.end - item->bytes.at));
  return json_node_init_string (json_node_alloc (), text);
}

/* Quantity { string = 1 } */
static JsonNode *
new_quantity (const Item *item)
{
  Item text;

  if (item->wire != WIRE_BYTES)
    return NULL;
  if (!find_item (item->bytes, 1, &text))
    return json_node_init_string (json_node_alloc (), "0");
  return new_string (&text);
}

/* IntOrString { type = 1 (0: integer), int = 2, string = 3 } */
static JsonNode *
new_int_or_string (const Item *item)
{
  Item type, value;

  if (item->wire != WIRE_BYTES)
    return NULL;
  if (find_item (item->bytes, 1, &type) && type.value == 1)
    return find_item (item->bytes, 3, &value) ? new_string (&value)
                                              : json_node_init_string (json_node_alloc (), "");
  return json_node_init_int (json_node_alloc (),
                             find_item (item->bytes, 2, &value) ? (gint32)value.value : 0);
}

/* Time { seconds = 1, nanos = 2 }; an empty one is none. */
static JsonNode *
new_time (const Item *item)
{
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *text = NULL;
  Item seconds;

  if (item->wire != WIRE_BYTES)
    return NULL;
  if (!find_item (item->bytes, 1, &seconds))
    return json_node_new (JSON_NODE_NULL);
  time = g_date_time_new_from_unix_utc ((gint64)seconds.value);
  if (time == NULL)
    return NULL;
  text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
  return json_node_init_string (json_node_alloc (), text);
}

static JsonNode *
new_double (const Item *item)
{
  double value;

  if (item->wire != WIRE_FIXED64)
    return NULL;
  memcpy (&value, &item->value, sizeof value);
  return json_node_init_double (json_node_alloc (), value);
}

static JsonNode *
new_object (const PracticeType *type, const Item *item, guint depth)
{
  g_autoptr (JsonObject) object = json_object_new ();

  if (item->wire != WIRE_BYTES || !decode_message (type, item->bytes, depth + 1, object))
    return NULL;
  return json_node_init_object (json_node_alloc (), object);
}

static JsonNode *
new_value (const PracticeField *field, const Item *item, guint depth)
{
  switch (field->kind) {
    case PRACTICE_FIELD_STRING:
      return new_string (item);
    case PRACTICE_FIELD_INT:
    case PRACTICE_FIELD_LONG:
      return item->wire == WIRE_VARINT
               ? json_node_init_int (json_node_alloc (), (gint64)item->value)
               : NULL;
    case PRACTICE_FIELD_BOOL:
      return item->wire == WIRE_VARINT
               ? json_node_init_boolean (json_node_alloc (), item->value != 0)
               : NULL;
    case PRACTICE_FIELD_DOUBLE:
      return new_double (item);
    case PRACTICE_FIELD_BYTES:
      return new_base64 (item);
    case PRACTICE_FIELD_QUANTITY:
      return new_quantity (item);
    case PRACTICE_FIELD_INT_OR_STRING:
      return new_int_or_string (item);
    case PRACTICE_FIELD_TIME:
    case PRACTICE_FIELD_MICRO_TIME:
      return new_time (item);
    case PRACTICE_FIELD_TYPE:
      return new_object (field->type, item, depth);
    case PRACTICE_FIELD_ANY:
    default:
      return json_node_new (JSON_NODE_NULL);
  }
}

static gboolean
add_to_list (const PracticeField *field, const Item *item, guint depth, JsonObject *object)
{
  JsonNode *value = new_value (field, item, depth);

  if (value == NULL)
    return FALSE;
  if (!json_object_has_member (object, field->name))
    json_object_set_array_member (object, field->name, json_array_new ());
  json_array_add_element (json_object_get_array_member (object, field->name), value);
  return TRUE;
}

/* An entry of a map is a message { key = 1, value = 2 }. */
static gboolean
add_to_map (const PracticeField *field, const Item *item, guint depth, JsonObject *object)
{
  Item key = { 0 }, value = { .wire = WIRE_BYTES };
  g_autoptr (JsonNode) name = NULL;
  JsonNode *node;

  if (item->wire != WIRE_BYTES || !find_item (item->bytes, 1, &key))
    return FALSE;
  name = new_string (&key);
  find_item (item->bytes, 2, &value);
  node = name != NULL ? new_value (field, &value, depth) : NULL;
  if (node == NULL)
    return FALSE;
  if (!json_object_has_member (object, field->name))
    json_object_set_object_member (object, field->name, json_object_new ());
  json_object_set_member (json_object_get_object_member (object, field->name),
                          json_node_get_string (name), node);
  return TRUE;
}

static gboolean
decode_item (const PracticeField *field, const Item *item, guint depth, JsonObject *object)
{
  JsonNode *value;

  if (field->in_place)
    return item->wire == WIRE_BYTES && decode_message (field->type, item->bytes, depth + 1, object);
  if (field->shape == PRACTICE_SHAPE_LIST)
    return add_to_list (field, item, depth, object);
  if (field->shape == PRACTICE_SHAPE_MAP)
    return add_to_map (field, item, depth, object);
  value = new_value (field, item, depth);
  if (value == NULL)
    return FALSE;
  json_object_set_member (object, field->name, value);
  return TRUE;
}

static const PracticeField *
find_number (const PracticeType *type, guint number)
{
  for (guint i = 0; i < type->n_fields; i++) {
    if (type->fields[i].number == number)
      return &type->fields[i];
  }
  return NULL;
}

static gboolean
decode_message (const PracticeType *type, Reader reader, guint depth, JsonObject *object)
{
  Item item;

  if (depth > MAX_DEPTH)
    return FALSE;
  while (reader.at < reader.end) {
    const PracticeField *field;

    if (!read_item (&reader, &item))
      return FALSE;
    field = find_number (type, item.number);
    if (field != NULL && !decode_item (field, &item, depth, object))
      return FALSE;
  }
  return TRUE;
}

/* TypeMeta { apiVersion = 1, kind = 2 } */
static void
set_type_meta (Reader unknown, JsonObject *object)
{
  const char *names[] = { "apiVersion", "kind" };
  Item meta, item;

  if (!find_item (unknown, 1, &meta) || meta.wire != WIRE_BYTES)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    JsonNode *node = find_item (meta.bytes, i + 1, &item) ? new_string (&item) : NULL;

    if (node != NULL)
      json_object_set_member (object, names[i], node);
  }
}

/**
 * practice_protobuf_decode:
 * @type: what the message should be
 * @body: "k8s\0" and a runtime.Unknown { typeMeta = 1, raw = 2, ... } around it
 * @error: return location
 *
 * Decodes an object
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding). Fields that
 * @type has not are left out.
 *
 * Returns: (transfer full) (nullable): the object as JSON would have it
 */
JsonNode *
practice_protobuf_decode (const PracticeType *type, GBytes *body, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (body, &length);
  g_autoptr (JsonObject) object = json_object_new ();
  Reader unknown;
  Item raw;

  if (length < sizeof magic || memcmp (data, magic, sizeof magic) != 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "provided data does not appear to be a protobuf message, expected prefix "
                 "[107 56 115 0]");
    return NULL;
  }
  unknown = (Reader){ data + sizeof magic, data + length };
  set_type_meta (unknown, object);
  if (!find_item (unknown, 2, &raw) || raw.wire != WIRE_BYTES ||
      !decode_message (type, raw.bytes, 0, object)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "proto: illegal wireType or length");
    return NULL;
  }
  return json_node_init_object (json_node_alloc (), object);
}

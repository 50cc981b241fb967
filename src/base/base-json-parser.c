/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/*
 * A strict reader of RFC 8259. JsonParser takes more than JSON (comments, several documents,
 * bare words), has no limit of depth, and its scanner is the slowest part of reading a list.
 */
typedef struct {
  const char *start;
  const char *at;
  const char *end;
  guint depth;
  guint nodes;
  GString *text; /* the string being read */
} Parser;

static JsonNode *parse_value (Parser *self, GError **error);

static void
set_error (Parser *self, GError **error, BaseJsonError code, const char *message)
{
  guint line = 1;
  const char *line_start = self->start;

  for (const char *at = self->start; at < self->at; at++) {
    if (*at != '\n')
      continue;
    line++;
    line_start = at + 1;
  }

  g_set_error (error, BASE_JSON_ERROR, code, "line %u, column %ld: %s", line,
               g_utf8_strlen (line_start, self->at - line_start) + 1, message);
}

static void
skip_space (Parser *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static gboolean
accept_char (Parser *self, char c)
{
  if (self->at == self->end || *self->at != c)
    return FALSE;

  self->at++;
  return TRUE;
}

static gboolean
accept_word (Parser *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize)(self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return FALSE;

  self->at += length;
  return TRUE;
}

static gboolean
parse_hex (Parser *self, gunichar *value)
{
  if (self->end - self->at < 4)
    return FALSE;

  *value = 0;
  for (guint i = 0; i < 4; i++) {
    int digit = g_ascii_xdigit_value (*self->at);

    if (digit < 0)
      return FALSE;
    *value = *value * 16 + (gunichar)digit;
    self->at++;
  }

  return TRUE;
}

/* As Go reads it: half a surrogate pair becomes U+FFFD. So does U+0000, which a C string
 * cannot hold. */
static gboolean
parse_unicode_escape (Parser *self)
{
  gunichar value, low;

  if (!parse_hex (self, &value))
    return FALSE;

  if (value >= 0xd800 && value < 0xdc00) {
    const char *mark = self->at;

    if (accept_word (self, "\\u") && parse_hex (self, &low) && low >= 0xdc00 && low < 0xe000) {
      value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
    } else {
      self->at = mark;
      value = 0xfffd;
    }
  } else if (value == 0 || (value >= 0xdc00 && value < 0xe000)) {
    value = 0xfffd;
  }

  g_string_append_unichar (self->text, value);
  return TRUE;
}

static gboolean
parse_escape (Parser *self)
{
  static const char names[] = "\"\\/bfnrt";
  static const char values[] = "\"\\/\b\f\n\r\t";
  const char *name;

  if (accept_char (self, 'u'))
    return parse_unicode_escape (self);

  if (self->at == self->end || (name = strchr (names, *self->at)) == NULL)
    return FALSE;

  g_string_append_c (self->text, values[name - names]);
  self->at++;
  return TRUE;
}

/* Leaves the string in self->text. */
static gboolean
parse_string (Parser *self, GError **error)
{
  g_string_truncate (self->text, 0);
  self->at++;

  while (self->at < self->end) {
    const char *run = self->at;

    while (self->at < self->end && *self->at != '"' && *self->at != '\\' &&
           (guchar)*self->at >= 0x20)
      self->at++;
    g_string_append_len (self->text, run, self->at - run);

    if (accept_char (self, '"'))
      return TRUE;
    if (accept_char (self, '\\')) {
      if (parse_escape (self))
        continue;
      set_error (self, error, BASE_JSON_ERROR_SYNTAX, "not an escape sequence");
      return FALSE;
    }
    if (self->at < self->end) {
      set_error (self, error, BASE_JSON_ERROR_SYNTAX, "a control character in a string");
      return FALSE;
    }
  }

  set_error (self, error, BASE_JSON_ERROR_SYNTAX, "a string that does not end");
  return FALSE;
}

static gboolean
skip_digits (Parser *self)
{
  const char *mark = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;

  return self->at > mark;
}

/* A number without a fraction that fits is an integer, so that 64 bits survive. */
static JsonNode *
parse_number (Parser *self, GError **error)
{
  const char *mark = self->at;
  gboolean is_integer = TRUE;
  gboolean valid;
  double value;

  accept_char (self, '-');
  valid = accept_char (self, '0') || skip_digits (self);
  if (valid && accept_char (self, '.')) {
    is_integer = FALSE;
    valid = skip_digits (self);
  }
  if (valid && (accept_char (self, 'e') || accept_char (self, 'E'))) {
    is_integer = FALSE;
    if (!accept_char (self, '+'))
      accept_char (self, '-');
    valid = skip_digits (self);
  }
  if (!valid) {
    set_error (self, error, BASE_JSON_ERROR_SYNTAX, "not a number");
    return NULL;
  }

  g_string_truncate (self->text, 0);
  g_string_append_len (self->text, mark, self->at - mark);

  if (is_integer) {
    gint64 integer;

    errno = 0;
    integer = g_ascii_strtoll (self->text->str, NULL, 10);
    if (errno == 0)
      return json_node_init_int (json_node_alloc (), integer);
  }

  value = g_ascii_strtod (self->text->str, NULL);
  if (!isfinite (value)) {
    set_error (self, error, BASE_JSON_ERROR_TOO_LARGE, "the number is too large");
    return NULL;
  }

  return json_node_init_double (json_node_alloc (), value);
}

static JsonNode *
parse_array (Parser *self, GError **error)
{
  g_autoptr (JsonArray) array = json_array_new ();

  self->at++;
  skip_space (self);
  if (accept_char (self, ']'))
    return json_node_init_array (json_node_alloc (), array);

  for (;;) {
    JsonNode *element = parse_value (self, error);

    if (element == NULL)
      return NULL;
    json_array_add_element (array, element);

    skip_space (self);
    if (accept_char (self, ']'))
      return json_node_init_array (json_node_alloc (), array);
    if (!accept_char (self, ',')) {
      set_error (self, error, BASE_JSON_ERROR_SYNTAX, "expected , or ] in an array");
      return NULL;
    }
  }
}

static gboolean
parse_member (Parser *self, JsonObject *object, GError **error)
{
  g_autofree char *name = NULL;
  JsonNode *value;

  skip_space (self);
  if (self->at == self->end || *self->at != '"') {
    set_error (self, error, BASE_JSON_ERROR_SYNTAX, "expected the name of a member");
    return FALSE;
  }
  if (!parse_string (self, error))
    return FALSE;
  name = g_strndup (self->text->str, self->text->len);

  skip_space (self);
  if (!accept_char (self, ':')) {
    set_error (self, error, BASE_JSON_ERROR_SYNTAX, "expected : after the name of a member");
    return FALSE;
  }

  value = parse_value (self, error);
  if (value == NULL)
    return FALSE;

  json_object_set_member (object, name, value);
  return TRUE;
}

static JsonNode *
parse_object (Parser *self, GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();

  self->at++;
  skip_space (self);
  if (accept_char (self, '}'))
    return json_node_init_object (json_node_alloc (), object);

  for (;;) {
    if (!parse_member (self, object, error))
      return NULL;

    skip_space (self);
    if (accept_char (self, '}'))
      return json_node_init_object (json_node_alloc (), object);
    if (!accept_char (self, ',')) {
      set_error (self, error, BASE_JSON_ERROR_SYNTAX, "expected , or } in an object");
      return NULL;
    }
  }
}

static JsonNode *
parse_container (Parser *self, GError **error)
{
  JsonNode *node;

  if (self->depth == BASE_JSON_MAX_DEPTH) {
    set_error (self, error, BASE_JSON_ERROR_TOO_LARGE, "nested too deeply");
    return NULL;
  }

  self->depth++;
  node = *self->at == '{' ? parse_object (self, error) : parse_array (self, error);
  self->depth--;
  return node;
}

static JsonNode *
parse_value (Parser *self, GError **error)
{
  skip_space (self);

  if (++self->nodes > BASE_JSON_MAX_NODES) {
    set_error (self, error, BASE_JSON_ERROR_TOO_LARGE, "too many values");
    return NULL;
  }
  if (self->at == self->end) {
    set_error (self, error, BASE_JSON_ERROR_SYNTAX, "the text ends too early");
    return NULL;
  }

  if (*self->at == '{' || *self->at == '[')
    return parse_container (self, error);
  if (*self->at == '"') {
    if (!parse_string (self, error))
      return NULL;
    return json_node_init_string (json_node_alloc (), self->text->str);
  }
  if (*self->at == '-' || g_ascii_isdigit (*self->at))
    return parse_number (self, error);
  if (accept_word (self, "true"))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (accept_word (self, "false"))
    return json_node_init_boolean (json_node_alloc (), FALSE);
  if (accept_word (self, "null"))
    return json_node_init_null (json_node_alloc ());

  set_error (self, error, BASE_JSON_ERROR_SYNTAX, "not a JSON value");
  return NULL;
}

/**
 * base_json_parse:
 * @data: (array length=length): UTF-8 text
 * @length: bytes in @data, or -1 where it ends with a nul
 * @error: return location for a #BaseJsonError
 *
 * Reads one JSON value, and nothing after it, by the grammar of RFC 8259. As Go's reader (and so
 * a Kubernetes server) does it, the last of two members with one name counts. Members keep their
 * order, and integers of 64 bits stay integers. It keeps no state, so any thread may call it.
 *
 * At most %BASE_JSON_MAX_BYTES, %BASE_JSON_MAX_DEPTH and %BASE_JSON_MAX_NODES are read.
 *
 * Returns: (transfer full): the value; %NULL with @error set where it is not JSON
 */
JsonNode *
base_json_parse (const char *data, gssize length, GError **error)
{
  g_autoptr (JsonNode) node = NULL;
  Parser self = { 0 };
  gsize size;

  g_return_val_if_fail (data != NULL || length == 0, NULL);

  if (data == NULL)
    data = "";
  size = length < 0 ? strlen (data) : (gsize)length;
  self.start = data;
  self.at = data;
  self.end = data + size;

  if (size > BASE_JSON_MAX_BYTES) {
    g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_TOO_LARGE,
                 "%" G_GSIZE_FORMAT " bytes of JSON are too many", size);
    return NULL;
  }
  if (!g_utf8_validate_len (data, size, &self.at)) {
    set_error (&self, error, BASE_JSON_ERROR_SYNTAX, "not UTF-8 text");
    return NULL;
  }

  self.at = data;
  accept_word (&self, "\xef\xbb\xbf");
  self.text = g_string_new (NULL);
  node = parse_value (&self, error);

  if (node != NULL) {
    skip_space (&self);
    if (self.at < self.end) {
      set_error (&self, error, BASE_JSON_ERROR_SYNTAX, "more text after the value");
      g_clear_pointer (&node, json_node_unref);
    }
  }

  g_string_free (self.text, TRUE);
  return g_steal_pointer (&node);
}

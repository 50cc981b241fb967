/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-json-scanner.h"

#include <string.h>

#include "base-json.h"

#define MAX_DEPTH BASE_JSON_MAX_DEPTH

static void
skip_space (KubeJsonScanner *self)
{
  while (self->at < self->end &&
         (*self->at == ' ' || *self->at == '\n' || *self->at == '\r' || *self->at == '\t'))
    self->at++;
}

static gboolean
fail (KubeJsonScanner *self)
{
  self->failed = TRUE;
  return FALSE;
}

static gboolean
skip_escape (KubeJsonScanner *self)
{
  gsize length = 1;

  if (self->at == self->end)
    return fail (self);
  if (*self->at == 'u')
    length = 5;
  else if (strchr ("\"\\/bfnrt", *self->at) == NULL || *self->at == '\0')
    return fail (self);

  if ((gsize)(self->end - self->at) < length)
    return fail (self);
  for (gsize i = 1; i < length; i++) {
    if (!g_ascii_isxdigit (self->at[i]))
      return fail (self);
  }
  self->at += length;
  return TRUE;
}

/* @text is what stands between the quotes, with its escapes. */
static gboolean
skip_string (KubeJsonScanner *self, KubeJsonSlice *text)
{
  if (self->at == self->end || *self->at != '"')
    return fail (self);
  self->at++;
  text->text = self->at;

  while (self->at < self->end) {
    guchar c = (guchar)*self->at;

    if (c == '"') {
      text->length = (gsize)(self->at - text->text);
      self->at++;
      return TRUE;
    }
    if (c < 0x20)
      break;
    self->at++;
    if (c == '\\' && !skip_escape (self))
      return FALSE;
  }
  return fail (self);
}

static gboolean
skip_digits (KubeJsonScanner *self)
{
  const char *start = self->at;

  while (self->at < self->end && g_ascii_isdigit (*self->at))
    self->at++;
  return self->at > start || fail (self);
}

static gboolean
accept (KubeJsonScanner *self, char c)
{
  if (self->at == self->end || *self->at != c)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
skip_number (KubeJsonScanner *self)
{
  accept (self, '-');
  if (!accept (self, '0') && !skip_digits (self))
    return FALSE;
  if (accept (self, '.') && !skip_digits (self))
    return FALSE;
  if (accept (self, 'e') || accept (self, 'E')) {
    if (!accept (self, '+'))
      accept (self, '-');
    return skip_digits (self);
  }
  return TRUE;
}

static gboolean
skip_word (KubeJsonScanner *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize)(self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return fail (self);
  self->at += length;
  return TRUE;
}

static gboolean
skip_scalar (KubeJsonScanner *self)
{
  KubeJsonSlice text;

  if (self->at == self->end)
    return fail (self);
  switch (*self->at) {
    case '"':
      return skip_string (self, &text);
    case 't':
      return skip_word (self, "true");
    case 'f':
      return skip_word (self, "false");
    case 'n':
      return skip_word (self, "null");
    default:
      return skip_number (self);
  }
}

static gboolean
skip_name (KubeJsonScanner *self, KubeJsonSlice *name)
{
  skip_space (self);
  if (!skip_string (self, name))
    return FALSE;
  skip_space (self);
  if (!accept (self, ':'))
    return fail (self);
  skip_space (self);
  return TRUE;
}

/* Which containers are open around the present place: one bit a level, set for an object. */
typedef struct {
  guint64 bits[(MAX_DEPTH + 63) / 64];
  guint depth;
} Nesting;

static gboolean
nesting_in_object (const Nesting *nesting)
{
  guint level = nesting->depth - 1;

  return (nesting->bits[level / 64] >> (level % 64)) & 1;
}

static void
nesting_push (Nesting *nesting, gboolean object)
{
  guint64 bit = G_GUINT64_CONSTANT (1) << (nesting->depth % 64);

  if (object)
    nesting->bits[nesting->depth / 64] |= bit;
  else
    nesting->bits[nesting->depth / 64] &= ~bit;
  nesting->depth++;
}

/* After a value: closes what ends here, up to the next value or the end of all. */
static gboolean
skip_after_value (KubeJsonScanner *self, Nesting *nesting)
{
  KubeJsonSlice name;

  while (nesting->depth > 0) {
    gboolean in_object = nesting_in_object (nesting);

    skip_space (self);
    if (accept (self, ',')) {
      skip_space (self);
      return !in_object || skip_name (self, &name);
    }
    if (!accept (self, in_object ? '}' : ']'))
      return fail (self);
    nesting->depth--;
  }
  return TRUE;
}

/* Goes through one value without recursion, so that what a server sends cannot use up the stack. */
static gboolean
skip_value (KubeJsonScanner *self)
{
  Nesting nesting = { 0 };
  KubeJsonSlice name;

  do {
    gboolean object = accept (self, '{');

    if (object || accept (self, '[')) {
      if (nesting.depth == MAX_DEPTH)
        return fail (self);
      skip_space (self);
      if (!accept (self, object ? '}' : ']')) {
        nesting_push (&nesting, object);
        if (object && !skip_name (self, &name))
          return FALSE;
        continue;
      }
    } else if (!skip_scalar (self)) {
      return FALSE;
    }
    if (!skip_after_value (self, &nesting))
      return FALSE;
  } while (nesting.depth > 0);

  return TRUE;
}

/**
 * kube_json_scanner_init:
 * @self: what to set up
 * @data: JSON text, which must live as long as @self and its slices
 * @length: its size in bytes
 *
 * Whether the text is UTF-8 is not looked at.
 */
void
kube_json_scanner_init (KubeJsonScanner *self, const char *data, gsize length)
{
  self->at = data;
  self->end = data + length;
  self->fresh = FALSE;
  self->failed = FALSE;
}

/**
 * kube_json_scanner_enter_object:
 * @self: a scanner that stands before a value
 *
 * Returns: whether the value is an object, which is then entered
 */
gboolean
kube_json_scanner_enter_object (KubeJsonScanner *self)
{
  skip_space (self);
  if (!accept (self, '{'))
    return fail (self);
  self->fresh = TRUE;
  return TRUE;
}

/**
 * kube_json_scanner_next_member:
 * @self: a scanner inside an object, with the last member's value read
 * @name: (out): the member's name, with its escapes
 *
 * Goes to the next member, whose value must then be skipped or entered.
 *
 * Returns: %FALSE at the end of the object, which is then left, and where the text is not JSON,
 *   which sets @self's `failed`
 */
gboolean
kube_json_scanner_next_member (KubeJsonScanner *self, KubeJsonSlice *name)
{
  gboolean fresh = self->fresh;

  self->fresh = FALSE;
  if (self->failed)
    return FALSE;
  skip_space (self);
  if (accept (self, '}'))
    return FALSE;
  if (!fresh && !accept (self, ','))
    return fail (self);
  return skip_name (self, name);
}

/**
 * kube_json_scanner_skip:
 * @self: a scanner that stands before a value
 * @value: (out): the value's text, with its quotes or braces
 *
 * Checks the value's grammar on the way.
 *
 * Returns: whether it is one
 */
gboolean
kube_json_scanner_skip (KubeJsonScanner *self, KubeJsonSlice *value)
{
  skip_space (self);
  value->text = self->at;
  if (self->failed || !skip_value (self))
    return FALSE;
  value->length = (gsize)(self->at - value->text);
  return TRUE;
}

/**
 * kube_json_scanner_at_end:
 * @self: a scanner
 *
 * Returns: whether all is read, but for white space, and all was JSON
 */
gboolean
kube_json_scanner_at_end (KubeJsonScanner *self)
{
  skip_space (self);
  return !self->failed && self->at == self->end;
}

/**
 * kube_json_slice_equal:
 * @self: a member's name
 * @text: what to compare it with
 *
 * Returns: whether they are the same bytes
 */
gboolean
kube_json_slice_equal (const KubeJsonSlice *self, const char *text)
{
  return strlen (text) == self->length && memcmp (self->text, text, self->length) == 0;
}

/**
 * kube_json_slice_dup_string:
 * @value: a value's text
 *
 * Returns: (transfer full) (nullable): the string that it stands for, %NULL where it is no string
 */
char *
kube_json_slice_dup_string (const KubeJsonSlice *value)
{
  g_autoptr (JsonNode) node = NULL;

  if (value->length < 2 || *value->text != '"')
    return NULL;
  if (memchr (value->text, '\\', value->length) == NULL)
    return g_strndup (value->text + 1, value->length - 2);

  node = base_json_parse (value->text, (gssize)value->length, NULL);
  return node != NULL ? json_node_dup_string (node) : NULL;
}

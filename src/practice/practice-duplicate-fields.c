/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-duplicate-fields.h"

#include <string.h>

#include "base-json.h"

/* Enough to see what is wrong. */
#define MAX_FOUND 50

/* A reader of JSON that has been found good by another. */
typedef struct {
  const char *at;
  const char *end;
  GString *path;
  GPtrArray *found;
} Scan;

static void scan_value (Scan *self, guint depth);

static void
skip_to (Scan *self, const char *stops)
{
  while (self->at < self->end && strchr (stops, *self->at) == NULL)
    self->at++;
}

/* The text between quotes, as it is written. */
static char *
read_string (Scan *self)
{
  const char *start;

  if (self->at >= self->end)
    return g_strdup ("");
  start = ++self->at;
  while (self->at < self->end && *self->at != '"')
    self->at += *self->at == '\\' ? 2 : 1;
  self->at = MIN (self->at, self->end);
  return g_strndup (start, (gsize)(self->at++ - start));
}

static void
scan_object (Scan *self, guint depth)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize length = self->path->len;

  while (self->at < self->end) {
    g_autofree char *name = NULL;

    skip_to (self, "\"}");
    if (self->at >= self->end || *self->at == '}')
      break;
    name = read_string (self);
    g_string_append_printf (self->path, "%s%s", length > 0 ? "." : "", name);
    if (!g_hash_table_add (names, g_steal_pointer (&name)) && self->found->len < MAX_FOUND)
      g_ptr_array_add (self->found, g_strdup (self->path->str));
    skip_to (self, ":");
    self->at++;
    scan_value (self, depth + 1);
    g_string_truncate (self->path, length);
  }
  self->at++;
}

static void
scan_array (Scan *self, guint depth)
{
  gsize length = self->path->len;

  for (guint i = 0; self->at < self->end; i++) {
    g_string_append_printf (self->path, "[%u]", i);
    scan_value (self, depth + 1);
    g_string_truncate (self->path, length);
    skip_to (self, ",]");
    if (self->at >= self->end || *self->at == ']')
      break;
    self->at++;
  }
  self->at++;
}

static void
scan_value (Scan *self, guint depth)
{
  g_autofree char *text = NULL;

  while (self->at < self->end && g_ascii_isspace (*self->at))
    self->at++;
  if (self->at >= self->end || depth > BASE_JSON_MAX_DEPTH)
    return;
  if (*self->at == '"') {
    text = read_string (self);
  } else if (*self->at == '{') {
    self->at++;
    scan_object (self, depth);
  } else if (*self->at == '[') {
    self->at++;
    scan_array (self, depth);
  } else {
    skip_to (self, ",]}");
  }
}

/**
 * practice_duplicate_fields_find:
 * @data: JSON that can be parsed
 * @length: of it
 * @found: (element-type utf8): gets the paths, as "spec.replicas"
 *
 * Finds members that stand twice in one object: a parser takes the last of them, a strict one
 * refuses (https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation).
 */
void
practice_duplicate_fields_find (const char *data, gsize length, GPtrArray *found)
{
  g_autoptr (GString) path = g_string_new (NULL);
  Scan self = { data, data + length, path, found };

  scan_value (&self, 0);
}

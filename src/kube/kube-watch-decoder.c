/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-watch-decoder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "kube-change.h"
#include "kube-error.h"
#include "kube-json-scanner.h"
#include "kube-object-private.h"

#define MAX_IDLE_BYTES (256 * 1024)

struct _KubeWatchDecoder {
  const KubeKind *kind;
  char *version;
  KubeTreeCache *cache;

  GByteArray *buffer; /* whole lines, and the beginning of the next one */
  gsize whole;        /* bytes of whole lines in it */
  gboolean too_long;

  char *resource_version; /* (nullable) */
  guint n_events;
};

static gboolean
fail (GError **error)
{
  g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                       _ ("The server's answer is not a watch of the Kubernetes API."));
  return FALSE;
}

static void
take_resource_version (KubeWatchDecoder *self, const char *version)
{
  if (version == NULL || *version == '\0')
    return;
  g_free (self->resource_version);
  self->resource_version = g_strdup (version);
}

static gboolean
take_change (KubeWatchDecoder *self,
             const KubeJsonSlice *text,
             gboolean deleted,
             GPtrArray *changes,
             GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text->text, text->length);
  KubeObject *object = kube_object_new_of_kind (bytes, self->kind, self->version, self->cache);

  if (object == NULL)
    return fail (error);
  take_resource_version (self, kube_object_get_resource_version (object));
  g_ptr_array_add (changes, kube_change_new (object, deleted));
  return TRUE;
}

/* Nothing in it but metadata.resourceVersion. */
static void
take_bookmark (KubeWatchDecoder *self, const KubeJsonSlice *text)
{
  g_autoptr (JsonNode) node = base_json_parse (text->text, (gssize)text->length, NULL);

  take_resource_version (self, base_json_get_string (node, "metadata", "resourceVersion", NULL));
}

/* Most errors of a watch come with status 200, as an event. */
static gboolean
take_error (const KubeJsonSlice *text, GError **error)
{
  g_autoptr (JsonNode) node = base_json_parse (text->text, (gssize)text->length, NULL);

  if (node == NULL)
    return fail (error);
  g_propagate_error (error, kube_error_new_from_status (node));
  return FALSE;
}

static gboolean
decode_line (
  KubeWatchDecoder *self, const char *line, gsize length, GPtrArray *changes, GError **error)
{
  KubeJsonScanner scanner;
  KubeJsonSlice name, value;
  KubeJsonSlice type = { NULL, 0 };
  KubeJsonSlice object = { NULL, 0 };

  kube_json_scanner_init (&scanner, line, length);
  if (!kube_json_scanner_enter_object (&scanner))
    return fail (error);
  while (kube_json_scanner_next_member (&scanner, &name)) {
    if (!kube_json_scanner_skip (&scanner, &value))
      return fail (error);
    if (kube_json_slice_equal (&name, "type"))
      type = value;
    else if (kube_json_slice_equal (&name, "object"))
      object = value;
  }
  if (!kube_json_scanner_at_end (&scanner) || type.text == NULL || object.text == NULL)
    return fail (error);

  if (kube_json_slice_equal (&type, "\"ERROR\""))
    return take_error (&object, error);
  self->n_events++;
  if (kube_json_slice_equal (&type, "\"ADDED\"") || kube_json_slice_equal (&type, "\"MODIFIED\""))
    return take_change (self, &object, FALSE, changes, error);
  if (kube_json_slice_equal (&type, "\"DELETED\""))
    return take_change (self, &object, TRUE, changes, error);
  if (kube_json_slice_equal (&type, "\"BOOKMARK\""))
    take_bookmark (self, &object);
  /* servers may have more to say one day */
  return TRUE;
}

static void
drop_whole_lines (KubeWatchDecoder *self)
{
  g_byte_array_remove_range (self->buffer, 0, (guint)self->whole);
  /* a watch lives long: the memory of one huge event need not */
  if (self->whole > MAX_IDLE_BYTES && self->buffer->len == 0) {
    g_byte_array_unref (self->buffer);
    self->buffer = g_byte_array_new ();
  }
  self->whole = 0;
}

static gboolean
is_blank (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    if (!g_ascii_isspace (line[i]))
      return FALSE;
  }
  return TRUE;
}

/**
 * kube_watch_decoder_new:
 * @kind: what is watched
 * @version: the version of its group
 * @cache: where the objects keep their trees
 *
 * Returns: (transfer full): a decoder for one watch
 */
KubeWatchDecoder *
kube_watch_decoder_new (const KubeKind *kind, const char *version, KubeTreeCache *cache)
{
  KubeWatchDecoder *self = g_new0 (KubeWatchDecoder, 1);

  self->kind = kind;
  self->version = g_strdup (version);
  self->cache = kube_tree_cache_ref (cache);
  self->buffer = g_byte_array_new ();
  return self;
}

/**
 * kube_watch_decoder_free:
 * @self: (transfer full): a decoder
 */
void
kube_watch_decoder_free (KubeWatchDecoder *self)
{
  g_byte_array_unref (self->buffer);
  kube_tree_cache_unref (self->cache);
  g_free (self->resource_version);
  g_free (self->version);
  g_free (self);
}

/**
 * kube_watch_decoder_feed:
 * @self: a decoder
 * @data: the next bytes of the watch, cut anywhere
 * @length: how many
 *
 * A line without its end is never decoded: where a connection breaks, libsoup 3.2 tells us only
 * that the answer has ended.
 *
 * Returns: how many bytes kube_watch_decoder_decode() has before it
 */
gsize
kube_watch_decoder_feed (KubeWatchDecoder *self, const char *data, gsize length)
{
  const char *newline = memrchr (data, '\n', length);

  if (newline != NULL)
    self->whole = self->buffer->len + (gsize)(newline + 1 - data);
  else if (self->buffer->len - self->whole + length > KUBE_WATCH_DECODER_MAX_LINE_BYTES)
    self->too_long = TRUE;

  if (!self->too_long)
    g_byte_array_append (self->buffer, (const guint8 *)data, (guint)length);
  return self->too_long ? 1 : self->whole;
}

/**
 * kube_watch_decoder_decode:
 * @self: a decoder
 * @changes: (element-type KubeChange): what to add to
 * @error: return location for an error
 *
 * May run in a thread while nothing else is done with @self. What is before an error is in
 * @changes.
 *
 * Returns: %FALSE where the watch is over: the server says why, or what it says makes no sense
 */
gboolean
kube_watch_decoder_decode (KubeWatchDecoder *self, GPtrArray *changes, GError **error)
{
  const char *at = (const char *)self->buffer->data;
  const char *end = at + self->whole;

  if (self->too_long)
    return fail (error);
  while (at < end) {
    const char *newline = memchr (at, '\n', (gsize)(end - at));
    gsize length = (gsize)(newline - at);

    if (!is_blank (at, length) && !decode_line (self, at, length, changes, error))
      return FALSE;
    at = newline + 1;
  }
  drop_whole_lines (self);
  return TRUE;
}

/**
 * kube_watch_decoder_get_resource_version:
 * @self: a decoder
 *
 * Returns: (nullable): where the next watch begins, %NULL before the first event
 */
const char *
kube_watch_decoder_get_resource_version (KubeWatchDecoder *self)
{
  return self->resource_version;
}

/**
 * kube_watch_decoder_get_n_events:
 * @self: a decoder
 *
 * Returns: how many events there were, errors not counted
 */
guint
kube_watch_decoder_get_n_events (KubeWatchDecoder *self)
{
  return self->n_events;
}

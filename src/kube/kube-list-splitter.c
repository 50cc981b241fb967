/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-list-splitter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "kube-error.h"
#include "kube-json-scanner.h"

#define MAX_NAME_BYTES 256
#define MAX_METADATA_BYTES (256 * 1024)

/* What comes next, white space aside. */
typedef enum {
  STATE_ROOT,        /* { */
  STATE_FIRST_NAME,  /* a member's name or } */
  STATE_NAME,        /* a member's name */
  STATE_COLON,       /* : */
  STATE_VALUE,       /* a member's value */
  STATE_AFTER_VALUE, /* , or } */
  STATE_FIRST_ITEM,  /* an item or ] */
  STATE_ITEM,        /* an item */
  STATE_AFTER_ITEM,  /* , or ] */
  STATE_PIECE,       /* the rest of a name, value or item */
  STATE_DONE,        /* nothing */
  STATE_FAILED,
} State;

/* Of the members of a list only these matter. */
typedef enum {
  MEMBER_OTHER,
  MEMBER_ITEMS,
  MEMBER_METADATA,
  MEMBER_KIND
} Member;

/* How a piece of text ends. */
typedef enum {
  PIECE_STRING,
  PIECE_CONTAINER,
  PIECE_LITERAL
} Piece;

struct _KubeListSplitter {
  KubeListItemFunc func;
  gpointer user_data;

  State state;
  Member member;
  gboolean has_items;

  /* the piece under way */
  Piece piece;
  State after_piece;
  guint depth;
  gboolean in_string;
  gboolean escaped;
  gboolean keep;       /* its text is of use */
  gsize max_bytes;     /* of its text */
  GByteArray *pending; /* what of it came with former feeds */

  char *kind;             /* (nullable) */
  char *resource_version; /* (nullable) */
  char *continue_token;   /* (nullable) */
};

static gboolean
fail (KubeListSplitter *self, GError **error)
{
  self->state = STATE_FAILED;
  g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                       _ ("The server's answer is not a list of the Kubernetes API."));
  return FALSE;
}

/* The bytes that matter inside a container, outside of strings. */
static const guint8 structural[256] = {
  ['"'] = 1, ['{'] = 1, ['['] = 1, ['}'] = 1, [']'] = 1,
};

/* To behind the closing quote; @end where that is not there yet. */
static const char *
scan_string (KubeListSplitter *self, const char *at, const char *end)
{
  for (; at < end; at++) {
    if (self->escaped) {
      self->escaped = FALSE;
    } else if (*at == '\\') {
      self->escaped = TRUE;
    } else if (*at == '"') {
      self->in_string = FALSE;
      return at + 1;
    }
  }
  return end;
}

/* To behind the bracket that closes the first one; only the depth is looked at, since each item's
 * grammar is checked when it is read. */
static const char *
scan_container (KubeListSplitter *self, const char *at, const char *end)
{
  while (at < end) {
    if (self->in_string) {
      at = scan_string (self, at, end);
      continue;
    }
    while (at < end && !structural[(guchar)*at])
      at++;
    if (at == end)
      break;
    if (*at == '"')
      self->in_string = TRUE;
    else if (*at == '{' || *at == '[')
      self->depth++;
    else
      self->depth--;
    at++;
    if (self->depth == 0)
      break;
  }
  return at;
}

static const char *
scan_literal (const char *at, const char *end)
{
  while (at < end && *at != ',' && *at != '}' && *at != ']' && !g_ascii_isspace (*at))
    at++;
  return at;
}

/* Returns where the piece, or what there is of it, ends, and whether that is its end. */
static const char *
scan_piece (KubeListSplitter *self, const char *at, const char *end, gboolean *complete)
{
  switch (self->piece) {
    case PIECE_STRING:
      at = scan_string (self, at, end);
      *complete = !self->in_string;
      return at;
    case PIECE_CONTAINER:
      at = scan_container (self, at, end);
      *complete = self->depth == 0;
      return at;
    case PIECE_LITERAL:
    default:
      at = scan_literal (at, end);
      *complete = at < end;
      return at;
  }
}

static void
take_metadata (KubeListSplitter *self, const char *text, gsize length)
{
  KubeJsonScanner scanner;
  KubeJsonSlice name, value;

  kube_json_scanner_init (&scanner, text, length);
  if (!kube_json_scanner_enter_object (&scanner))
    return;
  while (kube_json_scanner_next_member (&scanner, &name) &&
         kube_json_scanner_skip (&scanner, &value)) {
    char **field = NULL;

    if (kube_json_slice_equal (&name, "resourceVersion"))
      field = &self->resource_version;
    else if (kube_json_slice_equal (&name, "continue"))
      field = &self->continue_token;
    if (field != NULL) {
      g_free (*field);
      *field = kube_json_slice_dup_string (&value);
    }
  }
}

static Member
member_of_name (const KubeJsonSlice *name)
{
  if (kube_json_slice_equal (name, "\"items\""))
    return MEMBER_ITEMS;
  if (kube_json_slice_equal (name, "\"metadata\""))
    return MEMBER_METADATA;
  if (kube_json_slice_equal (name, "\"kind\""))
    return MEMBER_KIND;
  return MEMBER_OTHER;
}

/* A whole name, value or item. */
static gboolean
take_piece (KubeListSplitter *self, const char *text, gsize length, GError **error)
{
  KubeJsonSlice slice = { text, length };

  if (self->after_piece == STATE_COLON) {
    self->member = member_of_name (&slice);
  } else if (self->after_piece == STATE_AFTER_ITEM) {
    if (!self->func (text, length, self->user_data, error)) {
      self->state = STATE_FAILED;
      return FALSE;
    }
  } else if (self->member == MEMBER_METADATA) {
    take_metadata (self, text, length);
  } else if (self->member == MEMBER_KIND) {
    g_free (self->kind);
    self->kind = kube_json_slice_dup_string (&slice);
  }
  self->state = self->after_piece;
  return TRUE;
}

static void
begin_piece (KubeListSplitter *self, char first, State after, gboolean keep, gsize max_bytes)
{
  self->state = STATE_PIECE;
  self->after_piece = after;
  self->keep = keep;
  self->max_bytes = max_bytes;
  self->depth = 0;
  self->in_string = FALSE;
  self->escaped = FALSE;
  if (first == '"')
    self->piece = PIECE_STRING;
  else if (first == '{' || first == '[')
    self->piece = PIECE_CONTAINER;
  else
    self->piece = PIECE_LITERAL;
}

/* As much of the present piece as there is; @fresh: it begins here. */
static gboolean
feed_piece (
  KubeListSplitter *self, const char **at, const char *end, gboolean fresh, GError **error)
{
  const char *start = *at;
  const char *from = start;
  gboolean complete;
  gboolean taken;

  /* the opening quote */
  if (fresh && self->piece == PIECE_STRING) {
    self->in_string = TRUE;
    from++;
  }
  *at = scan_piece (self, from, end, &complete);
  if (!self->keep) {
    if (complete)
      self->state = self->after_piece;
    return TRUE;
  }
  if (self->pending->len + (gsize)(*at - start) > self->max_bytes)
    return fail (self, error);
  if (complete && self->pending->len == 0)
    return take_piece (self, start, (gsize)(*at - start), error);

  g_byte_array_append (self->pending, (const guint8 *)start, (guint)(*at - start));
  if (!complete)
    return TRUE;
  taken = take_piece (self, (const char *)self->pending->data, self->pending->len, error);
  g_byte_array_set_size (self->pending, 0);
  return taken;
}

static gboolean
begin_value (KubeListSplitter *self, char first)
{
  if (strchr ("}],:", first) != NULL)
    return FALSE;
  if (self->member == MEMBER_ITEMS && first == '[') {
    self->has_items = TRUE;
    self->state = STATE_FIRST_ITEM;
    return TRUE;
  }
  begin_piece (self, first, STATE_AFTER_VALUE, self->member != MEMBER_OTHER, MAX_METADATA_BYTES);
  return TRUE;
}

static gboolean
begin_item (KubeListSplitter *self, char first)
{
  if (first != '{')
    return FALSE;
  begin_piece (self, first, STATE_AFTER_ITEM, TRUE, KUBE_LIST_SPLITTER_MAX_ITEM_BYTES);
  return TRUE;
}

/* Takes one character that is not white space; pieces are begun and not taken. */
static gboolean
step (KubeListSplitter *self, char c)
{
  switch (self->state) {
    case STATE_ROOT:
      self->state = STATE_FIRST_NAME;
      return c == '{';
    case STATE_FIRST_NAME:
      if (c == '}') {
        self->state = STATE_DONE;
        return TRUE;
      }
      begin_piece (self, c, STATE_COLON, TRUE, MAX_NAME_BYTES);
      return c == '"';
    case STATE_NAME:
      begin_piece (self, c, STATE_COLON, TRUE, MAX_NAME_BYTES);
      return c == '"';
    case STATE_COLON:
      self->state = STATE_VALUE;
      return c == ':';
    case STATE_VALUE:
      return begin_value (self, c);
    case STATE_AFTER_VALUE:
      self->state = c == ',' ? STATE_NAME : STATE_DONE;
      return c == ',' || c == '}';
    case STATE_FIRST_ITEM:
      if (c == ']') {
        self->state = STATE_AFTER_VALUE;
        return TRUE;
      }
      return begin_item (self, c);
    case STATE_ITEM:
      return begin_item (self, c);
    case STATE_AFTER_ITEM:
      self->state = c == ',' ? STATE_ITEM : STATE_AFTER_VALUE;
      return c == ',' || c == ']';
    case STATE_PIECE:
    case STATE_DONE:
    case STATE_FAILED:
    default:
      return FALSE;
  }
}

/**
 * kube_list_splitter_new:
 * @func: gets each item, in the thread that feeds
 * @user_data: data for @func
 *
 * Returns: (transfer full): a splitter for one list
 */
KubeListSplitter *
kube_list_splitter_new (KubeListItemFunc func, gpointer user_data)
{
  KubeListSplitter *self = g_new0 (KubeListSplitter, 1);

  self->func = func;
  self->user_data = user_data;
  self->pending = g_byte_array_new ();
  return self;
}

/**
 * kube_list_splitter_free:
 * @self: (transfer full): a splitter
 */
void
kube_list_splitter_free (KubeListSplitter *self)
{
  g_byte_array_unref (self->pending);
  g_free (self->kind);
  g_free (self->resource_version);
  g_free (self->continue_token);
  g_free (self);
}

/**
 * kube_list_splitter_feed:
 * @self: a splitter
 * @data: the next bytes of the list, cut anywhere
 * @length: how many
 * @error: return location for an error
 *
 * Returns: %FALSE where this is not a list, with a %KUBE_ERROR_PROTOCOL, or where the item function
 *   has failed
 */
gboolean
kube_list_splitter_feed (KubeListSplitter *self, const char *data, gsize length, GError **error)
{
  const char *at = data;
  const char *end = data + length;

  while (at < end) {
    State before = self->state;

    if (before == STATE_PIECE) {
      if (!feed_piece (self, &at, end, FALSE, error))
        return FALSE;
      continue;
    }
    if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t') {
      at++;
      continue;
    }
    if (!step (self, *at))
      return fail (self, error);
    if (self->state != STATE_PIECE)
      at++;
    else if (!feed_piece (self, &at, end, TRUE, error))
      return FALSE;
  }
  return TRUE;
}

/**
 * kube_list_splitter_finish:
 * @self: a splitter that got all there is
 * @error: return location for an error
 *
 * A connection that breaks looks like the end of the answer to libsoup 3.2; so a list is whole only
 * where its last bracket has come.
 *
 * Returns: whether it was a whole list; else a %KUBE_ERROR_PROTOCOL
 */
gboolean
kube_list_splitter_finish (KubeListSplitter *self, GError **error)
{
  if (self->state != STATE_DONE) {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                         _ ("The server's list was cut off."));
    return FALSE;
  }
  /* an empty list may come with "items": null */
  if (!self->has_items && (self->kind == NULL || !g_str_has_suffix (self->kind, "List")))
    return fail (self, error);
  return TRUE;
}

/**
 * kube_list_splitter_get_resource_version:
 * @self: a splitter that has finished
 *
 * Returns: (nullable): where a watch of the list begins
 */
const char *
kube_list_splitter_get_resource_version (KubeListSplitter *self)
{
  return self->resource_version;
}

/**
 * kube_list_splitter_get_continue:
 * @self: a splitter that has finished
 *
 * Returns: (nullable): what to ask the next page with, %NULL on the last one
 */
const char *
kube_list_splitter_get_continue (KubeListSplitter *self)
{
  return self->continue_token != NULL && *self->continue_token != '\0' ? self->continue_token
                                                                       : NULL;
}

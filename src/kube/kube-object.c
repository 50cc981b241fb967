/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-object-private.h"

#include <string.h>

#include "base-json.h"
#include "kube-json-scanner.h"

/**
 * KubeObject:
 *
 * One object of the cluster. What every row needs is read by a scanner; the rest stays the
 * server's own bytes until somebody asks for the tree.
 */
struct _KubeObject {
  GObject parent_instance;

  GBytes *bytes;
  char *uid;
  char *name;
  char *resource_version;
  GRefString *namespace_; /* (nullable) shared by all objects of a namespace */
  gint64 created_at;

  /* what the items of a list leave out */
  const KubeKind *kind;    /* (nullable) */
  GRefString *api_version; /* (nullable) */
  guint has_kind : 1;
  guint has_api_version : 1;

  KubeTreeCache *cache; /* (nullable): the tree is kept for good */
  KubeTree tree;
};

G_DEFINE_FINAL_TYPE (KubeObject, kube_object, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
parse_time (const KubeJsonSlice *value)
{
  g_autofree char *text = kube_json_slice_dup_string (value);
  g_autoptr (GDateTime) time = NULL;

  if (text != NULL)
    time = g_date_time_new_from_iso8601 (text, NULL);
  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static void
replace_string (char **field, const KubeJsonSlice *value)
{
  g_free (*field);
  *field = kube_json_slice_dup_string (value);
}

static gboolean
scan_metadata (KubeObject *self, KubeJsonScanner *scanner)
{
  KubeJsonSlice name, value;

  if (!kube_json_scanner_enter_object (scanner))
    return FALSE;

  while (kube_json_scanner_next_member (scanner, &name)) {
    if (!kube_json_scanner_skip (scanner, &value))
      return FALSE;

    if (kube_json_slice_equal (&name, "uid")) {
      replace_string (&self->uid, &value);
    } else if (kube_json_slice_equal (&name, "name")) {
      replace_string (&self->name, &value);
    } else if (kube_json_slice_equal (&name, "resourceVersion")) {
      replace_string (&self->resource_version, &value);
    } else if (kube_json_slice_equal (&name, "creationTimestamp")) {
      self->created_at = parse_time (&value);
    } else if (kube_json_slice_equal (&name, "namespace")) {
      g_autofree char *text = kube_json_slice_dup_string (&value);

      g_clear_pointer (&self->namespace_, g_ref_string_release);
      if (text != NULL && *text != '\0')
        self->namespace_ = g_ref_string_new_intern (text);
    }
  }
  return !scanner->failed;
}

static gboolean
scan (KubeObject *self)
{
  KubeJsonScanner scanner;
  KubeJsonSlice name, value;
  gsize length;
  const char *data = g_bytes_get_data (self->bytes, &length);

  if (data == NULL || !g_utf8_validate_len (data, length, NULL))
    return FALSE;

  kube_json_scanner_init (&scanner, data, length);
  if (!kube_json_scanner_enter_object (&scanner))
    return FALSE;
  while (kube_json_scanner_next_member (&scanner, &name)) {
    if (kube_json_slice_equal (&name, "metadata")) {
      if (!scan_metadata (self, &scanner))
        return FALSE;
      continue;
    }
    if (!kube_json_scanner_skip (&scanner, &value))
      return FALSE;
    if (kube_json_slice_equal (&name, "kind"))
      self->has_kind = TRUE;
    else if (kube_json_slice_equal (&name, "apiVersion"))
      self->has_api_version = TRUE;
  }
  return kube_json_scanner_at_end (&scanner) && self->name != NULL;
}

/* The text with apiVersion and kind in front, where they are usual, if they are not there. */
static JsonNode *
parse (KubeObject *self)
{
  gsize length;
  const char *data = g_bytes_get_data (self->bytes, &length);
  const char *brace = memchr (data, '{', length);
  const char *rest = brace + 1;
  g_autoptr (GString) text = NULL;

  if (self->kind == NULL || (self->has_kind && self->has_api_version))
    return base_json_parse (data, (gssize)length, NULL);

  text = g_string_sized_new (length + 128);
  g_string_append_c (text, '{');
  if (!self->has_api_version)
    g_string_append_printf (text, "\"apiVersion\":\"%s\",", self->api_version);
  if (!self->has_kind)
    g_string_append_printf (text, "\"kind\":\"%s\",", self->kind->kind);
  g_string_append_len (text, rest, (gssize)length - (rest - data));
  return base_json_parse (text->str, (gssize)text->len, NULL);
}

static JsonNode *
new_empty_tree (void)
{
  g_autoptr (JsonObject) object = json_object_new ();

  return json_node_init_object (json_node_alloc (), object);
}

static void
drop_tree (KubeObject *self)
{
  if (self->cache != NULL)
    kube_tree_cache_remove (self->cache, &self->tree);
  else
    g_clear_pointer (&self->tree.tree, json_node_unref);
}

static void
kube_object_finalize (GObject *object)
{
  KubeObject *self = KUBE_OBJECT (object);

  drop_tree (self);
  g_clear_pointer (&self->cache, kube_tree_cache_unref);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->uid, g_free);
  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->resource_version, g_free);
  g_clear_pointer (&self->namespace_, g_ref_string_release);
  g_clear_pointer (&self->api_version, g_ref_string_release);

  G_OBJECT_CLASS (kube_object_parent_class)->finalize (object);
}

static void
kube_object_class_init (KubeObjectClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = kube_object_finalize;

  /**
   * KubeObject::changed:
   *
   * The server has said something new about the object; what its getters returned before is no
   * longer valid.
   */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kube_object_init (KubeObject *self)
{
}

/**
 * kube_object_new:
 * @json: the text of one object
 *
 * Returns: (transfer full) (nullable): the object, %NULL where @json is no JSON object with a
 *   `metadata.name`
 */
KubeObject *
kube_object_new (GBytes *json)
{
  return kube_object_new_of_kind (json, NULL, NULL, NULL);
}

/*
 * kube_object_new_of_kind:
 * @json: the text of one object, which may lack its kind and apiVersion, as items of a list do
 * @kind: (nullable): its kind
 * @version: (nullable): the version of the kind's group
 * @cache: (nullable): where to keep its tree
 *
 * May be called in any thread.
 *
 * Returns: (transfer full) (nullable): as kube_object_new()
 */
KubeObject *
kube_object_new_of_kind (GBytes *json,
                         const KubeKind *kind,
                         const char *version,
                         KubeTreeCache *cache)
{
  g_autoptr (KubeObject) self = NULL;

  g_return_val_if_fail (json != NULL, NULL);
  g_return_val_if_fail ((kind == NULL) == (version == NULL), NULL);

  self = g_object_new (KUBE_TYPE_OBJECT, NULL);
  self->bytes = g_bytes_ref (json);
  if (!scan (self))
    return NULL;

  if (kind != NULL) {
    g_autofree char *api_version =
      *kind->group == '\0' ? g_strdup (version) : g_strconcat (kind->group, "/", version, NULL);

    self->kind = kind;
    self->api_version = g_ref_string_new_intern (api_version);
  }
  if (cache != NULL)
    self->cache = kube_tree_cache_ref (cache);
  return g_steal_pointer (&self);
}

/*
 * kube_object_take:
 * @self: an object
 * @newer: a later state of the same object, which is left empty
 *
 * Makes @self what @newer is. The caller emits "changed" once its model is whole again.
 *
 * Returns: whether that is something new
 */
gboolean
kube_object_take (KubeObject *self, KubeObject *newer)
{
  if (self->resource_version != NULL &&
      g_strcmp0 (self->resource_version, newer->resource_version) == 0)
    return FALSE;

  drop_tree (self);
  g_bytes_unref (self->bytes);
  self->bytes = g_bytes_ref (newer->bytes);
  g_free (self->resource_version);
  self->resource_version = g_steal_pointer (&newer->resource_version);
  self->created_at = newer->created_at;
  self->has_kind = newer->has_kind;
  self->has_api_version = newer->has_api_version;
  return TRUE;
}

/*
 * kube_object_emit_changed:
 * @self: an object whose content was taken from another one
 */
void
kube_object_emit_changed (KubeObject *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/*
 * kube_object_compare_key:
 * @self: an object
 * @namespace_: (nullable): a namespace
 * @name: a name
 *
 * Returns: how @self stands to that namespace and name in a list's order
 */
int
kube_object_compare_key (KubeObject *self, const char *namespace_, const char *name)
{
  int order = self->namespace_ == namespace_ ? 0 : g_strcmp0 (self->namespace_, namespace_);

  return order != 0 ? order : strcmp (self->name, name);
}

/*
 * kube_object_compare:
 * @a: an object
 * @b: another one
 *
 * Returns: their order in a list: by namespace, then by name
 */
int
kube_object_compare (KubeObject *a, KubeObject *b)
{
  return kube_object_compare_key (a, b->namespace_, b->name);
}

/**
 * kube_object_get_uid:
 * @self: an object
 *
 * Returns: its uid, "" where it has none
 */
const char *
kube_object_get_uid (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->uid != NULL ? self->uid : "";
}

/**
 * kube_object_get_name:
 * @self: an object
 *
 * Returns: its name
 */
const char *
kube_object_get_name (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->name;
}

/**
 * kube_object_get_namespace:
 * @self: an object
 *
 * Returns: (nullable): its namespace, %NULL where its kind has none
 */
const char *
kube_object_get_namespace (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->namespace_;
}

/**
 * kube_object_get_resource_version:
 * @self: an object
 *
 * Returns: the version, to be compared only for equality; "" where it has none
 */
const char *
kube_object_get_resource_version (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->resource_version != NULL ? self->resource_version : "";
}

/**
 * kube_object_get_created_at:
 * @self: an object
 *
 * Returns: its creationTimestamp in Unix seconds, 0 where it has none
 */
gint64
kube_object_get_created_at (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), 0);

  return self->created_at;
}

/**
 * kube_object_get_bytes:
 * @self: an object
 *
 * Returns: (transfer none): the server's own text, which lacks kind and apiVersion where it came
 *   in a list
 */
GBytes *
kube_object_get_bytes (KubeObject *self)
{
  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  return self->bytes;
}

/**
 * kube_object_ref_json:
 * @self: an object
 *
 * Parses the object when asked, and keeps the tree for the next one who asks, unless it belongs to
 * a list and many others were asked for since. It has kind and apiVersion even where the
 * server's list left them out. Only for the main thread.
 *
 * Returns: (transfer full): its tree, which is shared: do not change it
 */
JsonNode *
kube_object_ref_json (KubeObject *self)
{
  g_autoptr (JsonNode) tree = NULL;

  g_return_val_if_fail (KUBE_IS_OBJECT (self), NULL);

  if (self->tree.tree != NULL) {
    if (self->cache != NULL)
      kube_tree_cache_touch (self->cache, &self->tree);
    return json_node_ref (self->tree.tree);
  }

  tree = parse (self);
  /* a scanned text is JSON; only the parser's own limits can refuse it */
  if (tree == NULL)
    tree = new_empty_tree ();

  if (self->cache != NULL)
    kube_tree_cache_add (self->cache, &self->tree, tree, g_bytes_get_size (self->bytes));
  else
    self->tree.tree = json_node_ref (tree);
  return g_steal_pointer (&tree);
}

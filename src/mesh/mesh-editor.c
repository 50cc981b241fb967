/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "kube-error.h"
#include "kube-kind.h"
#include "mesh-error.h"
#include "mesh-merge.h"
#include "mesh-patch.h"
#include "mesh-text.h"

#define DRAG_INTERVAL_US (200 * G_TIME_SPAN_MILLISECOND)
#define QUIET_MS 150
#define MAX_CONFLICTS 3
#define CONFLICT_MIN_MS 50
#define CONFLICT_MAX_MS 200

/**
 * MeshEditor:
 *
 * The way of changes to the server. An edit holds on to the object as the user saw it when the
 * edit began: @base moves on with our own writes only, so that what someone else writes meanwhile
 * is found by the server, and is told instead of overwritten.
 */
struct _MeshEditor {
  GObject parent_instance;

  KubeClient *client;
  KubeObject *object;

  /* in progress */
  gboolean dragging;
  gboolean given_up; /* this drag has failed: what comes of it still is not for us */
  JsonNode *base;    /* (nullable): what the server has, as far as the edit knows */
  JsonNode *seen;    /* (nullable): what the user sees, with the changes */
  JsonNode *draft;   /* (nullable): what the server is to have */
  JsonNode *sent;    /* (nullable): the draft in flight */
  gboolean unsent;   /* the draft is newer than what was sent */
  guint conflicts;
  gint64 sent_at;
  guint timer;

  /* the wait for the watch */
  char *awaited;     /* (nullable): version of our last write */
  GHashTable *older; /* versions that were before it */
};

G_DEFINE_FINAL_TYPE (MeshEditor, mesh_editor, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PENDING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  DRAFTED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void schedule (MeshEditor *self, guint delay_ms);

static void
notify_pending (MeshEditor *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PENDING]);
}

static const char *
get_version (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "resourceVersion", NULL);
}

/* Takes @object. */
static void
set_node (JsonNode **node, JsonNode *object)
{
  g_clear_pointer (node, json_node_unref);
  *node = object;
}

/* Nothing is under way: the next edit begins with what the watch has shown by then. */
static void
settle (MeshEditor *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->unsent = FALSE;
  set_node (&self->draft, NULL);
  set_node (&self->sent, NULL);
  g_clear_pointer (&self->awaited, g_free);
  g_hash_table_remove_all (self->older);
  if (!self->dragging || self->given_up) {
    set_node (&self->base, NULL);
    set_node (&self->seen, NULL);
  }
  notify_pending (self);
  g_signal_emit (self, signals[DRAFTED], 0);
}

/* Takes @error. */
static void
fail (MeshEditor *self, GError *error)
{
  g_autoptr (GError) owned = error;

  self->given_up = self->dragging;
  settle (self);
  g_signal_emit (self, signals[FAILED], 0, owned);
}

/* The watch has shown our last write, or something later. What it shows on the way there are our
 * own earlier writes; nobody else's can be between, or the server had found a conflict. */
static void
check_shown (MeshEditor *self)
{
  const char *version = kube_object_get_resource_version (self->object);

  if (self->awaited == NULL || self->unsent || self->sent != NULL)
    return;
  if (g_strcmp0 (version, self->awaited) == 0 ||
      (version != NULL && !g_hash_table_contains (self->older, version)))
    settle (self);
}

/* (transfer full): of the version that the object was read in */
static char *
dup_path (MeshEditor *self)
{
  const char *api_version = base_json_get_string (self->base, "apiVersion", NULL);
  const char *slash = api_version != NULL ? strchr (api_version, '/') : NULL;
  const KubeKind *kind = kube_kind_lookup ("virtualservices");
  const char *version =
    slash != NULL ? slash + 1 : kube_client_get_served_version (self->client, kind);

  return kube_kind_dup_path (kind, version != NULL ? version : kind->versions[0],
                             kube_object_get_namespace (self->object),
                             kube_object_get_name (self->object));
}

/* Takes @object, which the server has instead of the base. */
static void
meet (MeshEditor *self, JsonNode *object)
{
  g_autoptr (JsonNode) theirs = object;
  g_autoptr (GError) error = NULL;
  g_autofree char *weights = NULL;
  JsonNode *merged = mesh_merge (self->base, self->draft, theirs, MESH_MERGE_CAREFUL, &error);

  if (merged != NULL) {
    set_node (&self->draft, merged);
    set_node (&self->base, g_steal_pointer (&theirs));
    self->unsent = TRUE;
    schedule (self, g_random_int_range (CONFLICT_MIN_MS, CONFLICT_MAX_MS));
    return;
  }
  weights = mesh_text_dup_changed_weights (self->base, self->draft, theirs);
  if (weights != NULL) {
    g_clear_error (&error);
    g_set_error (&error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: the name of a VirtualService, and weights in words */
                 _ ("Someone else has changed the weights of %s meanwhile, to %s. Move the slider "
                    "again to change them."),
                 kube_object_get_name (self->object), weights);
  }
  fail (self, g_steal_pointer (&error));
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  JsonNode *object = kube_client_request_finish (self->client, result, &error);

  set_node (&self->sent, NULL);
  if (object != NULL)
    meet (self, object);
  else
    fail (self, g_steal_pointer (&error));
}

static void
look_again (MeshEditor *self)
{
  g_autofree char *path = dup_path (self);

  kube_client_request_async (self->client, "GET", path, NULL, NULL, NULL, got_cb,
                             g_object_ref (self));
}

static void
patched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = kube_client_request_finish (self->client, result, &error);

  if (object == NULL) {
    if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT) &&
        self->conflicts++ < MAX_CONFLICTS)
      look_again (self);
    else
      fail (self, g_steal_pointer (&error));
    return;
  }
  self->conflicts = 0;
  g_free (self->awaited);
  self->awaited = g_strdup (get_version (object));
  if (self->unsent)
    set_node (&self->draft, mesh_merge (self->sent, self->draft, object, MESH_MERGE_FORCED, NULL));
  set_node (&self->sent, NULL);
  set_node (&self->base, g_steal_pointer (&object));
  if (self->unsent)
    schedule (self, 0);
  else if (self->awaited == NULL)
    settle (self);
  else
    check_shown (self);
}

static void
send (MeshEditor *self)
{
  g_autoptr (JsonNode) patch = mesh_patch_new (self->base, self->draft);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *path = NULL;
  g_autofree char *target = NULL;
  char *text = NULL;

  self->unsent = FALSE;
  if (patch == NULL) {
    set_node (&self->draft, NULL);
    if (self->awaited != NULL)
      check_shown (self);
    else
      settle (self);
    return;
  }
  if (get_version (self->base) != NULL)
    g_hash_table_add (self->older, g_strdup (get_version (self->base)));
  path = dup_path (self);
  target = g_strconcat (path, "?fieldManager=konvoy-lab", NULL);
  text = base_json_write (patch, FALSE);
  body = g_bytes_new_take (text, strlen (text));
  set_node (&self->sent, json_node_ref (self->draft));
  self->sent_at = g_get_monotonic_time ();
  kube_client_request_async (self->client, "PATCH", target, "application/json-patch+json", body,
                             NULL, patched_cb, g_object_ref (self));
}

static gboolean
send_cb (gpointer user_data)
{
  MeshEditor *self = MESH_EDITOR (user_data);

  self->timer = 0;
  if (self->unsent && self->sent == NULL)
    send (self);
  return G_SOURCE_REMOVE;
}

/* While a drag goes on there is one request in 200 ms at most. */
static void
schedule (MeshEditor *self, guint delay_ms)
{
  gint64 passed = g_get_monotonic_time () - self->sent_at;

  if (self->dragging && self->sent_at != 0 && passed < DRAG_INTERVAL_US)
    delay_ms = MAX (delay_ms, (DRAG_INTERVAL_US - passed) / 1000 + 1);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, send_cb, self);
  g_source_set_name_by_id (self->timer, "[mesh] send a change");
}

static gboolean
is_idle (MeshEditor *self)
{
  return !mesh_editor_get_pending (self);
}

/* What an edit that begins now is based on: what the user sees. */
static void
begin_edit (MeshEditor *self)
{
  if (!is_idle (self))
    return;
  g_hash_table_remove_all (self->older);
  self->conflicts = 0;
  set_node (&self->base, kube_object_ref_json (self->object));
  set_node (&self->seen, json_node_ref (self->base));
}

static void
object_changed_cb (KubeObject *object, MeshEditor *self)
{
  check_shown (self);
}

static void
mesh_editor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MeshEditor *self = MESH_EDITOR (object);

  switch (id) {
    case PROP_PENDING:
      g_value_set_boolean (value, mesh_editor_get_pending (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
mesh_editor_dispose (GObject *object)
{
  MeshEditor *self = MESH_EDITOR (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  G_OBJECT_CLASS (mesh_editor_parent_class)->dispose (object);
}

static void
mesh_editor_finalize (GObject *object)
{
  MeshEditor *self = MESH_EDITOR (object);

  g_clear_object (&self->client);
  g_clear_object (&self->object);
  g_clear_pointer (&self->base, json_node_unref);
  g_clear_pointer (&self->seen, json_node_unref);
  g_clear_pointer (&self->draft, json_node_unref);
  g_clear_pointer (&self->sent, json_node_unref);
  g_clear_pointer (&self->awaited, g_free);
  g_hash_table_unref (self->older);
  G_OBJECT_CLASS (mesh_editor_parent_class)->finalize (object);
}

static void
mesh_editor_class_init (MeshEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mesh_editor_get_property;
  object_class->dispose = mesh_editor_dispose;
  object_class->finalize = mesh_editor_finalize;

  properties[PROP_PENDING] =
    g_param_spec_boolean ("pending", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * MeshEditor::drafted:
   *
   * mesh_editor_ref_draft() has another change, or what was not confirmed is settled.
   */
  signals[DRAFTED] = g_signal_new ("drafted", MESH_TYPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  /**
   * MeshEditor::failed:
   * @error: a #GError: what became of the change, in a sentence
   *
   * The server has not what was asked for. What it has is what the watch shows.
   */
  signals[FAILED] = g_signal_new ("failed", MESH_TYPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
mesh_editor_init (MeshEditor *self)
{
  self->older = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * mesh_editor_new:
 * @virtual_service: kept up to date by its list
 */
MeshEditor *
mesh_editor_new (KubeClient *client, KubeObject *virtual_service)
{
  MeshEditor *self = NULL;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (KUBE_IS_OBJECT (virtual_service), NULL);

  self = g_object_new (MESH_TYPE_EDITOR, NULL);
  self->client = g_object_ref (client);
  self->object = g_object_ref (virtual_service);
  g_signal_connect_object (virtual_service, "changed", G_CALLBACK (object_changed_cb), self, 0);
  return self;
}

void
mesh_editor_begin_drag (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  begin_edit (self);
  self->dragging = TRUE;
  self->given_up = FALSE;
}

/**
 * mesh_editor_end_drag:
 *
 * The last value goes out at once, or as soon as the one before it is answered.
 */
void
mesh_editor_end_drag (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  self->dragging = FALSE;
  self->given_up = FALSE;
  if (self->unsent && self->sent == NULL)
    schedule (self, 0);
}

/* Takes @target. */
static void
want (MeshEditor *self, JsonNode *target)
{
  gboolean was_idle = is_idle (self);
  JsonNode *under = self->draft != NULL ? self->draft : self->base;

  set_node (&self->draft, mesh_merge (self->seen, target, under, MESH_MERGE_FORCED, NULL));
  set_node (&self->seen, target);
  self->unsent = TRUE;
  if (was_idle)
    notify_pending (self);
  g_signal_emit (self, signals[DRAFTED], 0);
  if (self->sent != NULL)
    return;
  if (!self->dragging)
    schedule (self, QUIET_MS);
  else if (self->timer == 0)
    schedule (self, 0);
}

/**
 * mesh_editor_set_weights:
 * @route: the route's index in the object as the user sees it
 * @weights: (array length=n_weights): the route's destinations in their order, then those to add
 *
 * Takes the place of weights that are not sent yet.
 */
void
mesh_editor_set_weights (MeshEditor *self, guint route, const MeshWeight *weights, gsize n_weights)
{
  g_autoptr (MeshVirtualService) service = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *target = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));
  g_return_if_fail (weights != NULL && n_weights > 0);

  if (self->given_up)
    return;
  if (!self->dragging)
    begin_edit (self);
  service = mesh_virtual_service_new (self->seen, &error);
  if (service != NULL)
    target = mesh_virtual_service_dup_with_weights (service, route, weights, n_weights, &error);
  if (target != NULL)
    want (self, target);
  else
    fail (self, g_steal_pointer (&error));
}

/**
 * mesh_editor_apply:
 * @target: the VirtualService as it is to be, made from a copy of mesh_editor_ref_draft(); it is
 *   kept, and not to be changed any more
 *
 * Any change of the spec, the labels or the annotations. The smallest JSON Patch that turns what
 * the user saw into @target is sent, in the same queue as weights are.
 */
void
mesh_editor_apply (MeshEditor *self, JsonNode *target)
{
  g_return_if_fail (MESH_IS_EDITOR (self));
  g_return_if_fail (target != NULL && JSON_NODE_HOLDS_OBJECT (target));

  if (self->given_up)
    return;
  if (!self->dragging)
    begin_edit (self);
  want (self, json_node_ref (target));
}

/**
 * mesh_editor_ref_draft:
 *
 * Returns: (transfer full): the VirtualService with the changes that are not confirmed yet; what
 *   the watch has shown where there are none. Not to be changed.
 */
JsonNode *
mesh_editor_ref_draft (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), NULL);

  return self->seen != NULL ? json_node_ref (self->seen) : kube_object_ref_json (self->object);
}

/**
 * mesh_editor_get_pending:
 *
 * Whether something is waiting to be sent, on its way, or not yet shown by the watch.
 */
gboolean
mesh_editor_get_pending (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  return self->unsent || self->sent != NULL || self->awaited != NULL;
}

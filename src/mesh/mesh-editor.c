/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor.h"

#include "base-json.h"
#include "kube-error.h"
#include "mesh-conflict.h"
#include "mesh-echo.h"
#include "mesh-undo.h"
#include "mesh-merge.h"
#include "mesh-patch.h"
#include "mesh-request.h"

#define DRAG_INTERVAL_US (200 * G_TIME_SPAN_MILLISECOND)
#define QUIET_MS 150
#define MAX_CONFLICTS 3
#define CONFLICT_MIN_MS 50
#define CONFLICT_MAX_MS 200

enum {
  PROP_0,
  PROP_PENDING,
  PROP_CONFLICT,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  N_PROPS,
};

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
  MeshEcho *echo;
  MeshConflict *conflict; /* (nullable): until the user has decided */

  /* undo */
  MeshUndo *history;
  JsonNode *before; /* (nullable): where the step in progress began */
  gboolean in_drag; /* all of a drag is one step, the last value included */
  int direction;    /* of the step in progress: a MeshUndoDirection, or 0 for a new one */

  gpointer told[N_PROPS]; /* what the properties were when they were last notified of */
};

G_DEFINE_FINAL_TYPE (MeshEditor, mesh_editor, G_TYPE_OBJECT)

static GParamSpec *properties[N_PROPS];

enum {
  DRAFTED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void schedule (MeshEditor *self, guint delay_ms);

/* Tells which properties are others than what was told before. */
static void
notify_state (MeshEditor *self)
{
  gpointer state[N_PROPS] = {
    [PROP_PENDING] = GINT_TO_POINTER (mesh_editor_get_pending (self)),
    [PROP_CONFLICT] = self->conflict,
    [PROP_CAN_UNDO] = GINT_TO_POINTER (mesh_editor_can (self, MESH_UNDO_BACK)),
    [PROP_CAN_REDO] = GINT_TO_POINTER (mesh_editor_can (self, MESH_UNDO_AGAIN)),
  };

  for (guint i = PROP_0 + 1; i < N_PROPS; i++) {
    gboolean same = state[i] == self->told[i];

    self->told[i] = state[i];
    if (!same)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  }
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

/* What was written since the step began is one to take back. */
static void
end_step (MeshEditor *self)
{
  if (self->before != NULL && self->direction == 0)
    mesh_undo_record (self->history, self->before, self->base);
  else if (self->before != NULL)
    mesh_undo_move (self->history, self->direction);
  set_node (&self->before, NULL);
  self->direction = 0;
  self->in_drag = self->dragging;
}

/* Nothing is under way: the next edit begins with what the watch has shown by then. */
static void
settle (MeshEditor *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->unsent = FALSE;
  set_node (&self->draft, NULL);
  set_node (&self->sent, NULL);
  mesh_echo_clear (self->echo);
  if (!self->dragging) {
    set_node (&self->base, NULL);
    set_node (&self->seen, NULL);
  }
  notify_state (self);
  g_signal_emit (self, signals[DRAFTED], 0);
}

/* What was written before it went wrong stays one step; a way back that was not gone is none. */
static void
give_up (MeshEditor *self)
{
  if (self->direction != 0)
    set_node (&self->before, NULL);
  end_step (self);
  self->given_up = self->dragging;
  settle (self);
}

/* Takes @error. */
static void
fail (MeshEditor *self, GError *error)
{
  g_autoptr (GError) owned = error;

  give_up (self);
  g_signal_emit (self, signals[FAILED], 0, owned);
}

static void
check_shown (MeshEditor *self)
{
  if (!self->unsent && self->sent == NULL &&
      mesh_echo_is_shown_by (self->echo, kube_object_get_resource_version (self->object)))
    settle (self);
}

/* @theirs is what the server has instead of the base. */
static void
meet (MeshEditor *self, JsonNode *theirs)
{
  JsonNode *merged = mesh_merge (self->base, self->draft, theirs, MESH_MERGE_CAREFUL, NULL);

  if (merged == NULL) {
    self->conflict = mesh_conflict_new (self->base, self->draft, theirs);
    give_up (self);
    return;
  }
  set_node (&self->draft, merged);
  /* What others did is not taken back with what was done here. */
  set_node (&self->before, mesh_merge (self->base, theirs, self->before, MESH_MERGE_FORCED, NULL));
  set_node (&self->base, json_node_ref (theirs));
  self->unsent = TRUE;
  schedule (self, g_random_int_range (CONFLICT_MIN_MS, CONFLICT_MAX_MS));
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = kube_client_request_finish (self->client, result, &error);

  set_node (&self->sent, NULL);
  if (object != NULL)
    meet (self, object);
  else
    fail (self, g_steal_pointer (&error));
}

/* Takes @object, the server's answer to what was sent. */
static void
take_answer (MeshEditor *self, JsonNode *object)
{
  self->conflicts = 0;
  mesh_echo_await (self->echo, get_version (object));
  set_node (&self->draft, self->unsent
                            ? mesh_merge (self->sent, self->draft, object, MESH_MERGE_FORCED, NULL)
                            : NULL);
  set_node (&self->sent, NULL);
  set_node (&self->base, object);
  if (self->direction != 0 || (!self->dragging && !(self->in_drag && self->unsent)))
    end_step (self);
  if (self->unsent)
    schedule (self, 0);
  else if (!mesh_echo_is_awaited (self->echo))
    settle (self);
  else
    check_shown (self);
  notify_state (self);
}

static void
patched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  JsonNode *object = kube_client_request_finish (self->client, result, &error);

  if (object != NULL)
    take_answer (self, object);
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT) &&
           self->conflicts++ < MAX_CONFLICTS)
    mesh_request_get (self->client, self->base, got_cb, g_object_ref (self));
  else
    fail (self, g_steal_pointer (&error));
}

static void
send (MeshEditor *self)
{
  g_autoptr (JsonNode) patch = mesh_patch_new (self->base, self->draft);

  self->unsent = FALSE;
  if (patch == NULL) {
    set_node (&self->draft, NULL);
    if (mesh_echo_is_awaited (self->echo))
      check_shown (self);
    else
      settle (self);
    return;
  }
  if (self->before == NULL)
    self->before = json_node_ref (self->base);
  mesh_echo_add_older (self->echo, get_version (self->base));
  set_node (&self->sent, json_node_ref (self->draft));
  self->sent_at = g_get_monotonic_time ();
  mesh_request_patch (self->client, self->base, patch, patched_cb, g_object_ref (self));
  notify_state (self);
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
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  mesh_echo_clear (self->echo);
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
    case PROP_CONFLICT:
      g_value_set_string (value, mesh_editor_get_conflict (self));
      break;
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, mesh_editor_can (self, MESH_UNDO_BACK));
      break;
    case PROP_CAN_REDO:
      g_value_set_boolean (value, mesh_editor_can (self, MESH_UNDO_AGAIN));
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
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  mesh_echo_free (self->echo);
  mesh_undo_free (self->history);
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
  properties[PROP_CONFLICT] =
    g_param_spec_string ("conflict", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CAN_REDO] =
    g_param_spec_boolean ("can-redo", NULL, NULL, FALSE,
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
  self->echo = mesh_echo_new ();
  self->history = mesh_undo_new ();
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
  self->in_drag = TRUE;
  notify_state (self);
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

  if (!self->dragging)
    return;
  self->dragging = FALSE;
  self->given_up = FALSE;
  if (self->unsent && self->sent == NULL)
    schedule (self, 0);
  else if (self->sent == NULL)
    end_step (self);
  if (is_idle (self))
    settle (self);
  notify_state (self);
}

/* What is not sent yet is not to be. */
static void
drop_draft (MeshEditor *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->unsent = FALSE;
  self->direction = 0;
  set_node (&self->draft, NULL);
  set_node (&self->seen, json_node_ref (self->base));
  if (!mesh_echo_is_awaited (self->echo)) {
    settle (self);
    return;
  }
  notify_state (self);
  g_signal_emit (self, signals[DRAFTED], 0);
  check_shown (self);
}

/* The user changes something: more of the step in progress, or a new one. */
static void
begin_change (MeshEditor *self)
{
  if (!self->dragging)
    begin_edit (self);
  if (self->sent == NULL)
    self->direction = 0;
}

/* Takes @target. */
static void
want (MeshEditor *self, JsonNode *target, guint quiet_ms)
{
  JsonNode *under = self->draft != NULL ? self->draft : self->base;

  if (self->given_up && self->conflict != NULL)
    mesh_conflict_add (self->conflict, self->seen, target);
  if (!self->given_up) {
    set_node (&self->draft, mesh_merge (self->seen, target, under, MESH_MERGE_FORCED, NULL));
    self->unsent = TRUE;
  }
  set_node (&self->seen, target);
  notify_state (self);
  g_signal_emit (self, signals[DRAFTED], 0);
  if (self->sent != NULL || self->given_up)
    return;
  if (!self->dragging)
    schedule (self, quiet_ms);
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

  begin_change (self);
  service = mesh_virtual_service_new (self->seen, &error);
  if (service != NULL)
    target = mesh_virtual_service_dup_with_weights (service, route, weights, n_weights, &error);
  if (target != NULL)
    want (self, target, QUIET_MS);
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

  begin_change (self);
  want (self, json_node_ref (target), QUIET_MS);
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

  return self->unsent || self->sent != NULL || mesh_echo_is_awaited (self->echo);
}

/**
 * mesh_editor_get_conflict:
 *
 * Returns: (transfer none) (nullable): what someone else did, while the user has not decided
 */
const char *
mesh_editor_get_conflict (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), NULL);

  return self->conflict != NULL ? mesh_conflict_get_text (self->conflict) : NULL;
}

/**
 * mesh_editor_keep_mine:
 *
 * Ends a conflict: what the user has changed is written over what someone else did.
 */
void
mesh_editor_keep_mine (MeshEditor *self)
{
  g_autoptr (MeshConflict) conflict = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));

  if (self->conflict == NULL || self->dragging)
    return;
  conflict = g_steal_pointer (&self->conflict);
  begin_edit (self);
  set_node (&self->base, json_node_ref (mesh_conflict_get_theirs (conflict)));
  set_node (&self->seen, json_node_ref (self->base));
  want (self, mesh_conflict_dup_mine (conflict), 0);
}

/**
 * mesh_editor_take_theirs:
 *
 * Ends a conflict: what someone else did stays.
 */
void
mesh_editor_take_theirs (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  g_clear_pointer (&self->conflict, mesh_conflict_free);
  notify_state (self);
}

/**
 * mesh_editor_can:
 *
 * Returns: whether there is a step to take back, or to do again, and nothing is on its way
 */
gboolean
mesh_editor_can (MeshEditor *self, MeshUndoDirection direction)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  if (self->dragging || self->sent != NULL)
    return FALSE;
  return (self->unsent && direction == MESH_UNDO_BACK) || mesh_undo_can (self->history, direction);
}

/**
 * mesh_editor_step:
 *
 * Takes the last change made here back, or does it again. Where someone else has changed the same
 * since, that is a conflict. What is not sent yet is taken back by not sending it.
 */
void
mesh_editor_step (MeshEditor *self, MeshUndoDirection direction)
{
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (JsonNode) from = NULL;
  g_autoptr (JsonNode) to = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!mesh_editor_can (self, direction))
    return;
  if (self->unsent) {
    drop_draft (self);
    return;
  }
  begin_edit (self);
  mesh_undo_get_step (self->history, direction, &from, &to);
  target = mesh_merge (from, to, self->seen, MESH_MERGE_CAREFUL, NULL);
  if (target != NULL) {
    self->direction = direction;
    want (self, g_steal_pointer (&target), 0);
    g_clear_handle_id (&self->timer, g_source_remove);
    send (self);
  } else {
    self->conflict = mesh_conflict_new (from, to, self->seen);
    settle (self);
  }
}

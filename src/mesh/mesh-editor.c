/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor.h"

#include "mesh-conflict.h"
#include "mesh-merge.h"
#include "mesh-queue.h"
#include "mesh-undo.h"

#define QUIET_MS 150

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
 * What a user does to a VirtualService, as changes in a MeshQueue: drags, bursts of keys and whole
 * changes, each of them one step to take back, and the decision where someone else did the same.
 */
struct _MeshEditor {
  GObject parent_instance;

  KubeObject *object;
  MeshQueue *queue;
  JsonNode *seen; /* (nullable): what the user sees, with the changes; NULL: what the watch shows */
  gboolean dragging;
  gboolean given_up;      /* this drag has failed: what comes of it still is not sent */
  MeshConflict *conflict; /* (nullable): until the user has decided */

  MeshUndo *undo;
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

/* Takes @object. */
static void
set_node (JsonNode **node, JsonNode *object)
{
  g_clear_pointer (node, json_node_unref);
  *node = object;
}

static void
tell_drafted (MeshEditor *self)
{
  notify_state (self);
  g_signal_emit (self, signals[DRAFTED], 0);
}

/* What was written since the step began is one to take back. */
static void
end_step (MeshEditor *self)
{
  if (self->before != NULL && self->direction == 0)
    mesh_undo_record (self->undo, self->before, mesh_queue_get_base (self->queue));
  else if (self->before != NULL)
    mesh_undo_move (self->undo, self->direction);
  set_node (&self->before, NULL);
  self->direction = 0;
  self->in_drag = self->dragging;
}

/* Nothing is under way: the next edit begins with what the watch has shown by then. */
static void
settled_cb (MeshEditor *self)
{
  if (!self->dragging) {
    set_node (&self->seen, NULL);
    set_node (&self->before, NULL);
    self->direction = 0;
  }
  tell_drafted (self);
}

/* What was written before it went wrong stays one step; a way back that was not gone is none. */
static void
give_up (MeshEditor *self)
{
  if (self->direction != 0)
    set_node (&self->before, NULL);
  end_step (self);
  self->given_up = self->dragging;
  mesh_queue_stop (self->queue);
  settled_cb (self);
}

static void
failed_cb (MeshEditor *self, GError *error)
{
  give_up (self);
  g_signal_emit (self, signals[FAILED], 0, error);
}

static void
clashed_cb (MeshEditor *self, JsonNode *theirs)
{
  self->conflict = mesh_conflict_new (mesh_queue_get_base (self->queue),
                                      mesh_queue_get_draft (self->queue), theirs);
  give_up (self);
}

/* What others did is not taken back with what was done here. */
static void
rebased_cb (MeshEditor *self, JsonNode *theirs)
{
  JsonNode *base = mesh_queue_get_base (self->queue);

  if (self->before != NULL)
    set_node (&self->before, mesh_merge (base, theirs, self->before, MESH_MERGE_FORCED, NULL));
}

static void
answered_cb (MeshEditor *self)
{
  gboolean goes_on = self->dragging || (self->in_drag && mesh_queue_is_unsent (self->queue));

  if (self->direction == 0 && goes_on)
    return;
  end_step (self);
  if (mesh_queue_is_unsent (self->queue))
    self->before = json_node_ref (mesh_queue_get_base (self->queue));
}

/* What an edit that begins now is based on: what the user sees. */
static void
begin_edit (MeshEditor *self)
{
  if (mesh_editor_get_pending (self))
    return;
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  set_node (&self->seen, kube_object_ref_json (self->object));
  mesh_queue_begin (self->queue, self->seen);
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

  if (self->queue != NULL)
    mesh_queue_stop (self->queue);
  G_OBJECT_CLASS (mesh_editor_parent_class)->dispose (object);
}

static void
mesh_editor_finalize (GObject *object)
{
  MeshEditor *self = MESH_EDITOR (object);

  g_clear_object (&self->object);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->seen, json_node_unref);
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  mesh_undo_free (self->undo);
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
  self->undo = mesh_undo_new ();
}

static void
connect_queue (MeshEditor *self)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "changed", G_CALLBACK (notify_state) }, { "settled", G_CALLBACK (settled_cb) },
    { "answered", G_CALLBACK (answered_cb) }, { "rebased", G_CALLBACK (rebased_cb) },
    { "clashed", G_CALLBACK (clashed_cb) },   { "failed", G_CALLBACK (failed_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->queue, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
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
  self->object = g_object_ref (virtual_service);
  self->queue = mesh_queue_new (client, virtual_service);
  connect_queue (self);
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
  mesh_queue_set_paced (self->queue, TRUE);
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
  if (!mesh_queue_is_unsent (self->queue) && !mesh_queue_is_sending (self->queue))
    end_step (self);
  mesh_queue_set_paced (self->queue, FALSE);
  if (!mesh_editor_get_pending (self)) {
    mesh_queue_stop (self->queue);
    settled_cb (self);
  }
  notify_state (self);
}

/* The user changes something: more of the step in progress, or a new one. */
static void
begin_change (MeshEditor *self)
{
  if (!self->dragging)
    begin_edit (self);
  if (!mesh_queue_is_sending (self->queue))
    self->direction = 0;
}

/* Takes @target. */
static void
want (MeshEditor *self, JsonNode *target, guint quiet_ms)
{
  if (self->given_up && self->conflict != NULL)
    mesh_conflict_add (self->conflict, self->seen, target);
  if (!self->given_up) {
    if (self->before == NULL)
      self->before = json_node_ref (mesh_queue_get_base (self->queue));
    mesh_queue_put (self->queue, self->seen, target, quiet_ms);
  }
  set_node (&self->seen, target);
  tell_drafted (self);
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
    failed_cb (self, error);
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
 * mesh_editor_flush:
 *
 * What waits for more keys to come goes out now.
 */
void
mesh_editor_flush (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!self->dragging)
    mesh_queue_flush (self->queue);
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

  return mesh_queue_is_pending (self->queue);
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
  set_node (&self->seen, json_node_ref (mesh_conflict_get_theirs (conflict)));
  mesh_queue_begin (self->queue, self->seen);
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

  if (self->dragging || mesh_queue_is_sending (self->queue))
    return FALSE;
  if (mesh_queue_is_unsent (self->queue))
    return direction == MESH_UNDO_BACK;
  return mesh_undo_can (self->undo, direction);
}

/* What is not sent yet is not to be. */
static void
drop (MeshEditor *self)
{
  set_node (&self->before, NULL);
  self->direction = 0;
  set_node (&self->seen, json_node_ref (mesh_queue_get_base (self->queue)));
  mesh_queue_drop (self->queue);
  tell_drafted (self);
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
  g_autoptr (JsonNode) from = NULL;
  g_autoptr (JsonNode) to = NULL;
  JsonNode *target = NULL;

  g_return_if_fail (MESH_IS_EDITOR (self));

  if (!mesh_editor_can (self, direction))
    return;
  if (mesh_queue_is_unsent (self->queue)) {
    drop (self);
    return;
  }
  begin_edit (self);
  mesh_undo_get_step (self->undo, direction, &from, &to);
  target = mesh_merge (from, to, self->seen, MESH_MERGE_CAREFUL, NULL);
  if (target != NULL) {
    self->direction = direction;
    want (self, target, 0);
    mesh_queue_flush (self->queue);
  } else {
    self->conflict = mesh_conflict_new (from, to, self->seen);
    mesh_queue_stop (self->queue);
    settled_cb (self);
  }
}

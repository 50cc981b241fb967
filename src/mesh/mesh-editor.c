/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-editor-private.h"

#define QUIET_MS 150
/* Who is about to be asked may still be pressing keys, which would go to the question. */
#define ASK_QUIET_MS 600

G_DEFINE_FINAL_TYPE (MeshEditor, mesh_editor, G_TYPE_OBJECT)

static GParamSpec *properties[MESH_EDITOR_N_PROPS];

enum {
  DRAFTED,
  FAILED,
  REVIEW,
  HELD,
  DROPPED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Tells which properties are others than what was told before. */
void
mesh_editor_notify_state (MeshEditor *self)
{
  gpointer state[MESH_EDITOR_N_PROPS] = {
    [MESH_EDITOR_PROP_PENDING] = GINT_TO_POINTER (mesh_editor_get_pending (self)),
    [MESH_EDITOR_PROP_CONFLICT] = self->conflict,
    [MESH_EDITOR_PROP_CAN_UNDO] = GINT_TO_POINTER (mesh_editor_can (self, MESH_UNDO_BACK)),
    [MESH_EDITOR_PROP_CAN_REDO] = GINT_TO_POINTER (mesh_editor_can (self, MESH_UNDO_AGAIN)),
  };

  for (guint i = MESH_EDITOR_PROP_0 + 1; i < MESH_EDITOR_N_PROPS; i++) {
    gboolean same = state[i] == self->told[i];

    self->told[i] = state[i];
    if (!same)
      g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
  }
}

/* Takes @seen (nullable). */
void
mesh_editor_set_seen (MeshEditor *self, JsonNode *seen)
{
  g_clear_pointer (&self->seen, json_node_unref);
  self->seen = seen;
}

void
mesh_editor_tell_drafted (MeshEditor *self)
{
  mesh_editor_notify_state (self);
  g_signal_emit (self, signals[DRAFTED], 0);
}

void
mesh_editor_tell_dropped (MeshEditor *self)
{
  g_clear_pointer (&self->loss, g_free);
  g_signal_emit (self, signals[DROPPED], 0);
}

/* TRUE: the user is to be asked before it is sent. */
gboolean
mesh_editor_ask_review (MeshEditor *self, JsonNode *before, JsonNode *after)
{
  gboolean held = FALSE;

  g_signal_emit (self, signals[REVIEW], 0, before, after, &held);
  return held;
}

static void
held_cb (MeshEditor *self)
{
  g_signal_emit (self, signals[HELD], 0);
}

/* Nothing is under way: the next edit begins with what the watch has shown by then. */
void
mesh_editor_settle (MeshEditor *self)
{
  if (!mesh_step_get_dragging (self->step)) {
    mesh_editor_set_seen (self, NULL);
    mesh_step_forget (self->step);
  }
  mesh_editor_tell_drafted (self);
}

static void
give_up (MeshEditor *self)
{
  mesh_step_give_up (self->step, mesh_queue_get_base (self->queue));
  self->given_up = mesh_step_get_dragging (self->step);
  mesh_queue_stop (self->queue);
  mesh_editor_settle (self);
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
  int direction = mesh_step_get_direction (self->step);

  mesh_editor_clash (self, direction, mesh_queue_get_base (self->queue),
                     mesh_queue_get_draft (self->queue), theirs);
  give_up (self);
}

static void
rebased_cb (MeshEditor *self, JsonNode *theirs)
{
  mesh_step_rebase (self->step, mesh_queue_get_base (self->queue), theirs);
}

static void
answered_cb (MeshEditor *self)
{
  mesh_step_answer (self->step, mesh_queue_get_base (self->queue),
                    mesh_queue_is_unsent (self->queue));
  if (self->is_refused)
    mesh_editor_refuse (self);
}

/* What an edit that begins now is based on: what the user sees. */
void
mesh_editor_begin (MeshEditor *self)
{
  if (mesh_editor_get_pending (self))
    return;
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  mesh_editor_set_seen (self, kube_object_ref_json (self->object));
  mesh_queue_begin (self->queue, self->seen);
}

static void
mesh_editor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  MeshEditor *self = MESH_EDITOR (object);

  switch (id) {
    case MESH_EDITOR_PROP_PENDING:
      g_value_set_boolean (value, mesh_editor_get_pending (self));
      break;
    case MESH_EDITOR_PROP_CONFLICT:
      g_value_set_string (value, mesh_editor_get_conflict (self));
      break;
    case MESH_EDITOR_PROP_CAN_UNDO:
      g_value_set_boolean (value, mesh_editor_can (self, MESH_UNDO_BACK));
      break;
    case MESH_EDITOR_PROP_CAN_REDO:
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

  if (self->queue != NULL) {
    /* what was answered can be taken back over the next connection */
    mesh_step_give_up (self->step, mesh_queue_get_base (self->queue));
    mesh_queue_stop (self->queue);
  }
  G_OBJECT_CLASS (mesh_editor_parent_class)->dispose (object);
}

static void
mesh_editor_finalize (GObject *object)
{
  MeshEditor *self = MESH_EDITOR (object);

  g_clear_object (&self->object);
  g_clear_object (&self->queue);
  g_clear_pointer (&self->seen, json_node_unref);
  g_clear_pointer (&self->conflict, mesh_conflict_free);
  g_clear_pointer (&self->loss, g_free);
  g_clear_pointer (&self->step, mesh_step_free);
  g_clear_pointer (&self->undo, mesh_undo_unref);
  G_OBJECT_CLASS (mesh_editor_parent_class)->finalize (object);
}

static void
install_signals (void)
{
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

  /**
   * MeshEditor::review:
   * @before: a #JsonNode: what the server has
   * @after: a #JsonNode: what it is to have
   *
   * Returns: whether the user is to be asked before it is sent
   */
  signals[REVIEW] = g_signal_new ("review", MESH_TYPE_EDITOR, G_SIGNAL_RUN_LAST, 0,
                                  g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 2,
                                  JSON_TYPE_NODE, JSON_TYPE_NODE);

  /**
   * MeshEditor::held:
   *
   * The hand is off, and what it left waits for mesh_editor_agree() or mesh_editor_refuse().
   */
  signals[HELD] =
    g_signal_new ("held", MESH_TYPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  /**
   * MeshEditor::dropped:
   *
   * What was wanted and not sent yet is not to be.
   */
  signals[DROPPED] = g_signal_new ("dropped", MESH_TYPE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mesh_editor_class_init (MeshEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = mesh_editor_get_property;
  object_class->dispose = mesh_editor_dispose;
  object_class->finalize = mesh_editor_finalize;

  properties[MESH_EDITOR_PROP_PENDING] =
    g_param_spec_boolean ("pending", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[MESH_EDITOR_PROP_CONFLICT] =
    g_param_spec_string ("conflict", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[MESH_EDITOR_PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[MESH_EDITOR_PROP_CAN_REDO] =
    g_param_spec_boolean ("can-redo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, MESH_EDITOR_N_PROPS, properties);
  install_signals ();
}

static void
mesh_editor_init (MeshEditor *self)
{
}

static void
connect_queue (MeshEditor *self)
{
  static const struct {
    const char *signal;
    GCallback callback;
  } handlers[] = {
    { "changed", G_CALLBACK (mesh_editor_notify_state) },
    { "settled", G_CALLBACK (mesh_editor_settle) },
    { "answered", G_CALLBACK (answered_cb) },
    { "rebased", G_CALLBACK (rebased_cb) },
    { "clashed", G_CALLBACK (clashed_cb) },
    { "failed", G_CALLBACK (failed_cb) },
    { "held", G_CALLBACK (held_cb) },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_connect_object (self->queue, handlers[i].signal, handlers[i].callback, self,
                             G_CONNECT_SWAPPED);
}

/**
 * mesh_editor_new:
 * @virtual_service: kept up to date by its list
 * @undo: (nullable): what was changed of it here before; kept
 */
MeshEditor *
mesh_editor_new (KubeClient *client, KubeObject *virtual_service, MeshUndo *undo)
{
  MeshEditor *self = NULL;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (KUBE_IS_OBJECT (virtual_service), NULL);

  self = g_object_new (MESH_TYPE_EDITOR, NULL);
  self->object = g_object_ref (virtual_service);
  self->undo = undo != NULL ? mesh_undo_ref (undo) : mesh_undo_new ();
  self->step = mesh_step_new (self->undo);
  self->queue = mesh_queue_new (client, virtual_service);
  connect_queue (self);
  return self;
}

/**
 * mesh_editor_is_of:
 *
 * Returns: whether @virtual_service is what is changed here, whichever list it is from
 */
gboolean
mesh_editor_is_of (MeshEditor *self, KubeObject *virtual_service)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);
  g_return_val_if_fail (KUBE_IS_OBJECT (virtual_service), FALSE);

  return self->object == virtual_service ||
         (kube_object_get_uid (self->object) != NULL &&
          g_strcmp0 (kube_object_get_uid (self->object), kube_object_get_uid (virtual_service)) ==
            0);
}

/**
 * mesh_editor_rebind:
 * @client: of another connection
 * @virtual_service: the same one, kept up to date by another list
 *
 * Goes on over another connection: with what is not saved yet, with what the user has to decide and
 * with all that can be taken back.
 */
void
mesh_editor_rebind (MeshEditor *self, KubeClient *client, KubeObject *virtual_service)
{
  g_return_if_fail (MESH_IS_EDITOR (self));
  g_return_if_fail (mesh_editor_is_of (self, virtual_service));

  g_set_object (&self->object, virtual_service);
  mesh_queue_rebind (self->queue, client, virtual_service);
}

void
mesh_editor_begin_drag (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  mesh_editor_begin (self);
  self->given_up = FALSE;
  mesh_step_begin_drag (self->step);
  mesh_queue_set_paced (self->queue, TRUE);
  mesh_editor_notify_state (self);
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

  if (!mesh_step_get_dragging (self->step))
    return;
  mesh_step_end_drag (self->step);
  self->given_up = FALSE;
  if (!mesh_queue_is_unsent (self->queue) && !mesh_queue_is_sending (self->queue))
    mesh_step_end (self->step, mesh_queue_get_base (self->queue));
  mesh_queue_set_paced (self->queue, FALSE);
  if (!mesh_editor_get_pending (self)) {
    mesh_queue_stop (self->queue);
    mesh_editor_settle (self);
  }
  mesh_editor_notify_state (self);
}

/* The user changes something: more of the step in progress, or a new one. */
static void
begin_change (MeshEditor *self)
{
  if (!mesh_step_get_dragging (self->step))
    mesh_editor_begin (self);
  if (!mesh_queue_is_sending (self->queue))
    mesh_step_turn (self->step, 0);
}

/* Takes @target. @ask_quiet_ms: how long nothing else must come before the user is asked, where
 * that has to be. */
void
mesh_editor_want (MeshEditor *self, JsonNode *target, guint quiet_ms, guint ask_quiet_ms)
{
  if (self->given_up && self->conflict != NULL)
    mesh_conflict_add (self->conflict, self->seen, target);
  if (!self->given_up) {
    mesh_step_begin (self->step, mesh_queue_get_base (self->queue));
    mesh_editor_review (self, target);
    mesh_queue_put (self->queue, self->seen, target,
                    mesh_editor_get_held (self) ? ask_quiet_ms : quiet_ms);
  }
  mesh_editor_set_seen (self, target);
  mesh_editor_tell_drafted (self);
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
    mesh_editor_want (self, target, QUIET_MS, ASK_QUIET_MS);
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
  mesh_editor_want (self, json_node_ref (target), QUIET_MS, 0);
}

/**
 * mesh_editor_flush:
 *
 * What waits for more keys to come goes out now; what the user has not agreed to is dropped.
 */
void
mesh_editor_flush (MeshEditor *self)
{
  g_return_if_fail (MESH_IS_EDITOR (self));

  if (mesh_step_get_dragging (self->step))
    return;
  if (mesh_editor_get_held (self))
    mesh_editor_refuse (self);
  else
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
 * mesh_editor_get_changing:
 *
 * Returns: whether the user holds a slider, or something is pending
 */
gboolean
mesh_editor_get_changing (MeshEditor *self)
{
  g_return_val_if_fail (MESH_IS_EDITOR (self), FALSE);

  return mesh_step_get_dragging (self->step) || mesh_editor_get_pending (self);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-queue.h"

#include "base-json.h"
#include "kube-error.h"
#include "mesh-echo.h"
#include "mesh-merge.h"
#include "mesh-patch.h"
#include "mesh-request.h"

#define PACE_US (200 * G_TIME_SPAN_MILLISECOND)
#define MAX_CONFLICTS 3
#define CONFLICT_MIN_MS 50
#define CONFLICT_MAX_MS 200

/**
 * MeshQueue:
 *
 * It holds on to the object as the user saw it: @base moves on with our own writes only, so that
 * what someone else writes meanwhile is found by the server, and is told instead of overwritten.
 */
struct _MeshQueue {
  GObject parent_instance;

  KubeClient *client;
  KubeObject *object;
  JsonNode *base;  /* (nullable): what the server has, as far as is known */
  JsonNode *draft; /* (nullable): what it is to have */
  JsonNode *sent;  /* (nullable): the draft in flight */
  gboolean unsent; /* the draft is newer than what was sent */
  gboolean paced;  /* values come by the dozen */
  gboolean held;   /* what is unsent is not to be sent yet */
  guint conflicts;
  gint64 sent_at;
  guint timer;
  MeshEcho *echo;
};

G_DEFINE_FINAL_TYPE (MeshQueue, mesh_queue, G_TYPE_OBJECT)

enum {
  CHANGED,
  SETTLED,
  ANSWERED,
  REBASED,
  CLASHED,
  FAILED,
  HELD,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void schedule (MeshQueue *self, guint delay_ms);

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

static void
settle (MeshQueue *self)
{
  mesh_queue_stop (self);
  g_signal_emit (self, signals[SETTLED], 0);
}

static void
check_shown (MeshQueue *self)
{
  if (!self->unsent && self->sent == NULL &&
      mesh_echo_is_shown_by (self->echo, kube_object_get_resource_version (self->object)))
    settle (self);
}

/* Nothing is left to be sent: what was sent is waited for. */
static void
rest (MeshQueue *self)
{
  if (mesh_echo_is_awaited (self->echo))
    check_shown (self);
  else
    settle (self);
}

/* @theirs is what the server has instead of the base. */
static void
meet (MeshQueue *self, JsonNode *theirs)
{
  JsonNode *merged = mesh_merge (self->base, self->draft, theirs, MESH_MERGE_CAREFUL, NULL);

  if (merged == NULL) {
    g_signal_emit (self, signals[CLASHED], 0, theirs);
    return;
  }
  g_signal_emit (self, signals[REBASED], 0, theirs);
  set_node (&self->draft, merged);
  set_node (&self->base, json_node_ref (theirs));
  self->unsent = TRUE;
  schedule (self, g_random_int_range (CONFLICT_MIN_MS, CONFLICT_MAX_MS));
}

/* Whoever waited for an answer has gone. */
static gboolean
is_stopped (MeshQueue *self)
{
  return self->sent == NULL;
}

static void
got_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshQueue) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = kube_client_request_finish (KUBE_CLIENT (source), result, &error);

  if (is_stopped (self))
    return;
  set_node (&self->sent, NULL);
  if (object != NULL)
    meet (self, object);
  else
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* Takes @object, the server's answer to what was sent. */
static void
take_answer (MeshQueue *self, JsonNode *object)
{
  self->conflicts = 0;
  mesh_echo_await (self->echo, get_version (object));
  set_node (&self->draft, self->unsent
                            ? mesh_merge (self->sent, self->draft, object, MESH_MERGE_FORCED, NULL)
                            : NULL);
  set_node (&self->sent, NULL);
  set_node (&self->base, object);
  g_signal_emit (self, signals[ANSWERED], 0);
  if (self->unsent)
    schedule (self, 0);
  else
    rest (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
patched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshQueue) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = kube_client_request_finish (KUBE_CLIENT (source), result, &error);

  if (is_stopped (self))
    return;
  if (object != NULL)
    take_answer (self, g_steal_pointer (&object));
  else if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_CONFLICT) &&
           self->conflicts++ < MAX_CONFLICTS)
    mesh_request_get (self->client, self->base, got_cb, g_object_ref (self));
  else
    g_signal_emit (self, signals[FAILED], 0, error);
}

static void
send (MeshQueue *self)
{
  g_autoptr (JsonNode) patch = mesh_patch_new (self->base, self->draft);

  self->unsent = FALSE;
  if (patch == NULL) {
    set_node (&self->draft, NULL);
    rest (self);
    return;
  }
  mesh_echo_add_older (self->echo, get_version (self->base));
  set_node (&self->sent, json_node_ref (self->draft));
  self->sent_at = g_get_monotonic_time ();
  mesh_request_patch (self->client, self->base, patch, patched_cb, g_object_ref (self));
  g_signal_emit (self, signals[CHANGED], 0);
}

/* While values come by the dozen the next one may need no question any more. */
static void
send_unless_held (MeshQueue *self)
{
  if (!self->unsent || self->sent != NULL)
    return;
  if (!self->held)
    send (self);
  else if (!self->paced)
    g_signal_emit (self, signals[HELD], 0);
}

static gboolean
send_cb (gpointer user_data)
{
  MeshQueue *self = MESH_QUEUE (user_data);

  self->timer = 0;
  send_unless_held (self);
  return G_SOURCE_REMOVE;
}

/* Where values come by the dozen there is one request in 200 ms at most. */
static void
schedule (MeshQueue *self, guint delay_ms)
{
  gint64 passed = g_get_monotonic_time () - self->sent_at;

  if (self->paced && self->sent_at != 0 && passed < PACE_US)
    delay_ms = MAX (delay_ms, (PACE_US - passed) / 1000 + 1);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, send_cb, self);
  g_source_set_name_by_id (self->timer, "[mesh] send a change");
}

static void
mesh_queue_dispose (GObject *object)
{
  MeshQueue *self = MESH_QUEUE (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  G_OBJECT_CLASS (mesh_queue_parent_class)->dispose (object);
}

static void
mesh_queue_finalize (GObject *object)
{
  MeshQueue *self = MESH_QUEUE (object);

  g_clear_object (&self->client);
  g_clear_object (&self->object);
  g_clear_pointer (&self->base, json_node_unref);
  g_clear_pointer (&self->draft, json_node_unref);
  g_clear_pointer (&self->sent, json_node_unref);
  mesh_echo_free (self->echo);
  G_OBJECT_CLASS (mesh_queue_parent_class)->finalize (object);
}

static guint
new_signal (const char *name, GType argument)
{
  return g_signal_new (name, MESH_TYPE_QUEUE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                       argument != G_TYPE_NONE ? 1 : 0, argument);
}

static void
mesh_queue_class_init (MeshQueueClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = mesh_queue_dispose;
  G_OBJECT_CLASS (klass)->finalize = mesh_queue_finalize;

  signals[CHANGED] = new_signal ("changed", G_TYPE_NONE);
  signals[SETTLED] = new_signal ("settled", G_TYPE_NONE);
  signals[ANSWERED] = new_signal ("answered", G_TYPE_NONE);
  signals[REBASED] = new_signal ("rebased", JSON_TYPE_NODE);
  signals[CLASHED] = new_signal ("clashed", JSON_TYPE_NODE);
  signals[FAILED] = new_signal ("failed", G_TYPE_ERROR);
  signals[HELD] = new_signal ("held", G_TYPE_NONE);
}

static void
mesh_queue_init (MeshQueue *self)
{
  self->echo = mesh_echo_new ();
}

/**
 * mesh_queue_new:
 * @virtual_service: kept up to date by its list
 */
MeshQueue *
mesh_queue_new (KubeClient *client, KubeObject *virtual_service)
{
  MeshQueue *self = NULL;

  g_return_val_if_fail (KUBE_IS_CLIENT (client), NULL);
  g_return_val_if_fail (KUBE_IS_OBJECT (virtual_service), NULL);

  self = g_object_new (MESH_TYPE_QUEUE, NULL);
  mesh_queue_rebind (self, client, virtual_service);
  return self;
}

/**
 * mesh_queue_rebind:
 * @client: whom to ask from now on; what is in flight is answered by the last one
 * @virtual_service: the same one, kept up to date by another list
 */
void
mesh_queue_rebind (MeshQueue *self, KubeClient *client, KubeObject *virtual_service)
{
  g_return_if_fail (MESH_IS_QUEUE (self));
  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (KUBE_IS_OBJECT (virtual_service));

  g_set_object (&self->client, client);
  if (self->object == virtual_service)
    return;
  if (self->object != NULL)
    g_signal_handlers_disconnect_by_data (self->object, self);
  g_set_object (&self->object, virtual_service);
  g_signal_connect_object (virtual_service, "changed", G_CALLBACK (check_shown), self,
                           G_CONNECT_SWAPPED);
  check_shown (self);
}

/**
 * mesh_queue_begin:
 * @base: what the user sees; kept
 *
 * To be called while nothing is pending, and before the first change.
 */
void
mesh_queue_begin (MeshQueue *self, JsonNode *base)
{
  g_return_if_fail (MESH_IS_QUEUE (self));
  g_return_if_fail (base != NULL);

  mesh_echo_clear (self->echo);
  self->conflicts = 0;
  set_node (&self->base, json_node_ref (base));
}

/**
 * mesh_queue_put:
 * @from: what the user saw
 * @to: what the user made of it
 * @quiet_ms: how long nothing else must come before it is sent, where it is not paced
 */
void
mesh_queue_put (MeshQueue *self, JsonNode *from, JsonNode *to, guint quiet_ms)
{
  JsonNode *under = NULL;

  g_return_if_fail (MESH_IS_QUEUE (self));
  g_return_if_fail (self->base != NULL);

  under = self->draft != NULL ? self->draft : self->base;
  set_node (&self->draft, mesh_merge (from, to, under, MESH_MERGE_FORCED, NULL));
  self->unsent = TRUE;
  if (self->sent == NULL && !self->paced)
    schedule (self, quiet_ms);
  else if (self->sent == NULL && self->timer == 0)
    schedule (self, 0);
}

/**
 * mesh_queue_flush:
 *
 * What is unsent goes out now, where nothing is in flight.
 */
void
mesh_queue_flush (MeshQueue *self)
{
  g_return_if_fail (MESH_IS_QUEUE (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  send_unless_held (self);
}

/**
 * mesh_queue_drop:
 *
 * What is not sent yet, and nothing is in flight before it, is not to be.
 */
void
mesh_queue_drop (MeshQueue *self)
{
  g_return_if_fail (MESH_IS_QUEUE (self));

  if (!self->unsent || self->sent != NULL)
    return;
  g_clear_handle_id (&self->timer, g_source_remove);
  self->unsent = FALSE;
  self->held = FALSE;
  set_node (&self->draft, NULL);
  rest (self);
}

/**
 * mesh_queue_stop:
 *
 * Forgets all that is under way. The base stays while values come by the dozen.
 */
void
mesh_queue_stop (MeshQueue *self)
{
  g_return_if_fail (MESH_IS_QUEUE (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  self->unsent = FALSE;
  self->held = FALSE;
  set_node (&self->draft, NULL);
  set_node (&self->sent, NULL);
  mesh_echo_clear (self->echo);
  if (!self->paced)
    set_node (&self->base, NULL);
}

/**
 * mesh_queue_set_paced:
 * @paced: whether values come by the dozen. The last one goes out once they do not any more.
 */
void
mesh_queue_set_paced (MeshQueue *self, gboolean paced)
{
  g_return_if_fail (MESH_IS_QUEUE (self));

  self->paced = paced;
  if (!paced && self->unsent && self->sent == NULL)
    schedule (self, 0);
}

/**
 * mesh_queue_set_held:
 * @held: whether what is unsent waits, however long; "held" tells when it would have been sent
 */
void
mesh_queue_set_held (MeshQueue *self, gboolean held)
{
  g_return_if_fail (MESH_IS_QUEUE (self));

  self->held = held;
}

gboolean
mesh_queue_get_held (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), FALSE);

  return self->held;
}

/**
 * mesh_queue_get_base:
 *
 * Returns: (transfer none) (nullable): what the server has, as far as is known
 */
JsonNode *
mesh_queue_get_base (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), NULL);

  return self->base;
}

/**
 * mesh_queue_get_draft:
 *
 * Returns: (transfer none) (nullable): what it is to have; NULL where it has it
 */
JsonNode *
mesh_queue_get_draft (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), NULL);

  return self->draft;
}

/**
 * mesh_queue_is_pending:
 *
 * Whether something is waiting to be sent, on its way, or not yet shown by the watch.
 */
gboolean
mesh_queue_is_pending (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), FALSE);

  return self->unsent || self->sent != NULL || mesh_echo_is_awaited (self->echo);
}

gboolean
mesh_queue_is_unsent (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), FALSE);

  return self->unsent;
}

gboolean
mesh_queue_is_sending (MeshQueue *self)
{
  g_return_val_if_fail (MESH_IS_QUEUE (self), FALSE);

  return self->sent != NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-port-forward.h"

#include <string.h>

#include "base-metadata.h"
#include "practice-spdy-connection.h"
#include "practice-wire.h"

/* What a client may send before its connection is there. */
#define MAX_EARLY (256 * 1024)

#define MAX_FORWARDS 128

struct _PracticePortForward {
  GObject parent_instance;
  PracticeContainerRuntime *runtime;
  JsonNode *pod;
  PracticeSpdyConnection *connection;
  GCancellable *cancellable;
  GHashTable *forwards; /* "requestid" to Forward */
  gboolean is_over;
};

G_DEFINE_FINAL_TYPE (PracticePortForward, practice_port_forward, G_TYPE_OBJECT)

/* One connection to the pod: a stream for its bytes, and one that says why there is none. */
typedef struct {
  PracticePortForward *owner; /* (unowned): NULL once it is forgotten */
  char *id;
  guint16 port;
  guint data_stream;  /* 0: not opened yet */
  guint error_stream; /* likewise */
  GPtrArray *early;   /* of GBytes: came before the connection was there */
  gsize early_size;
  gboolean in_ended;
  gboolean out_ended;
  PracticeWire *wire; /* (nullable) */
} Forward;

static void
forward_clear (gpointer data)
{
  Forward *self = data;

  if (self->wire != NULL)
    practice_wire_close (self->wire);
  g_clear_object (&self->wire);
  g_clear_pointer (&self->early, g_ptr_array_unref);
  g_clear_pointer (&self->id, g_free);
}

/* Its connection ends, and whoever still waits for it finds it without an owner. */
static void
forward_forget (gpointer data)
{
  Forward *self = data;

  if (self->wire != NULL) {
    g_signal_handlers_disconnect_by_data (self->wire, self);
    practice_wire_finish (self->wire);
  }
  self->owner = NULL;
  g_rc_box_release_full (self, forward_clear);
}

/* Gives up the reference that kept it alive. */
static void
end (PracticePortForward *self)
{
  g_autoptr (PracticePortForward) alive = NULL;

  if (self->is_over)
    return;
  self->is_over = TRUE;
  alive = self;
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_hash_table_remove_all (self->forwards);
  practice_spdy_connection_finish (self->connection);
}

static void
check_over (Forward *forward)
{
  PracticePortForward *self = forward->owner;

  if (!forward->in_ended || !forward->out_ended)
    return;
  practice_spdy_connection_end (self->connection, forward->error_stream);
  g_hash_table_remove (self->forwards, forward->id);
}

/* In the words of the container runtime of then, which forwarded by socat(1). */
static void
fail (Forward *forward, const GError *error)
{
  PracticePortForward *self = forward->owner;
  const char *why = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED)
                      ? "Connection refused"
                      : error->message;
  char *text = g_strdup_printf (
    "error forwarding port %u to pod %s, uid : exit status 1: socat E connect(5, AF=2 "
    "127.0.0.1:%u, 16): %s\n",
    forward->port, base_metadata_get_name (self->pod), forward->port, why);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  practice_spdy_connection_send (self->connection, forward->error_stream, bytes);
  practice_spdy_connection_end (self->connection, forward->error_stream);
  practice_spdy_connection_reset (self->connection, forward->data_stream);
  g_hash_table_remove (self->forwards, forward->id);
}

static void
wire_data_cb (PracticeWire *wire, GBytes *bytes, Forward *forward)
{
  PracticePortForward *self = forward->owner;

  practice_spdy_connection_send (self->connection, forward->data_stream, bytes);
  if (practice_spdy_connection_is_full (self->connection))
    practice_wire_set_reading (wire, FALSE);
}

static void
wire_end_cb (PracticeWire *wire, Forward *forward)
{
  forward->out_ended = TRUE;
  practice_spdy_connection_end (forward->owner->connection, forward->data_stream);
  check_over (forward);
}

static void
wire_drained_cb (PracticeWire *wire, Forward *forward)
{
  practice_spdy_connection_set_reading (forward->owner->connection, TRUE);
}

/* The pod takes no more. */
static void
wire_closed_cb (PracticeWire *wire, Forward *forward)
{
  PracticePortForward *self = forward->owner;

  practice_spdy_connection_end (self->connection, forward->error_stream);
  practice_spdy_connection_reset (self->connection, forward->data_stream);
  g_hash_table_remove (self->forwards, forward->id);
}

static void
join (Forward *forward, GIOStream *stream)
{
  forward->wire = practice_wire_new (stream);
  g_signal_connect (forward->wire, "data", G_CALLBACK (wire_data_cb), forward);
  g_signal_connect (forward->wire, "end", G_CALLBACK (wire_end_cb), forward);
  g_signal_connect (forward->wire, "drained", G_CALLBACK (wire_drained_cb), forward);
  g_signal_connect (forward->wire, "closed", G_CALLBACK (wire_closed_cb), forward);
  for (guint i = 0; i < forward->early->len; i++)
    practice_wire_send (forward->wire, forward->early->pdata[i]);
  g_ptr_array_set_size (forward->early, 0);
  if (forward->in_ended)
    practice_wire_end_output (forward->wire);
  practice_wire_set_reading (forward->wire, TRUE);
  practice_spdy_connection_set_reading (forward->owner->connection, TRUE);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Forward *forward = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GIOStream) stream =
    practice_container_runtime_connect_finish (PRACTICE_CONTAINER_RUNTIME (source), result, &error);

  if (forward->owner != NULL && stream != NULL)
    join (forward, stream);
  else if (forward->owner != NULL)
    fail (forward, error);
  else if (stream != NULL)
    g_io_stream_close_async (stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_rc_box_release_full (forward, forward_clear);
}

static Forward *
ensure (PracticePortForward *self, const char *id, guint16 port)
{
  Forward *forward = g_hash_table_lookup (self->forwards, id);

  if (forward != NULL || g_hash_table_size (self->forwards) >= MAX_FORWARDS)
    return forward;
  forward = g_rc_box_new0 (Forward);
  forward->owner = self;
  forward->id = g_strdup (id);
  forward->port = port;
  forward->early = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_hash_table_insert (self->forwards, forward->id, forward);
  return forward;
}

static gboolean
note_stream (PracticePortForward *self, Forward *forward, guint stream, const char *type)
{
  guint *place = g_strcmp0 (type, "data") == 0    ? &forward->data_stream
                 : g_strcmp0 (type, "error") == 0 ? &forward->error_stream
                                                  : NULL;

  if (place == NULL || *place != 0)
    return FALSE;
  *place = stream;
  return TRUE;
}

static void
opened_cb (PracticeSpdyConnection *connection,
           guint stream,
           GHashTable *headers,
           PracticePortForward *self)
{
  const char *port_text = g_hash_table_lookup (headers, "port");
  const char *id = g_hash_table_lookup (headers, "requestid");
  Forward *forward = NULL;
  guint64 port;

  if (id == NULL)
    id = "";
  if (port_text != NULL && g_ascii_string_to_unsigned (port_text, 10, 1, G_MAXUINT16, &port, NULL))
    forward = ensure (self, id, (guint16)port);
  if (forward == NULL ||
      !note_stream (self, forward, stream, g_hash_table_lookup (headers, "streamtype"))) {
    practice_spdy_connection_reset (connection, stream);
    return;
  }
  if (forward->data_stream != 0 && forward->error_stream != 0)
    practice_container_runtime_connect_async (self->runtime, self->pod, forward->port,
                                              self->cancellable, connected_cb,
                                              g_rc_box_acquire (forward));
}

static Forward *
find_by_data (PracticePortForward *self, guint stream)
{
  GHashTableIter iter;
  Forward *forward;

  g_hash_table_iter_init (&iter, self->forwards);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&forward))
    if (forward->data_stream == stream)
      return forward;
  return NULL;
}

static void
data_cb (PracticeSpdyConnection *connection, guint stream, GBytes *bytes, PracticePortForward *self)
{
  Forward *forward = find_by_data (self, stream);

  if (forward == NULL)
    return;
  if (forward->wire != NULL) {
    practice_wire_send (forward->wire, bytes);
    if (practice_wire_is_full (forward->wire))
      practice_spdy_connection_set_reading (connection, FALSE);
    return;
  }
  g_ptr_array_add (forward->early, g_bytes_ref (bytes));
  forward->early_size += g_bytes_get_size (bytes);
  if (forward->early_size > MAX_EARLY)
    practice_spdy_connection_set_reading (connection, FALSE);
}

static void
ended_cb (PracticeSpdyConnection *connection, guint stream, PracticePortForward *self)
{
  Forward *forward = find_by_data (self, stream);

  if (forward == NULL)
    return;
  forward->in_ended = TRUE;
  if (forward->wire != NULL)
    practice_wire_end_output (forward->wire);
  check_over (forward);
}

static void
reset_cb (PracticeSpdyConnection *connection, guint stream, PracticePortForward *self)
{
  Forward *forward = find_by_data (self, stream);

  if (forward == NULL)
    return;
  practice_spdy_connection_end (connection, forward->error_stream);
  g_hash_table_remove (self->forwards, forward->id);
}

static void
drained_cb (PracticeSpdyConnection *connection, PracticePortForward *self)
{
  GHashTableIter iter;
  Forward *forward;

  g_hash_table_iter_init (&iter, self->forwards);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&forward))
    if (forward->wire != NULL)
      practice_wire_set_reading (forward->wire, TRUE);
}

static void
closed_cb (PracticeSpdyConnection *connection, PracticePortForward *self)
{
  end (self);
}

static void
pod_event_cb (PracticeStore *store,
              PracticeEventType type,
              const char *resource,
              JsonNode *pod,
              JsonNode *old,
              PracticePortForward *self)
{
  if (type == PRACTICE_EVENT_DELETED &&
      g_strcmp0 (base_metadata_get_uid (pod), base_metadata_get_uid (self->pod)) == 0)
    end (self);
}

static void
practice_port_forward_dispose (GObject *object)
{
  PracticePortForward *self = PRACTICE_PORT_FORWARD (object);

  g_clear_object (&self->connection);
  g_clear_object (&self->runtime);

  G_OBJECT_CLASS (practice_port_forward_parent_class)->dispose (object);
}

static void
practice_port_forward_finalize (GObject *object)
{
  PracticePortForward *self = PRACTICE_PORT_FORWARD (object);

  g_hash_table_unref (self->forwards);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->pod, json_node_unref);

  G_OBJECT_CLASS (practice_port_forward_parent_class)->finalize (object);
}

static void
practice_port_forward_class_init (PracticePortForwardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_port_forward_dispose;
  object_class->finalize = practice_port_forward_finalize;
}

static void
practice_port_forward_init (PracticePortForward *self)
{
  self->cancellable = g_cancellable_new ();
  self->forwards = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, forward_forget);
}

/**
 * practice_port_forward_start:
 * @runtime: connects to pods
 * @pod: a Pod that runs
 * @stream: a connection that speaks SPDY
 *
 * Serves a client of port-forward: for each connection it opens a stream for errors and one for
 * data, with the same request id (k8s.io/apimachinery pkg/util/portforward).
 */
void
practice_port_forward_start (PracticeContainerRuntime *runtime, JsonNode *pod, GIOStream *stream)
{
  PracticePortForward *self;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (runtime));
  g_return_if_fail (G_IS_IO_STREAM (stream));

  self = g_object_new (PRACTICE_TYPE_PORT_FORWARD, NULL);
  self->runtime = g_object_ref (runtime);
  self->pod = json_node_ref (pod);
  self->connection = practice_spdy_connection_new (stream);
  g_signal_connect_object (self->connection, "opened", G_CALLBACK (opened_cb), self, 0);
  g_signal_connect_object (self->connection, "data", G_CALLBACK (data_cb), self, 0);
  g_signal_connect_object (self->connection, "ended", G_CALLBACK (ended_cb), self, 0);
  g_signal_connect_object (self->connection, "reset", G_CALLBACK (reset_cb), self, 0);
  g_signal_connect_object (self->connection, "drained", G_CALLBACK (drained_cb), self, 0);
  g_signal_connect_object (self->connection, "closed", G_CALLBACK (closed_cb), self, 0);
  g_signal_connect_object (practice_container_runtime_get_store (runtime), "event::/pods",
                           G_CALLBACK (pod_event_cb), self, 0);
  practice_spdy_connection_set_reading (self->connection, TRUE);
}

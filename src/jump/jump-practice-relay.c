/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-deadline.h"
#include "base-splice.h"
#include "jump-address.h"
#include "jump-place.h"
#include "jump-practice-relay.h"

/**
 * JumpPracticeRelay:
 *
 * A socket that leads to one host and port in the practice jumpserver's network. To
 * konvoy-practice's socket it says "HOST PORT\n" and hears "ok\n"; or a sentence that says why not,
 * a line with a word for that, and the end.
 */

#define GOOD_ANSWER "ok"
#define MAX_ANSWER 512
/* All of it is on this computer; a network policy drops without a word. */
#define DIAL_TIMEOUT_MS 5000

struct _JumpPracticeRelay {
  JumpRelay parent_instance;

  char *host;
  guint16 port;
  char *socket; /* (nullable) (owned) */
};

G_DEFINE_FINAL_TYPE (JumpPracticeRelay, jump_practice_relay, JUMP_TYPE_RELAY)

typedef struct {
  BaseDeadline *deadline;
  GString *request;
  GSocketConnection *connection; /* (nullable) (owned): once there is one */
  GString *answer;
  char byte;
} Dial;

static void
dial_free (Dial *self)
{
  g_clear_pointer (&self->deadline, base_deadline_free);
  g_string_free (self->request, TRUE);
  g_clear_object (&self->connection);
  g_string_free (self->answer, TRUE);
  g_free (self);
}

static void read_answer (GTask *task);

static void
fail_dial (GTask *task, GError *error)
{
  JumpPracticeRelay *self = g_task_get_source_object (task);
  Dial *dial = g_task_get_task_data (task);
  g_autofree char *address = jump_address_format (self->host, self->port);

  if (base_deadline_has_expired (dial->deadline))
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_SILENT,
                             /* Translators: %s is an address */
                             _ ("%s does not answer."), address);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_error (task, g_error_copy (error));
  else
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_FAILED,
                             /* Translators: %s is a reason */
                             _ ("The practice cluster does not answer: %s"), error->message);
}

/* @word: (nullable): what stands behind the sentence */
static JumpError
get_code (const char *word)
{
  static const struct {
    const char *word;
    JumpError code;
  } table[] = {
    { "silent", JUMP_ERROR_SILENT },
    { "refused", JUMP_ERROR_REFUSED },
    { "nameless", JUMP_ERROR_NAMELESS },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (g_strcmp0 (word, table[i].word) == 0)
      return table[i].code;
  return JUMP_ERROR_UNREACHABLE;
}

static void
end_dial (GTask *task)
{
  JumpPracticeRelay *self = g_task_get_source_object (task);
  Dial *dial = g_task_get_task_data (task);
  g_autofree char *text = g_utf8_make_valid (dial->answer->str, dial->answer->len);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 3);
  const char *sentence = lines[0] != NULL ? lines[0] : "";

  if (g_str_equal (sentence, GOOD_ANSWER)) {
    g_task_return_pointer (task, g_steal_pointer (&dial->connection), g_object_unref);
  } else if (*sentence != '\0') {
    g_task_return_new_error (task, JUMP_ERROR, get_code (lines[1]), "%s", sentence);
  } else {
    g_autofree char *address = jump_address_format (self->host, self->port);

    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_UNREACHABLE,
                             /* Translators: %s is an address */
                             _ ("%s cannot be reached in the practice cluster."), address);
  }
}

static void
answer_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (n < 0) {
    fail_dial (task, error);
  } else if (n == 0 || dial->answer->len >= MAX_ANSWER ||
             (dial->byte == '\n' && g_str_equal (dial->answer->str, GOOD_ANSWER))) {
    end_dial (task);
  } else {
    g_string_append_c (dial->answer, dial->byte);
    read_answer (g_steal_pointer (&task));
  }
}

/* Byte by byte: what follows a good answer belongs to whoever uses the connection. */
static void
read_answer (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (dial->connection)),
                             &dial->byte, 1, G_PRIORITY_DEFAULT,
                             base_deadline_get_cancellable (dial->deadline), answer_read_cb, task);
}

static void
request_written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, &error))
    fail_dial (task, error);
  else
    read_answer (g_steal_pointer (&task));
}

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  GOutputStream *stream;

  dial->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (object), result, &error);
  if (dial->connection == NULL) {
    fail_dial (task, error);
    return;
  }
  stream = g_io_stream_get_output_stream (G_IO_STREAM (dial->connection));
  g_output_stream_write_all_async (
    stream, dial->request->str, dial->request->len, G_PRIORITY_DEFAULT,
    base_deadline_get_cancellable (dial->deadline), request_written_cb, g_steal_pointer (&task));
}

static void
spliced_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (base_splice_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
dialled_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GSocketConnection *client = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) upstream =
    jump_practice_relay_dial_finish (JUMP_PRACTICE_RELAY (object), result, &error);

  if (upstream == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  base_splice_async (client, upstream, g_task_get_cancellable (task), spliced_cb,
                     g_object_ref (task));
}

static void
jump_practice_relay_serve_async (JumpRelay *relay,
                                 GSocketConnection *client,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (relay, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_practice_relay_serve_async);
  g_task_set_task_data (task, g_object_ref (client), g_object_unref);
  jump_practice_relay_dial_async (JUMP_PRACTICE_RELAY (relay), cancellable, dialled_cb,
                                  g_steal_pointer (&task));
}

static gboolean
jump_practice_relay_serve_finish (JumpRelay *relay, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
jump_practice_relay_finalize (GObject *object)
{
  JumpPracticeRelay *self = JUMP_PRACTICE_RELAY (object);

  g_clear_pointer (&self->host, g_free);
  g_clear_pointer (&self->socket, g_free);

  G_OBJECT_CLASS (jump_practice_relay_parent_class)->finalize (object);
}

static void
jump_practice_relay_class_init (JumpPracticeRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  JumpRelayClass *relay_class = JUMP_RELAY_CLASS (klass);

  object_class->finalize = jump_practice_relay_finalize;

  relay_class->serve_async = jump_practice_relay_serve_async;
  relay_class->serve_finish = jump_practice_relay_serve_finish;
}

static void
jump_practice_relay_init (JumpPracticeRelay *self)
{
}

/**
 * jump_practice_relay_new:
 *
 * Returns: (transfer full): a relay that does not listen yet
 */
JumpPracticeRelay *
jump_practice_relay_new (const char *host, guint16 port)
{
  JumpPracticeRelay *self = g_object_new (JUMP_TYPE_PRACTICE_RELAY, NULL);

  self->host = g_strdup (host);
  self->port = port;
  return self;
}

void
jump_practice_relay_set_socket (JumpPracticeRelay *self, const char *socket)
{
  g_return_if_fail (JUMP_IS_PRACTICE_RELAY (self));

  g_free (self->socket);
  self->socket = g_strdup (socket);
}

/**
 * jump_practice_relay_dial_async:
 *
 * Makes one connection, other than through the relay's own socket.
 */
void
jump_practice_relay_dial_async (JumpPracticeRelay *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = NULL;
  Dial *dial;

  g_return_if_fail (JUMP_IS_PRACTICE_RELAY (self));
  g_return_if_fail (self->socket != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  dial = g_new0 (Dial, 1);
  dial->deadline = base_deadline_new (cancellable, DIAL_TIMEOUT_MS);
  dial->request = g_string_new (NULL);
  dial->answer = g_string_new (NULL);
  g_string_printf (dial->request, "%s %u\n", self->host, self->port);
  g_task_set_source_tag (task, jump_practice_relay_dial_async);
  g_task_set_task_data (task, dial, (GDestroyNotify)dial_free);

  address = g_unix_socket_address_new (self->socket);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address),
                                 base_deadline_get_cancellable (dial->deadline), connected_cb,
                                 g_steal_pointer (&task));
}

/**
 * jump_practice_relay_dial_finish:
 *
 * Returns: (transfer full): the connection, whose next byte is the far end's, or %NULL with
 *   an error that jump_error_is_unreachable()
 */
GSocketConnection *
jump_practice_relay_dial_finish (JumpPracticeRelay *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-redis-server.h"

#include <string.h>

#include "practice-redis-protocol.h"

#define READ_SIZE 16384
#define MAX_KEYS 10000
#define MAX_CONNECTIONS 256

/**
 * PracticeRedisServer:
 *
 * The commands of Redis that one tries by hand (https://redis.io/commands/): PING, ECHO, SET,
 * GET, EXISTS, DEL, INCR, KEYS, DBSIZE, FLUSHALL, INFO, COMMAND and QUIT. Others get the answer
 * that Redis gives to a command it does not know.
 */
struct _PracticeRedisServer {
  GObject parent_instance;

  GSocketService *service;
  GCancellable *cancellable;
  GHashTable *values; /* GBytes to GBytes */
  guint n_connections;
  gint64 started; /* monotonic */
};

G_DEFINE_FINAL_TYPE (PracticeRedisServer, practice_redis_server, G_TYPE_OBJECT)

typedef struct {
  PracticeRedisServer *server; /* (owned) */
  GSocketConnection *socket;   /* (owned) */
  GByteArray *input;           /* (owned): not yet a whole command */
  GByteArray *output;          /* (owned): being written */
  gboolean closing;
  guint8 buffer[READ_SIZE];
} Connection;

static void read_more (Connection *self);

static void
connection_free (Connection *self)
{
  self->server->n_connections--;
  g_io_stream_close (G_IO_STREAM (self->socket), NULL, NULL);
  g_clear_object (&self->server);
  g_clear_object (&self->socket);
  g_byte_array_unref (self->input);
  g_byte_array_unref (self->output);
  g_free (self);
}

static void reply (GByteArray *output, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
reply (GByteArray *output, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  g_byte_array_append (output, (const guint8 *)text, strlen (text));
  g_byte_array_append (output, (const guint8 *)"\r\n", 2);
}

static void
reply_bulk (GByteArray *output, GBytes *value)
{
  if (value == NULL) {
    reply (output, "$-1");
    return;
  }

  reply (output, "$%" G_GSIZE_FORMAT, g_bytes_get_size (value));
  g_byte_array_append (output, g_bytes_get_data (value, NULL), g_bytes_get_size (value));
  g_byte_array_append (output, (const guint8 *)"\r\n", 2);
}

static char *
dup_text (GBytes *word)
{
  return g_strndup (g_bytes_get_data (word, NULL), g_bytes_get_size (word));
}

typedef void (*CommandFunc) (PracticeRedisServer *self, GPtrArray *words, GByteArray *output);

static void
ping (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  if (words->len == 1)
    reply (output, "+PONG");
  else
    reply_bulk (output, g_ptr_array_index (words, 1));
}

static void
echo (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  reply_bulk (output, g_ptr_array_index (words, 1));
}

static void
get (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  reply_bulk (output, g_hash_table_lookup (self->values, g_ptr_array_index (words, 1)));
}

static void
store_value (PracticeRedisServer *self, GBytes *key, GBytes *value)
{
  g_hash_table_insert (self->values, g_bytes_ref (key), g_bytes_ref (value));
}

static void
set (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  if (words->len > 3) {
    reply (output, "-ERR syntax error");
  } else if (g_hash_table_size (self->values) >= MAX_KEYS) {
    reply (output, "-OOM command not allowed when used memory > 'maxmemory'.");
  } else {
    store_value (self, g_ptr_array_index (words, 1), g_ptr_array_index (words, 2));
    reply (output, "+OK");
  }
}

static void
exists (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  guint count = 0;

  for (guint i = 1; i < words->len; i++)
    count += g_hash_table_contains (self->values, g_ptr_array_index (words, i));
  reply (output, ":%u", count);
}

static void
del (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  guint count = 0;

  for (guint i = 1; i < words->len; i++)
    count += g_hash_table_remove (self->values, g_ptr_array_index (words, i));
  reply (output, ":%u", count);
}

static void
incr (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  GBytes *key = g_ptr_array_index (words, 1);
  GBytes *value = g_hash_table_lookup (self->values, key);
  g_autofree char *text = value != NULL ? dup_text (value) : g_strdup ("0");
  g_autofree char *next = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gint64 number;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64 - 1, &number, NULL)) {
    reply (output, "-ERR value is not an integer or out of range");
    return;
  }

  next = g_strdup_printf ("%" G_GINT64_FORMAT, number + 1);
  bytes = g_bytes_new (next, strlen (next));
  store_value (self, key, bytes);
  reply (output, ":%s", next);
}

/* The client's own questions at its start, such as redis-cli's, are answered with nothing. */
static void
command (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  reply (output, "*0");
}

static void
info (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  g_autofree char *text = g_strdup_printf (
    "# "
    "Server\r\nredis_version:5.0.3\r\nredis_mode:standalone\r\nuptime_in_seconds:%" G_GINT64_FORMAT
    "\r\n\r\n# Clients\r\nconnected_clients:%u\r\n\r\n# Keyspace\r\n"
    "db0:keys=%u,expires=0,avg_ttl=0\r\n",
    (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC, self->n_connections,
    g_hash_table_size (self->values));
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  reply_bulk (output, bytes);
}

static void
flushall (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  g_hash_table_remove_all (self->values);
  reply (output, "+OK");
}

/* Its patterns have * and ?. */
static void
keys (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  g_autofree char *text = dup_text (g_ptr_array_index (words, 1));
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GPatternSpec) pattern = g_pattern_spec_new (valid);
  g_autoptr (GPtrArray) found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->values);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    g_autofree char *name = dup_text (key);

    if (g_utf8_validate (name, -1, NULL) && g_pattern_spec_match_string (pattern, name))
      g_ptr_array_add (found, key);
  }
  reply (output, "*%u", found->len);
  for (guint i = 0; i < found->len; i++)
    reply_bulk (output, g_ptr_array_index (found, i));
}

static void
dbsize (PracticeRedisServer *self, GPtrArray *words, GByteArray *output)
{
  reply (output, ":%u", g_hash_table_size (self->values));
}

/* Least and most words, the command's own name among them. */
static const struct {
  const char *name;
  guint least;
  guint most;
  CommandFunc run;
} commands[] = {
  { "ping", 1, 2, ping },
  { "echo", 2, 2, echo },
  { "get", 2, 2, get },
  { "set", 3, G_MAXUINT, set },
  { "del", 2, G_MAXUINT, del },
  { "exists", 2, G_MAXUINT, exists },
  { "incr", 2, 2, incr },
  { "dbsize", 1, 1, dbsize },
  { "keys", 2, 2, keys },
  { "info", 1, 2, info },
  { "command", 1, G_MAXUINT, command },
  { "flushall", 1, 2, flushall },
};

static void
reply_unknown (GPtrArray *words, const char *name, GByteArray *output)
{
  g_autoptr (GString) arguments = g_string_new (NULL);

  for (guint i = 1; i < words->len && arguments->len < 128; i++) {
    g_autofree char *word = dup_text (g_ptr_array_index (words, i));

    g_string_append_printf (arguments, "`%.128s`, ", word);
  }
  reply (output, "-ERR unknown command `%.128s`, with args beginning with: %s", name,
         arguments->str);
}

static void
run_command (Connection *self, GPtrArray *words)
{
  g_autofree char *name = NULL;

  if (words->len == 0)
    return;

  name = dup_text (g_ptr_array_index (words, 0));
  if (g_ascii_strcasecmp (name, "quit") == 0) {
    reply (self->output, "+OK");
    self->closing = TRUE;
    return;
  }

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    if (g_ascii_strcasecmp (name, commands[i].name) != 0)
      continue;
    if (words->len < commands[i].least || words->len > commands[i].most)
      reply (self->output, "-ERR wrong number of arguments for '%s' command", commands[i].name);
    else
      commands[i].run (self->server, words, self->output);
    return;
  }

  reply_unknown (words, name, self->output);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;

  g_byte_array_set_size (self->output, 0);
  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL) &&
      !self->closing)
    read_more (self);
  else
    connection_free (self);
}

static void
run_commands (Connection *self)
{
  const char *message = NULL;

  while (!self->closing) {
    g_autoptr (GPtrArray) words = NULL;
    PracticeRedisResult result = practice_redis_protocol_take (self->input, &words, &message);

    if (result == PRACTICE_REDIS_MORE)
      break;
    if (result == PRACTICE_REDIS_BROKEN) {
      reply (self->output, "-%s", message);
      self->closing = TRUE;
      break;
    }
    run_command (self, words);
  }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connection *self = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (length <= 0) {
    connection_free (self);
    return;
  }

  g_byte_array_append (self->input, self->buffer, length);
  run_commands (self);
  if (self->output->len == 0 && !self->closing)
    read_more (self);
  else
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (self->socket)),
                                     self->output->data, self->output->len, G_PRIORITY_DEFAULT,
                                     self->server->cancellable, written_cb, self);
}

static void
read_more (Connection *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (self->socket)),
                             self->buffer, READ_SIZE, G_PRIORITY_DEFAULT, self->server->cancellable,
                             read_cb, self);
}

static void
take_up (PracticeRedisServer *self, GSocketConnection *socket)
{
  Connection *connection;

  if (self->n_connections >= MAX_CONNECTIONS)
    return;

  self->n_connections++;
  connection = g_new (Connection, 1);
  connection->server = g_object_ref (self);
  connection->socket = g_object_ref (socket);
  connection->input = g_byte_array_new ();
  connection->output = g_byte_array_new ();
  connection->closing = FALSE;
  read_more (connection);
}

static gboolean
incoming_cb (GSocketService *service,
             GSocketConnection *socket,
             GObject *source,
             PracticeRedisServer *self)
{
  take_up (self, socket);
  return TRUE;
}

static void
practice_redis_server_dispose (GObject *object)
{
  PracticeRedisServer *self = PRACTICE_REDIS_SERVER (object);

  g_cancellable_cancel (self->cancellable);
  if (self->service != NULL) {
    g_socket_service_stop (self->service);
    g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  }
  g_clear_object (&self->service);

  G_OBJECT_CLASS (practice_redis_server_parent_class)->dispose (object);
}

static void
practice_redis_server_finalize (GObject *object)
{
  PracticeRedisServer *self = PRACTICE_REDIS_SERVER (object);

  g_clear_object (&self->cancellable);
  g_hash_table_unref (self->values);

  G_OBJECT_CLASS (practice_redis_server_parent_class)->finalize (object);
}

static void
practice_redis_server_class_init (PracticeRedisServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_redis_server_dispose;
  object_class->finalize = practice_redis_server_finalize;
}

static void
practice_redis_server_init (PracticeRedisServer *self)
{
  self->cancellable = g_cancellable_new ();
  self->started = g_get_monotonic_time ();
  self->values = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref,
                                        (GDestroyNotify)g_bytes_unref);
}

/**
 * practice_redis_server_new:
 * @listening: (nullable): a listening socket; %NULL for one that is given its connections
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a server that answers there until
 *   practice_redis_server_stop()
 */
PracticeRedisServer *
practice_redis_server_new (GSocket *listening, GError **error)
{
  g_autoptr (PracticeRedisServer) self = NULL;

  g_return_val_if_fail (listening == NULL || G_IS_SOCKET (listening), NULL);

  self = g_object_new (PRACTICE_TYPE_REDIS_SERVER, NULL);
  if (listening == NULL)
    return g_steal_pointer (&self);
  self->service = g_socket_service_new ();
  if (!g_socket_listener_add_socket (G_SOCKET_LISTENER (self->service), listening, NULL, error))
    return NULL;
  g_signal_connect_object (self->service, "incoming", G_CALLBACK (incoming_cb), self, 0);

  return g_steal_pointer (&self);
}

/**
 * practice_redis_server_accept:
 * @self: a server
 * @connection: one end of a connection to it
 *
 * Answers there, too.
 */
void
practice_redis_server_accept (PracticeRedisServer *self, GSocketConnection *connection)
{
  g_return_if_fail (PRACTICE_IS_REDIS_SERVER (self));
  g_return_if_fail (G_IS_SOCKET_CONNECTION (connection));

  take_up (self, connection);
}

/**
 * practice_redis_server_stop:
 * @self: a server
 *
 * Listens no longer and closes every connection, as a container that ends does.
 */
void
practice_redis_server_stop (PracticeRedisServer *self)
{
  g_return_if_fail (PRACTICE_IS_REDIS_SERVER (self));

  g_object_run_dispose (G_OBJECT (self));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base-install.h"
#include "base-json.h"
#include "base-yaml.h"

/* How quick the API is: of a practice cluster, and then of a real one, whose kubeconfig (with a
 * token) is named in this variable, with "real-" before its figures. Both are asked by the same
 * small client, so that its share is the same. */
#define VARIABLE "KONVOY_LAB_BENCHMARK_KUBECONFIG"

/* And in this one its processes' ids, with commas between: then their time is measured, too, which
 * says more than the clock where other programs run. */
#define PIDS_VARIABLE "KONVOY_LAB_BENCHMARK_PIDS"

#define NAMESPACE "benchmark"
#define PODS "/api/v1/namespaces/" NAMESPACE "/pods"
#define CONFIGMAPS "/api/v1/namespaces/" NAMESPACE "/configmaps"

/* How long a namespace's account is waited for: a real server without controllers makes none. */
#define ACCOUNT_SECONDS 10

#define N_PODS 1000
#define N_WATCHERS 100
#define N_EVENTS 200
#define N_CLIENTS 4
#define SECONDS 4

typedef struct {
  guint16 port;
  char *token;
  GTlsDatabase *database;
  const char *prefix; /* of the figures' names */
  const char *pids;   /* (nullable) */
} Server;

/* One connection, kept alive. */
typedef struct {
  Server *server;
  GIOStream *stream;
  GBufferedInputStream *input;
} Client;

static void
client_open (Client *self, Server *server)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) plain =
    g_socket_client_connect_to_host (client, "127.0.0.1", server->port, NULL, &error);
  g_autoptr (GSocketConnectable) identity = g_network_address_new ("127.0.0.1", server->port);

  g_assert_no_error (error);
  self->server = server;
  self->stream = g_tls_client_connection_new (G_IO_STREAM (plain), identity, &error);
  g_assert_no_error (error);
  g_tls_connection_set_database (G_TLS_CONNECTION (self->stream), server->database);
  self->input =
    G_BUFFERED_INPUT_STREAM (g_data_input_stream_new (g_io_stream_get_input_stream (self->stream)));
  g_buffered_input_stream_set_buffer_size (self->input, 65536);
  g_data_input_stream_set_newline_type (G_DATA_INPUT_STREAM (self->input),
                                        G_DATA_STREAM_NEWLINE_TYPE_LF);
}

static void
client_close (Client *self)
{
  g_io_stream_close (self->stream, NULL, NULL);
  g_clear_object (&self->input);
  g_clear_object (&self->stream);
}

static void
client_send (
  Client *self, const char *method, const char *path, const char *content_type, const char *body)
{
  g_autofree char *text = g_strdup_printf (
    "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nAuthorization: Bearer %s\r\n"
    "Accept: application/json\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n%s",
    method, path, self->server->port, self->server->token, content_type, strlen (body), body);
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all (g_io_stream_get_output_stream (self->stream), text, strlen (text),
                             NULL, NULL, &error);
  g_assert_no_error (error);
}

static char *
read_line (Client *self)
{
  g_autoptr (GError) error = NULL;
  char *line =
    g_data_input_stream_read_line (G_DATA_INPUT_STREAM (self->input), NULL, NULL, &error);

  g_assert_no_error (error);
  return line != NULL ? g_strchomp (line) : NULL;
}

static void
read_bytes (Client *self, GString *body, gsize length)
{
  g_autoptr (GError) error = NULL;
  gsize before = body->len;

  g_string_set_size (body, before + length);
  g_input_stream_read_all (G_INPUT_STREAM (self->input), body->str + before, length, NULL, NULL,
                           &error);
  g_assert_no_error (error);
}

/* Returns the status; *@length is the body's, or -1 for one in chunks. */
static guint
client_read_head (Client *self, gint64 *length)
{
  g_autofree char *first = read_line (self);
  guint status;

  if (first == NULL || strlen (first) < 12)
    g_error ("no answer");
  status = (guint)g_ascii_strtoull (first + 9, NULL, 10);
  *length = -1;
  for (;;) {
    g_autofree char *line = read_line (self);

    if (line == NULL || *line == '\0')
      return status;
    if (g_ascii_strncasecmp (line, "Content-Length:", 15) == 0)
      *length = g_ascii_strtoll (line + 15, NULL, 10);
  }
}

static guint
client_read (Client *self, GString *body)
{
  gint64 length;
  guint status = client_read_head (self, &length);

  g_string_set_size (body, 0);
  if (length >= 0) {
    read_bytes (self, body, (gsize)length);
    return status;
  }
  for (;;) {
    g_autofree char *size = read_line (self);
    gsize chunk = g_ascii_strtoull (size, NULL, 16);
    g_autofree char *end = NULL;

    if (chunk > 0)
      read_bytes (self, body, chunk);
    end = read_line (self);
    if (chunk == 0)
      return status;
  }
}

static guint
client_ask (Client *self, const char *method, const char *path, const char *body, GString *answer)
{
  client_send (self, method, path,
               g_str_equal (method, "PATCH") ? "application/merge-patch+json" : "application/json",
               body);
  return client_read (self, answer);
}

static void
must (Client *self, const char *method, const char *path, const char *body, GString *answer)
{
  guint status = client_ask (self, method, path, body, answer);

  if (status / 100 != 2)
    g_error ("%s %s: %u %s", method, path, status, answer->str);
}

/* Seconds that a process and all below it have computed. */
static double
measure_process (const char *pid)
{
  g_autofree char *stat = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *children = g_build_filename ("/proc", pid, "task", pid, "children", NULL);
  g_autofree char *text = NULL;
  g_autofree char *list = NULL;
  double total = 0;

  if (g_file_get_contents (stat, &text, NULL, NULL) && strrchr (text, ')') != NULL) {
    g_auto (GStrv) fields = g_strsplit (strrchr (text, ')') + 2, " ", 14);

    /* utime and stime (proc(5)) */
    if (g_strv_length (fields) == 14)
      total = (g_ascii_strtod (fields[11], NULL) + g_ascii_strtod (fields[12], NULL)) /
              (double)sysconf (_SC_CLK_TCK);
  }
  if (g_file_get_contents (children, &list, NULL, NULL)) {
    g_auto (GStrv) pids = g_strsplit (g_strchomp (list), " ", -1);

    for (guint i = 0; pids[i] != NULL && *pids[i] != '\0'; i++)
      total += measure_process (pids[i]);
  }
  return total;
}

static double
measure_time (Server *server)
{
  g_auto (GStrv) pids = server->pids != NULL ? g_strsplit (server->pids, ",", -1) : NULL;
  double total = 0;

  for (guint i = 0; pids != NULL && pids[i] != NULL; i++)
    total += measure_process (pids[i]);
  return total;
}

/* What each of @count took of the processors since @before. */
static void
report_time (Server *server, const char *name, double before, guint count)
{
  if (server->pids != NULL)
    g_print ("%s%s-processor: %.3f ms\n", server->prefix, name,
             (measure_time (server) - before) * 1000 / count);
}

typedef struct {
  Server *server;
  const char *path;
  gint64 end;
  guint count;
} Load;

static gpointer
load_thread (gpointer data)
{
  Load *self = data;
  g_autoptr (GString) answer = g_string_new (NULL);
  Client client;

  client_open (&client, self->server);
  while (g_get_monotonic_time () < self->end) {
    must (&client, "GET", self->path, "", answer);
    self->count++;
  }
  client_close (&client);
  return NULL;
}

static void
measure_rate (Server *server, const char *name, const char *path)
{
  gint64 start = g_get_monotonic_time ();
  Load loads[N_CLIENTS];
  GThread *threads[N_CLIENTS];
  double before = measure_time (server);
  guint count = 0;

  for (guint i = 0; i < N_CLIENTS; i++) {
    loads[i] = (Load){ server, path, start + SECONDS * G_USEC_PER_SEC, 0 };
    threads[i] = g_thread_new (name, load_thread, &loads[i]);
  }
  for (guint i = 0; i < N_CLIENTS; i++) {
    g_thread_join (threads[i]);
    count += loads[i].count;
  }
  g_print ("%s%s: %.1f /s\n", server->prefix, name,
           (double)count * G_USEC_PER_SEC / (double)(g_get_monotonic_time () - start));
  report_time (server, name, before, count);
}

typedef struct {
  Server *server;
  const char *path;
  int *ready; /* how many have begun */
  gboolean in_order;
} Watcher;

/* Reads until the last event, each one in its place. */
static gpointer
watch_thread (gpointer data)
{
  Watcher *self = data;
  Client client;
  gint64 length;
  int expected = 1;

  client_open (&client, self->server);
  client_send (&client, "GET", self->path, "application/json", "");
  g_assert_cmpuint (client_read_head (&client, &length), ==, 200);
  g_atomic_int_inc (self->ready);
  self->in_order = TRUE;
  while (expected <= N_EVENTS) {
    g_autofree char *line = read_line (&client);
    const char *value = line != NULL ? strstr (line, "\"event\":\"") : NULL;

    if (line == NULL)
      g_error ("a watch has ended");
    if (value == NULL)
      continue;
    self->in_order = self->in_order && atoi (value + strlen ("\"event\":\"")) == expected;
    expected++;
  }
  client_close (&client);
  return NULL;
}

static void
measure_watches (Server *server, Client *client, GString *answer)
{
  g_autoptr (JsonNode) made = NULL;
  g_autofree char *path = NULL;
  Watcher watchers[N_WATCHERS];
  GThread *threads[N_WATCHERS];
  gint64 start;
  double before;
  int ready = 0;
  guint in_order = 0;

  must (client, "POST", CONFIGMAPS, "{\"metadata\":{\"name\":\"watched\"}}", answer);
  made = base_json_parse (answer->str, (gssize)answer->len, NULL);
  path = g_strdup_printf (CONFIGMAPS "?watch=true&fieldSelector=metadata.name%%3Dwatched"
                                     "&resourceVersion=%s",
                          base_json_get_string (made, "metadata", "resourceVersion", NULL));
  for (guint i = 0; i < N_WATCHERS; i++) {
    watchers[i] = (Watcher){ server, path, &ready, FALSE };
    threads[i] = g_thread_new ("watch", watch_thread, &watchers[i]);
  }
  while (g_atomic_int_get (&ready) < N_WATCHERS)
    g_usleep (1000);
  before = measure_time (server);
  start = g_get_monotonic_time ();
  for (guint i = 1; i <= N_EVENTS; i++) {
    g_autofree char *body = g_strdup_printf ("{\"data\":{\"event\":\"%u\"}}", i);

    must (client, "PATCH", CONFIGMAPS "/watched", body, answer);
  }
  for (guint i = 0; i < N_WATCHERS; i++) {
    g_thread_join (threads[i]);
    in_order += watchers[i].in_order ? 1 : 0;
  }
  g_print ("%sapi-watch-events: %.0f /s\n", server->prefix,
           (double)N_WATCHERS * N_EVENTS * G_USEC_PER_SEC /
             (double)(g_get_monotonic_time () - start));
  report_time (server, "api-watch-event", before, N_WATCHERS * N_EVENTS);
  g_print ("%sapi-watchers-in-order: %u of %u\n", server->prefix, in_order, N_WATCHERS);
}

/* Pods that no node fits, so that they stay as they are on any cluster. */
static void
create_pods (Client *client, GString *answer)
{
  double before = measure_time (client->server);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < N_PODS; i++) {
    g_autofree char *body = g_strdup_printf (
      "{\"metadata\":{\"name\":\"pod-%04u\",\"labels\":{\"app\":\"web\",\"number\":\"%u\"}},"
      "\"spec\":{"
      "\"nodeSelector\":{\"there\":\"is-none\"},\"containers\":[{\"name\":\"web\",\"image\":"
      "\"nginx\","
      "\"ports\":[{\"containerPort\":80}],\"env\":[{\"name\":\"A\",\"value\":\"b\"}]}]}}",
      i, i);

    must (client, "POST", PODS, body, answer);
  }
  g_print ("%sapi-create-pods: %.1f /s\n", client->server->prefix,
           (double)N_PODS * G_USEC_PER_SEC / (double)(g_get_monotonic_time () - start));
  report_time (client->server, "api-create-pod", before, N_PODS);
}

/* A namespace is ready for pods when its service account is there. */
static void
prepare (Client *client, GString *answer)
{
  gint64 end = g_get_monotonic_time () + ACCOUNT_SECONDS * G_USEC_PER_SEC;

  must (client, "POST", "/api/v1/namespaces", "{\"metadata\":{\"name\":\"" NAMESPACE "\"}}",
        answer);
  while ((client_ask (client, "GET", "/api/v1/namespaces/" NAMESPACE "/serviceaccounts/default", "",
                      answer) != 200 ||
          strstr (answer->str, "\"secrets\"") == NULL) &&
         g_get_monotonic_time () < end)
    g_usleep (20000);
  create_pods (client, answer);
}

static void
measure (Server *server)
{
  g_autoptr (GString) answer = g_string_new (NULL);
  Client client;

  client_open (&client, server);
  prepare (&client, answer);
  measure_rate (server, "api-get", PODS "/pod-0500");
  measure_rate (server, "api-list-1000-pods", PODS);
  measure_watches (server, &client, answer);
  client_ask (&client, "DELETE", "/api/v1/namespaces/" NAMESPACE, "", answer);
  client_close (&client);
}

/* @path: a file that it needs as long as it lives, or NULL. */
static GTlsDatabase *
new_database (JsonNode *cluster, char **path)
{
  const char *file = base_json_get_string (cluster, "certificate-authority", NULL);
  const char *data = base_json_get_string (cluster, "certificate-authority-data", NULL);
  g_autoptr (GError) error = NULL;
  GTlsDatabase *database;

  if (file == NULL) {
    gsize length;
    g_autofree guchar *text = g_base64_decode (data, &length);
    int fd = g_file_open_tmp ("konvoy-ca-XXXXXX", path, &error);

    g_assert_no_error (error);
    close (fd);
    g_file_set_contents (*path, (const char *)text, (gssize)length, &error);
    g_assert_no_error (error);
    file = *path;
  }
  database = g_tls_file_database_new (file, &error);
  g_assert_no_error (error);
  return database;
}

static void
measure_kubeconfig (const char *path, const char *prefix, const char *pids)
{
  g_autofree char *text = NULL;
  g_autofree char *ca = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) config = NULL;
  g_autoptr (GUri) uri = NULL;
  JsonNode *cluster, *user;
  Server server;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  config = base_yaml_parse (text, -1, path, BASE_YAML_ALL_STRINGS, &error);
  g_assert_no_error (error);
  cluster = base_json_get (
    json_array_get_element (base_json_get_array (config, "clusters", NULL), 0), "cluster", NULL);
  user = base_json_get (json_array_get_element (base_json_get_array (config, "users", NULL), 0),
                        "user", NULL);
  uri = g_uri_parse (base_json_get_string (cluster, "server", NULL), G_URI_FLAGS_NONE, &error);
  g_assert_no_error (error);
  server.port = (guint16)g_uri_get_port (uri);
  server.prefix = prefix;
  server.pids = pids;
  server.token = g_strdup (base_json_get_string (user, "token", NULL));
  server.database = new_database (cluster, &ca);
  measure (&server);
  g_clear_object (&server.database);
  if (ca != NULL)
    unlink (ca);
  g_free (server.token);
}

static void
measure_practice (void)
{
  g_autofree char *root = g_dir_make_tmp ("konvoy-XXXXXX", NULL);
  g_autofree char *dir = g_build_filename (root, "practice", NULL);
  g_autofree char *program = base_install_dup_program ("konvoy-practice");
  const char *const remove[] = { "rm", "-rf", root, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      program, "--dir", dir, NULL);
  g_autoptr (GDataInputStream) output = NULL;
  g_autofree char *line = NULL;
  g_autoptr (JsonNode) ready = NULL;

  g_assert_no_error (error);
  output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  line = g_data_input_stream_read_line (output, NULL, NULL, &error);
  g_assert_nonnull (line);
  ready = base_json_parse (line, -1, &error);
  g_assert_no_error (error);
  measure_kubeconfig (base_json_get_string (ready, "kubeconfig", NULL), "",
                      g_subprocess_get_identifier (process));
  g_output_stream_close (g_subprocess_get_stdin_pipe (process), NULL, NULL);
  g_subprocess_wait (process, NULL, NULL);
  g_spawn_sync (NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
}

int
main (void)
{
  const char *real = g_getenv (VARIABLE);

  measure_practice ();
  if (real != NULL && *real != '\0')
    measure_kubeconfig (real, "real-", g_getenv (PIDS_VARIABLE));
  return EXIT_SUCCESS;
}

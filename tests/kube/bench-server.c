/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bench-server.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>

#include "fake-certificates.h"

#define POD_BYTES 3072

/* In the server's process. */
typedef struct {
  guint n_pods;
  GPtrArray *pods; /* of char *: JSON without the opening brace */
  guint64 version;
  GPtrArray *watches; /* of SoupServerMessage; those of kubectl want tables */
  guint n_changes;
} Pods;

struct _BenchServer {
  GObject parent_instance;

  GSubprocess *process;
  char *folder;
  char *kubeconfig;
};

G_DEFINE_FINAL_TYPE (BenchServer, bench_server, G_TYPE_OBJECT)

static const char *const columns =
  "\"columnDefinitions\":["
  "{\"name\":\"Name\",\"type\":\"string\",\"format\":\"name\",\"description\":\"\",\"priority\":0},"
  "{\"name\":\"Ready\",\"type\":\"string\",\"format\":\"\",\"description\":\"\",\"priority\":0},"
  "{\"name\":\"Status\",\"type\":\"string\",\"format\":\"\",\"description\":\"\",\"priority\":0}]";

static char *
dup_metadata (guint number, guint64 version)
{
  return g_strdup_printf (
    "\"metadata\":{\"name\":\"pod-%05u\",\"namespace\":\"default\",\"uid\":"
    "\"6c2b1f0e-0000-4000-8000-%012u\",\"resourceVersion\":\"%" G_GUINT64_FORMAT "\","
    "\"creationTimestamp\":\"2019-08-28T10:03:25Z\",\"labels\":{\"app\":\"app-%u\"}}",
    number, number, version, number % 50);
}

/* Of the size that is asked for, and with as many small members as a real one has. */
static char *
dup_pod (guint number, guint64 version)
{
  g_autofree char *metadata = dup_metadata (number, version);
  g_autoptr (GString) pod = g_string_new (metadata);

  g_string_append (pod, ",\"spec\":{\"nodeName\":\"node-1\",\"containers\":[");
  for (guint i = 0; pod->len < POD_BYTES - 250; i++)
    g_string_append_printf (
      pod,
      "%s{\"name\":\"container-%u\",\"image\":\"registry.example/app:1.%u\",\"ports\":[{"
      "\"containerPort\":80,\"protocol\":\"TCP\"}],\"env\":[{\"name\":\"A\",\"value\":\"b\"}],"
      "\"resources\":{\"limits\":{\"cpu\":\"100m\",\"memory\":\"64Mi\"}}}",
      i > 0 ? "," : "", i, number);
  g_string_append (pod,
                   "]},\"status\":{\"phase\":\"Running\",\"podIP\":\"10.0.0.1\",\"conditions\":"
                   "[{\"type\":\"Ready\",\"status\":\"True\"}]}}");
  return g_strdup (pod->str);
}

static char *
dup_row (guint number, guint64 version)
{
  g_autofree char *metadata = dup_metadata (number, version);

  return g_strdup_printf ("{\"cells\":[\"pod-%05u\",\"1/1\",\"Running\"],\"object\":{\"kind\":"
                          "\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\",%s}}",
                          number, metadata);
}

static gboolean
wants_table (SoupServerMessage *message)
{
  const char *accept =
    soup_message_headers_get_list (soup_server_message_get_request_headers (message), "Accept");

  return accept != NULL && strstr (accept, "as=Table") != NULL;
}

static void
answer_text (SoupServerMessage *message, guint status, char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static void
answer_list (Pods *pods, SoupServerMessage *message, GHashTable *query)
{
  const char *limit = query != NULL ? g_hash_table_lookup (query, "limit") : NULL;
  const char *token = query != NULL ? g_hash_table_lookup (query, "continue") : NULL;
  gboolean table = wants_table (message);
  guint start = token != NULL ? (guint)atoi (token) : 0;
  guint end = limit != NULL ? MIN (start + (guint)atoi (limit), pods->n_pods) : pods->n_pods;
  g_autoptr (GString) text = g_string_sized_new ((end - start + 1) * (POD_BYTES + 16));

  g_string_append_printf (text,
                          "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{"
                          "\"resourceVersion\":\"%" G_GUINT64_FORMAT "\"",
                          table ? "Table" : "PodList", table ? "meta.k8s.io/v1" : "v1",
                          pods->version);
  if (end < pods->n_pods)
    g_string_append_printf (text, ",\"continue\":\"%u\"", end);
  g_string_append_printf (text, "},%s%s[", table ? columns : "",
                          table ? ",\"rows\":" : "\"items\":");
  for (guint i = start; i < end; i++) {
    if (i > start)
      g_string_append_c (text, ',');
    if (table) {
      g_autofree char *row = dup_row (i, 1);

      g_string_append (text, row);
    } else {
      g_string_append_c (text, '{');
      g_string_append (text, g_ptr_array_index (pods->pods, i));
    }
  }
  g_string_append (text, "]}");
  answer_text (message, 200, g_strdup (text->str));
}

static void
finished_cb (SoupServerMessage *message, Pods *pods)
{
  g_ptr_array_remove (pods->watches, message);
}

static void
answer_watch (Pods *pods, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_server_message_set_status (message, 200, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  g_ptr_array_add (pods->watches, g_object_ref (message));
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), pods);
}

static void
send_event (SoupServerMessage *message, guint number, guint64 version)
{
  g_autofree char *object = NULL;
  char *line;

  if (wants_table (message)) {
    object = dup_row (number, version);
    line = g_strdup_printf ("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Table\",\"apiVersion\":"
                            "\"meta.k8s.io/v1\",\"metadata\":{},%s,\"rows\":[%s]}}\n",
                            columns, object);
  } else {
    object = dup_pod (number, version);
    line = g_strdup_printf ("{\"type\":\"MODIFIED\",\"object\":{\"kind\":\"Pod\",\"apiVersion\":"
                            "\"v1\",%s}\n",
                            object);
  }
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_TAKE, line,
                            strlen (line));
  soup_server_message_unpause (message);
}

/* Nobody is always served first. */
static void
change (Pods *pods, SoupServerMessage *message)
{
  guint number = pods->n_changes++ % pods->n_pods;

  pods->version++;
  for (guint i = 0; i < pods->watches->len; i++) {
    guint index = (i + pods->n_changes) % pods->watches->len;

    send_event (g_ptr_array_index (pods->watches, index), number, pods->version);
  }
  answer_text (message, 200, g_strdup ("{}"));
}

static void
handle_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           GHashTable *query,
           gpointer data)
{
  Pods *pods = data;
  gboolean watch = query != NULL && g_hash_table_contains (query, "watch");

  if (g_str_equal (path, BENCH_CHANGE_PATH))
    change (pods, message);
  else if (g_str_has_suffix (path, "/pods") && watch)
    answer_watch (pods, message);
  else if (g_str_has_suffix (path, "/pods"))
    answer_list (pods, message, query);
  else if (g_str_equal (path, "/version"))
    answer_text (message, 200,
                 g_strdup ("{\"major\":\"1\",\"minor\":\"15\",\"gitVersion\":"
                           "\"v1.15.2\"}"));
  else if (g_str_equal (path, "/api"))
    answer_text (message, 200, g_strdup ("{\"kind\":\"APIVersions\",\"versions\":[\"v1\"]}"));
  else if (g_str_equal (path, "/apis"))
    answer_text (message, 200, g_strdup ("{\"kind\":\"APIGroupList\",\"groups\":[]}"));
  else if (g_str_equal (path, "/api/v1"))
    answer_text (message, 200,
                 g_strdup ("{\"kind\":\"APIResourceList\",\"groupVersion\":\"v1\",\"resources\":["
                           "{\"name\":\"pods\",\"singularName\":\"pod\",\"namespaced\":true,"
                           "\"kind\":\"Pod\",\"verbs\":[\"get\",\"list\",\"watch\"]}]}"));
  else
    answer_text (message, 404, g_strdup ("{\"kind\":\"Status\",\"code\":404}"));
}

static void
input_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  g_main_loop_quit (data);
}

static void
write_kubeconfig (const char *path, const char *ca, guint port)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *)ca, strlen (ca));
  g_autofree char *text =
    g_strdup_printf ("apiVersion: v1\nkind: Config\ncurrent-context: bench\n"
                     "contexts: [{name: bench, context: {cluster: bench, user: bench}}]\n"
                     "clusters: [{name: bench, cluster: {server: 'https://127.0.0.1:%u', "
                     "certificate-authority-data: %s}}]\n"
                     "users: [{name: bench, user: {token: bench}}]\n",
                     port, encoded);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error))
    g_error ("%s", error->message);
}

static SoupServer *
new_server (Pods *pods, const char *kubeconfig)
{
  static const char *const names[] = { "127.0.0.1", NULL };
  g_autoptr (FakeAuthority) authority = fake_authority_new ();
  g_autofree char *pem = fake_authority_issue (authority, "CN=bench", names);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  SoupServer *server = soup_server_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_set_tls_certificate (server, certificate);
  soup_server_add_handler (server, NULL, handle_cb, pods, NULL);
  if (!soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY,
                                 &error))
    g_error ("%s", error->message);
  uris = soup_server_get_uris (server);
  write_kubeconfig (kubeconfig, fake_authority_get_pem (authority),
                    (guint)g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  return server;
}

void
bench_server_run_if_asked (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (SoupServer) server = NULL;
  Pods pods = { 0 };
  char byte;

  if (argc != 4 || !g_str_equal (argv[1], "--serve"))
    return;
  pods.n_pods = (guint)atoi (argv[3]);
  pods.version = pods.n_pods;
  pods.watches = g_ptr_array_new_with_free_func (g_object_unref);
  pods.pods = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < pods.n_pods; i++)
    g_ptr_array_add (pods.pods, dup_pod (i, 1));

  loop = g_main_loop_new (NULL, FALSE);
  server = new_server (&pods, argv[2]);
  input = g_unix_input_stream_new (0, FALSE);
  g_input_stream_read_async (input, &byte, 1, 0, NULL, input_cb, loop);
  g_print ("ready\n");
  g_main_loop_run (loop);
  exit (0);
}

static void
bench_server_finalize (GObject *object)
{
  BenchServer *self = BENCH_SERVER (object);
  const char *const command[] = { "rm", "-rf", "--", self->folder, NULL };

  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_free (self->folder);
  g_free (self->kubeconfig);

  G_OBJECT_CLASS (bench_server_parent_class)->finalize (object);
}

static void
bench_server_class_init (BenchServerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bench_server_finalize;
}

static void
bench_server_init (BenchServer *self)
{
}

BenchServer *
bench_server_new (guint n_pods)
{
  BenchServer *self = g_object_new (BENCH_TYPE_SERVER, NULL);
  g_autofree char *number = g_strdup_printf ("%u", n_pods);
  g_autoptr (GError) error = NULL;
  char line[6];

  self->folder = g_dir_make_tmp ("kube-bench-XXXXXX", &error);
  if (self->folder == NULL)
    g_error ("%s", error->message);
  self->kubeconfig = g_build_filename (self->folder, "config", NULL);
  self->process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error,
                      "/proc/self/exe", "--serve", self->kubeconfig, number, NULL);
  if (self->process == NULL)
    g_error ("%s", error->message);
  if (!g_input_stream_read_all (g_subprocess_get_stdout_pipe (self->process), line, sizeof line,
                                NULL, NULL, &error))
    g_error ("%s", error->message);
  return self;
}

const char *
bench_server_get_kubeconfig (BenchServer *self)
{
  return self->kubeconfig;
}

char *
bench_find_kubectl (void)
{
  const char *named = g_getenv ("KONVOY_LAB_KUBECTL");

  return named != NULL && *named != '\0' ? g_strdup (named) : g_find_program_in_path ("kubectl");
}

GSubprocess *
bench_server_spawn_kubectl (BenchServer *self, const char *kubectl, const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *process;

  g_strv_builder_add (builder, kubectl);
  g_strv_builder_addv (builder, (const char **)arguments);
  argv = g_strv_builder_end (builder);
  g_subprocess_launcher_setenv (launcher, "KUBECONFIG", self->kubeconfig, TRUE);
  g_subprocess_launcher_setenv (launcher, "HOME", self->folder, TRUE);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  if (process == NULL)
    g_error ("%s", error->message);
  return process;
}

void
bench_print (const char *name, double figure, const char *unit)
{
  g_print ("%s: %.1f %s\n", name, figure, unit);
}

static int
compare_figures (const void *a, const void *b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

double
bench_median (double *figures, gsize n_figures)
{
  qsort (figures, n_figures, sizeof *figures, compare_figures);
  return n_figures % 2 == 1 ? figures[n_figures / 2]
                            : (figures[n_figures / 2 - 1] + figures[n_figures / 2]) / 2;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base-metadata.h"
#include "practice-api-server.h"
#include "test-json.h"
#include "test-wait.h"

#define CONFIGMAPS "/api/v1/namespaces/default/configmaps"

#define N_CLIENTS 6
#define N_COUNTERS 3
#define N_COMERS 3
#define OPERATIONS 30 /* of each client */

/* Random writes of several clients at once, and a watch that follows. Counters are read, increased
 * and written back: a lost update would leave one too low. Comers are created and deleted: of two
 * who do the same at once, one fails. */
typedef struct {
  char *dir;
  PracticeStore *store;
  PracticeApiServer *server;
  SoupSession *session;
  GRand *random;
  int counters[N_COUNTERS]; /* what all clients have added */
  int patches[N_CLIENTS];   /* what each has written last into counter 0 */
  int comers[N_COMERS];     /* creations less deletions */
  guint conflicts;
  guint running;

  GHashTable *watched; /* name to JsonNode: what the watch has led to */
  guint64 version;     /* of its last event */
  GInputStream *watch;
  char buffer[16384];
  GString *rest;
  GCancellable *cancellable;
  gboolean watch_ended;
} Model;

typedef struct {
  Model *model;
  int number;
  int left;
  int subject; /* a counter or a comer */
  void (*handle) (gpointer client, guint status, JsonNode *answer);
  SoupMessage *message;
} Client;

static void next (Client *self);

static guint64
get_version (JsonNode *object)
{
  return g_ascii_strtoull (base_json_get_string (object, "metadata", "resourceVersion", NULL), NULL,
                           10);
}

static SoupMessage *
new_message (Model *model, const char *method, const char *path)
{
  g_autofree char *uri =
    g_strdup_printf ("https://127.0.0.1:%u%s", practice_api_server_get_port (model->server), path);
  g_autofree char *bearer =
    g_strconcat ("Bearer ", practice_api_server_get_token (model->server), NULL);
  SoupMessage *message = soup_message_new (method, uri);

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  return message;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *self = user_data;
  g_autoptr (SoupMessage) message = g_steal_pointer (&self->message);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes =
    soup_session_send_and_read_finish (SOUP_SESSION (source), result, &error);
  g_autoptr (JsonNode) answer = NULL;

  g_assert_no_error (error);
  answer =
    base_json_parse (g_bytes_get_data (bytes, NULL), (gssize)g_bytes_get_size (bytes), &error);
  g_assert_no_error (error);
  self->handle (self, soup_message_get_status (message), answer);
}

/* Takes @body. */
static void
ask (Client *self,
     const char *method,
     const char *path,
     const char *content_type,
     char *body,
     void (*handle) (gpointer client, guint status, JsonNode *answer))
{
  self->handle = handle;
  self->message = new_message (self->model, method, path);
  if (body != NULL) {
    g_autoptr (GBytes) bytes = g_bytes_new_take (body, strlen (body));

    soup_message_set_request_body_from_bytes (self->message, content_type, bytes);
  }
  soup_session_send_and_read_async (self->model->session, self->message, G_PRIORITY_DEFAULT, NULL,
                                    answered_cb, self);
}

static char *
dup_path (const char *prefix, int number)
{
  return g_strdup_printf (CONFIGMAPS "/%s%d", prefix, number);
}

static void read_counter (Client *self);

static void
counter_written (gpointer user_data, guint status, JsonNode *answer)
{
  Client *self = user_data;

  if (status == 409) {
    self->model->conflicts++;
    read_counter (self);
    return;
  }
  g_assert_cmpuint (status, ==, 200);
  self->model->counters[self->subject]++;
  next (self);
}

static void
counter_read (gpointer user_data, guint status, JsonNode *answer)
{
  Client *self = user_data;
  g_autofree char *path = dup_path ("counter", self->subject);
  g_autofree char *value = NULL;

  g_assert_cmpuint (status, ==, 200);
  value = g_strdup_printf (
    "%d",
    (int)g_ascii_strtoll (base_json_get_string (answer, "data", "value", NULL), NULL, 10) + 1);
  json_object_set_string_member (base_json_get_object (answer, "data", NULL), "value", value);
  ask (self, "PUT", path, "application/json", base_json_write (answer, FALSE), counter_written);
}

static void
read_counter (Client *self)
{
  g_autofree char *path = dup_path ("counter", self->subject);

  ask (self, "GET", path, NULL, NULL, counter_read);
}

static void
patched (gpointer user_data, guint status, JsonNode *answer)
{
  g_assert_cmpuint (status, ==, 200);
  next (user_data);
}

static void
patch (Client *self)
{
  g_autofree char *path = dup_path ("counter", 0);

  self->model->patches[self->number] = self->left;
  ask (self, "PATCH", path, "application/merge-patch+json",
       g_strdup_printf ("{\"data\":{\"client%d\":\"%d\"}}", self->number, self->left), patched);
}

static void
created (gpointer user_data, guint status, JsonNode *answer)
{
  Client *self = user_data;

  g_assert_true (status == 201 || status == 409);
  if (status == 201)
    self->model->comers[self->subject]++;
  next (self);
}

static void
deleted (gpointer user_data, guint status, JsonNode *answer)
{
  Client *self = user_data;

  g_assert_true (status == 200 || status == 404);
  if (status == 200)
    self->model->comers[self->subject]--;
  next (self);
}

static void
next (Client *self)
{
  GRand *random = self->model->random;

  if (self->left-- == 0) {
    self->model->running--;
    return;
  }
  switch (g_rand_int_range (random, 0, 5)) {
    case 0:
    case 1:
      self->subject = g_rand_int_range (random, 0, N_COUNTERS);
      read_counter (self);
      break;
    case 2:
      patch (self);
      break;
    case 3:
      self->subject = g_rand_int_range (random, 0, N_COMERS);
      ask (self, "POST", CONFIGMAPS, "application/json",
           g_strdup_printf ("{\"metadata\":{\"name\":\"comer%d\"}}", self->subject), created);
      break;
    default: {
      g_autofree char *path = NULL;

      self->subject = g_rand_int_range (random, 0, N_COMERS);
      path = dup_path ("comer", self->subject);
      ask (self, "DELETE", path, NULL, NULL, deleted);
      break;
    }
  }
}

/* One event: nothing comes twice, or before its time, or without what it is about. */
static void
follow (Model *model, const char *line)
{
  g_autoptr (JsonNode) event = base_json_parse (line, -1, NULL);
  const char *type = base_json_get_string (event, "type", NULL);
  JsonNode *object = base_json_get (event, "object", NULL);
  const char *name = base_metadata_get_name (object);
  JsonNode *before = g_hash_table_lookup (model->watched, name);
  guint64 version = get_version (object);

  g_assert_cmpuint (version, >, model->version);
  model->version = version;
  g_assert_true ((before == NULL) == g_str_equal (type, "ADDED"));
  if (g_str_equal (type, "DELETED"))
    g_hash_table_remove (model->watched, name);
  else
    g_hash_table_replace (model->watched, g_strdup (name), json_node_ref (object));
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Model *model = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  char *end;

  if (length <= 0) {
    model->watch_ended = TRUE;
    return;
  }
  g_string_append_len (model->rest, model->buffer, length);
  while ((end = strchr (model->rest->str, '\n')) != NULL) {
    *end = '\0';
    follow (model, model->rest->str);
    g_string_erase (model->rest, 0, end - model->rest->str + 1);
  }
  g_input_stream_read_async (model->watch, model->buffer, sizeof model->buffer, G_PRIORITY_DEFAULT,
                             model->cancellable, read_cb, model);
}

static void
start_watch (Model *model)
{
  g_autofree char *path =
    g_strdup_printf (CONFIGMAPS "?watch=true&resourceVersion=%" G_GUINT64_FORMAT, model->version);
  g_autoptr (SoupMessage) message = new_message (model, "GET", path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  soup_session_send_async (model->session, message, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result,
                           &result);
  test_wait_for_pointer (&result, 30, "the watch");
  model->watch = soup_session_send_finish (model->session, result, &error);
  g_assert_no_error (error);
  g_input_stream_read_async (model->watch, model->buffer, sizeof model->buffer, G_PRIORITY_DEFAULT,
                             model->cancellable, read_cb, model);
}

static void
set_up (Model *model, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *ca = NULL;
  g_autoptr (GTlsDatabase) database = NULL;

  model->dir = g_dir_make_tmp ("practice-model-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (model->dir, "state.db", NULL);
  ca = g_build_filename (model->dir, "ca.pem", NULL);
  model->store = practice_store_new (path, &error);
  g_assert_no_error (error);
  model->server = practice_api_server_new (model->store, &error);
  g_assert_no_error (error);
  g_file_set_contents (ca, practice_api_server_get_ca_pem (model->server), -1, &error);
  g_assert_no_error (error);
  database = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
  model->session = soup_session_new_with_options ("tls-database", database, "max-conns", 32,
                                                  "max-conns-per-host", 32, NULL);
  model->random = g_rand_new_with_seed (g_test_rand_int ());
  model->watched =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)json_node_unref);
  model->rest = g_string_new (NULL);
  model->cancellable = g_cancellable_new ();
  practice_store_create (
    model->store, "/namespaces",
    test_json ("{'kind':'Namespace','apiVersion':'v1','metadata':{'name':'default'}}"), &error);
  g_assert_no_error (error);
  model->version = practice_store_get_version (model->store);
}

static gboolean
is_null (gpointer data)
{
  return *(gpointer *)data == NULL;
}

static gboolean
watch_has_ended (gpointer data)
{
  return ((Model *)data)->watch_ended;
}

static void
tear_down (Model *model, gconstpointer data)
{
  const char *names[] = { "state.db", "state.db-wal", "ca.pem" };
  gpointer session = model->session;

  g_cancellable_cancel (model->cancellable);
  test_wait_until (watch_has_ended, model, 30, "the end of the watch");
  g_clear_object (&model->watch);
  g_object_add_weak_pointer (session, &session);
  soup_session_abort (model->session);
  g_clear_object (&model->session);
  test_wait_until (is_null, &session, 30, "the end of the client");
  g_assert_finalize_object (g_steal_pointer (&model->server));
  g_assert_finalize_object (g_steal_pointer (&model->store));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (model->dir, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (model->dir);
  g_clear_object (&model->cancellable);
  g_hash_table_unref (model->watched);
  g_string_free (model->rest, TRUE);
  g_rand_free (model->random);
  g_free (model->dir);
}

static gboolean
all_have_ended (gpointer data)
{
  return ((Model *)data)->running == 0;
}

static gboolean
watch_is_there (gpointer data)
{
  Model *model = data;

  return model->version == practice_store_get_version (model->store);
}

static void
create_counters (Model *model)
{
  for (int i = 0; i < N_COUNTERS; i++) {
    g_autofree char *text =
      g_strdup_printf ("{'kind':'ConfigMap','apiVersion':'v1','metadata':{'name':'counter%d',"
                       "'namespace':'default'},'data':{'value':'0'}}",
                       i);
    g_autoptr (GError) error = NULL;

    practice_store_create (model->store, "/configmaps", test_json (text), &error);
    g_assert_no_error (error);
  }
}

static void
compare (Model *model)
{
  g_autoptr (GPtrArray) objects = practice_store_list (model->store, "/configmaps", NULL);
  guint comers = 0;

  g_assert_cmpuint (objects->len, ==, g_hash_table_size (model->watched));
  for (guint i = 0; i < objects->len; i++)
    g_assert_true (base_json_equal (
      objects->pdata[i],
      g_hash_table_lookup (model->watched, base_metadata_get_name (objects->pdata[i]))));
  for (int i = 0; i < N_COUNTERS; i++) {
    g_autofree char *name = g_strdup_printf ("counter%d", i);
    JsonNode *counter = g_hash_table_lookup (model->watched, name);

    g_assert_cmpint (
      (int)g_ascii_strtoll (base_json_get_string (counter, "data", "value", NULL), NULL, 10), ==,
      model->counters[i]);
  }
  for (int i = 0; i < N_CLIENTS; i++) {
    g_autofree char *key = g_strdup_printf ("client%d", i);
    JsonNode *counter = g_hash_table_lookup (model->watched, "counter0");
    const char *written = base_json_get_string (counter, "data", key, NULL);

    g_assert_cmpint (written != NULL ? (int)g_ascii_strtoll (written, NULL, 10) : -1, ==,
                     model->patches[i]);
  }
  for (int i = 0; i < N_COMERS; i++) {
    g_assert_true (model->comers[i] == 0 || model->comers[i] == 1);
    comers += (guint)model->comers[i];
  }
  g_assert_cmpuint (objects->len, ==, N_COUNTERS + comers);
}

static void
test_writes (Model *model, gconstpointer data)
{
  Client clients[N_CLIENTS] = { 0 };

  start_watch (model);
  create_counters (model);
  model->running = N_CLIENTS;
  for (int i = 0; i < N_CLIENTS; i++) {
    clients[i].model = model;
    clients[i].number = i;
    clients[i].left = OPERATIONS;
    model->patches[i] = -1;
    next (&clients[i]);
  }
  test_wait_until (all_have_ended, model, 30, "the end of the clients");
  test_wait_until (watch_is_there, model, 30, "the end of the events");
  /* Else they did not meet, and nothing was tried. */
  g_assert_cmpuint (model->conflicts, >, 0);
  compare (model);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/practice/api-model/writes", Model, NULL, set_up, test_writes, tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-store.h"

typedef struct {
  char *dir;
  char *path;
  PracticeStore *store;
} Fixture;

static void
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->store = practice_store_new (fixture->path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (fixture->store);
}

static void
close_store (Fixture *fixture)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->store));
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("practice-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->dir, "state.db", NULL);
  open_store (fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *suffixes[] = { "", "-wal", "-shm", "-journal" };

  if (fixture->store != NULL)
    close_store (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->dir);
}

static JsonNode *
make_object (const char *namespace_, const char *name, int value)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strdup_printf (
    "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
    "\"%s\"},\"data\":{\"value\":\"%d\"}}",
    name, namespace_, value);
  JsonNode *node = base_json_parse (text, -1, &error);

  g_assert_no_error (error);
  return node;
}

static JsonNode *
create (Fixture *fixture, const char *namespace_, const char *name, int value)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = practice_store_create (fixture->store, "/configmaps",
                                          make_object (namespace_, name, value), &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static JsonNode *
update (Fixture *fixture, const char *namespace_, const char *name, int value)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = practice_store_update (fixture->store, "/configmaps",
                                          make_object (namespace_, name, value), NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (node);
  return node;
}

static guint64
version_of (JsonNode *node)
{
  return g_ascii_strtoull (base_json_get_string (node, "metadata", "resourceVersion", NULL), NULL,
                           10);
}

static void
test_create (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint64 before = practice_store_get_version (fixture->store);
  JsonNode *node = create (fixture, "default", "a", 1);
  g_autoptr (GDateTime) created = g_date_time_new_from_iso8601 (
    base_json_get_string (node, "metadata", "creationTimestamp", NULL), NULL);

  g_assert_cmpuint (before, >, 0);
  g_assert_cmpuint (version_of (node), ==, before + 1);
  g_assert_cmpuint (practice_store_get_version (fixture->store), ==, before + 1);
  g_assert_true (g_uuid_string_is_valid (base_metadata_get_uid (node)));
  g_assert_nonnull (created);
  g_assert_true (practice_store_get (fixture->store, "/configmaps", "default", "a") == node);
  g_assert_null (practice_store_get (fixture->store, "/configmaps", "other", "a"));
  g_assert_null (practice_store_get (fixture->store, "/secrets", "default", "a"));

  g_assert_null (
    practice_store_create (fixture->store, "/configmaps", make_object ("default", "a", 2), &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_EXISTS);
}

static void
test_update (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JsonNode *first = json_node_ref (create (fixture, "default", "a", 1));
  JsonNode *second = update (fixture, "default", "a", 2);

  g_assert_cmpuint (version_of (second), ==, version_of (first) + 1);
  g_assert_cmpstr (base_metadata_get_uid (second), ==, base_metadata_get_uid (first));

  /* Nothing changes: no new version. */
  g_assert_true (update (fixture, "default", "a", 2) == second);
  g_assert_cmpuint (practice_store_get_version (fixture->store), ==, version_of (second));

  g_assert_null (practice_store_update (
    fixture->store, "/configmaps", make_object ("default", "a", 3),
    base_json_get_string (first, "metadata", "resourceVersion", NULL), &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_CONFLICT);
  g_clear_error (&error);
  g_assert_null (practice_store_update (fixture->store, "/configmaps",
                                        make_object ("default", "missing", 3), NULL, &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_NOT_FOUND);
  json_node_unref (first);
}

static void
test_list (Fixture *fixture, gconstpointer data)
{
  const char *expected[] = { "b", "a", "c", "z" };
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) some = NULL;
  g_autoptr (GPtrArray) none = NULL;

  create (fixture, "default", "c", 1);
  create (fixture, "default2", "z", 1);
  create (fixture, "default", "a", 1);
  create (fixture, "apps", "b", 1);

  all = practice_store_list (fixture->store, "/configmaps", NULL);
  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpstr (base_metadata_get_name (all->pdata[i]), ==, expected[i]);
  some = practice_store_list (fixture->store, "/configmaps", "default");
  g_assert_cmpuint (some->len, ==, 2);
  none = practice_store_list (fixture->store, "/secrets", NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_text (Fixture *fixture, gconstpointer data)
{
  JsonNode *node = create (fixture, "default", "a", 1);
  GBytes *text = practice_store_get_text (fixture->store, node);
  g_autoptr (JsonNode) parsed = NULL;
  g_autoptr (JsonNode) foreign = make_object ("default", "a", 1);

  parsed = base_json_parse (g_bytes_get_data (text, NULL), (gssize)g_bytes_get_size (text), NULL);
  g_assert_true (base_json_equal (parsed, node));
  g_assert_null (practice_store_get_text (fixture->store, foreign));
}

static void
test_events_since (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GPtrArray) later = NULL;
  guint64 start = practice_store_get_version (fixture->store);
  PracticeStoreEvent *event;

  create (fixture, "default", "a", 1);
  update (fixture, "default", "a", 2);
  g_assert_true (practice_store_delete (fixture->store, "/configmaps", "default", "a", &error));
  g_assert_no_error (error);
  g_assert_false (practice_store_delete (fixture->store, "/configmaps", "default", "a", &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_NOT_FOUND);

  events = practice_store_dup_events_since (fixture->store, "/configmaps", start);
  g_assert_cmpuint (events->len, ==, 3);
  event = events->pdata[0];
  g_assert_cmpint (event->type, ==, PRACTICE_EVENT_ADDED);
  g_assert_null (event->old);
  event = events->pdata[1];
  g_assert_cmpint (event->type, ==, PRACTICE_EVENT_MODIFIED);
  g_assert_cmpstr (base_json_get_string (event->old, "data", "value", NULL), ==, "1");
  event = events->pdata[2];
  g_assert_cmpint (event->type, ==, PRACTICE_EVENT_DELETED);
  g_assert_cmpuint (event->version, ==, practice_store_get_version (fixture->store));
  g_assert_cmpuint (version_of (event->object), ==, event->version);
  g_assert_cmpstr (base_json_get_string (event->object, "data", "value", NULL), ==, "2");

  later = practice_store_dup_events_since (fixture->store, "/configmaps", start + 2);
  g_assert_cmpuint (later->len, ==, 1);
}

static void
test_history_ends (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) events = NULL;
  guint64 start = practice_store_get_version (fixture->store);
  guint64 recent;

  create (fixture, "default", "a", 0);
  for (int i = 1; i < 3000; i++)
    update (fixture, "default", "a", i);
  recent = practice_store_get_version (fixture->store) - 10;

  g_assert_null (practice_store_dup_events_since (fixture->store, "/configmaps", start));
  events = practice_store_dup_events_since (fixture->store, "/configmaps", recent);
  g_assert_cmpuint (events->len, ==, 10);
  /* The history of one resource does not push out another's. */
  g_clear_pointer (&events, g_ptr_array_unref);
  events = practice_store_dup_events_since (fixture->store, "/secrets", start);
  g_assert_nonnull (events);
}

/* Large objects leave the history sooner. */
static void
test_large_history (Fixture *fixture, gconstpointer data)
{
  g_autofree char *filling = g_strnfill (256 * 1024, 'x');
  guint64 start = practice_store_get_version (fixture->store);
  g_autoptr (GPtrArray) recent = NULL;

  create (fixture, "default", "a", 0);
  for (int i = 0; i < 20; i++) {
    JsonNode *node = make_object ("default", "a", i);
    g_autoptr (GError) error = NULL;

    json_object_set_string_member (base_json_get_object (node, "data", NULL), "filling", filling);
    practice_store_update (fixture->store, "/configmaps", node, NULL, &error);
    g_assert_no_error (error);
  }
  g_assert_null (practice_store_dup_events_since (fixture->store, "/configmaps", start + 5));
  recent = practice_store_dup_events_since (fixture->store, "/configmaps", start + 18);
  g_assert_cmpuint (recent->len, ==, 3);
}

typedef struct {
  Fixture *fixture;
  GString *seen;
  gboolean write;
} Listener;

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          gpointer user_data)
{
  Listener *listener = user_data;

  g_string_append_printf (listener->seen, "%s%c", base_metadata_get_name (object), "+~-"[type]);
  g_assert_cmpstr (resource, ==, "/configmaps");
  g_assert_true ((old != NULL) == (type != PRACTICE_EVENT_ADDED));
  if (listener->write && type == PRACTICE_EVENT_ADDED)
    update (listener->fixture, "default", base_metadata_get_name (object), 99);
}

static void
test_signal (Fixture *fixture, gconstpointer data)
{
  Listener writer = { fixture, g_string_new (NULL), TRUE };
  Listener reader = { fixture, g_string_new (NULL), FALSE };
  gulong ids[2];

  ids[0] = g_signal_connect (fixture->store, "event", G_CALLBACK (event_cb), &writer);
  ids[1] = g_signal_connect (fixture->store, "event::/configmaps", G_CALLBACK (event_cb), &reader);
  create (fixture, "default", "a", 1);
  g_assert_cmpstr (
    base_json_get_string (practice_store_get (fixture->store, "/configmaps", "default", "a"),
                          "data", "value", NULL),
    ==, "99");
  practice_store_delete (fixture->store, "/configmaps", "default", "a", NULL);

  /* Also who comes second hears of the creation before the update that the first made of it. */
  g_assert_cmpstr (writer.seen->str, ==, "a+a~a-");
  g_assert_cmpstr (reader.seen->str, ==, "a+a~a-");
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    g_signal_handler_disconnect (fixture->store, ids[i]);
  g_string_free (writer.seen, TRUE);
  g_string_free (reader.seen, TRUE);
}

static void
test_restart (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) kept = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *setting = NULL;
  guint64 version;
  struct stat info;

  kept = json_node_ref (create (fixture, "default", "a", 1));
  create (fixture, "default", "b", 1);
  g_assert_true (practice_store_delete (fixture->store, "/configmaps", "default", "b", &error));
  g_assert_true (practice_store_set_setting (fixture->store, "token", "secret", &error));
  g_assert_no_error (error);
  version = practice_store_get_version (fixture->store);
  close_store (fixture);

  open_store (fixture);
  g_assert_cmpuint (practice_store_get_version (fixture->store), ==, version);
  g_assert_true (
    base_json_equal (practice_store_get (fixture->store, "/configmaps", "default", "a"), kept));
  g_assert_null (practice_store_get (fixture->store, "/configmaps", "default", "b"));
  setting = practice_store_dup_setting (fixture->store, "token");
  g_assert_cmpstr (setting, ==, "secret");
  g_assert_null (practice_store_dup_setting (fixture->store, "missing"));

  /* A watch from the present version goes on, one from before cannot. */
  events = practice_store_dup_events_since (fixture->store, "/configmaps", version);
  g_assert_cmpuint (events->len, ==, 0);
  g_assert_null (practice_store_dup_events_since (fixture->store, "/configmaps", version - 1));

  g_assert_no_errno (stat (fixture->path, &info));
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
}

static void
write_until_killed (const char *path, int fd)
{
  g_autoptr (PracticeStore) store = practice_store_new (path, NULL);

  for (int i = 0; store != NULL; i++) {
    g_autofree char *name = g_strdup_printf ("n%d", i);

    if (practice_store_create (store, "/configmaps", make_object ("default", name, i), NULL) ==
          NULL ||
        write (fd, &i, sizeof i) != sizeof i)
      _exit (1);
  }
  _exit (1);
}

static void
test_kill (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) list = NULL;
  int fds[2], i = 0, last = -1, status;
  pid_t pid;

  close_store (fixture);
  g_assert_no_errno (pipe (fds));
  pid = fork ();
  g_assert_no_errno (pid);
  if (pid == 0)
    write_until_killed (fixture->path, fds[1]);
  close (fds[1]);
  while (last < 200 && read (fds[0], &i, sizeof i) == sizeof i)
    last = i;
  g_assert_cmpint (last, ==, 200);
  g_assert_no_errno (kill (pid, SIGKILL));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
  while (read (fds[0], &i, sizeof i) == sizeof i)
    last = i;
  close (fds[0]);

  /* Every write that was acknowledged is there, and one at most that was not. */
  open_store (fixture);
  list = practice_store_list (fixture->store, "/configmaps", NULL);
  g_assert_cmpuint (list->len, >=, last + 1);
  g_assert_cmpuint (list->len, <=, last + 2);
}

static void
test_bad_file (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *missing = g_build_filename (fixture->dir, "no", "such", "folder", NULL);

  g_assert_null (practice_store_new (missing, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);

  close_store (fixture);
  g_assert_true (
    g_file_set_contents (fixture->path, "this is no database, and never was one", -1, NULL));
  g_assert_null (practice_store_new (fixture->path, &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/store/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("create", test_create);
  ADD ("update", test_update);
  ADD ("list", test_list);
  ADD ("text", test_text);
  ADD ("events-since", test_events_since);
  ADD ("history-ends", test_history_ends);
  ADD ("large-history", test_large_history);
  ADD ("signal", test_signal);
  ADD ("restart", test_restart);
  ADD ("kill", test_kill);
  ADD ("bad-file", test_bad_file);
#undef ADD

  return g_test_run ();
}

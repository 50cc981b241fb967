/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base-metadata.h"
#include "practice-store-copy.h"
#include "test-json.h"

#define CONFIGMAPS "/configmaps"
#define ROUNDS 24
#define N_NAMES 6

/* How many writes a writer acknowledges at most before it is killed. */
#define MAX_WRITES 60

typedef struct {
  char *dir;
  char *path;
} Fixture;

/* What a writer says after each write: which name has which value now; -1: it is gone. */
typedef struct {
  int name;
  int value;
  guint64 version;
} Ack;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->dir = g_dir_make_tmp ("practice-durability-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->dir, "state.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->dir, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->dir);
  g_free (fixture->path);
  g_free (fixture->dir);
}

static PracticeStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PracticeStore *store = practice_store_new (fixture->path, &error);

  g_assert_no_error (error);
  return store;
}

static JsonNode *
new_object (int name, int value)
{
  g_autofree char *text = g_strdup_printf (
    "{'kind':'ConfigMap','metadata':{'name':'n%d','namespace':'default'},'data':{'v':'%d'}}", name,
    value);

  return test_json (text);
}

/* -1: there is none. */
static int
get_value (PracticeStore *store, int name)
{
  g_autofree char *text = g_strdup_printf ("n%d", name);
  JsonNode *object = practice_store_get (store, CONFIGMAPS, "default", text);

  return object != NULL ? atoi (base_json_get_string (object, "data", "v", NULL)) : -1;
}

static void
put (PracticeStore *store, int name, int value)
{
  g_autofree char *text = g_strdup_printf ("n%d", name);
  gboolean done;

  if (value < 0)
    done = practice_store_delete (store, CONFIGMAPS, "default", text, NULL);
  else if (get_value (store, name) < 0)
    done = practice_store_create (store, CONFIGMAPS, new_object (name, value), NULL) != NULL;
  else
    done = practice_store_update (store, CONFIGMAPS, new_object (name, value), NULL, NULL) != NULL;
  if (!done)
    _exit (EXIT_FAILURE);
}

/* The child of a fork: writes until it is killed. */
G_NORETURN static void
write_for_ever (Fixture *fixture, int fd, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  PracticeStore *store = practice_store_new (fixture->path, NULL);

  while (store != NULL) {
    Ack ack = { g_rand_int_range (random, 0, N_NAMES), g_rand_int_range (random, 0, G_MAXINT), 0 };

    if (get_value (store, ack.name) >= 0 && g_rand_int_range (random, 0, 4) == 0)
      ack.value = -1;
    put (store, ack.name, ack.value);
    ack.version = practice_store_get_version (store);
    if (write (fd, &ack, sizeof ack) != sizeof ack)
      break;
  }
  _exit (EXIT_FAILURE);
}

/* Reads up to @limit acknowledgements, kills, and reads what had been said by then. */
static GArray *
kill_writer (pid_t pid, int fd, guint limit)
{
  GArray *acks = g_array_new (FALSE, FALSE, sizeof (Ack));
  gboolean killed = FALSE;
  int status;
  Ack ack;

  for (;;) {
    if (!killed && acks->len >= limit) {
      kill (pid, SIGKILL);
      killed = TRUE;
    }
    if (read (fd, &ack, sizeof ack) != sizeof ack)
      break;
    g_array_append_val (acks, ack);
  }
  g_assert_true (killed);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  return acks;
}

static pid_t
fork_child (int fds[2])
{
  pid_t pid;

  g_assert_cmpint (pipe (fds), ==, 0);
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  close (fds[pid == 0 ? 0 : 1]);
  return pid;
}

/* A process that is killed at any moment has lost no write that it had acknowledged; of the one
 * that it was at, all or nothing is there. */
static void
test_kill (Fixture *fixture, gconstpointer data)
{
  guint64 version = 0;
  int values[N_NAMES];

  for (int i = 0; i < N_NAMES; i++)
    values[i] = -1;
  for (guint round = 0; round < ROUNDS; round++) {
    g_autoptr (GArray) acks = NULL;
    g_autoptr (PracticeStore) store = NULL;
    guint different = 0;
    int fds[2];
    pid_t pid = fork_child (fds);

    if (pid == 0)
      write_for_ever (fixture, fds[1], g_test_rand_int ());
    acks = kill_writer (pid, fds[0], (guint)g_test_rand_int_range (0, MAX_WRITES));
    close (fds[0]);

    for (guint i = 0; i < acks->len; i++) {
      Ack *ack = &g_array_index (acks, Ack, i);

      g_assert_cmpuint (ack->version, >, version);
      version = ack->version;
      values[ack->name] = ack->value;
    }
    store = open_store (fixture);
    g_assert_cmpuint (practice_store_get_version (store), >=, version);
    g_assert_cmpuint (practice_store_get_version (store), <=, version + 1 + (acks->len == 0));
    version = practice_store_get_version (store);
    for (int i = 0; i < N_NAMES; i++) {
      int value = get_value (store, i);

      different += value != values[i] ? 1 : 0;
      values[i] = value;
    }
    g_assert_cmpuint (different, <=, 1);
  }
}

/* The child of a fork: goes to and fro between two snapshots until it is killed. */
G_NORETURN static void
restore_for_ever (Fixture *fixture, int fd, const char *const *snapshots)
{
  PracticeStore *store = practice_store_new (fixture->path, NULL);

  for (guint i = 0; store != NULL; i++) {
    Ack ack = { 0 };

    if (!practice_store_restore (store, snapshots[i % 2], NULL) ||
        !practice_store_save (store, snapshots[i % 2], NULL, NULL, NULL) ||
        write (fd, &ack, sizeof ack) != sizeof ack)
      break;
  }
  _exit (EXIT_FAILURE);
}

/* Objects n0 to n4 have all the same value: 1 in one snapshot and 2 in the other. */
static void
make_snapshots (Fixture *fixture, const char *const *snapshots)
{
  g_autoptr (PracticeStore) store = open_store (fixture);
  g_autoptr (GError) error = NULL;

  for (int value = 1; value <= 2; value++) {
    for (int name = 0; name < N_NAMES - 1; name++)
      put (store, name, value);
    practice_store_set_setting (store, "kept", value == 1 ? "1" : "2", &error);
    g_assert_no_error (error);
    practice_store_save (store, snapshots[value - 1], NULL, NULL, &error);
    g_assert_no_error (error);
    /* One more in the first. */
    if (value == 1)
      put (store, N_NAMES - 1, 1);
  }
}

/* What was restored or saved when its process died is old or new, and nothing between. */
static void
test_kill_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *first = g_build_filename (fixture->dir, "first.db", NULL);
  g_autofree char *second = g_build_filename (fixture->dir, "second.db", NULL);
  const char *const snapshots[] = { first, second };
  guint64 version = 0;

  make_snapshots (fixture, snapshots);
  for (guint round = 0; round < ROUNDS / 2; round++) {
    g_autoptr (GArray) acks = NULL;
    g_autoptr (PracticeStore) store = NULL;
    g_autofree char *setting = NULL;
    int fds[2];
    int value;
    pid_t pid = fork_child (fds);

    if (pid == 0)
      restore_for_ever (fixture, fds[1], snapshots);
    acks = kill_writer (pid, fds[0], (guint)g_test_rand_int_range (0, 6));
    close (fds[0]);

    store = open_store (fixture);
    value = get_value (store, 0);
    g_assert_true (value == 1 || value == 2);
    for (int i = 0; i < N_NAMES - 1; i++)
      g_assert_cmpint (get_value (store, i), ==, value);
    setting = practice_store_dup_setting (store, "kept");
    g_assert_cmpint (atoi (setting), ==, value);
    g_assert_cmpuint (practice_store_get_version (store), >=, version);
    version = practice_store_get_version (store);
    for (int i = 0; i < 2; i++) {
      g_autoptr (GError) error = NULL;

      practice_store_restore (store, snapshots[i], &error);
      g_assert_no_error (error);
      g_assert_cmpint (get_value (store, 0), ==, i + 1);
    }
  }
}

typedef struct {
  GString *told;
  guint64 version;
  guint expired;
  guint restored;
} Listener;

static void
event_cb (PracticeStore *store,
          PracticeEventType type,
          const char *resource,
          JsonNode *object,
          JsonNode *old,
          Listener *self)
{
  guint64 version =
    g_ascii_strtoull (base_json_get_string (object, "metadata", "resourceVersion", NULL), NULL, 10);

  /* Each sees where it all leads already, in the order of versions. */
  g_assert_cmpuint (version, >, self->version);
  self->version = version;
  g_assert_cmpint (get_value (store, 0), ==, 1);
  g_assert_true ((old != NULL) == (type != PRACTICE_EVENT_ADDED));
  g_string_append_printf (self->told, "%s%c", base_metadata_get_name (object), "+~-"[type]);
}

static void
expired_cb (PracticeStore *store, Listener *self)
{
  g_assert_cmpuint (self->told->len, ==, 0);
  self->expired++;
}

static void
restored_cb (PracticeStore *store, Listener *self)
{
  self->restored++;
}

/* A restore is told as events; what was the same stays as it is. */
static void
test_restore (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "copy.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeStore) store = open_store (fixture);
  g_autoptr (GPtrArray) events = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *gone = NULL;
  g_autofree char *uid = NULL;
  Listener listener = { g_string_new (NULL), 0, 0, 0 };
  guint64 before;
  JsonNode *same;

  put (store, 0, 1);
  put (store, 1, 1);
  put (store, 2, 1);
  uid = g_strdup (base_metadata_get_uid (practice_store_get (store, CONFIGMAPS, "default", "n2")));
  practice_store_set_setting (store, "api/token", "before", NULL);
  g_assert_true (practice_store_save (store, path, "note", "hello", &error));
  g_assert_no_error (error);

  same = json_node_ref (practice_store_get (store, CONFIGMAPS, "default", "n1"));
  put (store, 0, 2);
  put (store, 2, -1);
  put (store, 3, 1);
  practice_store_set_setting (store, "later", "1", NULL);
  practice_store_set_setting (store, "api/token", "after", NULL);
  before = practice_store_get_version (store);
  listener.version = before;

  g_signal_connect (store, "event", G_CALLBACK (event_cb), &listener);
  g_signal_connect (store, "expired", G_CALLBACK (expired_cb), &listener);
  g_signal_connect (store, "restored", G_CALLBACK (restored_cb), &listener);
  g_assert_true (practice_store_restore (store, path, &error));
  g_assert_no_error (error);
  g_signal_handlers_disconnect_by_data (store, &listener);

  g_assert_cmpuint (listener.expired, ==, 1);
  g_assert_cmpuint (listener.restored, ==, 1);
  g_assert_true (g_str_has_prefix (listener.told->str, "n3-"));
  g_assert_nonnull (strstr (listener.told->str, "n0~"));
  g_assert_nonnull (strstr (listener.told->str, "n2+"));
  g_assert_cmpuint (listener.told->len, ==, 9);
  g_assert_true (practice_store_get (store, CONFIGMAPS, "default", "n1") == same);
  g_assert_cmpstr (base_metadata_get_uid (practice_store_get (store, CONFIGMAPS, "default", "n2")),
                   ==, uid);
  g_assert_cmpint (get_value (store, 3), ==, -1);
  g_assert_cmpuint (practice_store_get_version (store), >, before);
  events = practice_store_dup_events_since (store, CONFIGMAPS, before);
  g_assert_null (events);

  /* What the server is reached by is no part of it. */
  kept = practice_store_dup_setting (store, "api/token");
  g_assert_cmpstr (kept, ==, "after");
  gone = practice_store_dup_setting (store, "later");
  g_assert_null (gone);
  g_clear_pointer (&gone, g_free);
  gone = practice_store_dup_setting (store, "note");
  g_assert_cmpstr (gone, ==, "hello");
  json_node_unref (same);
  g_string_free (listener.told, TRUE);
}

static void
test_bad_copy (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->dir, "bad.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeStore) store = open_store (fixture);

  put (store, 0, 1);
  g_file_set_contents (path, "this is no database, but long enough to be one", -1, &error);
  g_assert_no_error (error);
  g_assert_false (practice_store_restore (store, path, &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED);
  g_assert_cmpint (get_value (store, 0), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/practice/store-durability/kill", Fixture, NULL, set_up, test_kill, tear_down);
  g_test_add ("/practice/store-durability/kill-restore", Fixture, NULL, set_up, test_kill_restore,
              tear_down);
  g_test_add ("/practice/store-durability/restore", Fixture, NULL, set_up, test_restore, tear_down);
  g_test_add ("/practice/store-durability/bad-copy", Fixture, NULL, set_up, test_bad_copy,
              tear_down);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include "base-json.h"
#include "practice-store-rescue.h"
#include "practice-tree.h"

#define CONFIGMAPS "/configmaps"
#define PAGE 4096

typedef struct {
  char *dir;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->dir = g_dir_make_tmp ("practice-rescue-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->dir, "cluster.db", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  practice_tree_remove (fixture->dir);
  g_free (fixture->dir);
  g_free (fixture->path);
}

static PracticeStore *
open_store (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  PracticeStore *store = practice_store_new (fixture->path, &error);

  g_assert_no_error (error);
  return store;
}

/* Enough of them for tables of many pages. */
static void
fill (Fixture *fixture)
{
  g_autoptr (PracticeStore) store = open_store (fixture);
  g_autofree char *value = g_strnfill (1000, 'x');

  for (guint i = 0; i < 50; i++) {
    g_autofree char *name = g_strdup_printf ("one-%u", i);
    g_autofree char *text = g_strdup_printf (
      "{\"metadata\": {\"name\": \"%s\", \"namespace\": \"default\"}, \"data\": {\"a\": \"%s\"}}",
      name, value);
    g_autoptr (GError) error = NULL;

    practice_store_create (store, CONFIGMAPS, base_json_parse (text, -1, NULL), &error);
    g_assert_no_error (error);
    practice_store_set_setting (store, name, value, &error);
    g_assert_no_error (error);
  }
}

static gboolean
opens (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeStore) store = practice_store_new (fixture->path, &error);

  if (store == NULL)
    g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED);
  return store != NULL;
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->dir, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* What was there is beside it, byte for byte and for its owner alone, and the next start is one
 * from nothing. */
static void
assert_rescued (Fixture *fixture)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeStore) store = NULL;
  gsize n_before, n_after;
  GStatBuf info;

  g_file_get_contents (fixture->path, &before, &n_before, &error);
  g_assert_no_error (error);
  g_assert_true (practice_store_rescue (fixture->path, &kept, &error));
  g_assert_no_error (error);
  g_assert_nonnull (kept);
  g_assert_true (g_str_has_prefix (kept, fixture->path));
  g_file_get_contents (kept, &after, &n_after, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (before, n_before, after, n_after);
  g_assert_cmpint (g_stat (kept, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0077, ==, 0);
  store = open_store (fixture);
  g_assert_cmpuint (practice_store_count (store, CONFIGMAPS), ==, 0);
}

static void
test_no_database (Fixture *fixture, gconstpointer data)
{
  for (guint i = 1; i <= 3; i++) {
    g_assert_true (
      g_file_set_contents (fixture->path, "no database, but long enough for one", -1, NULL));
    g_chmod (fixture->path, 0600);
    g_assert_false (opens (fixture));
    assert_rescued (fixture);
    g_assert_cmpuint (count_files (fixture), ==, 1 + i);
  }
}

static void
write_over (Fixture *fixture, gsize offset, gsize length)
{
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (fixture->path, &bytes, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (offset + length, <=, size);
  memset (bytes + offset, 0xa5, length);
  g_file_set_contents_full (fixture->path, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600,
                            &error);
  g_assert_no_error (error);
}

/* Whichever page it is: also one that reading the objects does not come upon. */
static void
test_pages (Fixture *fixture, gconstpointer data)
{
  GStatBuf info;

  fill (fixture);
  g_assert_cmpint (g_stat (fixture->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, >, 20 * PAGE);
  for (gsize offset = PAGE; offset < (gsize)info.st_size; offset += PAGE * 5) {
    practice_tree_remove (fixture->dir);
    g_assert_cmpint (g_mkdir (fixture->dir, 0700), ==, 0);
    fill (fixture);
    write_over (fixture, offset, PAGE);
    g_assert_false (opens (fixture));
    assert_rescued (fixture);
  }
}

static void
execute (Fixture *fixture, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

/* A database all right, whose rows or tables are not what we wrote. */
static void
test_contents (Fixture *fixture, gconstpointer data)
{
  const char *const changes[] = {
    "UPDATE objects SET json = '{' WHERE key = 'default/one-7'",
    "UPDATE objects SET json = '[]' WHERE key = 'default/one-7'",
    "UPDATE objects SET json = '{}' WHERE key = 'default/one-7'",
    "ALTER TABLE objects RENAME COLUMN json TO yaml",
  };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    fill (fixture);
    execute (fixture, changes[i]);
    g_assert_false (opens (fixture));
    assert_rescued (fixture);
  }
}

/* The log of a process that died goes with its file: the next file is not taken for its own. */
static void
test_log (Fixture *fixture, gconstpointer data)
{
  g_autofree char *log = g_strconcat (fixture->path, "-wal", NULL);

  g_assert_true (g_file_set_contents (fixture->path, "no database, but long enough", -1, NULL));
  g_chmod (fixture->path, 0600);
  g_assert_true (g_file_set_contents (log, "its log", -1, NULL));
  assert_rescued (fixture);
}

/* What is good, or not there, or of a newer program, stays. */
static void
test_untouched (Fixture *fixture, gconstpointer data)
{
  g_autofree char *kept = NULL;
  g_autoptr (PracticeStore) store = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (practice_store_rescue (fixture->path, &kept, &error));
  g_assert_null (kept);
  g_assert_cmpuint (count_files (fixture), ==, 0);
  fill (fixture);
  g_assert_true (practice_store_rescue (fixture->path, &kept, &error));
  g_assert_no_error (error);
  g_assert_null (kept);
  store = open_store (fixture);
  g_assert_cmpuint (practice_store_count (store, CONFIGMAPS), ==, 50);
  g_clear_object (&store);

  execute (fixture, "PRAGMA user_version = 1000");
  g_assert_false (practice_store_rescue (fixture->path, &kept, &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_IO);
  g_assert_null (kept);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/practice/store-rescue/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("no-database", test_no_database);
  ADD ("pages", test_pages);
  ADD ("contents", test_contents);
  ADD ("log", test_log);
  ADD ("untouched", test_untouched);
  return g_test_run ();
}

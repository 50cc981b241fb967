/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "practice-program.h"
#include "test-wait.h"

/* `konvoy-practice --dir DIR WORDS`. */
static void
run (Program *fixture, ProgramRun *result, const char *words)
{
  g_auto (GStrv) parts = g_strsplit (words, " ", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) argv = NULL;

  g_strv_builder_add_many (builder, fixture->program, "--dir", fixture->dir, NULL);
  g_strv_builder_addv (builder, (const char **)parts);
  argv = g_strv_builder_end (builder);
  program_start_argv (fixture, result, (const char *const *)argv, NULL);
  test_wait_until (program_run_has_ended, result, 20, words);
}

static void
check (Program *fixture, const char *words, int status, const char *output, const char *errors)
{
  g_auto (ProgramRun) result = { NULL };

  run (fixture, &result, words);
  if (result.status != status || !strstr (result.output, output) || !strstr (result.errors, errors))
    g_error ("%s: %d\n%s\n%s", words, result.status, result.output, result.errors);
}

/* Without an owner: nothing is put on, and no folder is made; states can be kept all the same. */
static void
test_without_owner (Program *fixture, gconstpointer data)
{
  check (fixture, "fault slow", 1, "", "No practice cluster is running");
  g_assert_false (g_file_test (fixture->dir, G_FILE_TEST_EXISTS));
  check (fixture, "fault fast", 2, "", "There is no fault named “fast”");
  check (fixture, "snapshot ..", 2, "", "cannot be the name of a snapshot");
  check (fixture, "--help", 0, "certificate-expired", "");
  check (fixture, "snapshot one", 0, "is kept", "");
  check (fixture, "snapshot", 0, "  one\n", "");
  check (fixture, "restore one", 0, "is back at", "");
  check (fixture, "restore two", 1, "", "There is no snapshot named “two”");
}

static void
test_with_owner (Program *fixture, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { NULL };

  program_attach (fixture, &owner);
  check (fixture, "fault list", 0, "api-down ", "");
  check (fixture, "fault api-down 60", 0, "for 60 seconds.", "");
  check (fixture, "fault list", 0, "s left", "");
  check (fixture, "fault clear", 0, "1 fault has ended.", "");
  check (fixture, "fault clear", 0, "No fault was on.", "");
  check (fixture, "snapshot one", 0, "is kept", "");
  check (fixture, "reset", 0, "first start", "");
  check (fixture, "restore one", 0, "is back at", "");
  g_assert_false (owner.has_ended);
}

static char *
dup_store (Program *fixture)
{
  return g_build_filename (fixture->dir, "cluster.db", NULL);
}

/* (transfer full): what the sentence "… is kept as “PATH”." names */
static char *
dup_kept (const char *output)
{
  const char *begin = strstr (output, "kept as “");
  const char *end = begin ? strstr (begin, "”.") : NULL;

  if (!end)
    g_error ("no file is named in: %s", output);
  begin += strlen ("kept as “");
  return g_strndup (begin, (gsize)(end - begin));
}

/* A damaged state stops a start, and stays as it is until the user asks for a new cluster. */
static void
test_damaged (Program *fixture, gconstpointer data)
{
  static const char damage[] = "this is no database, but long enough to be one";
  g_autofree char *store = NULL;
  g_autofree char *kept = NULL;
  g_autofree char *text = NULL;
  g_auto (ProgramRun) result = { NULL };

  check (fixture, "snapshot one", 0, "is kept", "");
  store = dup_store (fixture);
  g_assert_true (g_file_set_contents (store, damage, -1, NULL));
  check (fixture, "snapshot two", 1, "", "is damaged");
  check (fixture, "restore one", 1, "", "Make a new practice cluster");
  g_assert_true (g_file_get_contents (store, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, damage);
  g_clear_pointer (&text, g_free);

  run (fixture, &result, "reset");
  g_assert_cmpint (result.status, ==, 0);
  g_assert_true (
    g_str_has_prefix (result.output, "The cluster is as it was at its first start.\n"));
  kept = dup_kept (result.output);
  g_assert_true (g_str_has_prefix (kept, store));
  g_assert_true (g_file_get_contents (kept, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, damage);

  check (fixture, "snapshot", 0, "  one\n", "");
  check (fixture, "restore one", 0, "is back at", "");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/konvoy-practice/drills/without-owner", Program, NULL, program_set_up,
              test_without_owner, program_tear_down);
  g_test_add ("/konvoy-practice/drills/with-owner", Program, NULL, program_set_up, test_with_owner,
              program_tear_down);
  g_test_add ("/konvoy-practice/drills/damaged", Program, NULL, program_set_up, test_damaged,
              program_tear_down);
  return g_test_run ();
}

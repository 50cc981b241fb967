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

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/konvoy-practice/drills/without-owner", Program, NULL, program_set_up,
              test_without_owner, program_tear_down);
  g_test_add ("/konvoy-practice/drills/with-owner", Program, NULL, program_set_up, test_with_owner,
              program_tear_down);
  return g_test_run ();
}

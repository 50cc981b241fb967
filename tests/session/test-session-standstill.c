/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-standstill.h"
#include "test-wait.h"

#define PATIENCE_MS 5
#define WAIT 20

typedef struct {
  SessionShell *shell;
  SessionStandstill *standstill;
  char *question; /* (nullable) */
  gboolean is_silent;
} Fixture;

static void
asks_cb (SessionStandstill *standstill, const char *line, Fixture *fixture)
{
  g_free (fixture->question);
  fixture->question = g_strdup (line);
}

static void
silent_cb (SessionStandstill *standstill, gboolean is_silent, Fixture *fixture)
{
  fixture->is_silent = is_silent;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->shell = session_shell_new ();
  fixture->standstill = session_standstill_new (fixture->shell, PATIENCE_MS);
  g_signal_connect (fixture->standstill, "asks", G_CALLBACK (asks_cb), fixture);
  g_signal_connect (fixture->standstill, "silent", G_CALLBACK (silent_cb), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->standstill));
  g_assert_finalize_object (g_steal_pointer (&fixture->shell));
  g_free (fixture->question);
}

static void
print (Fixture *fixture, const char *text)
{
  session_shell_feed (fixture->shell, text, strlen (text));
}

static gboolean
is_silent (gpointer data)
{
  return ((Fixture *)data)->is_silent;
}

/* What is printed, and in which line something is asked then. */
static const char *const CASES[][2] = {
  { "> ", ">" },
  { "one\r\nPassword: ", "Password:" },
  { "Go on? [y/N] ", "Go on? [y/N]" },
  { "Go on (yes/no)", "Go on (yes/no)" },
  { "Who are you?", "Who are you?" },
  { "sh-4.2$ ", "sh-4.2$" },
  { "\033[1m/ # \033[0m", "/ #" },
  { "Password: \r\n", NULL },
  { "Waiting...", NULL },
  { "50%", NULL },
  { "####", NULL },
  { "one\r\ntwo\r\n", NULL },
  { "  \t", NULL },
  { "", NULL },
};

static void
test_questions (Fixture *fixture, gconstpointer data)
{
  const char *const *c = data;

  print (fixture, c[0]);
  test_wait_until (is_silent, fixture, WAIT, "the silence");
  g_assert_cmpstr (fixture->question, ==, c[1]);
}

/* What comes in pieces is one line, and is no question where more follows. */
static void
test_pieces (Fixture *fixture, gconstpointer data)
{
  print (fixture, "Pass");
  print (fixture, "word: ");
  print (fixture, "given\r\n");
  test_wait_until (is_silent, fixture, WAIT, "the silence");
  g_assert_null (fixture->question);
  print (fixture, "two\r\nName");
  g_assert_false (fixture->is_silent);
  print (fixture, ":");
  test_wait_until (is_silent, fixture, WAIT, "the silence after it");
  g_assert_cmpstr (fixture->question, ==, "Name:");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session/standstill/question/%02u", (guint)i + 1);

    g_test_add (path, Fixture, CASES[i], set_up, test_questions, tear_down);
  }
  g_test_add ("/session/standstill/pieces", Fixture, NULL, set_up, test_pieces, tear_down);
  return g_test_run ();
}

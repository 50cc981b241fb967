/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib-unix.h>
#include <string.h>
#include <unistd.h>

#include "jump-log.h"
#include "test-wait.h"

typedef struct {
  JumpLog *log;
  int writer;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GInputStream) stream = NULL;
  int fds[2];

  g_assert_true (g_unix_open_pipe (fds, FD_CLOEXEC, NULL));
  stream = g_unix_input_stream_new (fds[0], TRUE);
  fixture->log = jump_log_new (stream);
  fixture->writer = fds[1];
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (fixture->log);
  if (fixture->writer >= 0)
    close (fixture->writer);
}

static void
say (Fixture *fixture, const char *text)
{
  g_assert_cmpint (write (fixture->writer, text, strlen (text)), ==, strlen (text));
}

static void
test_since (Fixture *fixture, gconstpointer data)
{
  g_autofree char *all = NULL;
  g_autofree char *later = NULL;
  g_autofree char *last = NULL;
  guint64 position;

  say (fixture, "first\n");
  position = jump_log_get_position (fixture->log);
  g_assert_cmpuint (position, ==, 6);
  say (fixture, "second \033[1mbold\033[0m \xff\n\n");
  all = jump_log_dup_text (fixture->log, 0);
  g_assert_true (g_str_has_prefix (all, "first\nsecond"));
  g_assert_true (g_utf8_validate (all, -1, NULL));
  later = jump_log_dup_text (fixture->log, position);
  g_assert_true (g_str_has_prefix (later, "second"));
  last = jump_log_dup_last_line (fixture->log);
  g_assert_true (g_str_has_prefix (last, "second [1mbold"));
}

static gboolean
is_long (gpointer data)
{
  return jump_log_get_position (data) >= 100000;
}

/* The pipe never fills, however much is written, and only the end is kept. */
static void
test_limit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *chunk = g_strnfill (1000, 'x');
  g_autofree char *text = NULL;

  for (guint i = 0; i < 100; i++) {
    say (fixture, chunk);
    g_main_context_iteration (NULL, FALSE);
  }
  say (fixture, "\nend");
  test_wait_until (is_long, fixture->log, 5, "all to be read");
  text = jump_log_dup_text (fixture->log, 0);
  g_assert_cmpuint (strlen (text), <=, 16 * 1024);
  g_assert_true (g_str_has_suffix (text, "x\nend"));
}

static void
test_end (Fixture *fixture, gconstpointer data)
{
  g_autofree char *line = NULL;
  g_autofree char *empty = jump_log_dup_last_line (fixture->log);

  g_assert_cmpstr (empty, ==, "");
  say (fixture, "last words");
  close (fixture->writer);
  fixture->writer = -1;
  line = jump_log_dup_last_line (fixture->log);
  g_assert_cmpstr (line, ==, "last words");
  g_assert_cmpuint (jump_log_get_position (fixture->log), ==, 10);
}

#define ADD(name, func) g_test_add ("/jump/log/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("since", test_since);
  ADD ("limit", test_limit);
  ADD ("end", test_end);

  return g_test_run ();
}

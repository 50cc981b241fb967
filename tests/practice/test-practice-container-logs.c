/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-logs.h"

#include <string.h>

static const PracticeLogSelection everything = { .tail = -1 };

static char *
dup_text (PracticeContainerLogs *logs,
          const char *container,
          gboolean previous,
          const PracticeLogSelection *selection)
{
  g_autoptr (GBytes) text =
    practice_container_logs_dup_text (logs, "u1", container, previous, selection);
  gsize size;
  const char *data = g_bytes_get_data (text, &size);

  return g_strndup (data, size);
}

static void
assert_text (PracticeContainerLogs *logs, const char *container, gint64 tail, const char *expected)
{
  const PracticeLogSelection selection = { .tail = tail };
  g_autofree char *text = dup_text (logs, container, FALSE, &selection);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_lines (void)
{
  PracticeContainerLogs *logs = practice_container_logs_new ();

  practice_container_logs_append (logs, "u1", "c", "one");
  practice_container_logs_append (logs, "u1", "c", "");
  practice_container_logs_append (logs, "u1", "c", "three");
  practice_container_logs_append (logs, "u1", "d", "other");
  practice_container_logs_append (logs, "u2", "c", "of another pod");
  assert_text (logs, "c", -1, "one\n\nthree\n");
  assert_text (logs, "c", 2, "\nthree\n");
  assert_text (logs, "c", 0, "");
  assert_text (logs, "c", 9, "one\n\nthree\n");
  assert_text (logs, "nope", -1, "");

  practice_container_logs_forget (logs, "u1");
  assert_text (logs, "c", -1, "");
  g_assert_finalize_object (logs);
}

static void
test_previous (void)
{
  g_autoptr (PracticeContainerLogs) logs = practice_container_logs_new ();
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  practice_container_logs_append (logs, "u1", "c", "first");
  practice_container_logs_end (logs, "u1", "c");
  g_assert_true (practice_container_logs_has_ended (logs, "u1", "c"));
  assert_text (logs, "c", -1, "first\n");
  practice_container_logs_restart (logs, "u1", "c");
  g_assert_false (practice_container_logs_has_ended (logs, "u1", "c"));
  practice_container_logs_append (logs, "u1", "c", "second");
  assert_text (logs, "c", -1, "second\n");
  first = dup_text (logs, "c", TRUE, &everything);
  g_assert_cmpstr (first, ==, "first\n");
  practice_container_logs_restart (logs, "u1", "c");
  second = dup_text (logs, "c", TRUE, &everything);
  g_assert_cmpstr (second, ==, "second\n");
}

static void
test_time (void)
{
  g_autoptr (PracticeContainerLogs) logs = practice_container_logs_new ();
  PracticeLogSelection selection = { .tail = -1, .timestamps = TRUE };
  g_autofree char *stamped = NULL;
  g_autofree char *later = NULL;

  practice_container_logs_append (logs, "u1", "c", "x");
  stamped = dup_text (logs, "c", FALSE, &selection);
  g_assert_true (g_regex_match_simple ("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z x\n$",
                                       stamped, 0, 0));
  selection.since = g_get_real_time () + G_USEC_PER_SEC;
  later = dup_text (logs, "c", FALSE, &selection);
  g_assert_cmpstr (later, ==, "");
}

static void
test_bounds (void)
{
  g_autoptr (PracticeContainerLogs) logs = practice_container_logs_new ();
  g_autofree char *line = g_strnfill (40000, 'x');
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;

  practice_container_logs_append (logs, "u1", "c", line);
  text = dup_text (logs, "c", FALSE, &everything);
  g_assert_cmpuint (strlen (text), ==, 40000 + 3);
  for (guint i = 0; i < 100; i++)
    practice_container_logs_append (logs, "u1", "c", line);
  practice_container_logs_append (logs, "u1", "c", "newest");
  all = dup_text (logs, "c", FALSE, &everything);
  g_assert_cmpuint (strlen (all), <, 600 * 1024);
  g_assert_true (g_str_has_suffix (all, "\nnewest\n"));
}

static void
line_cb (PracticeContainerLogs *logs,
         const char *uid,
         const char *container,
         const char *line,
         GString *seen)
{
  g_string_append_printf (seen, "%s/%s:%s;", uid, container, strchr (line, ' ') + 1);
}

static void
ended_cb (PracticeContainerLogs *logs, const char *uid, const char *container, GString *seen)
{
  g_string_append_printf (seen, "%s/%s ended;", uid, container);
}

static void
test_signals (void)
{
  g_autoptr (PracticeContainerLogs) logs = practice_container_logs_new ();
  g_autoptr (GString) seen = g_string_new (NULL);

  g_signal_connect (logs, "line", G_CALLBACK (line_cb), seen);
  g_signal_connect (logs, "ended", G_CALLBACK (ended_cb), seen);
  practice_container_logs_append (logs, "u1", "c", "a b");
  practice_container_logs_end (logs, "u1", "c");
  practice_container_logs_end (logs, "u1", "c");
  practice_container_logs_restart (logs, "u1", "c");
  practice_container_logs_restart (logs, "u1", "c");
  practice_container_logs_forget (logs, "u1");
  practice_container_logs_forget (logs, "u1");
  g_assert_cmpstr (seen->str, ==, "u1/c:a b;u1/c ended;u1/c ended;u1/c ended;");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/container-logs/lines", test_lines);
  g_test_add_func ("/practice/container-logs/previous", test_previous);
  g_test_add_func ("/practice/container-logs/time", test_time);
  g_test_add_func ("/practice/container-logs/bounds", test_bounds);
  g_test_add_func ("/practice/container-logs/signals", test_signals);

  return g_test_run ();
}

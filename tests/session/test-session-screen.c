/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-screen.h"

#define COLUMNS 10
#define ROWS 4

/* In pieces of every size it comes to the same. */
static void
assert_shows (const char *data, const char *expected)
{
  gsize length = strlen (data);

  for (gsize piece = 1; piece <= length; piece++) {
    g_autoptr (SessionScreen) screen = session_screen_new (COLUMNS, ROWS);
    g_autofree char *text = NULL;

    for (gsize i = 0; i < length; i += piece)
      session_screen_feed (screen, data + i, MIN (piece, length - i));
    text = session_screen_dup_text (screen);
    g_assert_cmpstr (text, ==, expected);
  }
}

static const struct {
  const char *name;
  const char *data;
  const char *text;
} cases[] = {
  { "nothing", "", "" },
  { "lines", "one\r\ntwo  \r\n\r\n", "one\ntwo" },
  { "returns", "one\rT\bt\r\n\tx", "tne\n        x" },
  { "wraps", "0123456789ab", "0123456789\nab" },
  { "wraps-late", "0123456789\r\nab", "0123456789\nab" },
  { "scrolls", "1\r\n2\r\n3\r\n4\r\n5", "2\n3\n4\n5" },
  { "moves", "\033[2;3Hx\033[A\033[Dy\033[4Gz\033[3dw\033[H.", ". yz\n  x\n    w" },
  { "erases-line", "abcdef\033[3D\033[K\r\nabcdef\033[3D\033[1K\r\nabc\033[2K", "abc\n    ef" },
  { "erases-display", "ab\r\ncd\r\nef\033[2;2H\033[J", "ab\nc" },
  { "clears", "ab\033[2J\033[Hc", "c" },
  { "inserts-lines", "1\r\n2\r\n3\033[2H\033[L.\033[1H\033[M", ".\n2\n3" },
  { "inserts-letters", "abcdef\033[3G\033[2@\033[1G\033[P\033[7G\033[X", "b  cde" },
  { "margins", "1\r\n2\r\n3\r\n4\033[2;3r\033[3H\n.", "1\n3\n.\n4" },
  { "scrolls-back", "1\r\n2\033[H\033M0", "0\n1\n2" },
  { "keeps-cursor", "ab\0337cd\0338X", "abXd" },
  { "full-screen", "shell\033[?1049hvi\033[?1049l.", "shell." },
  { "letters", "\303\244\342\234\223e\314\201", "\303\244\342\234\223e" },
  { "wide", "\346\274\242\345\255\227x", "\346\274\242\345\255\227x" },
  { "broken-letters", "a\377b\303", "a\357\277\275b" },
  { "unknown", "\033[?25l\033[>c\033]0;title\aa\033[99999999999Cb\033(Bc", "a        b\nc" },
};

static void
test_case (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);

  assert_shows (cases[i].data, cases[i].text);
}

static void
test_colors (void)
{
  static const char data[] = "a\033[1;31mb\033[44mc\033[0;7md\033[27;38;5;196me\033[38;2;0;0;255mf"
                             "\033[97;100mg\033[mh";
  g_autoptr (SessionScreen) screen = session_screen_new (COLUMNS, ROWS);
  const SessionScreenCell *row = session_screen_get_row (screen, 0);
  const SessionScreenCell expected[] = {
    { 'a', SESSION_SCREEN_NO_COLOR, SESSION_SCREEN_NO_COLOR, FALSE },
    { 'b', 1, SESSION_SCREEN_NO_COLOR, TRUE },
    { 'c', 1, 4, TRUE },
    { 'd', 0, 7, FALSE },
    { 'e', 9, SESSION_SCREEN_NO_COLOR, FALSE },
    { 'f', 12, SESSION_SCREEN_NO_COLOR, FALSE },
    { 'g', 15, 8, FALSE },
    { 'h', SESSION_SCREEN_NO_COLOR, SESSION_SCREEN_NO_COLOR, FALSE },
  };

  session_screen_feed (screen, data, sizeof data - 1);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_assert_cmpuint (row[i].letter, ==, expected[i].letter);
    g_assert_cmpuint (row[i].foreground, ==, expected[i].foreground);
    g_assert_cmpuint (row[i].background, ==, expected[i].background);
    g_assert_cmpint (row[i].bold, ==, expected[i].bold);
  }
}

static void
test_wrapped (void)
{
  g_autoptr (SessionScreen) screen = session_screen_new (COLUMNS, ROWS);

  session_screen_feed (screen, "0123456789ab\r\nc", 15);
  g_assert_true (session_screen_get_wrapped (screen, 0));
  g_assert_false (session_screen_get_wrapped (screen, 1));
  session_screen_feed (screen, "\033[H\033[K", 6);
  g_assert_false (session_screen_get_wrapped (screen, 0));
}

/* Whatever a program prints, nothing outside the screen is touched. */
static void
test_noise (void)
{
  static const char letters[] = "\033\033[[;;?0123456789ABCDEFGHJKLMPSTXdfghlmr@`\n\r\b\tx\303\244";
  g_autoptr (SessionScreen) screen = session_screen_new (COLUMNS, ROWS);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (guint i = 0; i < 200000; i++) {
    guint at = (guint)g_rand_int_range (random, 0, (gint32)sizeof letters - 1);

    session_screen_feed (screen, letters + at, 1);
  }
  g_free (session_screen_dup_text (screen));
}

static void
assert_record (const char *before, const char *data, const char *expected)
{
  g_autoptr (SessionScreen) screen = session_screen_new (COLUMNS, ROWS);
  g_autofree char *record = NULL;

  session_screen_feed (screen, before, strlen (before));
  session_screen_begin_record (screen);
  session_screen_feed (screen, data, strlen (data));
  record = session_screen_dup_record (screen);
  g_assert_cmpstr (record, ==, expected);
}

/* What Readline marks, goes back over and writes once more stands there once; what has left the
 * screen is not lost. */
static void
test_record (void)
{
  assert_record ("old\r\n$ ", "\033[7mecho a\033[27m\r\033[C\033[Cecho a\r\na\r\n$ ",
                 "$ echo a\na\n$");
  assert_record ("", "1\r\n2\r\n3\r\n4\r\n5\r\n6", "1\n2\n3\n4\n5\n6");
  assert_record ("a\r\nb\r\nc\r\n$ ", "1\r\n2\r\n3\r\n4\r\n5\r\n6", "$ 1\n2\n3\n4\n5\n6");
  assert_record ("$ ", "01234567 9ab\r\n1\r\n2\r\n3\r\n4", "$ 01234567 9ab\n1\n2\n3\n4");
  assert_record ("a\r\nb\r\n$ ", "clear\r\n\033[H\033[2Jnew", "new");
  assert_record ("$ ", "vi\r\n\033[?1049h\033[Hfile", "file");
  assert_record ("$ ", "vi\r\n\033[?1049h1\r\n2\r\n3\r\n4\r\n5\033[?1049l$", "$ vi\n$");
  assert_record ("$ ", "", "$");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/session/screen/", cases[i].name, NULL);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/session/screen/colors", test_colors);
  g_test_add_func ("/session/screen/wrapped", test_wrapped);
  g_test_add_func ("/session/screen/noise", test_noise);
  g_test_add_func ("/session/screen/record", test_record);
  return g_test_run ();
}

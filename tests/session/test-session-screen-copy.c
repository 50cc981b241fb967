/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-screen-copy.h"

#define COLUMNS 12
#define ROWS 5

static SessionScreen *
new_screen (guint columns, const char *data)
{
  SessionScreen *screen = session_screen_new (columns, ROWS);

  session_screen_feed (screen, data, strlen (data));
  return screen;
}

static void
assert_same (SessionScreen *a, SessionScreen *b)
{
  for (guint row = 0; row < ROWS; row++) {
    const SessionScreenCell *one = session_screen_get_row (a, row);
    const SessionScreenCell *other = session_screen_get_row (b, row);

    for (guint i = 0; i < COLUMNS; i++) {
      /* a space that was written and a cell that was not look alike */
      g_assert_cmpuint (MAX (one[i].letter, ' '), ==, MAX (other[i].letter, ' '));
      g_assert_cmpuint (one[i].background, ==, other[i].background);
      if (one[i].letter > ' ') {
        g_assert_cmpuint (one[i].foreground, ==, other[i].foreground);
        g_assert_cmpint (one[i].bold, ==, other[i].bold);
      }
    }
  }
}

static const char *const screens[] = {
  "",
  "one\r\ntwo",
  "\033[1;31mred\033[0m \033[32mgreen\033[m\r\n\033[7mreversed\033[27m plain",
  "\033[94;103mbright\033[0m\033[K",
  "\033[44m\033[K\033[0mblue",
  "a line that goes on and on\r\nnext",
  "\346\274\242\345\255\227 x\342\234\223\033[3;4Hhere",
  "1\r\n2\r\n3\r\n4\r\n5\r\n6\r\n$ ",
};

/* The copy draws the same on a screen of the same size. */
static void
test_same (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (screens); i++) {
    g_autoptr (SessionScreen) screen = new_screen (COLUMNS, screens[i]);
    g_autofree char *copy = session_screen_dup_copy (screen);
    g_autoptr (SessionScreen) other = new_screen (COLUMNS, copy);

    g_test_message ("%" G_GSIZE_FORMAT ": %s", i, copy);
    assert_same (screen, other);
  }
}

/* A line that was wrapped is wrapped anew. */
static void
test_width (void)
{
  g_autoptr (SessionScreen) screen = new_screen (COLUMNS, "a line that goes on and on\r\nnext");
  g_autofree char *copy = session_screen_dup_copy (screen);
  g_autoptr (SessionScreen) wide = new_screen (40, copy);
  g_autoptr (SessionScreen) narrow = new_screen (9, copy);
  g_autofree char *wide_text = session_screen_dup_text (wide);
  g_autofree char *narrow_text = session_screen_dup_text (narrow);

  g_assert_cmpstr (wide_text, ==, "a line that goes on and on\nnext");
  g_assert_cmpstr (narrow_text, ==, "a line th\nat goes o\nn and on\nnext");
}

/* Also one that goes on in the next row. */
static void
test_secret (void)
{
  g_autoptr (SessionScreen) screen =
    new_screen (20, "\033[31mAuthorization: Bearer abcdefghijklmnop0123456789\r\nnext");
  g_autofree char *copy = session_screen_dup_copy (screen);

  g_assert_nonnull (
    strstr (copy, "Authorization: Bearer \342\200\242\342\200\242\342\200\242\r\n"));
  g_assert_nonnull (strstr (copy, "next"));
  g_assert_null (strstr (copy, "abcdef"));
  g_assert_null (strstr (copy, "6789"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/screen-copy/same", test_same);
  g_test_add_func ("/session/screen-copy/width", test_width);
  g_test_add_func ("/session/screen-copy/secret", test_secret);
  return g_test_run ();
}

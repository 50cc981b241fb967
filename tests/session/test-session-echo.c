/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-echo.h"
#include "session-screen.h"

static const char *const TEXT = "cat <<EOF\none\ntwo\n\tthree\nfour\nEOF";

/* What Readline 8.2 prints of TEXT on four rows. */
static const char *const PROMPT = "\033[?2004hready$ ";
static const char *const DRAWN = "\033[7mcat <<EOF\033[27m\r\n\r\033[7mone\033[27m\r\n\r"
                                 "\033[7mtwo\033[27m\r\n\r\033[7m        three\033[27m\r"
                                 "\033[7mfour\033[27m    \r\033[7mEOF\033[27m \rfour\rEOF \r\n";
static const char *const REST = "\033[?2004l\rone\r\n";

static void
output_cb (SessionEcho *echo, GBytes *bytes, GString *output)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_string_append_len (output, data, (gssize)length);
}

static SessionEcho *
new_echo (GString *output)
{
  SessionEcho *echo = session_echo_new ();

  g_signal_connect (echo, "output", G_CALLBACK (output_cb), output);
  return echo;
}

static void
push (SessionEcho *echo, const char *data, gsize length)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  session_echo_push (echo, bytes);
}

static char *
dup_screen (const GString *output)
{
  g_autoptr (SessionScreen) screen = session_screen_new (40, 20);

  session_screen_feed (screen, output->str, output->len);
  return session_screen_dup_text (screen);
}

/* Wherever the output is cut, also in the middle of the prompt before it. */
static void
test_whole (void)
{
  g_autofree char *all = g_strconcat (PROMPT, DRAWN, REST, NULL);

  for (gsize cut = 0; cut <= strlen (all); cut++) {
    g_autoptr (GString) output = g_string_new (NULL);
    g_autoptr (SessionEcho) echo = new_echo (output);
    g_autofree char *screen = NULL;

    session_echo_expect (echo, TEXT, 40, 4);
    push (echo, all, cut);
    push (echo, all + cut, strlen (all) - cut);
    screen = dup_screen (output);
    g_assert_cmpstr (screen, ==, "ready$ cat <<EOF\none\ntwo\n        three\nfour\nEOF\none");
    g_assert_nonnull (strstr (output->str, "\033[?2004l"));
    /* the next text is on its own */
    g_string_truncate (output, 0);
    push (echo, "more", 4);
    g_assert_cmpstr (output->str, ==, "more");
  }
}

/* What fits is the editor's to draw. */
static void
test_fits (void)
{
  static const struct {
    const char *text;
    guint columns;
    guint rows;
    gboolean fits;
  } cases[] = {
    { "one\ntwo", 40, 3, TRUE }, { "one\ntwo", 40, 2, FALSE },
    { "12345678", 4, 3, TRUE },  { "123456789", 4, 3, FALSE },
    { "日本語", 4, 3, TRUE },    { "日本語", 4, 2, FALSE },
    { "\t\t", 8, 3, TRUE },      { "\t\t\t", 8, 3, FALSE },
    { "", 40, 2, TRUE },         { "one\ntwo\nthree", 0, 0, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) output = g_string_new (NULL);
    g_autoptr (SessionEcho) echo = new_echo (output);

    session_echo_expect (echo, cases[i].text, cases[i].columns, cases[i].rows);
    push (echo, "drawn", 5);
    g_assert_cmpstr (output->str, ==, cases[i].fits ? "drawn" : "");
  }
}

/* Readline writes a NUL where a line is wrapped. */
static void
test_wrapped (void)
{
  static const char drawn[] = "cat <<EOF\r\n\rone\0two\rEOF\r\n\033[?2004l\rone\r\n";
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (SessionEcho) echo = new_echo (output);
  g_autofree char *screen = NULL;

  session_echo_expect (echo, TEXT, 40, 4);
  push (echo, drawn, sizeof drawn - 1);
  screen = dup_screen (output);
  g_assert_cmpstr (screen, ==, "cat <<EOF\none\ntwo\n        three\nfour\nEOF\none");
}

/* A shell that ends the line itself, after it has switched bracketed paste off, as zsh does; and
 * one that draws the text in another way. */
static void
test_other_shells (void)
{
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (SessionEcho) echo = new_echo (output);
  g_autofree char *screen = NULL;
  const char *drawn = "\033[1mc\033[0mat\033[?2004l\r\r\none\r\n";

  session_echo_expect (echo, TEXT, 40, 4);
  push (echo, drawn, strlen (drawn));
  screen = dup_screen (output);
  g_assert_cmpstr (screen, ==, "cat <<EOF\none\ntwo\n        three\nfour\nEOF\none");
}

/* Nothing is lost of a shell that never takes the line. */
static void
test_flush (void)
{
  g_autoptr (GString) output = g_string_new (NULL);
  g_autoptr (SessionEcho) echo = new_echo (output);
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');

  session_echo_expect (echo, TEXT, 40, 4);
  push (echo, DRAWN, strlen (DRAWN));
  g_assert_cmpuint (output->len, ==, 0);
  session_echo_flush (echo);
  g_assert_cmpstr (output->str, ==, DRAWN);
  push (echo, REST, strlen (REST));
  g_assert_true (g_str_has_suffix (output->str, REST));

  g_string_truncate (output, 0);
  session_echo_expect (echo, TEXT, 40, 4);
  push (echo, much, 1024 * 1024);
  g_assert_cmpuint (output->len, ==, 0);
  push (echo, "x", 1);
  g_assert_cmpuint (output->len, ==, 1024 * 1024 + 1);

  /* and what is held when another text comes goes first */
  g_string_truncate (output, 0);
  session_echo_expect (echo, TEXT, 40, 4);
  push (echo, "one", 3);
  session_echo_expect (echo, TEXT, 40, 4);
  g_assert_cmpstr (output->str, ==, "one");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/echo/whole", test_whole);
  g_test_add_func ("/session/echo/wrapped", test_wrapped);
  g_test_add_func ("/session/echo/fits", test_fits);
  g_test_add_func ("/session/echo/other-shells", test_other_shells);
  g_test_add_func ("/session/echo/flush", test_flush);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-escape-parser.h"

/* Everything that the handlers were told, as one string. */
static void
text_cb (const char *text, gsize length, gpointer user_data)
{
  g_string_append_len (user_data, text, length);
}

static void
mark_cb (char mark, int status, gpointer user_data)
{
  g_string_append_printf (user_data, "{%c", mark);
  if (status >= 0)
    g_string_append_printf (user_data, "%d", status);
  g_string_append_c (user_data, '}');
}

static void
paste_cb (gboolean on, gpointer user_data)
{
  g_string_append (user_data, on ? "{on}" : "{off}");
}

static void
directory_cb (const char *path, gpointer user_data)
{
  g_string_append_printf (user_data, "{in %s}", path != NULL ? path : "?");
}

static const SessionEscapeHandlers handlers = {
  .text = text_cb,
  .mark = mark_cb,
  .bracketed_paste = paste_cb,
  .directory = directory_cb,
};

static void
control_cb (char control, gpointer user_data)
{
  g_string_append_printf (user_data, "<%02x>", control);
}

static void
escape_cb (char final, gpointer user_data)
{
  g_string_append_printf (user_data, "<ESC %c>", final);
}

static void
csi_cb (const char *parameters, char final, gpointer user_data)
{
  g_string_append_printf (user_data, "<%s %c>", parameters, final);
}

static char *
parse_pieces (const char *data, gsize length, gsize piece)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (SessionEscapeParser) parser = session_escape_parser_new (&handlers, log);

  for (gsize i = 0; i < length; i += piece)
    session_escape_parser_feed (parser, data + i, MIN (piece, length - i));
  return g_strdup (log->str);
}

static const struct {
  const char *data;
  const char *log;
} cases[] = {
  { "plain\r\ntext\t\303\244", "plain\ntext\t\303\244" },
  { "\033]133;A\a$ \033]133;B\a", "{A}$ {B}" },
  { "\033]133;C\033\\out\033]133;D;0\033\\", "{C}out{D0}" },
  { "\033]133;D;130\a\033]133;D\a\033]133;D;x\a\033]133;D;999\a\033]133;D;1;aid=7\a",
    "{D130}{D}{D}{D}{D1}" },
  { "\033]133;A;cl=m\a\033]133;AB\a\033]133;\a\033]133\a\033]133;E\a", "{A}" },
  { "\033[?2004ha\033[?2004lb", "{on}a{off}b" },
  { "\033[?1;2004hc\033[?12004hd\033[2004he", "{on}cde" },
  { "\033[1;31mred\033[0m\033(Bplain\033=x", "redplainx" },
  { "\033]0;a title\aafter\033]2;another\033\\x", "afterx" },
  { "\033Pdevice\033\\a\033_application\033\\b\033^private\033\\c\033Xstart\033\\d", "abcd" },
  { "\033P\a string has no bell for its end \033\\x", "x" },
  { "\033]0;cut\030x\033[1\032y", "xy" },
  { "\033]133;A\033]133;B\a", "{B}" },
  { "\033[12\033]133;A\a", "{A}" },
  { "a\bb\177c\007d\033\033]133;A\ae", "abcd{A}e" },
};

static void
test_whole (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *log = parse_pieces (cases[i].data, strlen (cases[i].data), G_MAXINT);

    g_assert_cmpstr (log, ==, cases[i].log);
  }
}

static void
test_pieces (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    for (gsize piece = 1; piece < 8; piece++) {
      g_autofree char *log = parse_pieces (cases[i].data, strlen (cases[i].data), piece);

      g_assert_cmpstr (log, ==, cases[i].log);
    }
  }
}

/* A long title is skipped to its end, and the parser keeps nothing of it. */
static void
test_long (void)
{
  g_autoptr (GString) data = g_string_new ("\033]133;A");
  g_autofree char *log = NULL;

  for (guint i = 0; i < 1000000; i++)
    g_string_append_c (data, 'x');
  g_string_append (data, "\aafter\033]133;B\a");
  log = parse_pieces (data->str, data->len, 4096);
  g_assert_cmpstr (log, ==, "after{B}");
}

static void
test_noise (void)
{
  for (guint round = 0; round < 200; round++) {
    char noise[4096];
    g_autofree char *log = NULL;
    g_autoptr (GString) data = NULL;

    for (gsize i = 0; i < sizeof noise; i++)
      noise[i] = g_test_rand_int_range (0, 4) == 0
                   ? "\033]133;[?2004\a\\P"[g_test_rand_int_range (0, 15)]
                   : (char)g_test_rand_int_range (0, 256);
    /* CAN ends whatever was begun. */
    data = g_string_new_len (noise, sizeof noise);
    g_string_append (data, "\030\033]133;D;7\a");
    log = parse_pieces (data->str, data->len, 13);
    g_assert_true (g_str_has_suffix (log, "{D7}"));
  }
}

/* Where a shell is, in whatever way it writes it; and that it is not known. */
static void
test_directory (void)
{
  g_autofree char *name = g_strnfill (5000, 'x');
  g_autofree char *data =
    g_strdup_printf ("\033]7;file://host/home/ada%%20b\aa\033]7;file:///tmp/c d\033\\b"
                     "\033]7;http://host/\ac\033]7;\ad\033]7;file:///%s\ae",
                     name);
  g_autofree char *log = parse_pieces (data, strlen (data), 7);

  g_assert_cmpstr (log, ==, "{in /home/ada b}a{in /tmp/c d}b{in ?}c{in ?}d{in ?}e");
}

/* One who draws the screen is told of all that moves in it. */
static void
test_screen (void)
{
  const SessionEscapeHandlers all = {
    .text = text_cb,
    .mark = mark_cb,
    .bracketed_paste = paste_cb,
    .control = control_cb,
    .escape = escape_cb,
    .csi = csi_cb,
  };
  static const char data[] = "a\r\nb\b\033[1;31mc\033[K\0337\033(B\033[?1049h\033Md";
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (SessionEscapeParser) parser = session_escape_parser_new (&all, log);

  session_escape_parser_feed (parser, data, sizeof data - 1);
  g_assert_cmpstr (log->str, ==, "a<0d>\nb<08><1;31 m>c< K><ESC 7><?1049 h><ESC M>d");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/escape-parser/whole", test_whole);
  g_test_add_func ("/session/escape-parser/pieces", test_pieces);
  g_test_add_func ("/session/escape-parser/long", test_long);
  g_test_add_func ("/session/escape-parser/noise", test_noise);
  g_test_add_func ("/session/escape-parser/directory", test_directory);
  g_test_add_func ("/session/escape-parser/screen", test_screen);
  return g_test_run ();
}

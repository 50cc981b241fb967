/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "jump-shell.h"

static const char *const words[] = {
  "",     "plain", "it's", "\\",    "\\'",  "a\\b\\\\c'd'", "$(id) `id` ${HOME}",
  "a\nb", "-n",    "!x",   "*?[a]", "\"\"", "ä€",           NULL,
};

static void
test_quote (void)
{
  g_autoptr (GString) line = g_string_new ("printf '[%s]' ");
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *quoted = jump_shell_quote_argv (words);
  const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append (line, quoted);
  argv[2] = line->str;
  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  for (guint i = 0; words[i] != NULL; i++)
    g_string_append_printf (expected, "[%s]", words[i]);
  g_assert_cmpstr (output, ==, expected->str);
}

static BaseCommandResult *
run (const char *before, const char *script, const char *marker)
{
  g_autofree char *wrapped = jump_shell_wrap (script, marker);
  g_autofree char *line = g_strconcat (before, wrapped, NULL);
  const char *argv[] = { "/bin/sh", "-c", line, NULL };
  g_autoptr (BaseCommandResult) outer = g_new0 (BaseCommandResult, 1);
  char *output, *errors;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors, NULL,
                &error);
  g_assert_no_error (error);
  outer->output = g_bytes_new_take (output, strlen (output));
  outer->errors = g_bytes_new_take (errors, strlen (errors));
  return jump_shell_unwrap (outer, marker);
}

static void
assert_bytes (GBytes *bytes, const char *text)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, length, text, strlen (text));
}

static void
test_wrap (void)
{
  g_autofree char *marker = jump_shell_dup_marker ();
  g_autofree char *other = jump_shell_dup_marker ();
  g_autoptr (BaseCommandResult) noisy = NULL;
  g_autoptr (BaseCommandResult) quiet = NULL;
  g_autoptr (BaseCommandResult) ended = NULL;

  g_assert_cmpstr (marker, !=, other);
  noisy = run ("echo hello; echo oh >&2; ", "printf 'out\\n'; printf err >&2; exit 255", marker);
  assert_bytes (noisy->output, "out\n");
  assert_bytes (noisy->errors, "err");
  g_assert_cmpint (noisy->exit_status, ==, 255);
  quiet = run ("", "true", marker);
  assert_bytes (quiet->output, "");
  assert_bytes (quiet->errors, "");
  g_assert_cmpint (quiet->exit_status, ==, 0);
  /* A login that runs something else instead, and one that is cut off. */
  g_assert_null (run ("echo menu; exit 0; ", "true", marker));
  ended = run ("", "kill -9 $$", marker);
  g_assert_null (ended);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/shell/quote", test_quote);
  g_test_add_func ("/jump/shell/wrap", test_wrap);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "jump-shell.h"

/**
 * jump_shell_quote:
 *
 * Quotes for sh, csh and fish alike: inside single quotes fish gives the backslash a meaning, so
 * that backslashes and single quotes stand outside.
 *
 * Returns: (transfer full): one word
 */
char *
jump_shell_quote (const char *text)
{
  GString *quoted = g_string_new ("'");

  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '\'' || *p == '\\')
      g_string_append_printf (quoted, "'\\%c'", *p);
    else
      g_string_append_c (quoted, *p);
  }
  g_string_append_c (quoted, '\'');
  return g_string_free (quoted, FALSE);
}

/**
 * jump_shell_quote_argv:
 *
 * Returns: (transfer full): a command line that runs @argv as it is
 */
char *
jump_shell_quote_argv (const char *const *argv)
{
  GString *line = g_string_new (NULL);

  for (guint i = 0; argv[i] != NULL; i++) {
    g_autofree char *word = jump_shell_quote (argv[i]);

    if (i > 0)
      g_string_append_c (line, ' ');
    g_string_append (line, word);
  }
  return g_string_free (line, FALSE);
}

/**
 * jump_shell_dup_marker:
 *
 * Returns: (transfer full): a word that nothing else prints
 */
char *
jump_shell_dup_marker (void)
{
  g_autofree char *uuid = g_uuid_string_random ();

  return g_strconcat ("konvoy-lab-", uuid, NULL);
}

/**
 * jump_shell_wrap:
 * @script: a script for sh
 * @marker: from jump_shell_dup_marker()
 *
 * What a login prints before the command, such as an echo in ~/.bashrc, is no part of its output;
 * and ssh's own exit status 255 is no status of the command. Marks around the output and in front
 * of the errors tell them apart.
 *
 * Returns: (transfer full): a command line for any shell
 */
char *
jump_shell_wrap (const char *script, const char *marker)
{
  g_autofree char *marked =
    g_strdup_printf ("printf %%s %s; printf %%s %s >&2; ( %s ); printf '%%s%%d' %s $?", marker,
                     marker, script, marker);
  g_autofree char *quoted = jump_shell_quote (marked);

  return g_strconcat ("exec /bin/sh -c ", quoted, NULL);
}

static GBytes *
cut_before (GBytes *bytes, const char *marker)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  const char *start = length > 0 ? memmem (data, length, marker, strlen (marker)) : NULL;

  if (start == NULL)
    return g_bytes_ref (bytes);
  start += strlen (marker);
  return g_bytes_new_from_bytes (bytes, start - data, length - (start - data));
}

/**
 * jump_shell_unwrap:
 * @result: of a command line that jump_shell_wrap() made with @marker
 *
 * Returns: (transfer full) (nullable): what the script itself printed, and its exit status; %NULL
 *   where it did not run, or not to its end
 */
BaseCommandResult *
jump_shell_unwrap (const BaseCommandResult *result, const char *marker)
{
  const gsize marker_length = strlen (marker);
  g_autofree char *status = NULL;
  const char *data, *start, *end, *next;
  BaseCommandResult *inner;
  gsize length;

  data = g_bytes_get_data (result->output, &length);
  start = length > 0 ? memmem (data, length, marker, marker_length) : NULL;
  if (start == NULL)
    return NULL;
  start += marker_length;

  end = NULL;
  next = start;
  while ((next = memmem (next, data + length - next, marker, marker_length)) != NULL) {
    end = next;
    next += marker_length;
  }
  if (end == NULL)
    return NULL;

  status = g_strndup (end + marker_length, data + length - end - marker_length);
  inner = g_new0 (BaseCommandResult, 1);
  inner->output = g_bytes_new_from_bytes (result->output, start - data, end - start);
  inner->errors = cut_before (result->errors, marker);
  inner->exit_status = (int)g_ascii_strtoll (status, NULL, 10);
  return inner;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "jump-command.h"
#include "jump-place.h"

static void
ran_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *program = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  BaseCommandResult *answer = base_command_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)base_command_result_free);
  else if (error->domain == G_SPAWN_ERROR)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED,
                             /* Translators: %s is a program, the second %s the system's reason */
                             _ ("%s cannot be started: %s"), program, error->message);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * jump_command_run_async:
 * @source: (type GObject.Object): the object whose answer it is
 * @environment: (nullable): the whole environment, %NULL for our own
 * @input: (nullable): its standard input
 *
 * Runs a program of this computer. The time is long because a credential plugin may wait for its
 * user to log in with a browser.
 */
void
jump_command_run_async (gpointer source,
                        const char *const *argv,
                        const char *const *environment,
                        GBytes *input,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_command_run_async);
  g_task_set_task_data (task, g_strdup (argv[0]), g_free);
  base_command_run_async (argv, environment, input, JUMP_COMMAND_MAX_BYTES, JUMP_COMMAND_TIMEOUT_MS,
                          cancellable, ran_cb, g_steal_pointer (&task));
}

/**
 * jump_command_run_finish:
 *
 * Returns: (transfer full): what it printed and its exit status, or %NULL with
 *   %JUMP_ERROR_NOT_INSTALLED or a #GIOErrorEnum
 */
BaseCommandResult *
jump_command_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * jump_command_dup_text:
 *
 * Returns: (transfer full): the text, with a replacement for what is not UTF-8
 */
char *
jump_command_dup_text (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  /* Empty bytes have no data. */
  return length > 0 ? g_utf8_make_valid (data, length) : g_strdup ("");
}

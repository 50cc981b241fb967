/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-command.h"
#include "jump-place.h"
#include "jump-shell.h"
#include "jump-ssh-exec.h"
#include "jump-ssh-failure.h"

/* Room for the marks, and for what a login prints. */
#define MAX_NOISE (64 * 1024)

typedef struct {
  JumpSshSettings *settings;
  char *marker;
} Exec;

static void
exec_free (Exec *self)
{
  g_clear_object (&self->settings);
  g_clear_pointer (&self->marker, g_free);
  g_free (self);
}

/* ssh ended without the script having run to its end. */
static GError *
make_error (Exec *exec, const BaseCommandResult *result)
{
  g_autofree char *errors = jump_command_dup_text (result->errors);

  /* The master is gone, or the server allows no more sessions over it. */
  if (strstr (errors, "Session open refused") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_FAILED,
                        /* Translators: %s is the jumpserver */
                        _ ("%s allows no more sessions at once. Close a terminal and try again."),
                        jump_ssh_settings_get_title (exec->settings));
  if (strstr (errors, "Control socket connect") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                        /* Translators: %s is the jumpserver */
                        _ ("The connection to %s has ended. Connect again."),
                        jump_ssh_settings_get_title (exec->settings));
  return jump_ssh_failure_new (exec->settings, errors);
}

static void
ran_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Exec *exec = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) outer = base_command_run_finish (result, &error);
  BaseCommandResult *inner;

  if (outer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  inner = jump_shell_unwrap (outer, exec->marker);
  if (inner != NULL)
    g_task_return_pointer (task, inner, (GDestroyNotify)base_command_result_free);
  else
    g_task_return_error (task, make_error (exec, outer));
}

/**
 * jump_ssh_exec_async:
 * @source: (type GObject.Object) (nullable): the object whose answer it is
 * @script: a script for sh without line breaks, since not every login shell takes them in quotes
 * @input: (nullable): its standard input
 *
 * Runs @script on the jumpserver. What the login prints is no part of its output.
 */
void
jump_ssh_exec_async (gpointer source,
                     JumpSshSettings *settings,
                     const char *script,
                     GBytes *input,
                     guint timeout_ms,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, user_data);
  Exec *exec = g_new0 (Exec, 1);
  g_autofree char *command = NULL;
  g_auto (GStrv) argv = NULL;

  g_task_set_source_tag (task, jump_ssh_exec_async);
  g_task_set_task_data (task, exec, (GDestroyNotify)exec_free);
  exec->settings = g_object_ref (settings);
  exec->marker = jump_shell_dup_marker ();
  command = jump_shell_wrap (script, exec->marker);
  argv = jump_ssh_settings_dup_command_argv (settings, command);
  base_command_run_async ((const char *const *)argv, jump_ssh_settings_get_environment (settings),
                          input, JUMP_COMMAND_MAX_BYTES + MAX_NOISE, timeout_ms, cancellable,
                          ran_cb, g_steal_pointer (&task));
}

/**
 * jump_ssh_exec_finish:
 *
 * Returns: (transfer full): what the script printed and its exit status, or %NULL with a #JumpError
 *   where it could not run to its end
 */
BaseCommandResult *
jump_ssh_exec_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

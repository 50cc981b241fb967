/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-practice-renewal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-command.h"

/* How the program begins what it says of a failure. */
#define PREFIX "konvoy-practice: "

/* (transfer full): the program's own sentence, where it said one */
static char *
dup_reason (BaseCommandResult *result)
{
  g_autofree char *errors = g_strstrip (jump_command_dup_text (result->errors));
  const char *line = strrchr (errors, '\n');
  const char *reason = line != NULL ? line + 1 : errors;

  if (g_str_has_prefix (reason, PREFIX))
    reason += strlen (PREFIX);
  return g_strdup (*reason != '\0' ? reason : _ ("Its program ended without saying why."));
}

/* (transfer full): what the program said beside its first line, which is that it is done */
static char *
dup_note (BaseCommandResult *result)
{
  g_autofree char *output = jump_command_dup_text (result->output);
  const char *end = strchr (output, '\n');

  return g_strstrip (g_strdup (end != NULL ? end : ""));
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) ended = jump_command_run_finish (result, &error);

  if (ended == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (ended->exit_status != 0) {
    g_autofree char *reason = dup_reason (ended);

    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_FAILED, "%s", reason);
  } else {
    g_task_return_pointer (task, dup_note (ended), g_free);
  }
}

/**
 * jump_practice_renew_async:
 * @place: a practice cluster, connected or not
 * @cancellable: (nullable): gives up waiting; what has begun is ended
 *
 * Has it go back to its first start. Its store changes at once or not at all; the files of the
 * jumpserver's home stay, but for the cluster's own `lab/cluster.yaml`.
 */
void
jump_practice_renew_async (JumpPractice *place,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *program = NULL;
  g_autofree char *directory = NULL;

  g_return_if_fail (JUMP_IS_PRACTICE (place));

  task = g_task_new (place, cancellable, callback, user_data);
  g_task_set_source_tag (task, jump_practice_renew_async);
  g_object_get (place, "program", &program, "directory", &directory, NULL);
  if (program == NULL) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED, "%s",
                             _ ("The practice cluster's program konvoy-practice is missing. "
                                "Install Konvoy Lab again."));
  } else {
    const char *const argv[] = { program, "--dir", directory, "reset", NULL };

    jump_command_run_async (place, argv, NULL, NULL, cancellable, run_cb, g_steal_pointer (&task));
  }
}

/**
 * jump_practice_renew_finish:
 * @note: (out) (optional) (nullable): a sentence for the user beside that it is done: where the
 *   state before is kept, which was damaged
 * @error: return location; a sentence
 *
 * Returns: whether the cluster is a new one
 */
gboolean
jump_practice_renew_finish (JumpPractice *place, GAsyncResult *result, char **note, GError **error)
{
  g_autofree char *said = NULL;

  g_return_val_if_fail (g_task_is_valid (result, place), FALSE);

  said = g_task_propagate_pointer (G_TASK (result), error);
  if (said == NULL)
    return FALSE;
  if (note != NULL)
    *note = *said != '\0' ? g_steal_pointer (&said) : NULL;
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-file-attempt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Says nothing where there is no such file; else its mode on a line, then what is in it. A path is
 * expanded (* and ?), and nothing else is done with it: no word of it is run. */
#define SCRIPT                                                                                     \
  "cd || exit; IFS=; set -- $1; [ -e \"$1\" ] || exit 0; stat -L -c %a -- \"$1\" || exit; "        \
  "[ ! -f \"$1\" ] || head -c 262144 -- \"$1\""

/* (transfer full): what is there, by what the script has printed */
static SessionFinding *
judge (CourseCheck *check, GBytes *output)
{
  gsize length = 0;
  const char *text = g_bytes_get_data (output, &length);
  const char *line = length > 0 ? memchr (text, '\n', length) : NULL;
  g_autofree char *mode = NULL;
  g_autofree char *words = NULL;
  gboolean passes;

  if (line == NULL) {
    passes = course_check_judge_file (check, NULL, 0, 0, &words);
  } else {
    mode = g_strndup (text, line - text);
    passes = course_check_judge_file (check, line + 1, length - (line + 1 - text),
                                      (guint)g_ascii_strtoull (mode, NULL, 8), &words);
  }
  return passes ? session_finding_new_passed ()
                : session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED, words);
}

static SessionFinding *
new_unseen (const char *words)
{
  return session_finding_new (SESSION_ATTEMPT_UNKNOWN, SESSION_SYMPTOM_NONE, words);
}

/* (transfer full): the script's own complaint */
static SessionFinding *
new_complaint (GBytes *errors)
{
  g_autofree char *text =
    g_utf8_make_valid (g_bytes_get_data (errors, NULL), MIN (g_bytes_get_size (errors), 200));

  return new_unseen (*g_strstrip (text) != '\0' ? text : _ ("the file cannot be read"));
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  SessionFinding *finding = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) command =
    jump_place_run_finish (JUMP_PLACE (source), result, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (command == NULL)
    finding = new_unseen (error->message);
  else if (command->exit_status != 0)
    finding = new_complaint (command->errors);
  else
    finding = judge (g_task_get_task_data (task), command->output);
  g_task_return_pointer (task, finding, (GDestroyNotify)session_finding_free);
}

void
session_file_attempt_async (CourseCheck *check,
                            JumpPlace *place,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  const char *path = course_check_get_file (check);
  const char *const argv[] = {
    "sh", "-c", SCRIPT, "sh", g_str_has_prefix (path, "~/") ? path + 2 : path, NULL,
  };

  g_task_set_source_tag (task, session_file_attempt_async);
  g_task_set_task_data (task, g_object_ref (check), g_object_unref);
  jump_place_run_async (place, argv, NULL, cancellable, ran_cb, g_steal_pointer (&task));
}

SessionFinding *
session_file_attempt_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-exec-runner.h"

#include <string.h>

/* A shell's lines that set @environment and become @argv. They go in by standard input: the
 * variables may hold what others must not see in a list of processes. */
static GBytes *
new_script (const char *const *argv, const char *const *environment)
{
  g_autoptr (GString) script = g_string_new (NULL);

  for (gsize i = 0; environment != NULL && environment[i] != NULL; i++) {
    const char *equals = strchr (environment[i], '=');
    g_autofree char *name = NULL;
    g_autofree char *value = NULL;

    if (equals == NULL)
      continue;
    name = g_strndup (environment[i], equals - environment[i]);
    if (!g_regex_match_simple ("^[A-Za-z_][A-Za-z0-9_]*$", name, 0, 0))
      continue;
    value = g_shell_quote (equals + 1);
    g_string_append_printf (script, "export %s=%s\n", name, value);
  }
  g_string_append (script, "exec");
  for (gsize i = 0; argv[i] != NULL; i++) {
    g_autofree char *word = g_shell_quote (argv[i]);

    g_string_append_printf (script, " %s", word);
  }
  g_string_append (script, " </dev/null\n");
  return g_bytes_new (script->str, script->len);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  BaseCommandResult *answer = jump_place_run_finish (JUMP_PLACE (source), result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)base_command_result_free);
  else
    g_task_return_error (task, error);
}

/* A KubeRunFunc */
static void
run_at_place (const char *const *argv,
              const char *const *environment,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer callback_data,
              gpointer user_data)
{
  static const char *const shell[] = { "sh", "-s", NULL };
  JumpPlace *place = JUMP_PLACE (user_data);
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, callback_data);
  g_autoptr (GBytes) script = new_script (argv, environment);

  g_task_set_source_tag (task, run_at_place);
  jump_place_run_async (place, shell, script, cancellable, ran_cb, g_steal_pointer (&task));
}

void
session_exec_runner_install (KubeClient *client, JumpPlace *place)
{
  kube_client_set_exec_runner (client, run_at_place, g_object_ref (place), g_object_unref);
}

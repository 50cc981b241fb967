/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-exec-status.h"

#include <string.h>
#include <sys/wait.h>

#define NOT_FOUND 127

/**
 * practice_exec_status_new:
 * @code: what a program ended with
 *
 * Returns: (transfer full): the Status that tells a client of exec or attach
 *   (k8s.io/apimachinery pkg/util/remotecommand)
 */
JsonNode *
practice_exec_status_new (int code)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autofree char *text = g_strdup_printf ("%d", code);
  g_autofree char *message =
    g_strdup_printf ("command terminated with non-zero exit code: exit status %d", code);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "metadata");
  json_builder_begin_object (builder);
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "status");
  json_builder_add_string_value (builder, code == 0 ? "Success" : "Failure");
  if (code != 0) {
    json_builder_set_member_name (builder, "message");
    json_builder_add_string_value (builder, message);
    json_builder_set_member_name (builder, "reason");
    json_builder_add_string_value (builder, "NonZeroExitCode");
    json_builder_set_member_name (builder, "details");
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "causes");
    json_builder_begin_array (builder);
    json_builder_begin_object (builder);
    json_builder_set_member_name (builder, "reason");
    json_builder_add_string_value (builder, "ExitCode");
    json_builder_set_member_name (builder, "message");
    json_builder_add_string_value (builder, text);
    json_builder_end_object (builder);
    json_builder_end_array (builder);
    json_builder_end_object (builder);
  }
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * practice_exec_status_get_code:
 * @wait_status: what waitpid() gives
 *
 * Returns: the exit code, or 128 and the number of the signal
 */
int
practice_exec_status_get_code (int wait_status)
{
  return WIFSIGNALED (wait_status) ? 128 + WTERMSIG (wait_status) : WEXITSTATUS (wait_status);
}

/**
 * practice_exec_status_dup_complaint:
 * @program: what was to be started
 * @code: 127 where it is not there, else 126
 *
 * Returns: (transfer full): runc's words for it
 */
char *
practice_exec_status_dup_complaint (const char *program, int code)
{
  if (code != NOT_FOUND)
    return g_strdup_printf ("container_linux.go:345: starting container process caused \"exec: "
                            "\\\"%s\\\": permission denied\": unknown",
                            program);
  if (strchr (program, '/') != NULL)
    return g_strdup_printf ("container_linux.go:345: starting container process caused \"exec: "
                            "\\\"%s\\\": stat %s: no such file or directory\": unknown",
                            program, program);
  return g_strdup_printf ("container_linux.go:345: starting container process caused \"exec: "
                          "\\\"%s\\\": executable file not found in $PATH\": unknown",
                          program);
}

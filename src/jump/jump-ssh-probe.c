/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-deadline.h"
#include "jump-place.h"
#include "jump-ssh-probe.h"

/* A forwarding is granted without a look at its target: "ssh -O forward" ends well even where the
 * server forbids all forwarding, and a client of the socket sees a connection that closes. But
 * "ssh -W" over the master waits until the server has connected, and says so at debug level; where
 * it has not, the master says why. */

#define PROBE_TIMEOUT_MS 8000
#define MAX_LINES 200
#define CONNECTED "master session id"

typedef struct {
  /* input */
  JumpSshSettings *settings;
  JumpSshMaster *master;
  char *host;
  guint16 port;
  /* in progress */
  BaseDeadline *deadline;
  GSubprocess *subprocess; /* (nullable) (owned) */
  GDataInputStream *lines; /* (nullable) (owned) */
  guint n_lines;
  guint64 log_start;
} Probe;

static void read_line (GTask *task);

static void
probe_free (Probe *self)
{
  if (self->subprocess != NULL)
    g_subprocess_force_exit (self->subprocess);
  g_clear_object (&self->subprocess);
  g_clear_object (&self->lines);
  g_clear_object (&self->settings);
  g_clear_object (&self->master);
  g_clear_pointer (&self->deadline, base_deadline_free);
  g_clear_pointer (&self->host, g_free);
  g_free (self);
}

static GError *
make_forbidden_error (Probe *probe)
{
  return g_error_new (JUMP_ERROR, JUMP_ERROR_NO_FORWARDING,
                      /* Translators: %s is the jumpserver */
                      _ ("%s forbids port forwarding."),
                      jump_ssh_settings_get_title (probe->settings));
}

/* OpenSSH's reasons for a channel that did not open (channels.c); other servers know fewer. */
static GError *
make_error (Probe *probe)
{
  g_autofree char *words =
    jump_log_dup_text (jump_ssh_master_get_log (probe->master), probe->log_start);

  if (strstr (words, "administratively prohibited") != NULL ||
      strstr (words, "unknown channel type") != NULL)
    return make_forbidden_error (probe);
  return jump_ssh_probe_make_error (probe->settings, probe->host, probe->port, words);
}

static void
line_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (object), result, NULL, &error);

  if (base_deadline_has_expired (probe->deadline))
    g_task_return_error (
      task, jump_ssh_probe_make_error (probe->settings, probe->host, probe->port, "timed out"));
  else if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (line == NULL || ++probe->n_lines > MAX_LINES)
    g_task_return_error (task, make_error (probe));
  else if (strstr (line, CONNECTED) != NULL)
    g_task_return_boolean (task, TRUE);
  else if (strstr (line, "Control socket connect") != NULL)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED,
                             /* Translators: %s is the jumpserver */
                             _ ("The connection to %s has ended. Connect again."),
                             jump_ssh_settings_get_title (probe->settings));
  else
    read_line (g_steal_pointer (&task));
}

static void
read_line (GTask *task)
{
  Probe *probe = g_task_get_task_data (task);

  g_data_input_stream_read_line_async (probe->lines, G_PRIORITY_DEFAULT,
                                       base_deadline_get_cancellable (probe->deadline),
                                       line_read_cb, task);
}

static gboolean
spawn (Probe *probe, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = jump_ssh_settings_new_launcher (
    probe->settings, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_auto (GStrv) argv =
    jump_ssh_settings_dup_probe_argv (probe->settings, probe->host, probe->port);

  probe->subprocess = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, error);
  if (probe->subprocess == NULL)
    return FALSE;
  probe->lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (probe->subprocess));
  return TRUE;
}

/**
 * jump_ssh_probe_async:
 * @host: a host that jump_address_check_target() has passed
 *
 * Has the jumpserver make one connection to @host and @port, and closes it.
 */
void
jump_ssh_probe_async (JumpSshSettings *settings,
                      JumpSshMaster *master,
                      const char *host,
                      guint16 port,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Probe *probe = g_new0 (Probe, 1);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_ssh_probe_async);
  g_task_set_task_data (task, probe, (GDestroyNotify)probe_free);
  probe->settings = g_object_ref (settings);
  probe->master = g_object_ref (master);
  probe->host = g_strdup (host);
  probe->port = port;
  probe->log_start = jump_log_get_position (jump_ssh_master_get_log (master));
  probe->deadline = base_deadline_new (cancellable, PROBE_TIMEOUT_MS);
  if (spawn (probe, &error))
    read_line (g_steal_pointer (&task));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * jump_ssh_probe_finish:
 * @error: %JUMP_ERROR_NO_FORWARDING where the server forbids it, an error that
 *   jump_error_is_unreachable() where nothing answers
 *
 * Returns: whether there was a connection
 */
gboolean
jump_ssh_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * jump_ssh_probe_make_error:
 *
 * Returns: (transfer full): an error that jump_error_is_unreachable(), with a sentence
 */
GError *
jump_ssh_probe_make_error (JumpSshSettings *settings,
                           const char *host,
                           guint16 port,
                           const char *words)
{
  const char *title = jump_ssh_settings_get_title (settings);
  g_autofree char *address = jump_address_format (host, port);

  if (strstr (words, "refused") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_REFUSED,
                        /* Translators: an address, and the jumpserver */
                        _ ("Nothing listens at %s, as seen from %s."), address, title);
  if (strstr (words, "imed out") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_SILENT,
                        /* Translators: an address, and the jumpserver */
                        _ ("%s does not answer, as seen from %s."), address, title);
  if (strstr (words, "not known") != NULL || strstr (words, "name resolution") != NULL ||
      strstr (words, "No address") != NULL)
    return g_error_new (JUMP_ERROR, JUMP_ERROR_NAMELESS,
                        /* Translators: the jumpserver, and a host name */
                        _ ("%s finds no host named %s."), title, host);
  return g_error_new (JUMP_ERROR, JUMP_ERROR_UNREACHABLE,
                      /* Translators: an address, and the jumpserver */
                      _ ("%s cannot be reached from %s."), address, title);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-command.h"
#include "jump-file.h"
#include "jump-place.h"
#include "jump-shell.h"
#include "jump-ssh-exec.h"
#include "jump-ssh-files.h"

#define TIMEOUT_MS 30000
#define MAX_KUBECONFIGS 64

/* Statuses of the script that reads. */
enum {
  IS_MISSING = 81,
  IS_NO_FILE,
  IS_FORBIDDEN,
};

/* KUBECONFIG is often set in a file that only login shells read, so that the student's own shell is
 * asked for it where its options are known. What is printed: each path that is there, with a "!"
 * before one that may not be read. Relative paths are the home folder's, where a login begins. */
static const char list_script[] =
  "k=$KUBECONFIG; m=%s; "
  "case $SHELL in */bash | */zsh | */ksh | */dash | */sh) "
  "o=$(\"$SHELL\" -lc \"printf %%s%%s $m \\\"\\$KUBECONFIG\\\"\" 2>/dev/null </dev/null); "
  "case $o in *$m*) k=${o##*$m} ;; esac ;; esac; "
  "show () { case $1 in /*) p=$1 ;; *) p=$HOME/$1 ;; esac; "
  "if [ -r \"$p\" ] && [ -f \"$p\" ]; then printf '%%s\\n' \"$p\"; "
  "elif [ -e \"$p\" ]; then printf '!%%s\\n' \"$p\"; else return 1; fi; }; "
  "if [ -n \"$k\" ]; then set -f; IFS=:; for f in $k; do [ -n \"$f\" ] && show \"$f\"; done; "
  "else show .kube/config || show /etc/rancher/k3s/k3s.yaml || show /etc/kubernetes/admin.conf; "
  "fi; exit 0";

typedef struct {
  JumpSshSettings *settings;
  char *path; /* (nullable) (owned) */
} Request;

static void
request_free (Request *self)
{
  g_clear_object (&self->settings);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

static GTask *
make_task (gpointer source,
           JumpSshSettings *settings,
           const char *path,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (source, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->settings = g_object_ref (settings);
  request->path = g_strdup (path);
  g_task_set_task_data (task, request, (GDestroyNotify)request_free);
  return task;
}

static GError *
make_read_error (Request *request, int status)
{
  const char *title = jump_ssh_settings_get_title (request->settings);

  if (status == IS_MISSING)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                        /* Translators: a file, and the jumpserver */
                        _ ("There is no %s on %s."), request->path, title);
  if (status == IS_NO_FILE)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                        /* Translators: a file name, and the jumpserver */
                        _ ("%s on %s is not a file."), request->path, title);
  if (status == IS_FORBIDDEN)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                        /* Translators: a file, and the jumpserver */
                        _ ("You may not read %s on %s."), request->path, title);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED,
                      /* Translators: a file, and the jumpserver */
                      _ ("%s on %s could not be read."), request->path, title);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = jump_ssh_exec_finish (result, &error);

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (answer->exit_status != 0)
    g_task_return_error (task, make_read_error (request, answer->exit_status));
  else if (g_bytes_get_size (answer->output) > JUMP_FILE_MAX_BYTES)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                             /* Translators: a file, and the jumpserver */
                             _ ("%s on %s is larger than 1 MiB."), request->path,
                             jump_ssh_settings_get_title (request->settings));
  else
    g_task_return_pointer (task, g_bytes_ref (answer->output), (GDestroyNotify)g_bytes_unref);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const char *title =
    jump_ssh_settings_get_title (((Request *)g_task_get_task_data (task))->settings);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = jump_ssh_exec_finish (result, &error);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) lines = NULL;
  g_autofree char *text = NULL;
  const char *forbidden = NULL;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  text = jump_command_dup_text (answer->output);
  lines = g_strsplit (text, "\n", MAX_KUBECONFIGS + 1);
  for (guint i = 0; lines[i] != NULL && i < MAX_KUBECONFIGS; i++) {
    if (*lines[i] == '/')
      g_ptr_array_add (paths, g_strdup (lines[i]));
    else if (*lines[i] == '!')
      forbidden = lines[i] + 1;
  }

  if (paths->len > 0) {
    g_ptr_array_add (paths, NULL);
    g_task_return_pointer (task, g_ptr_array_free (g_steal_pointer (&paths), FALSE),
                           (GDestroyNotify)g_strfreev);
  } else if (forbidden != NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                             /* Translators: the jumpserver, and a file */
                             _ ("The kubeconfig of %s is %s, which you may not read. Ask the "
                                "instructor for a copy at ~/.kube/config."),
                             title, forbidden);
  } else {
    g_task_return_new_error (
      task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
      /* Translators: the jumpserver */
      _ ("There is no kubeconfig on %s. Copy one to ~/.kube/config there, or "
         "set KUBECONFIG."),
      title);
  }
}

/**
 * jump_ssh_files_read_async:
 * @source: (type GObject.Object): the object whose answer it is
 * @path: a path on the jumpserver; a relative one is the home folder's
 */
void
jump_ssh_files_read_async (gpointer source,
                           JumpSshSettings *settings,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = make_task (source, settings, path, cancellable, callback, user_data);
  g_autofree char *quoted = jump_shell_quote (path);
  g_autofree char *script = NULL;

  g_task_set_source_tag (task, jump_ssh_files_read_async);
  script = g_strdup_printf ("f=%s; [ -e \"$f\" ] || exit %d; [ -f \"$f\" ] || exit %d; "
                            "[ -r \"$f\" ] || exit %d; head -c %d <\"$f\"",
                            quoted, IS_MISSING, IS_NO_FILE, IS_FORBIDDEN, JUMP_FILE_MAX_BYTES + 1);
  jump_ssh_exec_async (NULL, settings, script, NULL, TIMEOUT_MS, cancellable, read_cb,
                       g_steal_pointer (&task));
}

/**
 * jump_ssh_files_read_finish:
 *
 * Returns: (transfer full): at most 1 MiB, or %NULL with an error that names the file
 */
GBytes *
jump_ssh_files_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * jump_ssh_files_list_kubeconfigs_async:
 * @source: (type GObject.Object): the object whose answer it is
 *
 * Finds what kubectl would read in the student's shell; where there is neither KUBECONFIG nor
 * ~/.kube/config, the files that k3s and kubeadm leave for root.
 */
void
jump_ssh_files_list_kubeconfigs_async (gpointer source,
                                       JumpSshSettings *settings,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GTask) task = make_task (source, settings, NULL, cancellable, callback, user_data);
  g_autofree char *marker = jump_shell_dup_marker ();
  g_autofree char *script = g_strdup_printf (list_script, marker);

  g_task_set_source_tag (task, jump_ssh_files_list_kubeconfigs_async);
  jump_ssh_exec_async (NULL, settings, script, NULL, TIMEOUT_MS, cancellable, listed_cb,
                       g_steal_pointer (&task));
}

/**
 * jump_ssh_files_list_kubeconfigs_finish:
 *
 * Returns: (transfer full): absolute paths, at least one, or %NULL with %G_IO_ERROR_NOT_FOUND or
 *   %G_IO_ERROR_PERMISSION_DENIED
 */
GStrv
jump_ssh_files_list_kubeconfigs_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

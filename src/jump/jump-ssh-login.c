/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "jump-command.h"
#include "jump-place.h"
#include "jump-ssh-exec.h"
#include "jump-ssh-failure.h"
#include "jump-ssh-login.h"

#define OFFERED "offered"
#define MAX_OUTPUT (64 * 1024)
#define SCAN_TIMEOUT_MS 25000
#define KEYGEN_TIMEOUT_MS 5000
#define SHELL_TIMEOUT_MS 15000

typedef struct {
  /* input */
  JumpSshSettings *settings;
  JumpSshAskFunc ask; /* (nullable): nobody can be asked */
  gpointer ask_data;
  /* in progress */
  JumpHostKey *key;   /* (nullable) (owned): that was asked about */
  GSource *cancelled; /* (nullable) (owned): while the user is asked; holds the task */
  GError *failure;    /* (nullable) (owned): of the login, while its reason is looked for */
  /* output */
  JumpSshMaster *master; /* (nullable) (owned) */
  char *shell;           /* (nullable) (owned): its name, once commands are known to be run */
} Login;

static void start_master (GTask *task);

static void
stop_asking (Login *login)
{
  g_autoptr (GSource) source = g_steal_pointer (&login->cancelled);

  if (source != NULL)
    g_source_destroy (source);
}

static void
login_free (Login *self)
{
  stop_asking (self);
  if (self->master != NULL)
    jump_ssh_master_stop (self->master);
  g_clear_object (&self->master);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->key, jump_host_key_free);
  g_clear_error (&self->failure);
  g_free (self->shell);
  g_free (self);
}

/* ssh says so, too, but only after it has connected; its rule is the same (authfile.c). */
static gboolean
check_identity (JumpSshSettings *settings, GError **error)
{
  const char *identity = jump_ssh_settings_get_identity (settings);
  GStatBuf status;

  if (identity == NULL)
    return TRUE;
  if (g_stat (identity, &status) != 0) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_KEY_MISSING,
                 /* Translators: %s is a file */
                 _ ("There is no private key at %s. Choose the file that you were given for this "
                    "jumpserver."),
                 identity);
    return FALSE;
  }
  if (status.st_uid == getuid () && (status.st_mode & 077) != 0) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_KEY_TOO_OPEN,
                 /* Translators: %s is a file, twice */
                 _ ("Other users of this computer can read the private key %s, so ssh does not use "
                    "it. Make it yours alone with “chmod 600 %s”."),
                 identity, identity);
    return FALSE;
  }
  return TRUE;
}

static void
shell_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Login *login = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = jump_ssh_exec_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (answer != NULL)
    login->shell = jump_command_dup_text (answer->output);
  g_task_return_boolean (task, TRUE);
}

/* A key that opens with its passphrase only looks to the server like no key at all. */
static void
key_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Login *login = g_task_get_task_data (task);
  const char *identity = jump_ssh_settings_get_identity (login->settings);
  g_autoptr (BaseCommandResult) answer = base_command_run_finish (result, NULL);
  g_autofree char *words = NULL;

  if (answer != NULL && answer->exit_status != 0)
    words = jump_command_dup_text (answer->errors);
  if (words != NULL && strstr (words, "passphrase") != NULL)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_DENIED,
                             /* Translators: %s is a file, twice */
                             _ ("The private key %s is protected by a passphrase. Unlock it with "
                                "“ssh-add %s” in a terminal, then connect again."),
                             identity, identity);
  else if (words != NULL && (strstr (words, "invalid format") != NULL ||
                             strstr (words, "error in libcrypto") != NULL))
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_DENIED,
                             /* Translators: %s is a file */
                             _ ("%s is not a private key that ssh can read. Choose the file that "
                                "you were given for this jumpserver, whole and unchanged."),
                             identity);
  else
    g_task_return_error (task, g_steal_pointer (&login->failure));
}

static void
explain_denied (GTask *task, GError *failure)
{
  Login *login = g_task_get_task_data (task);
  const char *argv[] = { "ssh-keygen", "-y", "-P", "", "-f", NULL, NULL };

  argv[5] = jump_ssh_settings_get_identity (login->settings);
  login->failure = failure;
  base_command_run_async (argv, jump_ssh_settings_get_environment (login->settings), NULL,
                          MAX_OUTPUT, KEYGEN_TIMEOUT_MS, g_task_get_cancellable (task), key_read_cb,
                          task);
}

static void
answered_cb (JumpQuestion *question, gboolean yes, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Login *login = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (login->cancelled == NULL)
    return;
  stop_asking (login);
  if (!yes)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_HOST_KEY_UNKNOWN,
                             /* Translators: %s is the jumpserver */
                             _ ("The host key of %s was not confirmed, so there is no connection. "
                                "Ask the instructor for its fingerprint and connect again."),
                             jump_ssh_settings_get_title (login->settings));
  else if (!jump_host_key_trust (login->key, jump_ssh_settings_get_known_hosts (login->settings),
                                 &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    start_master (g_steal_pointer (&task));
}

static gboolean
asking_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  stop_asking (g_task_get_task_data (task));
  g_task_return_error_if_cancelled (task);
  return G_SOURCE_REMOVE;
}

static void
ask_user (GTask *task)
{
  Login *login = g_task_get_task_data (task);
  const char *title = jump_ssh_settings_get_title (login->settings);
  g_autoptr (JumpQuestion) question = NULL;
  g_autofree char *body = NULL;

  body = g_strdup_printf (
    /* Translators: the jumpserver, the kind of its host key ("ED25519"), its fingerprint */
    _ ("This is the first connection to %s. Its %s host key has the fingerprint\n\n%s\n\nConnect "
       "only if it is the one that the instructor gave you."),
    title, login->key->kind, login->key->fingerprint);
  question = jump_question_new (_ ("Is this your jumpserver?"), body);
  g_signal_connect_object (question, "answered", G_CALLBACK (answered_cb), task, 0);
  login->cancelled = g_cancellable_source_new (g_task_get_cancellable (task));
  g_source_set_callback (login->cancelled, G_SOURCE_FUNC (asking_cancelled_cb), task,
                         g_object_unref);
  g_source_attach (login->cancelled, g_task_get_context (task));
  login->ask (login->key, question, login->ask_data);
}

static void
scanned_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Login *login = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = base_command_run_finish (result, &error);
  g_autofree char *path =
    jump_socket_folder_dup_child (jump_ssh_settings_get_folder (login->settings), OFFERED);
  g_autofree char *line = NULL;

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (!g_file_get_contents (path, &line, NULL, NULL) || *line == '\0') {
    g_autofree char *words = jump_command_dup_text (answer->errors);

    g_task_return_error (task, jump_ssh_failure_new (login->settings, words));
    return;
  }
  login->key = jump_host_key_parse (line, &error);
  if (login->key == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    ask_user (g_steal_pointer (&task));
}

/* Takes down the key that the server offers. What is then shown, and trusted, is that very line:
 * were the server to show another one at the login, it would not be trusted. */
static void
scan_host_key (GTask *task)
{
  Login *login = g_task_get_task_data (task);
  g_auto (GStrv) argv = jump_ssh_settings_dup_scan_argv (login->settings, OFFERED);
  g_autofree char *path =
    jump_socket_folder_dup_child (jump_ssh_settings_get_folder (login->settings), OFFERED);

  g_unlink (path);
  base_command_run_async ((const char *const *)argv,
                          jump_ssh_settings_get_environment (login->settings), NULL, MAX_OUTPUT,
                          SCAN_TIMEOUT_MS, g_task_get_cancellable (task), scanned_cb, task);
}

static void
master_started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Login *login = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;

  login->master = jump_ssh_master_start_finish (result, &error);
  if (login->master != NULL)
    jump_ssh_exec_async (NULL, login->settings, "printf %s \"${SHELL##*/}\"", NULL,
                         SHELL_TIMEOUT_MS, cancellable, shell_read_cb, g_steal_pointer (&task));
  else if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_HOST_KEY_UNKNOWN) && login->ask != NULL &&
           login->key == NULL)
    scan_host_key (g_steal_pointer (&task));
  else if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_DENIED) &&
           jump_ssh_settings_get_identity (login->settings) != NULL)
    explain_denied (g_steal_pointer (&task), g_steal_pointer (&error));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
start_master (GTask *task)
{
  Login *login = g_task_get_task_data (task);

  jump_ssh_master_start_async (login->settings, g_task_get_cancellable (task), master_started_cb,
                               task);
}

/**
 * jump_ssh_login_async:
 * @ask: (nullable): called with a host key that is seen for the first time; %NULL where nobody can
 *   be asked, which is a no
 * @cancellable: (not nullable): ends it at any point
 *
 * Checks the key file, connects, has the user confirm a host key that is new, and finds out which
 * shell there is.
 */
void
jump_ssh_login_async (JumpSshSettings *settings,
                      JumpSshAskFunc ask,
                      gpointer ask_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Login *login = g_new0 (Login, 1);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_ssh_login_async);
  g_task_set_task_data (task, login, (GDestroyNotify)login_free);
  login->settings = g_object_ref (settings);
  login->ask = ask;
  login->ask_data = ask_data;
  if (!check_identity (settings, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    start_master (g_steal_pointer (&task));
}

/**
 * jump_ssh_login_finish:
 * @shell: (out) (transfer full) (nullable): name of the login shell; %NULL where no commands can be
 * run, as where there is a menu, or nothing but a terminal
 *
 * Returns: (transfer full): the connection, or %NULL with a #JumpError
 */
JumpSshMaster *
jump_ssh_login_finish (GAsyncResult *result, char **shell, GError **error)
{
  Login *login = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *shell = g_steal_pointer (&login->shell);
  return g_steal_pointer (&login->master);
}

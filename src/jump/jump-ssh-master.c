/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "base-deadline.h"
#include "jump-place.h"
#include "jump-ssh-failure.h"
#include "jump-ssh-master.h"

/**
 * JumpSshMaster:
 *
 * An ssh that logs in once and listens on a control socket for others that want to use its
 * connection. It is not one of the terminals: closing those does not cut the rest.
 */

/* Above the time that ssh gives the connection itself (ConnectTimeout): a server may also hang
 * later, while it checks the key. */
#define LOGIN_TIMEOUT_MS 25000
#define POLL_MS 20
#define STOP_TIMEOUT_MS 1500

struct _JumpSshMaster {
  GObject parent_instance;

  JumpSshSettings *settings;
  GSubprocess *subprocess; /* (nullable) (owned): until stopped */
  JumpLog *log;
  GCancellable *watch;
};

G_DEFINE_FINAL_TYPE (JumpSshMaster, jump_ssh_master, G_TYPE_OBJECT)

enum {
  ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct {
  JumpSshMaster *master; /* (nullable) (owned): until handed over */
  BaseDeadline *deadline;
  GSource *poll; /* (nullable) (owned) */
} Start;

static void
stop_polling (Start *start)
{
  if (start->poll != NULL)
    g_source_destroy (start->poll);
  g_clear_pointer (&start->poll, g_source_unref);
}

static void
start_free (Start *self)
{
  stop_polling (self);
  if (self->master != NULL)
    jump_ssh_master_stop (self->master);
  g_clear_object (&self->master);
  g_clear_pointer (&self->deadline, base_deadline_free);
  g_free (self);
}

static GError *
make_error (JumpSshMaster *self)
{
  g_autofree char *text = jump_log_dup_text (self->log, 0);

  return jump_ssh_failure_new (self->settings, text);
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  JumpSshMaster *self;
  g_autoptr (GError) error = NULL;

  /* Cancelled, and the object perhaps gone. */
  if (!g_subprocess_wait_finish (G_SUBPROCESS (object), result, NULL))
    return;
  self = user_data;
  error = make_error (self);
  g_signal_emit (self, signals[ENDED], 0, error);
}

/* The master ended before it was logged in, or the time is over, or the caller gave up. */
static void
start_ended_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Start *start = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (start->master == NULL)
    return;
  stop_polling (start);
  if (g_subprocess_wait_finish (G_SUBPROCESS (object), result, &error))
    g_task_return_error (task, make_error (start->master));
  else if (base_deadline_has_expired (start->deadline))
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_UNREACHABLE,
                             /* Translators: %s is the jumpserver */
                             _ ("%s did not finish the login in time. Try again in a minute."),
                             jump_ssh_settings_get_title (start->master->settings));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* ssh makes the socket after the login, and links it into place once it listens (mux.c). */
static gboolean
poll_cb (gpointer user_data)
{
  GTask *task = user_data;
  Start *start = g_task_get_task_data (task);
  JumpSshMaster *master = start->master;

  if (!g_file_test (jump_ssh_settings_get_control_path (master->settings), G_FILE_TEST_EXISTS))
    return G_SOURCE_CONTINUE;

  stop_polling (start);
  g_subprocess_wait_async (master->subprocess, master->watch, ended_cb, master);
  g_task_return_pointer (task, g_steal_pointer (&start->master), g_object_unref);
  /* Ends the waiting for a failed start, which holds the task. */
  g_cancellable_cancel (base_deadline_get_cancellable (start->deadline));
  return G_SOURCE_REMOVE;
}

static gboolean
kill_cb (gpointer subprocess)
{
  g_subprocess_force_exit (subprocess);
  return G_SOURCE_REMOVE;
}

static void
jump_ssh_master_dispose (GObject *object)
{
  JumpSshMaster *self = JUMP_SSH_MASTER (object);

  jump_ssh_master_stop (self);
  g_clear_object (&self->log);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (jump_ssh_master_parent_class)->dispose (object);
}

static void
jump_ssh_master_finalize (GObject *object)
{
  JumpSshMaster *self = JUMP_SSH_MASTER (object);

  g_clear_object (&self->watch);

  G_OBJECT_CLASS (jump_ssh_master_parent_class)->finalize (object);
}

static void
jump_ssh_master_class_init (JumpSshMasterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jump_ssh_master_dispose;
  object_class->finalize = jump_ssh_master_finalize;

  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
jump_ssh_master_init (JumpSshMaster *self)
{
  self->watch = g_cancellable_new ();
}

static JumpSshMaster *
spawn (JumpSshSettings *settings, GError **error)
{
  g_autoptr (JumpSshMaster) self = g_object_new (JUMP_TYPE_SSH_MASTER, NULL);
  g_autoptr (GSubprocessLauncher) launcher = jump_ssh_settings_new_launcher (
    settings, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_auto (GStrv) argv = jump_ssh_settings_dup_master_argv (settings);

  self->settings = g_object_ref (settings);
  /* The file of a master that died would be taken for a login. */
  g_unlink (jump_ssh_settings_get_control_path (settings));
  self->subprocess = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, error);
  if (self->subprocess == NULL)
    return NULL;
  self->log = jump_log_new (g_subprocess_get_stderr_pipe (self->subprocess));
  return g_steal_pointer (&self);
}

/**
 * jump_ssh_master_start_async:
 *
 * Connects and logs in, without asking anybody anything.
 */
void
jump_ssh_master_start_async (JumpSshSettings *settings,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Start *start = g_new0 (Start, 1);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_ssh_master_start_async);
  g_task_set_task_data (task, start, (GDestroyNotify)start_free);
  if (g_task_return_error_if_cancelled (task))
    return;

  start->master = spawn (settings, &error);
  if (start->master == NULL) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED,
                             /* Translators: %s is the system's reason */
                             _ ("The program ssh cannot be started: %s. Install the OpenSSH "
                                "client."),
                             error->message);
    return;
  }
  start->deadline = base_deadline_new (cancellable, LOGIN_TIMEOUT_MS);
  start->poll = g_timeout_source_new (POLL_MS);
  g_source_set_static_name (start->poll, "jump-ssh-master: logged in");
  g_source_set_callback (start->poll, poll_cb, task, NULL);
  g_source_attach (start->poll, g_main_context_get_thread_default ());
  g_subprocess_wait_async (start->master->subprocess,
                           base_deadline_get_cancellable (start->deadline), start_ended_cb,
                           g_object_ref (task));
}

/**
 * jump_ssh_master_start_finish:
 *
 * Returns: (transfer full): a connection that stands, or %NULL with a #JumpError
 */
JumpSshMaster *
jump_ssh_master_start_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * jump_ssh_master_stop:
 *
 * Ends the connection and with it all that runs over it. Does not wait for it.
 */
void
jump_ssh_master_stop (JumpSshMaster *self)
{
  g_autoptr (GSubprocess) subprocess = NULL;

  g_return_if_fail (JUMP_IS_SSH_MASTER (self));

  g_cancellable_cancel (self->watch);
  subprocess = g_steal_pointer (&self->subprocess);
  if (subprocess == NULL || g_subprocess_get_identifier (subprocess) == NULL)
    return;
  g_subprocess_send_signal (subprocess, SIGTERM);
  g_timeout_add_full (G_PRIORITY_LOW, STOP_TIMEOUT_MS, kill_cb, g_steal_pointer (&subprocess),
                      g_object_unref);
}

JumpLog *
jump_ssh_master_get_log (JumpSshMaster *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_MASTER (self), NULL);

  return self->log;
}

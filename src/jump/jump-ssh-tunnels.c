/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>

#include "jump-command.h"
#include "jump-place.h"
#include "jump-ssh-exec.h"
#include "jump-ssh-probe.h"
#include "jump-ssh-relay.h"
#include "jump-ssh-tunnels.h"

/**
 * JumpSshTunnels:
 *
 * A Unix socket for each host and port that is reached through a jumpserver: forwarded by ssh, or,
 * where the server forbids that, relayed by a program on it. A socket's path stays the same, and
 * leads there again after the place has connected anew.
 */

#define MAX_OUTPUT (64 * 1024)
#define FORWARD_TIMEOUT_MS 10000
#define CHECK_TIMEOUT_MS 40000
/* One for each kind that is watched, and some for requests. */
#define MAX_RELAYED 32
#define NO_PROGRAM 127

struct _JumpSshTunnels {
  GObject parent_instance;

  JumpSshSettings *settings;
  JumpSshMaster *master; /* (nullable) (owned) */
  GHashTable *forwarded; /* path → JumpAddress: by ssh */
  GHashTable *relays;    /* path → JumpSshRelay */
};

G_DEFINE_FINAL_TYPE (JumpSshTunnels, jump_ssh_tunnels, G_TYPE_OBJECT)

static void
close_relay (gpointer relay)
{
  g_autoptr (JumpRelay) closed = relay;

  jump_relay_close (closed);
}

static const char *
get_path (JumpSshTunnels *self, const JumpAddress *target)
{
  return jump_socket_folder_get_socket (jump_ssh_settings_get_folder (self->settings), target->host,
                                        target->port);
}

static void
return_socket (GTask *task)
{
  JumpSshTunnels *self = g_task_get_source_object (task);

  g_task_return_pointer (
    task, g_unix_socket_address_new (get_path (self, g_task_get_task_data (task))), g_object_unref);
}

static void
forward (JumpSshTunnels *self,
         const JumpAddress *target,
         GCancellable *cancellable,
         GAsyncReadyCallback callback,
         gpointer user_data)
{
  g_auto (GStrv) argv =
    jump_ssh_settings_dup_forward_argv (self->settings, target->host, target->port);

  base_command_run_async ((const char *const *)argv,
                          jump_ssh_settings_get_environment (self->settings), NULL, MAX_OUTPUT,
                          FORWARD_TIMEOUT_MS, cancellable, callback, user_data);
}

static void
forwarded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSshTunnels *self = g_task_get_source_object (task);
  const JumpAddress *target = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = base_command_run_finish (result, &error);

  if (answer == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
  } else if (answer->exit_status != 0) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING,
                             /* Translators: %s is the jumpserver */
                             _ ("The connection to %s could not be shared. Connect again."),
                             jump_ssh_settings_get_title (self->settings));
  } else {
    g_hash_table_insert (self->forwarded, g_strdup (get_path (self, target)),
                         jump_address_copy (target));
    return_socket (task);
  }
}

static void
restored_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = base_command_run_finish (result, &error);

  /* Whoever dials finds out; the next reach tells why. */
  if (answer == NULL)
    g_debug ("forwarding again: %s", error->message);
}

static void
listen_again (JumpRelay *relay, const char *path)
{
  g_autoptr (GError) error = NULL;

  if (!jump_relay_listen (relay, path, MAX_RELAYED, &error))
    g_debug ("relaying again: %s", error->message);
}

/* The program's name becomes part of a command line, if one of the server itself. */
static const char *
find_program (GBytes *output)
{
  static const char *const known[] = { "python3", "python", "python2", "bash", "nc" };
  g_autofree char *name = jump_command_dup_text (output);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i], name))
      return known[i];
  return NULL;
}

static gboolean
add_relay (JumpSshTunnels *self, const JumpAddress *target, const char *program, GError **error)
{
  const char *path = get_path (self, target);
  g_autoptr (JumpSshRelay) relay = NULL;

  if (g_hash_table_contains (self->relays, path))
    return TRUE;
  relay = jump_ssh_relay_new (self->settings, target->host, target->port, program);
  if (!jump_relay_listen (JUMP_RELAY (relay), path, MAX_RELAYED, error))
    return FALSE;
  g_hash_table_insert (self->relays, g_strdup (path), g_steal_pointer (&relay));
  return TRUE;
}

static void
fail_relay (GTask *task, const BaseCommandResult *answer)
{
  JumpSshTunnels *self = g_task_get_source_object (task);
  const JumpAddress *target = g_task_get_task_data (task);
  g_autofree char *words = NULL;

  words = jump_command_dup_text (answer->errors);
  if (answer->exit_status == NO_PROGRAM)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING,
                             /* Translators: %s is the jumpserver */
                             _ ("%s forbids port forwarding, and has neither Python nor bash nor "
                                "nc to do without. Ask the instructor to allow forwarding "
                                "(AllowTcpForwarding)."),
                             jump_ssh_settings_get_title (self->settings));
  else
    g_task_return_error (
      task, jump_ssh_probe_make_error (self->settings, target->host, target->port, words));
}

static void
relay_checked_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSshTunnels *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer = jump_ssh_exec_finish (result, &error);
  const char *program;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NOT_CONNECTED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (answer == NULL) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING,
                             /* Translators: %s is the jumpserver */
                             _ ("%s forbids port forwarding and runs no commands, so only the "
                                "terminal works with it."),
                             jump_ssh_settings_get_title (self->settings));
    return;
  }
  program = answer->exit_status == 0 ? find_program (answer->output) : NULL;
  if (program == NULL)
    fail_relay (task, answer);
  else if (!add_relay (self, g_task_get_task_data (task), program, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    return_socket (task);
}

static void
check_relay (GTask *task)
{
  JumpSshTunnels *self = g_task_get_source_object (task);
  const JumpAddress *target = g_task_get_task_data (task);
  g_autofree char *script = jump_ssh_relay_dup_check (target->host, target->port);

  jump_ssh_exec_async (NULL, self->settings, script, NULL, CHECK_TIMEOUT_MS,
                       g_task_get_cancellable (task), relay_checked_cb, task);
}

static void
probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSshTunnels *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (jump_ssh_probe_finish (result, &error)) {
    GCancellable *cancellable = g_task_get_cancellable (task);
    const JumpAddress *target = g_task_get_task_data (task);

    forward (self, target, cancellable, forwarded_cb, g_steal_pointer (&task));
  } else if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING)) {
    check_relay (g_steal_pointer (&task));
  } else {
    g_task_return_error (task, g_steal_pointer (&error));
  }
}

static void
jump_ssh_tunnels_dispose (GObject *object)
{
  JumpSshTunnels *self = JUMP_SSH_TUNNELS (object);

  jump_ssh_tunnels_close (self);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (jump_ssh_tunnels_parent_class)->dispose (object);
}

static void
jump_ssh_tunnels_finalize (GObject *object)
{
  JumpSshTunnels *self = JUMP_SSH_TUNNELS (object);

  g_clear_pointer (&self->forwarded, g_hash_table_unref);
  g_clear_pointer (&self->relays, g_hash_table_unref);

  G_OBJECT_CLASS (jump_ssh_tunnels_parent_class)->finalize (object);
}

static void
jump_ssh_tunnels_class_init (JumpSshTunnelsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = jump_ssh_tunnels_dispose;
  object_class->finalize = jump_ssh_tunnels_finalize;
}

static void
jump_ssh_tunnels_init (JumpSshTunnels *self)
{
  self->forwarded =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)jump_address_free);
  self->relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, close_relay);
}

JumpSshTunnels *
jump_ssh_tunnels_new (JumpSshSettings *settings)
{
  JumpSshTunnels *self = g_object_new (JUMP_TYPE_SSH_TUNNELS, NULL);

  self->settings = g_object_ref (settings);
  return self;
}

/**
 * jump_ssh_tunnels_set_master:
 * @master: (nullable): the connection, %NULL where there is none
 *
 * A new connection has the sockets of the one before forwarded and relayed again.
 */
void
jump_ssh_tunnels_set_master (JumpSshTunnels *self, JumpSshMaster *master)
{
  GHashTableIter iter;
  gpointer path, relay, target;

  g_return_if_fail (JUMP_IS_SSH_TUNNELS (self));

  if (!g_set_object (&self->master, master))
    return;
  g_hash_table_iter_init (&iter, self->relays);
  while (g_hash_table_iter_next (&iter, &path, &relay)) {
    jump_relay_close (relay);
    if (master != NULL)
      listen_again (relay, path);
  }
  g_hash_table_iter_init (&iter, self->forwarded);
  while (master != NULL && g_hash_table_iter_next (&iter, NULL, &target))
    forward (self, target, NULL, restored_cb, NULL);
}

/**
 * jump_ssh_tunnels_close:
 *
 * Ends what is relayed. What is forwarded ends with the master.
 */
void
jump_ssh_tunnels_close (JumpSshTunnels *self)
{
  g_return_if_fail (JUMP_IS_SSH_TUNNELS (self));

  g_clear_object (&self->master);
  g_hash_table_remove_all (self->relays);
}

gboolean
jump_ssh_tunnels_get_relaying (JumpSshTunnels *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_TUNNELS (self), FALSE);

  return g_hash_table_size (self->relays) > 0;
}

/**
 * jump_ssh_tunnels_reach_async:
 * @host: a host that jump_address_check_target() has passed
 *
 * Makes sure that @host and @port answer, and that there is a socket that leads there.
 */
void
jump_ssh_tunnels_reach_async (JumpSshTunnels *self,
                              const char *host,
                              guint16 port,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  JumpAddress *target;

  g_return_if_fail (JUMP_IS_SSH_TUNNELS (self));
  g_return_if_fail (self->master != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  target = jump_address_new (NULL, host, port, NULL);
  g_task_set_source_tag (task, jump_ssh_tunnels_reach_async);
  g_task_set_task_data (task, target, (GDestroyNotify)jump_address_free);
  if (g_hash_table_contains (self->relays, get_path (self, target)))
    check_relay (g_steal_pointer (&task));
  else
    jump_ssh_probe_async (self->settings, self->master, host, port, cancellable, probed_cb,
                          g_steal_pointer (&task));
}

/**
 * jump_ssh_tunnels_reach_finish:
 *
 * Returns: (transfer full): the socket's address, or %NULL where jump_error_is_unreachable(), or
 * with %JUMP_ERROR_NO_FORWARDING
 */
GSocketConnectable *
jump_ssh_tunnels_reach_finish (JumpSshTunnels *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

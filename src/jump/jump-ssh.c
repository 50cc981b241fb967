/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "jump-address.h"
#include "jump-command.h"
#include "jump-shell-marks.h"
#include "jump-shell.h"
#include "jump-ssh-exec.h"
#include "jump-ssh-files.h"
#include "jump-ssh-login.h"
#include "jump-ssh-tunnels.h"
#include "jump-ssh.h"

/**
 * JumpSsh:
 *
 * A jumpserver over OpenSSH. One connection is made and watched; terminals, commands, files and
 * addresses all go over it. Nobody is ever asked for a password: keys only, from a file or an
 * agent.
 */

struct _JumpSsh {
  JumpConnection parent_instance;

  JumpAddress *address;
  char *identity; /* (nullable) (owned) */
  char *known_hosts;
  char *id;

  JumpSshSettings *settings; /* (nullable) (owned): from the first attempt on */
  JumpSshTunnels *tunnels;   /* (nullable) (owned): likewise */
  JumpSshMaster *master;     /* (nullable) (owned): while connected */
  char *shell; /* (nullable) (owned): name of the login shell; commands cannot be run without */
};

static void jump_ssh_place_init (JumpPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JumpSsh,
                               jump_ssh,
                               JUMP_TYPE_CONNECTION,
                               G_IMPLEMENT_INTERFACE (JUMP_TYPE_PLACE, jump_ssh_place_init))

enum {
  PROP_0,
  PROP_ADDRESS,
  PROP_IDENTITY,
  PROP_KNOWN_HOSTS,
  N_PROPS
};

enum {
  HOST_KEY_QUESTION,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
ensure_settings (JumpSsh *self, GError **error)
{
  if (self->settings != NULL)
    return TRUE;
  self->settings = jump_ssh_settings_new (self->address, self->identity, self->known_hosts, error);
  if (self->settings == NULL)
    return FALSE;
  self->tunnels = jump_ssh_tunnels_new (self->settings);
  return TRUE;
}

static void
update_notice (JumpSsh *self)
{
  const char *notice = NULL;

  if (self->shell == NULL)
    notice = _ ("This jumpserver gives a terminal and nothing else, so live panels and checks do "
                "not work with it.");
  else if (jump_ssh_tunnels_get_relaying (self->tunnels))
    notice = _ ("This jumpserver forbids port forwarding. A program on it is used instead, which "
                "is slower.");
  jump_connection_set_notice (JUMP_CONNECTION (self), notice);
}

static void
ask_cb (const JumpHostKey *key, JumpQuestion *question, gpointer user_data)
{
  g_signal_emit (user_data, signals[HOST_KEY_QUESTION], 0, key->fingerprint, question);
}

static void
ended_cb (JumpSsh *self, const GError *error)
{
  jump_connection_lose (JUMP_CONNECTION (self), error);
}

static void
logged_in_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSsh *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autofree char *shell = NULL;
  g_autoptr (JumpSshMaster) master = jump_ssh_login_finish (result, &shell, &error);

  g_free (self->shell);
  self->shell = g_steal_pointer (&shell);
  if (master != NULL)
    g_task_return_pointer (task, g_steal_pointer (&master), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
reached_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSsh *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  GSocketConnectable *dial =
    jump_ssh_tunnels_reach_finish (JUMP_SSH_TUNNELS (object), result, &error);

  update_notice (self);
  if (dial != NULL)
    g_task_return_pointer (task, dial, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
jump_ssh_open_async (JumpConnection *connection,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  JumpSsh *self = JUMP_SSH (connection);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  gboolean automatic = jump_connection_is_automatic (connection);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_ssh_open_async);
  if (!ensure_settings (self, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    jump_ssh_login_async (self->settings, automatic ? NULL : ask_cb, self, cancellable,
                          logged_in_cb, g_steal_pointer (&task));
}

static gboolean
jump_ssh_open_finish (JumpConnection *connection, GAsyncResult *result, GError **error)
{
  JumpSsh *self = JUMP_SSH (connection);
  JumpSshMaster *master = g_task_propagate_pointer (G_TASK (result), error);

  if (master == NULL)
    return FALSE;
  self->master = master;
  g_signal_connect_object (master, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  jump_ssh_tunnels_set_master (self->tunnels, master);
  update_notice (self);
  return TRUE;
}

static void
jump_ssh_close (JumpConnection *connection)
{
  JumpSsh *self = JUMP_SSH (connection);

  if (self->master != NULL) {
    g_signal_handlers_disconnect_by_data (self->master, self);
    jump_ssh_master_stop (self->master);
    jump_ssh_tunnels_set_master (self->tunnels, NULL);
  }
  g_clear_object (&self->master);
}

static const char *
jump_ssh_get_id (JumpPlace *place)
{
  return JUMP_SSH (place)->id;
}

/* (transfer full) (nullable): the command line of the user's shell with marks at its prompts */
static char *
dup_marked_shell (JumpSsh *self)
{
  return self->shell != NULL ? jump_shell_marks_dup_command (self->shell) : NULL;
}

static GStrv
jump_ssh_dup_terminal_argv (JumpPlace *place)
{
  JumpSsh *self = JUMP_SSH (place);
  g_autofree char *command = dup_marked_shell (self);

  return jump_ssh_settings_dup_terminal_argv (self->settings, command);
}

static gboolean
jump_ssh_has_prompt_marks (JumpPlace *place)
{
  g_autofree char *command = dup_marked_shell (JUMP_SSH (place));

  return command != NULL;
}

static void
jump_ssh_list_kubeconfigs_async (JumpPlace *place,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  jump_ssh_files_list_kubeconfigs_async (place, JUMP_SSH (place)->settings, cancellable, callback,
                                         user_data);
}

static GStrv
jump_ssh_list_kubeconfigs_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_ssh_files_list_kubeconfigs_finish (result, error);
}

static void
jump_ssh_read_file_async (JumpPlace *place,
                          const char *path,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  jump_ssh_files_read_async (place, JUMP_SSH (place)->settings, path, cancellable, callback,
                             user_data);
}

static GBytes *
jump_ssh_read_file_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_ssh_files_read_finish (result, error);
}

static void
jump_ssh_run_async (JumpPlace *place,
                    const char *const *argv,
                    GBytes *input,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autofree char *script = jump_shell_quote_argv (argv);

  jump_ssh_exec_async (place, JUMP_SSH (place)->settings, script, input, JUMP_COMMAND_TIMEOUT_MS,
                       cancellable, callback, user_data);
}

static BaseCommandResult *
jump_ssh_run_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_ssh_exec_finish (result, error);
}

static void
jump_ssh_reach_async (JumpPlace *place,
                      JumpTarget target,
                      const char *host,
                      guint16 port,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_ssh_reach_async);
  jump_ssh_tunnels_reach_async (JUMP_SSH (place)->tunnels, host, port, cancellable, reached_cb,
                                g_steal_pointer (&task));
}

static GSocketConnectable *
jump_ssh_reach_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jump_ssh_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  JumpSsh *self = JUMP_SSH (object);

  switch (prop_id) {
    case PROP_ADDRESS:
      g_value_set_boxed (value, self->address);
      break;
    case PROP_IDENTITY:
      g_value_set_string (value, self->identity);
      break;
    case PROP_KNOWN_HOSTS:
      g_value_set_string (value, self->known_hosts);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_ssh_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  JumpSsh *self = JUMP_SSH (object);

  switch (prop_id) {
    case PROP_ADDRESS:
      self->address = g_value_dup_boxed (value);
      break;
    case PROP_IDENTITY:
      if (g_value_get_string (value) != NULL)
        self->identity = g_canonicalize_filename (g_value_get_string (value), NULL);
      break;
    case PROP_KNOWN_HOSTS:
      self->known_hosts = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_ssh_constructed (GObject *object)
{
  JumpSsh *self = JUMP_SSH (object);
  g_autofree char *title = jump_address_dup_title (self->address);

  G_OBJECT_CLASS (jump_ssh_parent_class)->constructed (object);

  self->id = jump_address_dup_id (self->address);
  if (self->known_hosts == NULL)
    self->known_hosts =
      g_build_filename (g_get_user_state_dir (), "konvoy-lab", "known_hosts", NULL);
  jump_connection_set_title (JUMP_CONNECTION (self), title);
}

static void
jump_ssh_dispose (GObject *object)
{
  JumpSsh *self = JUMP_SSH (object);

  if (self->tunnels != NULL)
    jump_ssh_tunnels_close (self->tunnels);

  G_OBJECT_CLASS (jump_ssh_parent_class)->dispose (object);
}

static void
jump_ssh_finalize (GObject *object)
{
  JumpSsh *self = JUMP_SSH (object);

  g_clear_object (&self->tunnels);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->address, jump_address_free);
  g_clear_pointer (&self->identity, g_free);
  g_clear_pointer (&self->shell, g_free);
  g_clear_pointer (&self->known_hosts, g_free);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (jump_ssh_parent_class)->finalize (object);
}

static void
jump_ssh_place_init (JumpPlaceInterface *iface)
{
  iface->get_id = jump_ssh_get_id;
  iface->dup_terminal_argv = jump_ssh_dup_terminal_argv;
  iface->has_prompt_marks = jump_ssh_has_prompt_marks;
  iface->list_kubeconfigs_async = jump_ssh_list_kubeconfigs_async;
  iface->list_kubeconfigs_finish = jump_ssh_list_kubeconfigs_finish;
  iface->read_file_async = jump_ssh_read_file_async;
  iface->read_file_finish = jump_ssh_read_file_finish;
  iface->run_async = jump_ssh_run_async;
  iface->run_finish = jump_ssh_run_finish;
  iface->reach_async = jump_ssh_reach_async;
  iface->reach_finish = jump_ssh_reach_finish;
}

static void
jump_ssh_class_init (JumpSshClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  JumpConnectionClass *connection_class = JUMP_CONNECTION_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = jump_ssh_get_property;
  object_class->set_property = jump_ssh_set_property;
  object_class->constructed = jump_ssh_constructed;
  object_class->dispose = jump_ssh_dispose;
  object_class->finalize = jump_ssh_finalize;

  connection_class->open_async = jump_ssh_open_async;
  connection_class->open_finish = jump_ssh_open_finish;
  connection_class->close = jump_ssh_close;

  properties[PROP_ADDRESS] = g_param_spec_boxed ("address", NULL, NULL, JUMP_TYPE_ADDRESS, flags);
  properties[PROP_IDENTITY] = g_param_spec_string ("identity", NULL, NULL, NULL, flags);
  /* The program's own file of known host keys; by default below XDG_STATE_HOME. */
  properties[PROP_KNOWN_HOSTS] = g_param_spec_string ("known-hosts", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * JumpSsh::host-key-question:
   * @fingerprint: "SHA256:...", as ssh-keygen -l prints it
   * @question: to be shown and answered; who keeps no reference answers no
   *
   * The jumpserver is seen for the first time. Not emitted by an attempt that nobody asked for.
   */
  signals[HOST_KEY_QUESTION] =
    g_signal_new ("host-key-question", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                  NULL, G_TYPE_NONE, 2, G_TYPE_STRING, JUMP_TYPE_QUESTION);
}

static void
jump_ssh_init (JumpSsh *self)
{
}

/**
 * jump_ssh_new:
 * @user: (nullable): %NULL for ssh's default
 * @host: a host name, an IP address, or a Host of ~/.ssh/config
 * @port: 0 for ssh's default
 * @identity: (nullable): the private key to use, and no other; %NULL for the agent and ssh's
 *   defaults
 *
 * Returns: (transfer full): the jumpserver, or %NULL with %JUMP_ERROR_FAILED where a name is none
 */
JumpPlace *
jump_ssh_new (
  const char *user, const char *host, guint16 port, const char *identity, GError **error)
{
  g_autoptr (JumpAddress) address = jump_address_new (user, host, port, error);

  if (address == NULL)
    return NULL;
  return g_object_new (JUMP_TYPE_SSH, "address", address, "identity", identity, NULL);
}

/**
 * jump_ssh_new_for_spec:
 * @user_at_host_port: USER@HOST:PORT, as jump_address_parse() takes it
 *
 * Returns: (transfer full): the jumpserver, or %NULL with %JUMP_ERROR_FAILED
 */
JumpPlace *
jump_ssh_new_for_spec (const char *user_at_host_port, const char *identity, GError **error)
{
  g_autoptr (JumpAddress) address = jump_address_parse (user_at_host_port, error);

  if (address == NULL)
    return NULL;
  return g_object_new (JUMP_TYPE_SSH, "address", address, "identity", identity, NULL);
}

const char *
jump_ssh_get_identity (JumpSsh *self)
{
  g_return_val_if_fail (JUMP_IS_SSH (self), NULL);

  return self->identity;
}

/**
 * jump_ssh_mend_identity:
 *
 * Makes the private key readable by its owner alone, where the user has agreed to it after
 * %JUMP_ERROR_KEY_TOO_OPEN.
 *
 * Returns: whether it is so now
 */
gboolean
jump_ssh_mend_identity (JumpSsh *self, GError **error)
{
  g_return_val_if_fail (JUMP_IS_SSH (self), FALSE);
  g_return_val_if_fail (self->identity != NULL, FALSE);

  if (g_chmod (self->identity, 0600) == 0)
    return TRUE;
  g_set_error (error, JUMP_ERROR, JUMP_ERROR_KEY_TOO_OPEN,
               /* Translators: %s is a file, the second %s the system's reason */
               _ ("Cannot make %s yours alone: %s"), self->identity, g_strerror (errno));
  return FALSE;
}

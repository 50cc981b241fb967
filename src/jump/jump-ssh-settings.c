/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base-private-file.h"
#include "jump-place.h"
#include "jump-ssh-settings.h"

/**
 * JumpSshSettings:
 *
 * What ssh is told about one jumpserver, for as long as the place exists: a configuration file in
 * a folder of its own, and the command lines of the master connection and of what runs over it.
 *
 * Only the master reads a configuration, ours first and the user's own at its end, since the first
 * value of an option wins (ssh_config(5)). What runs over the master reads none: a forwarding or a
 * command of the user's configuration would be repeated for each.
 *
 * The files that ssh reads are links in the folder, so that no path needs the quoting that ssh's
 * configuration has not.
 */

#define CONTROL "m"
#define CONFIG "config"
#define IDENTITY "identity"
#define KNOWN_HOSTS "known_hosts"
#define USER_KNOWN_HOSTS "known_hosts.user"
#define USER_CONFIG "config.user"

struct _JumpSshSettings {
  GObject parent_instance;

  JumpAddress *address;
  char *title;
  char *identity; /* (nullable) (owned) */
  char *known_hosts;
  JumpSocketFolder *folder;
  char *control_path;
  GStrv environment;
};

G_DEFINE_FINAL_TYPE (JumpSshSettings, jump_ssh_settings, G_TYPE_OBJECT)

/* ssh expands % in the paths it is given. */
static char *
dup_for_ssh (JumpSshSettings *self, const char *name)
{
  g_autofree char *path = jump_socket_folder_dup_child (self->folder, name);
  g_autoptr (GString) text = g_string_new (path);

  g_string_replace (text, "%", "%%", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
link_file (JumpSshSettings *self, const char *target, const char *name, GError **error)
{
  g_autofree char *path = jump_socket_folder_dup_child (self->folder, name);

  if (symlink (target, path) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               /* Translators: %s is a file, the second %s the system's reason */
               _ ("Cannot write %s: %s"), path, g_strerror (errno));
  return FALSE;
}

static gboolean
link_home_file (JumpSshSettings *self, const char *target, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (g_get_home_dir (), ".ssh", target, NULL);

  return link_file (self, path, name, error);
}

/* ssh looks for the public half and a certificate beside the private key. */
static gboolean
link_identity (JumpSshSettings *self, GError **error)
{
  static const char *const suffixes[] = { "", ".pub", "-cert.pub" };

  for (guint i = 0; self->identity != NULL && i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *target = g_strconcat (self->identity, suffixes[i], NULL);
    g_autofree char *name = g_strconcat (IDENTITY, suffixes[i], NULL);

    if (!link_file (self, target, name, error))
      return FALSE;
  }
  return TRUE;
}

/* These hold for the hosts of a ProxyJump in the user's configuration, too: ssh hands the file on
 * to the ssh that it starts for them. What is meant for the jumpserver alone is an argument. */
static gboolean
write_config (JumpSshSettings *self, GError **error)
{
  g_autofree char *path = jump_socket_folder_dup_child (self->folder, CONFIG);
  g_autofree char *known_hosts = dup_for_ssh (self, KNOWN_HOSTS);
  g_autofree char *user_known_hosts = dup_for_ssh (self, USER_KNOWN_HOSTS);
  g_autofree char *user_config = jump_socket_folder_dup_child (self->folder, USER_CONFIG);
  g_autofree char *text = g_strdup_printf ("BatchMode yes\n"
                                           "StrictHostKeyChecking yes\n"
                                           "UserKnownHostsFile \"%s\" \"%s\"\n"
                                           "HashKnownHosts no\n"
                                           "UpdateHostKeys no\n"
                                           "CheckHostIP no\n"
                                           "ConnectTimeout 10\n"
                                           "ConnectionAttempts 1\n"
                                           "TCPKeepAlive yes\n"
                                           "ServerAliveInterval 5\n"
                                           "ServerAliveCountMax 3\n"
                                           "ForwardAgent no\n"
                                           "ForwardX11 no\n"
                                           "PermitLocalCommand no\n"
                                           "RemoteCommand none\n"
                                           "RequestTTY no\n"
                                           "ControlPersist no\n"
                                           "StreamLocalBindUnlink yes\n"
                                           "StreamLocalBindMask 0177\n"
                                           "LogLevel INFO\n"
                                           "Include \"%s\"\n",
                                           known_hosts, user_known_hosts, user_config);

  return base_private_file_write (path, text, error);
}

static gboolean
prepare_folder (JumpSshSettings *self, GError **error)
{
  return link_identity (self, error) && link_file (self, self->known_hosts, KNOWN_HOSTS, error) &&
         link_home_file (self, "known_hosts", USER_KNOWN_HOSTS, error) &&
         link_home_file (self, "config", USER_CONFIG, error) && write_config (self, error);
}

/* A connection of its own to the jumpserver. */
static GStrvBuilder *
begin_login (JumpSshSettings *self)
{
  GStrvBuilder *argv = g_strv_builder_new ();
  g_autofree char *config = jump_socket_folder_dup_child (self->folder, CONFIG);

  g_strv_builder_add_many (argv, "ssh", "-F", config, "-T", "-o", "ClearAllForwardings=yes", NULL);
  if (self->address->port != 0) {
    g_autofree char *port = g_strdup_printf ("%u", self->address->port);

    g_strv_builder_add_many (argv, "-p", port, NULL);
  }
  if (self->address->user != NULL)
    g_strv_builder_add_many (argv, "-l", self->address->user, NULL);
  if (self->identity != NULL) {
    g_autofree char *identity = dup_for_ssh (self, IDENTITY);

    g_strv_builder_add_many (argv, "-i", identity, "-o", "IdentitiesOnly=yes", NULL);
  }
  return argv;
}

/* Something that runs over the master connection. Where that is gone, ssh would silently open a
 * connection of its own; a proxy that fails stops it. */
static GStrvBuilder *
begin_slave (JumpSshSettings *self)
{
  GStrvBuilder *argv = g_strv_builder_new ();
  g_autofree char *control = dup_for_ssh (self, CONTROL);

  g_strv_builder_add_many (argv, "ssh", "-F", "/dev/null", "-S", control, "-o",
                           "ProxyCommand=false", "-o", "BatchMode=yes", "-o", "EscapeChar=none",
                           NULL);
  return argv;
}

static GStrv
end_argv (JumpSshSettings *self, GStrvBuilder *argv, const char *command)
{
  g_strv_builder_add_many (argv, "--", self->address->host, command, NULL);
  return g_strv_builder_end (argv);
}

/* In the child: no terminal on which it, or a program of a ProxyCommand, could ask; and an end when
 * we are killed, since nothing else would end it then. */
static void
child_setup (gpointer user_data)
{
  setsid ();
  prctl (PR_SET_PDEATHSIG, SIGTERM);
}

static void
jump_ssh_settings_finalize (GObject *object)
{
  JumpSshSettings *self = JUMP_SSH_SETTINGS (object);

  g_clear_pointer (&self->address, jump_address_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->identity, g_free);
  g_clear_pointer (&self->known_hosts, g_free);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->control_path, g_free);
  g_clear_pointer (&self->environment, g_strfreev);

  G_OBJECT_CLASS (jump_ssh_settings_parent_class)->finalize (object);
}

static void
jump_ssh_settings_class_init (JumpSshSettingsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = jump_ssh_settings_finalize;
}

static void
jump_ssh_settings_init (JumpSshSettings *self)
{
}

/**
 * jump_ssh_settings_new:
 * @identity: (nullable): the private key to use, and no other
 * @known_hosts: the program's own file of known host keys, which need not exist
 *
 * Returns: (transfer full): settings with a folder of their own, or %NULL with an error
 */
JumpSshSettings *
jump_ssh_settings_new (const JumpAddress *address,
                       const char *identity,
                       const char *known_hosts,
                       GError **error)
{
  g_autoptr (JumpSshSettings) self = g_object_new (JUMP_TYPE_SSH_SETTINGS, NULL);

  self->address = jump_address_copy (address);
  self->title = jump_address_dup_title (address);
  self->identity = g_strdup (identity);
  self->known_hosts = g_strdup (known_hosts);
  /* Errors are told apart by their words. */
  self->environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C", TRUE);
  self->folder = jump_socket_folder_new ("ssh", error);
  if (self->folder == NULL || !prepare_folder (self, error))
    return NULL;
  self->control_path = jump_socket_folder_dup_child (self->folder, CONTROL);
  return g_steal_pointer (&self);
}

JumpSocketFolder *
jump_ssh_settings_get_folder (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return self->folder;
}

/**
 * jump_ssh_settings_get_title:
 *
 * Returns: the jumpserver as people write it: "centos@10.1.2.3"
 */
const char *
jump_ssh_settings_get_title (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return self->title;
}

const char *
jump_ssh_settings_get_identity (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return self->identity;
}

const char *
jump_ssh_settings_get_known_hosts (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return self->known_hosts;
}

/**
 * jump_ssh_settings_get_control_path:
 *
 * Returns: the socket of the master connection, which is there once the master has logged in
 */
const char *
jump_ssh_settings_get_control_path (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return self->control_path;
}

/**
 * jump_ssh_settings_get_environment:
 *
 * Returns: the whole environment for every ssh but a terminal's
 */
const char *const *
jump_ssh_settings_get_environment (JumpSshSettings *self)
{
  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  return (const char *const *)self->environment;
}

/**
 * jump_ssh_settings_new_launcher:
 *
 * Returns: (transfer full): for an ssh that lives as long as something of ours does
 */
GSubprocessLauncher *
jump_ssh_settings_new_launcher (JumpSshSettings *self, GSubprocessFlags flags)
{
  GSubprocessLauncher *launcher;

  g_return_val_if_fail (JUMP_IS_SSH_SETTINGS (self), NULL);

  launcher = g_subprocess_launcher_new (flags);
  g_subprocess_launcher_set_environ (launcher, self->environment);
  g_subprocess_launcher_set_child_setup (launcher, child_setup, NULL, NULL);
  return launcher;
}

/**
 * jump_ssh_settings_dup_master_argv:
 *
 * Returns: (transfer full): the connection over which all else runs
 */
GStrv
jump_ssh_settings_dup_master_argv (JumpSshSettings *self)
{
  g_autoptr (GStrvBuilder) argv = begin_login (self);
  g_autofree char *control = dup_for_ssh (self, CONTROL);

  g_strv_builder_add_many (argv, "-M", "-S", control, "-N", NULL);
  return end_argv (self, argv, NULL);
}

/**
 * jump_ssh_settings_dup_scan_argv:
 * @offered: name of a file in the folder
 *
 * Returns: (transfer full): a connection that writes the host key that it is offered to @offered
 *   and does not log in. Unlike ssh-keyscan it goes the way of the user's configuration.
 */
GStrv
jump_ssh_settings_dup_scan_argv (JumpSshSettings *self, const char *offered)
{
  g_autoptr (GStrvBuilder) argv = begin_login (self);
  g_autofree char *path = dup_for_ssh (self, offered);
  g_autofree char *file = g_strdup_printf ("UserKnownHostsFile=\"%s\"", path);

  g_strv_builder_add_many (argv, "-S", "none", "-o", "StrictHostKeyChecking=accept-new", "-o", file,
                           "-o", "GlobalKnownHostsFile=/dev/null", "-o",
                           "PreferredAuthentications=none", "-o", "PubkeyAuthentication=no", NULL);
  return end_argv (self, argv, "true");
}

/**
 * jump_ssh_settings_dup_command_argv:
 * @command: a command line for the remote shell
 *
 * Returns: (transfer full): @command without a terminal, over the master
 */
GStrv
jump_ssh_settings_dup_command_argv (JumpSshSettings *self, const char *command)
{
  g_autoptr (GStrvBuilder) argv = begin_slave (self);

  g_strv_builder_add_many (argv, "-T", NULL);
  return end_argv (self, argv, command);
}

/**
 * jump_ssh_settings_dup_separate_argv:
 * @command: a command line for the remote shell
 *
 * Returns: (transfer full): @command without a terminal, over a connection of its own that logs in
 *   as the master did, without asking
 */
GStrv
jump_ssh_settings_dup_separate_argv (JumpSshSettings *self, const char *command)
{
  g_autoptr (GStrvBuilder) argv = begin_login (self);

  g_strv_builder_add_many (argv, "-S", "none", NULL);
  return end_argv (self, argv, command);
}

/**
 * jump_ssh_settings_dup_terminal_argv:
 * @command: (nullable): a command line for the remote shell, %NULL for the login shell itself
 *
 * Returns: (transfer full): @command in a terminal, over the master
 */
GStrv
jump_ssh_settings_dup_terminal_argv (JumpSshSettings *self, const char *command)
{
  g_autoptr (GStrvBuilder) argv = begin_slave (self);

  g_strv_builder_add_many (argv, "-t", "-o", "LogLevel=ERROR", NULL);
  return end_argv (self, argv, command);
}

/**
 * jump_ssh_settings_dup_probe_argv:
 *
 * Returns: (transfer full): a connection from the jumpserver to @host and @port, which tells on
 *   standard error whether it came about
 */
GStrv
jump_ssh_settings_dup_probe_argv (JumpSshSettings *self, const char *host, guint16 port)
{
  g_autoptr (GStrvBuilder) argv = begin_slave (self);
  g_autofree char *target = jump_address_format (host, port);

  g_strv_builder_add_many (argv, "-o", "LogLevel=DEBUG1", "-W", target, NULL);
  return end_argv (self, argv, NULL);
}

/**
 * jump_ssh_settings_dup_forward_argv:
 *
 * Returns: (transfer full): asks the master to listen for @host and @port on the folder's socket
 *   for them; where it does so already, that is all right too
 */
GStrv
jump_ssh_settings_dup_forward_argv (JumpSshSettings *self, const char *host, guint16 port)
{
  g_autoptr (GStrvBuilder) argv = begin_slave (self);
  g_autofree char *target = jump_address_format (host, port);
  g_autofree char *forward = NULL;

  forward =
    g_strconcat (jump_socket_folder_get_socket (self->folder, host, port), ":", target, NULL);
  g_strv_builder_add_many (argv, "-O", "forward", "-L", forward, NULL);
  return end_argv (self, argv, NULL);
}

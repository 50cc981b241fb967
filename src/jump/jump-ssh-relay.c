/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "jump-shell.h"
#include "jump-ssh-relay.h"

/**
 * JumpSshRelay:
 *
 * A socket that leads to one host and port through a program on the jumpserver: Python where there
 * is one, since it knows how to end one direction of a connection, else bash or nc. Each connection
 * is a session of the SSH server, of which OpenSSH allows ten over one connection (MaxSessions in
 * sshd_config(5)) and some are for terminals and commands; a few go over the master, the others
 * over connections of their own.
 */

#define MAX_SHARED 4

/* Works with Python 2 and 3. Nothing tells a client that has said all from one that is gone: where
 * the far end is silent for a while after that, it is taken for gone. The lines are joined by
 * Python itself, since not every login shell takes a line break in quotes. */
#define PYTHON_RELAY                                                                               \
  "exec(\"import os,select,socket,sys\\n"                                                          \
  "s=socket.create_connection((sys.argv[1],int(sys.argv[2])),10)\\n"                               \
  "s.settimeout(None)\\n"                                                                          \
  "r=[0,s]\\n"                                                                                     \
  "while True:\\n"                                                                                 \
  "  q=select.select(r,[],[],None if 0 in r else 5)[0]\\n"                                         \
  "  if not q: sys.exit(0)\\n"                                                                     \
  "  for f in q:\\n"                                                                               \
  "    if f is s:\\n"                                                                              \
  "      d=s.recv(65536)\\n"                                                                       \
  "      if not d: sys.exit(0)\\n"                                                                 \
  "      while d: d=d[os.write(1,d):]\\n"                                                          \
  "    else:\\n"                                                                                   \
  "      d=os.read(0,65536)\\n"                                                                    \
  "      if d: s.sendall(d)\\n"                                                                    \
  "      else:\\n"                                                                                 \
  "        r.remove(0)\\n"                                                                         \
  "        s.shutdown(socket.SHUT_WR)\\n\")"

#define PYTHON_CHECK                                                                               \
  "exec(\"import select,socket,sys\\n"                                                             \
  "try: socket.create_connection((sys.argv[1],int(sys.argv[2])),10)\\n"                            \
  "except Exception: sys.exit(str(sys.exc_info()[1]))\\n\")"

/* bash cannot end one direction: when the client has ended its own, the answer gets a while. */
#define BASH_RELAY                                                                                 \
  "exec 3<>\"/dev/tcp/$1/$2\" 4<&0 || exit 1; cat <&3 & a=$!; "                                    \
  "{ cat <&4 >&3; sleep 5; kill $a; } >/dev/null 2>&1 & b=$!; wait $a; kill $b"

/* OpenBSD's nc tells the far end that no more comes only where it is asked to, and does not end
 * with it; the others do both. */
#define NC_RELAY "n=; if nc -h 2>&1 | grep -q -e '-N.*[Ss]hutdown'; then n=-N; fi; exec nc $n %s %u"

/* Where a shim of that name is there but does not work, the next one is tried. */
static const char check[] =
  "for p in python3 python python2; do "
  "if $p -c 'import select, socket' >/dev/null 2>&1; then "
  "$p -c %s %s %u && printf %%s $p; exit; fi; done; "
  "if command -v bash >/dev/null; then "
  "bash -c 'exec 3<>\"/dev/tcp/$1/$2\"' relay %s %u && printf bash; exit; fi; "
  "if command -v nc >/dev/null; then nc -v -z -w 10 %s %u && printf nc; exit; fi; "
  "exit 127";

struct _JumpSshRelay {
  JumpRelay parent_instance;

  JumpSshSettings *settings;
  char *script;
  guint n_shared; /* over the master at the moment */
};

G_DEFINE_FINAL_TYPE (JumpSshRelay, jump_ssh_relay, JUMP_TYPE_RELAY)

static void
waited_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpSshRelay *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (GPOINTER_TO_INT (g_task_get_task_data (task)))
    self->n_shared--;
  if (g_subprocess_wait_check_finish (G_SUBPROCESS (object), result, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  g_subprocess_force_exit (G_SUBPROCESS (object));
  g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
take_stream (GSubprocessLauncher *launcher,
             GSocketConnection *client,
             void (*take) (GSubprocessLauncher *, int),
             GError **error)
{
  GSocket *socket = g_socket_connection_get_socket (client);
  int fd = fcntl (g_socket_get_fd (socket), F_DUPFD_CLOEXEC, 3);

  if (fd < 0) {
    g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
    return FALSE;
  }
  take (launcher, fd);
  return TRUE;
}

/* The client's socket itself becomes the standard streams of an ssh, so that nothing is copied
 * here. */
static GSubprocess *
spawn (JumpSshRelay *self, GSocketConnection *client, gboolean shared, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
    jump_ssh_settings_new_launcher (self->settings, G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *quoted = jump_shell_quote (self->script);
  g_autofree char *command = g_strconcat ("exec /bin/sh -c ", quoted, NULL);
  g_auto (GStrv) argv = shared ? jump_ssh_settings_dup_command_argv (self->settings, command)
                               : jump_ssh_settings_dup_separate_argv (self->settings, command);

  if (!take_stream (launcher, client, g_subprocess_launcher_take_stdin_fd, error) ||
      !take_stream (launcher, client, g_subprocess_launcher_take_stdout_fd, error))
    return NULL;
  return g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, error);
}

static void
jump_ssh_relay_serve_async (JumpRelay *relay,
                            GSocketConnection *client,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  JumpSshRelay *self = JUMP_SSH_RELAY (relay);
  g_autoptr (GTask) task = g_task_new (relay, cancellable, callback, user_data);
  gboolean shared = self->n_shared < MAX_SHARED;
  g_autoptr (GSubprocess) subprocess = NULL;
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, jump_ssh_relay_serve_async);
  g_task_set_task_data (task, GINT_TO_POINTER (shared), NULL);
  subprocess = spawn (self, client, shared, &error);
  if (subprocess == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (shared)
    self->n_shared++;
  g_subprocess_wait_check_async (subprocess, cancellable, waited_cb, g_steal_pointer (&task));
}

static gboolean
jump_ssh_relay_serve_finish (JumpRelay *relay, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
jump_ssh_relay_finalize (GObject *object)
{
  JumpSshRelay *self = JUMP_SSH_RELAY (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->script, g_free);

  G_OBJECT_CLASS (jump_ssh_relay_parent_class)->finalize (object);
}

static void
jump_ssh_relay_class_init (JumpSshRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  JumpRelayClass *relay_class = JUMP_RELAY_CLASS (klass);

  object_class->finalize = jump_ssh_relay_finalize;

  relay_class->serve_async = jump_ssh_relay_serve_async;
  relay_class->serve_finish = jump_ssh_relay_serve_finish;
}

static void
jump_ssh_relay_init (JumpSshRelay *self)
{
}

/**
 * jump_ssh_relay_new:
 * @host: a host that jump_address_check_target() has passed
 * @program: what the script of jump_ssh_relay_dup_check() printed
 *
 * Returns: (transfer full): a relay that does not listen yet
 */
JumpSshRelay *
jump_ssh_relay_new (JumpSshSettings *settings, const char *host, guint16 port, const char *program)
{
  JumpSshRelay *self = g_object_new (JUMP_TYPE_SSH_RELAY, NULL);

  self->settings = g_object_ref (settings);
  if (g_str_has_prefix (program, "python")) {
    g_autofree char *code = jump_shell_quote (PYTHON_RELAY);

    self->script = g_strdup_printf ("exec %s -c %s %s %u", program, code, host, port);
  } else if (g_str_equal (program, "bash")) {
    g_autofree char *code = jump_shell_quote (BASH_RELAY);

    self->script = g_strdup_printf ("exec bash -c %s relay %s %u", code, host, port);
  } else {
    self->script = g_strdup_printf (NC_RELAY, host, port);
  }
  return self;
}

/**
 * jump_ssh_relay_dup_check:
 * @host: a host that jump_address_check_target() has passed
 *
 * Returns: (transfer full): a script for sh that prints the program to relay with; it exits with
 *   another status than 0 and a reason where @host and @port cannot be reached, with 127 where
 *   there is no such program
 */
char *
jump_ssh_relay_dup_check (const char *host, guint16 port)
{
  g_autofree char *code = jump_shell_quote (PYTHON_CHECK);

  return g_strdup_printf (check, code, host, port, host, port, host, port);
}

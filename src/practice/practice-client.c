/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <gio/gunixfdlist.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "practice-channel.h"
#include "practice-client.h"
#include "practice-owner-process.h"
#include "practice-terminal.h"

/* How long the owner may take to end after its last client. */
#define FAREWELL_MS 1500

struct _PracticeClient {
  GObject parent_instance;

  PracticeChannel *owner;
  GMainLoop *loop;
  int status;       /* what the process shall end with */
  gboolean is_done; /* and it is known */
  char *set_aside;  /* (nullable): a damaged state that made room */

  PracticeTerminal *terminal; /* (nullable): of a program that runs */
  GStrv argv;                 /* (nullable): likewise */
  GPid child;                 /* 0: runs in the sandbox, or not at all */
};

G_DEFINE_FINAL_TYPE (PracticeClient, practice_client, G_TYPE_OBJECT)

/* Variables that a terminal's programs need to know of it and of its user. */
static const char *const handed_in[] = { "COLORTERM", "LANG", "LANGUAGE", "TERM", "TZ", NULL };

static void
finish (PracticeClient *self, int status)
{
  if (self->is_done)
    return;
  self->is_done = TRUE;
  self->status = status;
  g_main_loop_quit (self->loop);
}

/* (transfer full) */
static char *
dup_set_aside (const char *path)
{
  /* Translators: a file's path */
  return g_strdup_printf (_ ("The state before was damaged; it is kept as “%s”."), path);
}

static void
fail (PracticeClient *self, const char *message, int status)
{
  if (self->is_done)
    return;
  if (self->terminal)
    practice_terminal_finish (self->terminal);
  if (self->set_aside) {
    g_autofree char *sentence = dup_set_aside (self->set_aside);

    g_printerr ("konvoy-practice: %s %s\n", sentence, message);
  } else {
    g_printerr ("konvoy-practice: %s\n", message);
  }
  finish (self, status);
}

static int
exit_status (int wait_status)
{
  return WIFSIGNALED (wait_status) ? 128 + WTERMSIG (wait_status) : WEXITSTATUS (wait_status);
}

static gboolean
input_cb (int fd, GIOCondition condition, gpointer user_data)
{
  PracticeClient *self = user_data;
  char buffer[512];
  gssize length = read (fd, buffer, sizeof buffer);

  if (length > 0 || (length < 0 && (errno == EINTR || errno == EAGAIN)))
    return G_SOURCE_CONTINUE;
  finish (self, EXIT_SUCCESS);
  return G_SOURCE_REMOVE;
}

static void
handle_ready (PracticeClient *self, GVariant *message)
{
  const char *line = "";

  g_variant_lookup (message, "line", "&s", &line);
  g_print ("%s\n", line);
  fflush (stdout);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_cb, self);
}

static void
handle_started (PracticeClient *self, GUnixFDList *fds)
{
  g_autoptr (GError) error = NULL;
  int master;

  if (g_unix_fd_list_get_length (fds) == 0)
    return;
  master = g_unix_fd_list_get (fds, 0, &error);
  if (master < 0 || !practice_terminal_start (self->terminal, master, &error))
    fail (self, error->message, EXIT_FAILURE);
}

static void
child_exited_cb (GPid pid, int wait_status, gpointer user_data)
{
  PracticeClient *self = user_data;

  self->child = 0;
  finish (self, exit_status (wait_status));
}

/* Without a sandbox the program is a child of ours, on the streams and the terminal that we have.
 */
static void
handle_plain (PracticeClient *self, GVariant *message)
{
  g_autoptr (GVariant) variables =
    g_variant_lookup_value (message, "environment", G_VARIANT_TYPE_BYTESTRING_ARRAY);
  g_autofree const char **entries =
    variables ? g_variant_get_bytestring_array (variables, NULL) : NULL;
  g_auto (GStrv) environment = g_get_environ ();
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  const char *bin = "";

  for (guint i = 0; entries && entries[i]; i++) {
    g_auto (GStrv) parts = g_strsplit (entries[i], "=", 2);

    if (parts[0] && parts[1])
      environment = g_environ_setenv (environment, parts[0], parts[1], TRUE);
  }
  g_variant_lookup (message, "bin", "^&ay", &bin);
  path = g_strconcat (bin, ":", g_environ_getenv (environment, "PATH"), NULL);
  environment = g_environ_setenv (environment, "PATH", path, TRUE);

  if (g_spawn_async (g_environ_getenv (environment, "HOME"), self->argv, environment,
                     G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH_FROM_ENVP |
                       G_SPAWN_CHILD_INHERITS_STDIN,
                     NULL, NULL, &self->child, &error))
    g_child_watch_add (self->child, child_exited_cb, self);
  else
    fail (self, error->message,
          g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT) ? 127 : 126);
}

static void
handle_done (PracticeClient *self, GVariant *message)
{
  const char *text = "";

  g_variant_lookup (message, "text", "&s", &text);
  g_print ("%s", text);
  if (self->set_aside) {
    g_autofree char *sentence = dup_set_aside (self->set_aside);

    g_print ("%s\n", sentence);
  }
  finish (self, EXIT_SUCCESS);
}

static void
handle_exited (PracticeClient *self, GVariant *message)
{
  int wait_status = 0;

  g_variant_lookup (message, "status", "i", &wait_status);
  finish (self, exit_status (wait_status));
}

static void
handle_failed (PracticeClient *self, GVariant *message)
{
  const char *text = "";
  int code = EXIT_FAILURE;

  g_variant_lookup (message, "message", "&s", &text);
  g_variant_lookup (message, "code", "i", &code);
  fail (self, text, code);
}

static void
message_cb (PracticeClient *self, GVariant *message, GUnixFDList *fds, PracticeChannel *owner)
{
  const char *op = "";

  g_variant_lookup (message, "op", "&s", &op);
  if (g_str_equal (op, "failed"))
    handle_failed (self, message);
  else if (g_str_equal (op, "ready"))
    handle_ready (self, message);
  else if (g_str_equal (op, "done"))
    handle_done (self, message);
  else if (g_str_equal (op, "started"))
    handle_started (self, fds);
  else if (g_str_equal (op, "plain"))
    handle_plain (self, message);
  else if (g_str_equal (op, "exited"))
    handle_exited (self, message);
}

static void
closed_cb (PracticeClient *self, PracticeChannel *owner)
{
  fail (self, _ ("The practice cluster has ended unexpectedly. Start it again."), EXIT_FAILURE);
  g_main_loop_quit (self->loop);
}

static gboolean
has_terminal (PracticeClient *self)
{
  return self->terminal && practice_terminal_get_mask (self->terminal) != 0;
}

/* Where the program runs in the sandbox's terminal the owner hangs that up when we are gone, and
 * sees to it that the program ends. Any other is told, and may take its time. */
static void
end_by_signal (PracticeClient *self, int number)
{
  if (self->child != 0)
    kill (self->child, number);
  else if (self->argv && (number == SIGINT || !has_terminal (self)))
    practice_channel_send (
      self->owner, g_variant_new_parsed ("{'op': <'signal'>, 'signal': <%i>}", number), NULL);
  else
    finish (self, 128 + number);
}

static gboolean
hangup_signal_cb (gpointer user_data)
{
  end_by_signal (user_data, SIGHUP);
  return G_SOURCE_CONTINUE;
}

/* A Ctrl+C in a terminal reaches a child of ours without us. */
static gboolean
interrupt_signal_cb (gpointer user_data)
{
  PracticeClient *self = user_data;

  if (self->child == 0)
    end_by_signal (self, SIGINT);
  return G_SOURCE_CONTINUE;
}

static gboolean
terminate_signal_cb (gpointer user_data)
{
  end_by_signal (user_data, SIGTERM);
  return G_SOURCE_CONTINUE;
}

static void
terminal_hangup_cb (PracticeClient *self, PracticeTerminal *terminal)
{
  end_by_signal (self, SIGHUP);
}

static gboolean
farewell_cb (gpointer user_data)
{
  PracticeClient *self = user_data;

  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

/* Serves until the status is known, and then until the owner has let go: the next who comes finds
 * either a whole owner or none. */
static int
serve (PracticeClient *self)
{
  guint limit_id;

  g_unix_signal_add (SIGHUP, hangup_signal_cb, self);
  g_unix_signal_add (SIGINT, interrupt_signal_cb, self);
  g_unix_signal_add (SIGTERM, terminate_signal_cb, self);
  while (!self->is_done)
    g_main_loop_run (self->loop);
  if (self->terminal)
    practice_terminal_finish (self->terminal);

  if (practice_channel_is_open (self->owner)) {
    practice_channel_finish (self->owner);
    limit_id = g_timeout_add (FAREWELL_MS, farewell_cb, self);
    g_main_loop_run (self->loop);
    if (!practice_channel_is_open (self->owner))
      g_source_remove (limit_id);
  }
  return self->status;
}

static GStrv
dup_handed_in (void)
{
  g_auto (GStrv) names = g_listenv ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; names[i]; i++) {
    if (g_str_has_prefix (names[i], "LC_") || g_strv_contains (handed_in, names[i])) {
      g_autofree char *entry = g_strconcat (names[i], "=", g_getenv (names[i]), NULL);

      g_strv_builder_add (builder, entry);
    }
  }
  return g_strv_builder_end (builder);
}

/* A folder handed in would be a way out of the sandbox. */
static gboolean
add_streams (PracticeClient *self, GUnixFDList *fds, GError **error)
{
  for (int fd = 0; fd < 3; fd++) {
    struct stat info;

    if (practice_terminal_get_mask (self->terminal) & (1u << fd))
      continue;
    if (fstat (fd, &info) == 0 && S_ISDIR (info.st_mode)) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                           _ ("A folder cannot be an input or an output."));
      return FALSE;
    }
    if (g_unix_fd_list_append (fds, fd, error) < 0)
      return FALSE;
  }
  return TRUE;
}

static void
practice_client_dispose (GObject *object)
{
  PracticeClient *self = PRACTICE_CLIENT (object);

  g_clear_object (&self->owner);
  g_clear_object (&self->terminal);

  G_OBJECT_CLASS (practice_client_parent_class)->dispose (object);
}

static void
practice_client_finalize (GObject *object)
{
  PracticeClient *self = PRACTICE_CLIENT (object);

  g_main_loop_unref (self->loop);
  g_strfreev (self->argv);
  g_free (self->set_aside);

  G_OBJECT_CLASS (practice_client_parent_class)->finalize (object);
}

static void
practice_client_class_init (PracticeClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_client_dispose;
  object_class->finalize = practice_client_finalize;
}

static void
practice_client_init (PracticeClient *self)
{
  self->loop = g_main_loop_new (NULL, FALSE);
}

static PracticeClient *
client_new (GSocket *socket)
{
  PracticeClient *self = g_object_new (PRACTICE_TYPE_CLIENT, NULL);
  self->owner = practice_channel_new (socket);
  g_signal_connect_object (self->owner, "message", G_CALLBACK (message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->owner, "closed", G_CALLBACK (closed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_client_new:
 * @folder: where the cluster is kept
 * @owner_complains: whether an owner that is started may use standard error
 * @seed: of the choices of an owner that is started, so that they can be repeated; 0: not
 * @error: return location for an error
 *
 * Connects as practice_owner_process_connect() does.
 *
 * Returns: (transfer full) (nullable): a client
 */
PracticeClient *
practice_client_new (const char *folder, gboolean owner_complains, guint32 seed, GError **error)
{
  g_autoptr (GSocket) socket =
    practice_owner_process_connect (folder, owner_complains, seed, error);

  return socket ? client_new (socket) : NULL;
}

/**
 * practice_client_renew:
 * @folder: where the cluster is kept
 * @error: return location for an error
 *
 * Connects as practice_owner_process_renew() does. Where that sets a damaged state aside,
 * practice_client_drill() says so after what it prints.
 *
 * Returns: (transfer full) (nullable): a client
 */
PracticeClient *
practice_client_renew (const char *folder, GError **error)
{
  g_autofree char *set_aside = NULL;
  g_autoptr (GSocket) socket = practice_owner_process_renew (folder, &set_aside, error);
  PracticeClient *self;

  if (!socket) {
    if (set_aside) {
      g_autofree char *sentence = dup_set_aside (set_aside);

      g_prefix_error (error, "%s ", sentence);
    }
    return NULL;
  }
  self = client_new (socket);
  self->set_aside = g_steal_pointer (&set_aside);
  return self;
}

/**
 * practice_client_join:
 * @folder: where the cluster is kept
 * @error: return location for an error
 *
 * Connects as practice_owner_process_join() does.
 *
 * Returns: (transfer full) (nullable): a client
 */
PracticeClient *
practice_client_join (const char *folder, GError **error)
{
  g_autoptr (GSocket) socket = practice_owner_process_join (folder, error);

  return socket ? client_new (socket) : NULL;
}

/**
 * practice_client_attach:
 * @self: a client, which can do one thing
 *
 * Keeps the cluster running: prints the owner's line when it is ready and stays until standard
 * input is closed. Where the owner ends first, says so and stays no longer.
 *
 * Returns: the status for the process to end with
 */
int
practice_client_attach (PracticeClient *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLIENT (self), EXIT_FAILURE);

  practice_channel_send (self->owner, g_variant_new_parsed ("{'op': <'attach'>}"), NULL);
  return serve (self);
}

/**
 * practice_client_run:
 * @self: a client, which can do one thing
 * @argv: a command line
 *
 * Runs a program on the jumpserver with the standard streams of this process.
 *
 * Returns: the program's status, as a shell has it; 126 or 127 where it cannot be started
 */
int
practice_client_run (PracticeClient *self, const char *const *argv)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  g_auto (GStrv) environment = dup_handed_in ();
  g_auto (GVariantDict) request = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (PRACTICE_IS_CLIENT (self), EXIT_FAILURE);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, EXIT_FAILURE);

  self->argv = g_strdupv ((char **)argv);
  self->terminal = practice_terminal_new ();
  g_signal_connect_object (self->terminal, "hangup", G_CALLBACK (terminal_hangup_cb), self,
                           G_CONNECT_SWAPPED);
  g_variant_dict_insert (&request, "op", "s", "run");
  g_variant_dict_insert (&request, "argv", "^aay", argv);
  g_variant_dict_insert (&request, "env", "^aay", environment);
  practice_terminal_describe (self->terminal, &request);
  if (add_streams (self, fds, &error))
    practice_channel_send (self->owner, g_variant_dict_end (&request), fds);
  else
    fail (self, error->message, 126);
  return serve (self);
}

/**
 * practice_client_drill:
 * @self: a client, which can do one thing
 * @argv: one of #PracticeDrills' commands
 *
 * Has the owner do something with its cluster, and prints what it says.
 *
 * Returns: the status for the process to end with
 */
int
practice_client_drill (PracticeClient *self, const char *const *argv)
{
  g_return_val_if_fail (PRACTICE_IS_CLIENT (self), EXIT_FAILURE);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, EXIT_FAILURE);

  practice_channel_send (self->owner,
                         g_variant_new_parsed ("{'op': <'drill'>, 'argv': <%^as>}", argv), NULL);
  return serve (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "practice-channel.h"
#include "practice-control.h"

/*
 * What clients send, each one of attach, drill and run:
 *   attach
 *   run     argv, env, tty, rows, columns, termios and streams as practice-agent.c describes them
 *   drill   argv: as, one of PracticeDrills' commands
 *   signal  signal: i: for the program that runs
 * and what they are told:
 *   welcome first of all: an owner that ends closes the socket without it
 *   failed  message: s, code: i
 *   ready   line: s, to attach
 *   plain   environment: aay, bin: ay, to run: there is no sandbox, run it yourself with these
 *           variables and this folder first on PATH
 *   started, exited, to run
 *   done    text: s, to drill
 * A client has gone when it closes its side. The other is closed in answer, the last client's when
 * the owner's process has ended.
 */
struct _PracticeControl {
  GObject parent_instance;

  GSocket *listener;  /* (nullable) (owned) */
  GSource *accepting; /* (nullable) (owned) */
  GPtrArray *clients; /* of Client */

  char *line;             /* (nullable): not ready yet */
  PracticeDrills *drills; /* (nullable) */
  PracticeSandbox *sandbox;
  GStrv environment;
  char *bin;
};

G_DEFINE_FINAL_TYPE (PracticeControl, practice_control, G_TYPE_OBJECT)

enum {
  SIGNAL_EMPTY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct {
  PracticeChannel *channel;
  GVariant *request; /* (nullable): what waits until we are ready */
  GUnixFDList *fds;
  gboolean runs; /* id is valid */
  guint id;
} Client;

static void
client_free (Client *self)
{
  g_clear_object (&self->channel);
  g_clear_pointer (&self->request, g_variant_unref);
  g_clear_object (&self->fds);
  g_free (self);
}

static Client *
find_client (PracticeControl *self, PracticeChannel *channel)
{
  for (guint i = 0; i < self->clients->len; i++) {
    Client *client = g_ptr_array_index (self->clients, i);

    if (client->channel == channel)
      return client;
  }
  return NULL;
}

static void
run (PracticeControl *self, Client *client, GVariant *request, GUnixFDList *fds)
{
  if (self->sandbox) {
    client->id = practice_sandbox_run (self->sandbox, client->channel, request, fds);
    client->runs = TRUE;
  } else {
    practice_channel_send (
      client->channel,
      g_variant_new_parsed ("{'op': <'plain'>, 'environment': <%^aay>, 'bin': <%^ay>}",
                            self->environment, self->bin),
      NULL);
  }
}

static void
drill (PracticeControl *self, Client *client, GVariant *request)
{
  g_autofree const char **argv = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (self->drills && g_variant_lookup (request, "argv", "^a&s", &argv) && argv[0])
    text = practice_drills_run (self->drills, argv, &error);
  if (text)
    practice_channel_send (client->channel,
                           g_variant_new_parsed ("{'op': <'done'>, 'text': <%s>}", text), NULL);
  else
    practice_channel_send (
      client->channel,
      g_variant_new_parsed ("{'op': <'failed'>, 'message': <%s>, 'code': <1>}",
                            error ? error->message : _ ("The request is not understood.")),
      NULL);
}

/* Answers a client that asked, if we are ready and else then. */
static void
serve (PracticeControl *self, Client *client)
{
  g_autoptr (GVariant) request = NULL;
  g_autoptr (GUnixFDList) fds = NULL;
  const char *op = "";

  if (!self->line || !client->request)
    return;
  request = g_steal_pointer (&client->request);
  fds = g_steal_pointer (&client->fds);
  g_variant_lookup (request, "op", "&s", &op);
  if (g_str_equal (op, "attach"))
    practice_channel_send (
      client->channel, g_variant_new_parsed ("{'op': <'ready'>, 'line': <%s>}", self->line), NULL);
  else if (g_str_equal (op, "drill"))
    drill (self, client, request);
  else
    run (self, client, request, fds);
}

static void
message_cb (PracticeControl *self, GVariant *message, GUnixFDList *fds, PracticeChannel *channel)
{
  Client *client = find_client (self, channel);
  const char *op = "";
  int number;

  g_variant_lookup (message, "op", "&s", &op);
  if (g_str_equal (op, "signal")) {
    if (client->runs && self->sandbox && g_variant_lookup (message, "signal", "i", &number))
      practice_sandbox_signal (self->sandbox, client->id, number);
  } else if ((g_str_equal (op, "attach") || g_str_equal (op, "drill") || g_str_equal (op, "run")) &&
             !client->request && !client->runs) {
    client->request = g_variant_ref (message);
    g_set_object (&client->fds, fds);
    serve (self, client);
  }
}

static void
stop_listening (PracticeControl *self)
{
  if (self->accepting)
    g_source_destroy (self->accepting);
  g_clear_pointer (&self->accepting, g_source_unref);
  g_clear_object (&self->listener);
}

static void
closed_cb (PracticeControl *self, PracticeChannel *channel)
{
  Client *client = find_client (self, channel);

  if (client->runs && self->sandbox)
    practice_sandbox_hang_up (self->sandbox, client->id);
  if (self->clients->len > 1) {
    g_ptr_array_remove_fast (self->clients, client);
    return;
  }
  stop_listening (self);
  g_signal_emit (self, signals[SIGNAL_EMPTY], 0);
}

static gboolean
accept_cb (GSocket *listener, GIOCondition condition, gpointer user_data)
{
  PracticeControl *self = user_data;
  g_autoptr (GSocket) socket = g_socket_accept (listener, NULL, NULL);

  if (socket)
    practice_control_add_client (self, socket);
  return G_SOURCE_CONTINUE;
}

static void
practice_control_dispose (GObject *object)
{
  PracticeControl *self = PRACTICE_CONTROL (object);

  stop_listening (self);
  g_ptr_array_set_size (self->clients, 0);
  g_clear_object (&self->sandbox);
  g_clear_object (&self->drills);

  G_OBJECT_CLASS (practice_control_parent_class)->dispose (object);
}

static void
practice_control_finalize (GObject *object)
{
  PracticeControl *self = PRACTICE_CONTROL (object);

  g_ptr_array_unref (self->clients);
  g_free (self->line);
  g_strfreev (self->environment);
  g_free (self->bin);

  G_OBJECT_CLASS (practice_control_parent_class)->finalize (object);
}

static void
practice_control_class_init (PracticeControlClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_control_dispose;
  object_class->finalize = practice_control_finalize;

  signals[SIGNAL_EMPTY] = g_signal_new ("empty", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_control_init (PracticeControl *self)
{
  self->clients = g_ptr_array_new_with_free_func ((GDestroyNotify)client_free);
}

/**
 * practice_control_new:
 *
 * Returns: (transfer full): a control without clients
 */
PracticeControl *
practice_control_new (void)
{
  return g_object_new (PRACTICE_TYPE_CONTROL, NULL);
}

/**
 * practice_control_listen:
 * @self: a control
 * @path: where its Unix socket shall be, in a folder that is the user's alone; a socket that is
 *   there is taken for one left behind
 * @error: return location for an error
 *
 * Lets clients in.
 *
 * Returns: whether it listens
 */
gboolean
practice_control_listen (PracticeControl *self, const char *path, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_CONTROL (self) && !self->listener, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  self->listener = practice_channel_listen (path, error);
  if (!self->listener)
    return FALSE;
  self->accepting = g_socket_create_source (self->listener, G_IO_IN, NULL);
  g_source_set_callback (self->accepting, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->accepting, g_main_context_get_thread_default ());
  return TRUE;
}

/**
 * practice_control_add_client:
 * @self: a control
 * @socket: a connected `SOCK_SEQPACKET` socket
 *
 * Welcomes a client.
 *
 * Returns: (transfer none): its channel, which the control closes
 */
PracticeChannel *
practice_control_add_client (PracticeControl *self, GSocket *socket)
{
  Client *client;

  g_return_val_if_fail (PRACTICE_IS_CONTROL (self), NULL);
  g_return_val_if_fail (G_IS_SOCKET (socket), NULL);

  client = g_new0 (Client, 1);
  client->channel = practice_channel_new (socket);
  g_ptr_array_add (self->clients, client);
  g_signal_connect_object (client->channel, "message", G_CALLBACK (message_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (client->channel, "closed", G_CALLBACK (closed_cb), self,
                           G_CONNECT_SWAPPED);
  practice_channel_send (client->channel, g_variant_new_parsed ("{'op': <'welcome'>}"), NULL);
  return client->channel;
}

/**
 * practice_control_set_drills:
 * @self: a control
 * @drills: (nullable): what clients can ask for
 *
 * To be said before practice_control_set_ready(), and taken back before the cluster goes.
 */
void
practice_control_set_drills (PracticeControl *self, PracticeDrills *drills)
{
  g_return_if_fail (PRACTICE_IS_CONTROL (self));

  g_set_object (&self->drills, drills);
}

/**
 * practice_control_set_ready:
 * @self: a control
 * @line: what a client that attaches prints
 * @sandbox: (nullable): where programs run
 * @environment: variables of a program that runs without a sandbox
 * @bin: folder of the programs that it has beside those of this computer
 *
 * Answers all clients that wait.
 */
void
practice_control_set_ready (PracticeControl *self,
                            const char *line,
                            PracticeSandbox *sandbox,
                            const char *const *environment,
                            const char *bin)
{
  g_return_if_fail (PRACTICE_IS_CONTROL (self) && !self->line);
  g_return_if_fail (line != NULL);

  self->line = g_strdup (line);
  g_set_object (&self->sandbox, sandbox);
  self->environment = g_strdupv ((char **)environment);
  self->bin = g_strdup (bin);
  for (guint i = 0; i < self->clients->len; i++)
    serve (self, g_ptr_array_index (self->clients, i));
}

/**
 * practice_control_fail:
 * @self: a control
 * @message: a sentence for the user
 *
 * Tells all clients that there will be no practice cluster.
 */
void
practice_control_fail (PracticeControl *self, const char *message)
{
  g_return_if_fail (PRACTICE_IS_CONTROL (self));
  g_return_if_fail (message != NULL);

  for (guint i = 0; i < self->clients->len; i++) {
    Client *client = g_ptr_array_index (self->clients, i);

    practice_channel_send (
      client->channel,
      g_variant_new_parsed ("{'op': <'failed'>, 'message': <%s>, 'code': <1>}", message), NULL);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>

#include "base-install.h"
#include "jump-address.h"
#include "jump-command.h"
#include "jump-file.h"
#include "jump-practice-process.h"
#include "jump-practice-relay.h"
#include "jump-practice.h"
#include "jump-socket-folder.h"

/**
 * JumpPractice:
 *
 * The practice cluster as a place. konvoy-practice runs as our child; its API listens on this
 * computer's loopback, its addresses are inside a network of its own, to which it relays.
 */

#define MAX_CLIENTS 64

struct _JumpPractice {
  JumpConnection parent_instance;

  char *id;
  char *program;
  char *directory;
  JumpPracticeProcess *process; /* (nullable) (owned): while connected */
  JumpSocketFolder *folder;     /* (nullable) (owned): once a socket was needed */
  GHashTable *relays;           /* path of the socket → JumpPracticeRelay, kept over a restart */
};

static void jump_practice_place_init (JumpPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JumpPractice,
                               jump_practice,
                               JUMP_TYPE_CONNECTION,
                               G_IMPLEMENT_INTERFACE (JUMP_TYPE_PLACE, jump_practice_place_init))

enum {
  PROP_0,
  PROP_DIRECTORY,
  PROP_PROGRAM,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

typedef struct {
  JumpPracticeRelay *relay;
  char *path;
} Reach;

static void
reach_free (Reach *self)
{
  g_clear_object (&self->relay);
  g_clear_pointer (&self->path, g_free);
  g_free (self);
}

static void
close_relay (gpointer relay)
{
  g_autoptr (JumpRelay) closed = relay;

  jump_relay_close (closed);
}

static void
ended_cb (JumpPractice *self, const GError *error)
{
  jump_connection_lose (JUMP_CONNECTION (self), error);
}

static void
started_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  JumpPracticeProcess *process = jump_practice_process_start_finish (result, &error);

  if (process != NULL)
    g_task_return_pointer (task, process, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The address answers; now there must be a socket that leads to it. */
static void
probed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  JumpPractice *self = g_task_get_source_object (task);
  Reach *reach = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) probe =
    jump_practice_relay_dial_finish (JUMP_PRACTICE_RELAY (object), result, &error);

  if (probe == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_io_stream_close (G_IO_STREAM (probe), NULL, NULL);
  if (!g_hash_table_contains (self->relays, reach->path)) {
    if (!jump_relay_listen (JUMP_RELAY (reach->relay), reach->path, MAX_CLIENTS, &error)) {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
    g_hash_table_insert (self->relays, g_strdup (reach->path), g_object_ref (reach->relay));
  }
  g_task_return_pointer (task, g_unix_socket_address_new (reach->path), g_object_unref);
}

static gboolean
ensure_folder (JumpPractice *self, GError **error)
{
  if (self->folder == NULL)
    self->folder = jump_socket_folder_new ("relay", error);
  return self->folder != NULL;
}

static Reach *
reach_new (JumpPractice *self, const char *host, guint16 port, GError **error)
{
  JumpPracticeRelay *relay;
  Reach *reach;

  if (!ensure_folder (self, error))
    return NULL;
  reach = g_new0 (Reach, 1);
  reach->path = g_strdup (jump_socket_folder_get_socket (self->folder, host, port));
  relay = g_hash_table_lookup (self->relays, reach->path);
  reach->relay = relay != NULL ? g_object_ref (relay) : jump_practice_relay_new (host, port);
  jump_practice_relay_set_socket (reach->relay, jump_practice_process_get_socket (self->process));
  return reach;
}

static void
jump_practice_open_async (JumpConnection *connection,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  JumpPractice *self = JUMP_PRACTICE (connection);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_practice_open_async);
  if (self->program == NULL)
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NOT_INSTALLED, "%s",
                             _ ("The practice cluster's program konvoy-practice is missing. "
                                "Install Konvoy Lab again."));
  else
    jump_practice_process_start_async (self->program, self->directory, cancellable, started_cb,
                                       g_steal_pointer (&task));
}

static gboolean
jump_practice_open_finish (JumpConnection *connection, GAsyncResult *result, GError **error)
{
  JumpPractice *self = JUMP_PRACTICE (connection);
  JumpPracticeProcess *process = g_task_propagate_pointer (G_TASK (result), error);
  GHashTableIter iter;
  gpointer relay;

  if (process == NULL)
    return FALSE;
  self->process = process;
  g_signal_connect_object (process, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  jump_connection_set_notice (connection, jump_practice_process_get_notice (process));
  g_hash_table_iter_init (&iter, self->relays);
  while (g_hash_table_iter_next (&iter, NULL, &relay))
    jump_practice_relay_set_socket (relay, jump_practice_process_get_socket (process));
  return TRUE;
}

static void
jump_practice_close (JumpConnection *connection)
{
  JumpPractice *self = JUMP_PRACTICE (connection);

  if (self->process != NULL) {
    g_signal_handlers_disconnect_by_data (self->process, self);
    jump_practice_process_stop (self->process);
  }
  g_clear_object (&self->process);
}

static const char *
jump_practice_get_id (JumpPlace *place)
{
  return JUMP_PRACTICE (place)->id;
}

static GStrv
jump_practice_dup_terminal_argv (JumpPlace *place)
{
  JumpPractice *self = JUMP_PRACTICE (place);

  return g_strdupv ((GStrv)jump_practice_process_get_terminal (self->process));
}

static void
jump_practice_list_kubeconfigs_async (JumpPlace *place,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  JumpPractice *self = JUMP_PRACTICE (place);
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);
  const char *paths[] = { jump_practice_process_get_kubeconfig (self->process), NULL };

  g_task_set_source_tag (task, jump_practice_list_kubeconfigs_async);
  g_task_return_pointer (task, g_strdupv ((GStrv)paths), (GDestroyNotify)g_strfreev);
}

static GStrv
jump_practice_list_kubeconfigs_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The kubeconfig and what it names lie on this computer, outside the practice jumpserver. */
static void
jump_practice_read_file_async (JumpPlace *place,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  jump_file_read_async (place, path, cancellable, callback, user_data);
}

static GBytes *
jump_practice_read_file_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_file_read_finish (result, error);
}

/* A second konvoy-practice on the same folder enters the sandbox of the one that owns it. */
static void
jump_practice_run_async (JumpPlace *place,
                         const char *const *argv,
                         GBytes *input,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  JumpPractice *self = JUMP_PRACTICE (place);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();

  g_ptr_array_add (command, self->program);
  g_ptr_array_add (command, (gpointer) "--dir");
  g_ptr_array_add (command, self->directory);
  g_ptr_array_add (command, (gpointer) "--");
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (command, (gpointer)argv[i]);
  g_ptr_array_add (command, NULL);
  jump_command_run_async (place, (const char *const *)command->pdata, NULL, input, cancellable,
                          callback, user_data);
}

static BaseCommandResult *
jump_practice_run_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_command_run_finish (result, error);
}

static void
jump_practice_reach_async (JumpPlace *place,
                           JumpTarget target,
                           const char *host,
                           guint16 port,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  JumpPractice *self = JUMP_PRACTICE (place);
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  Reach *reach;

  g_task_set_source_tag (task, jump_practice_reach_async);
  if (target == JUMP_TARGET_API) {
    g_task_return_pointer (task, jump_address_dup_connectable (host, port), g_object_unref);
    return;
  }
  reach = reach_new (self, host, port, &error);
  if (reach == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_task_set_task_data (task, reach, (GDestroyNotify)reach_free);
  jump_practice_relay_dial_async (reach->relay, cancellable, probed_cb, g_steal_pointer (&task));
}

static GSocketConnectable *
jump_practice_reach_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
dup_default_directory (void)
{
  return g_build_filename (g_get_user_state_dir (), "konvoy-lab", "practice", NULL);
}

static void
jump_practice_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  JumpPractice *self = JUMP_PRACTICE (object);

  switch (prop_id) {
    case PROP_DIRECTORY:
      g_value_set_string (value, self->directory);
      break;
    case PROP_PROGRAM:
      g_value_set_string (value, self->program);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_practice_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  JumpPractice *self = JUMP_PRACTICE (object);

  switch (prop_id) {
    case PROP_DIRECTORY:
      if (g_value_get_string (value) != NULL)
        self->directory = g_canonicalize_filename (g_value_get_string (value), NULL);
      break;
    case PROP_PROGRAM:
      self->program = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_practice_constructed (GObject *object)
{
  JumpPractice *self = JUMP_PRACTICE (object);
  g_autofree char *default_directory = dup_default_directory ();

  G_OBJECT_CLASS (jump_practice_parent_class)->constructed (object);

  if (self->directory == NULL)
    self->directory = g_strdup (default_directory);
  if (self->program == NULL)
    self->program = base_install_dup_program ("konvoy-practice");
  /* Another folder is another cluster, with progress of its own. */
  self->id = g_str_equal (self->directory, default_directory)
               ? g_strdup ("practice")
               : g_strconcat ("practice:", self->directory, NULL);
  jump_connection_set_title (JUMP_CONNECTION (self), _ ("Practice cluster"));
}

static void
jump_practice_dispose (GObject *object)
{
  JumpPractice *self = JUMP_PRACTICE (object);

  g_hash_table_remove_all (self->relays);

  G_OBJECT_CLASS (jump_practice_parent_class)->dispose (object);
}

static void
jump_practice_finalize (GObject *object)
{
  JumpPractice *self = JUMP_PRACTICE (object);

  g_clear_pointer (&self->relays, g_hash_table_unref);
  g_clear_object (&self->folder);
  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->program, g_free);
  g_clear_pointer (&self->directory, g_free);

  G_OBJECT_CLASS (jump_practice_parent_class)->finalize (object);
}

/* The jumpserver's bashrc sees to it. */
static gboolean
jump_practice_has_prompt_marks (JumpPlace *place)
{
  return TRUE;
}

static void
jump_practice_place_init (JumpPlaceInterface *iface)
{
  iface->get_id = jump_practice_get_id;
  iface->dup_terminal_argv = jump_practice_dup_terminal_argv;
  iface->has_prompt_marks = jump_practice_has_prompt_marks;
  iface->list_kubeconfigs_async = jump_practice_list_kubeconfigs_async;
  iface->list_kubeconfigs_finish = jump_practice_list_kubeconfigs_finish;
  iface->read_file_async = jump_practice_read_file_async;
  iface->read_file_finish = jump_practice_read_file_finish;
  iface->run_async = jump_practice_run_async;
  iface->run_finish = jump_practice_run_finish;
  iface->reach_async = jump_practice_reach_async;
  iface->reach_finish = jump_practice_reach_finish;
}

static void
jump_practice_class_init (JumpPracticeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  JumpConnectionClass *connection_class = JUMP_CONNECTION_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = jump_practice_get_property;
  object_class->set_property = jump_practice_set_property;
  object_class->constructed = jump_practice_constructed;
  object_class->dispose = jump_practice_dispose;
  object_class->finalize = jump_practice_finalize;

  connection_class->open_async = jump_practice_open_async;
  connection_class->open_finish = jump_practice_open_finish;
  connection_class->close = jump_practice_close;

  /* The cluster's folder; by default below XDG_STATE_HOME. */
  properties[PROP_DIRECTORY] = g_param_spec_string ("directory", NULL, NULL, NULL, flags);
  /* The path of konvoy-practice; by default the one beside this program. */
  properties[PROP_PROGRAM] = g_param_spec_string ("program", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
jump_practice_init (JumpPractice *self)
{
  self->relays = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, close_relay);
}

/**
 * jump_practice_new:
 * @directory: (nullable): the folder in which the cluster keeps its state; %NULL for the user's own
 *   practice cluster
 */
JumpPlace *
jump_practice_new (const char *directory)
{
  return g_object_new (JUMP_TYPE_PRACTICE, "directory", directory, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <pwd.h>
#include <unistd.h>

#include "jump-address.h"
#include "jump-command.h"
#include "jump-file.h"
#include "jump-local.h"

/**
 * JumpLocal:
 *
 * This computer as a place: the user's own shell, and the kubeconfig files that kubectl would read
 * here or one that the user named.
 */

struct _JumpLocal {
  JumpConnection parent_instance;

  char *kubeconfig; /* (nullable) (owned) */
};

static void jump_local_place_init (JumpPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (JumpLocal,
                               jump_local,
                               JUMP_TYPE_CONNECTION,
                               G_IMPLEMENT_INTERFACE (JUMP_TYPE_PLACE, jump_local_place_init))

enum {
  PROP_0,
  PROP_KUBECONFIG,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gboolean
is_shell (const char *path)
{
  return path != NULL && g_path_is_absolute (path) && g_file_test (path, G_FILE_TEST_IS_EXECUTABLE);
}

/* SHELL first, as terminals do; it is missing where we were not started from a session. */
static const char *
find_shell (void)
{
  const char *shell = g_getenv ("SHELL");
  struct passwd *entry;

  if (is_shell (shell))
    return shell;
  entry = getpwuid (getuid ());
  if (entry != NULL && is_shell (entry->pw_shell))
    return entry->pw_shell;
  return "/bin/sh";
}

static GStrv
dup_environment (JumpLocal *self, GStrv environment)
{
  if (self->kubeconfig == NULL)
    return environment;
  return g_environ_setenv (environment, "KUBECONFIG", self->kubeconfig, TRUE);
}

/* KUBECONFIG is a list with colons; empty entries and missing files are skipped:
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/ */
static GStrv
find_kubeconfigs (JumpLocal *self)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  const char *list = g_getenv ("KUBECONFIG");

  if (self->kubeconfig != NULL) {
    g_strv_builder_add (found, self->kubeconfig);
  } else if (list != NULL && *list != '\0') {
    g_auto (GStrv) paths = g_strsplit (list, G_SEARCHPATH_SEPARATOR_S, -1);

    for (guint i = 0; paths[i] != NULL; i++) {
      if (g_file_test (paths[i], G_FILE_TEST_EXISTS)) {
        g_autofree char *path = g_canonicalize_filename (paths[i], NULL);

        g_strv_builder_add (found, path);
      }
    }
  } else {
    g_autofree char *path = g_build_filename (g_get_home_dir (), ".kube", "config", NULL);

    if (g_file_test (path, G_FILE_TEST_EXISTS))
      g_strv_builder_add (found, path);
  }
  return g_strv_builder_end (found);
}

static void
jump_local_open_async (JumpConnection *connection,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (connection, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_local_open_async);
  g_task_return_boolean (task, TRUE);
}

static gboolean
jump_local_open_finish (JumpConnection *connection, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
jump_local_close (JumpConnection *connection)
{
  /* Nothing is open: each terminal and command ends on its own. */
}

static const char *
jump_local_get_id (JumpPlace *place)
{
  return "local";
}

static GStrv
jump_local_dup_terminal_argv (JumpPlace *place)
{
  const char *argv[] = { find_shell (), NULL };

  return g_strdupv ((char **)argv);
}

static GStrv
jump_local_dup_terminal_environment (JumpPlace *place)
{
  JumpPlaceInterface *parent = g_type_interface_peek_parent (JUMP_PLACE_GET_IFACE (place));

  return dup_environment (JUMP_LOCAL (place), parent->dup_terminal_environment (place));
}

static void
jump_local_list_kubeconfigs_async (JumpPlace *place,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);
  g_auto (GStrv) paths = find_kubeconfigs (JUMP_LOCAL (place));

  g_task_set_source_tag (task, jump_local_list_kubeconfigs_async);
  if (paths[0] != NULL)
    g_task_return_pointer (task, g_steal_pointer (&paths), (GDestroyNotify)g_strfreev);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s",
                             _ ("There is no kubeconfig on this computer. Put one at "
                                "~/.kube/config, set KUBECONFIG, or start with --kubeconfig."));
}

static GStrv
jump_local_list_kubeconfigs_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jump_local_read_file_async (JumpPlace *place,
                            const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  jump_file_read_async (place, path, cancellable, callback, user_data);
}

static GBytes *
jump_local_read_file_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_file_read_finish (result, error);
}

static void
jump_local_run_async (JumpPlace *place,
                      const char *const *argv,
                      GBytes *input,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_auto (GStrv) environment = dup_environment (JUMP_LOCAL (place), g_get_environ ());

  jump_command_run_async (place, argv, (const char *const *)environment, input, cancellable,
                          callback, user_data);
}

static BaseCommandResult *
jump_local_run_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return jump_command_run_finish (result, error);
}

static void
jump_local_reach_async (JumpPlace *place,
                        JumpTarget target,
                        const char *host,
                        guint16 port,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);

  g_task_set_source_tag (task, jump_local_reach_async);
  g_task_return_pointer (task, jump_address_dup_connectable (host, port), g_object_unref);
}

static GSocketConnectable *
jump_local_reach_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
jump_local_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  JumpLocal *self = JUMP_LOCAL (object);

  switch (prop_id) {
    case PROP_KUBECONFIG:
      g_value_set_string (value, self->kubeconfig);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_local_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  JumpLocal *self = JUMP_LOCAL (object);

  switch (prop_id) {
    case PROP_KUBECONFIG:
      if (g_value_get_string (value) != NULL)
        self->kubeconfig = g_canonicalize_filename (g_value_get_string (value), NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_local_constructed (GObject *object)
{
  G_OBJECT_CLASS (jump_local_parent_class)->constructed (object);

  jump_connection_set_title (JUMP_CONNECTION (object), _ ("This computer"));
}

static void
jump_local_finalize (GObject *object)
{
  JumpLocal *self = JUMP_LOCAL (object);

  g_clear_pointer (&self->kubeconfig, g_free);

  G_OBJECT_CLASS (jump_local_parent_class)->finalize (object);
}

static void
jump_local_place_init (JumpPlaceInterface *iface)
{
  iface->get_id = jump_local_get_id;
  iface->dup_terminal_argv = jump_local_dup_terminal_argv;
  iface->dup_terminal_environment = jump_local_dup_terminal_environment;
  iface->list_kubeconfigs_async = jump_local_list_kubeconfigs_async;
  iface->list_kubeconfigs_finish = jump_local_list_kubeconfigs_finish;
  iface->read_file_async = jump_local_read_file_async;
  iface->read_file_finish = jump_local_read_file_finish;
  iface->run_async = jump_local_run_async;
  iface->run_finish = jump_local_run_finish;
  iface->reach_async = jump_local_reach_async;
  iface->reach_finish = jump_local_reach_finish;
}

static void
jump_local_class_init (JumpLocalClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  JumpConnectionClass *connection_class = JUMP_CONNECTION_CLASS (klass);

  object_class->get_property = jump_local_get_property;
  object_class->set_property = jump_local_set_property;
  object_class->constructed = jump_local_constructed;
  object_class->finalize = jump_local_finalize;

  connection_class->open_async = jump_local_open_async;
  connection_class->open_finish = jump_local_open_finish;
  connection_class->close = jump_local_close;

  properties[PROP_KUBECONFIG] =
    g_param_spec_string ("kubeconfig", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
jump_local_init (JumpLocal *self)
{
}

/**
 * jump_local_new:
 * @kubeconfig: (nullable): the one kubeconfig file to use, also by kubectl in the terminal; %NULL
 *   for those that kubectl finds
 */
JumpPlace *
jump_local_new (const char *kubeconfig)
{
  return g_object_new (JUMP_TYPE_LOCAL, "kubeconfig", kubeconfig, NULL);
}

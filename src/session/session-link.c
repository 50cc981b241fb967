/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-link.h"

#include <glib/gi18n-lib.h>

#include "kube-config.h"
#include "kube-error.h"
#include "session-exec-runner.h"

struct _SessionLink {
  GObject parent_instance;

  KubeClient *client;
  SessionDial *dial; /* (nullable): the server is dialled by its own address */
  char *digest;      /* of all that the kubeconfig said */
};

G_DEFINE_FINAL_TYPE (SessionLink, session_link, G_TYPE_OBJECT)

/* One connecting, from the place to the API server. */
typedef struct {
  /* input */
  JumpPlace *place;
  char *context_name;    /* (nullable) */
  GStrv approved;        /* (nullable) */
  SessionLink *previous; /* (nullable) */

  /* in progress */
  KubeConfig *config;
  KubeContext *context; /* (nullable) */
  GChecksum *checksum;
  GStrv files; /* (nullable): being read */
  guint n_read;

  /* output */
  SessionLink *link; /* (nullable) */
  GStrv exec_argv;   /* (nullable) */
} Connecting;

static void
connecting_free (gpointer data)
{
  Connecting *self = data;

  g_clear_object (&self->place);
  g_clear_object (&self->previous);
  g_clear_object (&self->config);
  g_clear_object (&self->context);
  g_clear_object (&self->link);
  g_clear_pointer (&self->checksum, g_checksum_free);
  g_strfreev (self->approved);
  g_strfreev (self->files);
  g_strfreev (self->exec_argv);
  g_free (self->context_name);
  g_free (self);
}

static void read_kubeconfig (GTask *task);
static void read_needed_file (GTask *task);

static Connecting *
get_connecting (GTask *task)
{
  return g_task_get_task_data (task);
}

static void
discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connecting *self = get_connecting (task);
  GError *error = NULL;

  if (kube_client_discover_finish (KUBE_CLIENT (source), result, &error)) {
    g_task_return_boolean (task, TRUE);
    return;
  }
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_EXEC_NOT_APPROVED))
    self->exec_argv = g_strdupv ((char **)kube_context_get_exec_argv (self->context));
  g_task_return_error (task, error);
}

static gboolean
is_approved (Connecting *self)
{
  const char *const *argv = kube_context_get_exec_argv (self->context);

  return argv != NULL && self->approved != NULL &&
         g_strv_equal (argv, (const char *const *)self->approved);
}

/* A Unix socket that leads to the server, or the server's own address. */
static gboolean
is_direct (Connecting *self, GSocketConnectable *way)
{
  g_autofree char *text = g_socket_connectable_to_string (way);
  g_autofree char *own = g_strdup_printf ("%s:%u", kube_context_get_host (self->context),
                                          kube_context_get_port (self->context));

  return g_strcmp0 (text, own) == 0;
}

/* (transfer full): NULL with an error where there can be no client */
static SessionLink *
make_link (Connecting *self, GSocketConnectable *way, GError **error)
{
  const char *digest = g_checksum_get_string (self->checksum);
  gboolean direct = is_direct (self, way);
  g_autoptr (SessionDial) dial = NULL;
  g_autoptr (KubeClient) client = NULL;
  SessionLink *link = NULL;

  if (self->previous != NULL && g_str_equal (self->previous->digest, digest) &&
      (self->previous->dial == NULL) == direct) {
    if (!direct)
      session_dial_set_target (self->previous->dial, way);
    return g_object_ref (self->previous);
  }
  /* The server's own address goes through a proxy where the kubeconfig has one. */
  dial = direct ? NULL : session_dial_new (way);
  client = kube_client_new (self->context, (GSocketConnectable *)dial, error);
  if (client == NULL)
    return NULL;
  session_exec_runner_install (client, self->place);
  link = g_object_new (SESSION_TYPE_LINK, NULL);
  link->client = g_steal_pointer (&client);
  link->dial = g_steal_pointer (&dial);
  link->digest = g_strdup (digest);
  return link;
}

static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connecting *self = get_connecting (task);
  GError *error = NULL;
  g_autoptr (GSocketConnectable) way =
    jump_place_reach_finish (JUMP_PLACE (source), result, &error);
  GCancellable *cancellable = g_task_get_cancellable (task);
  KubeClient *client = NULL;

  if (way != NULL)
    self->link = make_link (self, way, &error);
  if (self->link == NULL) {
    g_task_return_error (task, error);
    return;
  }
  client = self->link->client;
  if (is_approved (self))
    kube_client_approve_exec (client);
  kube_client_discover_async (client, cancellable, discovered_cb, g_steal_pointer (&task));
}

static void
reach_server (GTask *task)
{
  Connecting *self = get_connecting (task);
  GError *error = NULL;

  self->context = kube_config_dup_context (self->config, self->context_name, &error);
  if (self->context == NULL) {
    g_task_return_error (task, error);
    return;
  }
  jump_place_reach_async (self->place, JUMP_TARGET_API, kube_context_get_host (self->context),
                          kube_context_get_port (self->context), g_task_get_cancellable (task),
                          reached_cb, g_object_ref (task));
}

static void
take_files (Connecting *self, GStrv files)
{
  g_strfreev (self->files);
  self->files = files;
  self->n_read = 0;
}

static void
add_to_digest (Connecting *self, const char *path, GBytes *contents)
{
  g_checksum_update (self->checksum, (const guchar *)path, strlen (path) + 1);
  g_checksum_update (self->checksum, g_bytes_get_data (contents, NULL),
                     (gssize)g_bytes_get_size (contents));
}

/* Takes @reason. */
static char *
dup_with_advice (char *reason, const char *advice)
{
  g_autofree char *taken = reason;

  return g_strdup_printf (g_str_has_suffix (taken, ".") ? "%s %s" : "%s. %s", taken, advice);
}

static void
needed_file_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connecting *self = get_connecting (task);
  GError *error = NULL;
  g_autoptr (GBytes) contents = jump_place_read_file_finish (JUMP_PLACE (source), result, &error);

  if (contents == NULL) {
    /* Translators: before a sentence on why a file could not be read */
    g_prefix_error (&error, "%s ", _ ("The kubeconfig names a file that cannot be read."));
    error->message = dup_with_advice (g_steal_pointer (&error->message),
                                      _ ("Put it there, or mend the kubeconfig."));
    g_task_return_error (task, error);
    return;
  }
  kube_config_add_file (self->config, self->files[self->n_read], contents);
  add_to_digest (self, self->files[self->n_read], contents);
  self->n_read++;
  read_needed_file (task);
}

static void
read_needed_file (GTask *task)
{
  Connecting *self = get_connecting (task);

  if (self->files[self->n_read] == NULL)
    reach_server (task);
  else
    jump_place_read_file_async (self->place, self->files[self->n_read],
                                g_task_get_cancellable (task), needed_file_cb, g_object_ref (task));
}

static void
begin_needed_files (GTask *task)
{
  Connecting *self = get_connecting (task);
  GError *error = NULL;
  GStrv files = kube_config_dup_needed_files (self->config, self->context_name, &error);

  if (files == NULL) {
    g_task_return_error (task, error);
    return;
  }
  take_files (self, files);
  read_needed_file (task);
}

static void
kubeconfig_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connecting *self = get_connecting (task);
  const char *path = self->files[self->n_read];
  GError *error = NULL;
  g_autoptr (GBytes) contents = jump_place_read_file_finish (JUMP_PLACE (source), result, &error);

  if (contents == NULL)
    error->message = dup_with_advice (g_steal_pointer (&error->message),
                                      _ ("Choose another kubeconfig, or mend this one, and "
                                         "connect again."));
  else if (!kube_config_add (self->config, path, g_bytes_get_data (contents, NULL),
                             (gssize)g_bytes_get_size (contents), &error))
    error->message = dup_with_advice (g_steal_pointer (&error->message),
                                      _ ("Mend it, or get a fresh one from who runs the cluster."));
  if (error != NULL) {
    g_task_return_error (task, error);
    return;
  }
  add_to_digest (self, path, contents);
  self->n_read++;
  read_kubeconfig (task);
}

static void
read_kubeconfig (GTask *task)
{
  Connecting *self = get_connecting (task);

  if (self->files[self->n_read] == NULL)
    begin_needed_files (task);
  else
    jump_place_read_file_async (self->place, self->files[self->n_read],
                                g_task_get_cancellable (task), kubeconfig_cb, g_object_ref (task));
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Connecting *self = get_connecting (task);
  GError *error = NULL;
  GStrv paths = jump_place_list_kubeconfigs_finish (JUMP_PLACE (source), result, &error);

  if (paths == NULL) {
    g_task_return_error (task, error);
  } else if (paths[0] == NULL) {
    g_strfreev (paths);
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_CONFIG,
                             _ ("There is no kubeconfig. Put one at ~/.kube/config there, or set "
                                "KUBECONFIG, and connect again."));
  } else {
    take_files (self, paths);
    read_kubeconfig (task);
  }
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (jump_place_connect_finish (JUMP_PLACE (source), result, &error))
    jump_place_list_kubeconfigs_async (JUMP_PLACE (source), g_task_get_cancellable (task),
                                       listed_cb, g_object_ref (task));
  else
    g_task_return_error (task, error);
}

static void
session_link_finalize (GObject *object)
{
  SessionLink *self = SESSION_LINK (object);

  g_clear_object (&self->client);
  g_clear_object (&self->dial);
  g_clear_pointer (&self->digest, g_free);
  G_OBJECT_CLASS (session_link_parent_class)->finalize (object);
}

static void
session_link_class_init (SessionLinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_link_finalize;
}

static void
session_link_init (SessionLink *self)
{
}

void
session_link_connect_async (JumpPlace *place,
                            const char *context_name,
                            const char *const *approved,
                            SessionLink *previous,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Connecting *self = g_new0 (Connecting, 1);

  g_task_set_source_tag (task, session_link_connect_async);
  g_task_set_task_data (task, self, connecting_free);
  self->place = g_object_ref (place);
  self->context_name = g_strdup (context_name);
  self->approved = g_strdupv ((char **)approved);
  g_set_object (&self->previous, previous);
  self->config = kube_config_new ();
  self->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  if (jump_place_get_state (place) == JUMP_PLACE_CONNECTED)
    jump_place_list_kubeconfigs_async (place, cancellable, listed_cb, g_steal_pointer (&task));
  else
    jump_place_connect_async (place, cancellable, connected_cb, g_steal_pointer (&task));
}

SessionLink *
session_link_connect_finish (GAsyncResult *result, GStrv *exec_argv, GError **error)
{
  GTask *task = G_TASK (result);
  Connecting *self = get_connecting (task);

  *exec_argv = g_steal_pointer (&self->exec_argv);
  if (!g_task_propagate_boolean (task, error))
    return NULL;
  return g_steal_pointer (&self->link);
}

KubeClient *
session_link_get_client (SessionLink *self)
{
  g_return_val_if_fail (SESSION_IS_LINK (self), NULL);

  return self->client;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container.h"

#include "base-json.h"
#include "practice-container-environment.h"
#include "practice-container-rootfs.h"
#include "practice-pod-target.h"

struct _PracticeContainer {
  GObject parent_instance;
  GStrv environment;
  char *folder;
  PracticeSandbox *sandbox;
};

G_DEFINE_FINAL_TYPE (PracticeContainer, practice_container, G_TYPE_OBJECT)

static void
practice_container_dispose (GObject *object)
{
  PracticeContainer *self = PRACTICE_CONTAINER (object);

  if (self->sandbox != NULL)
    practice_sandbox_stop (self->sandbox);
  g_clear_object (&self->sandbox);

  G_OBJECT_CLASS (practice_container_parent_class)->dispose (object);
}

static void
practice_container_finalize (GObject *object)
{
  PracticeContainer *self = PRACTICE_CONTAINER (object);

  g_strfreev (self->environment);
  g_free (self->folder);

  G_OBJECT_CLASS (practice_container_parent_class)->finalize (object);
}

static void
practice_container_class_init (PracticeContainerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_container_dispose;
  object_class->finalize = practice_container_finalize;
}

static void
practice_container_init (PracticeContainer *self)
{
}

/**
 * practice_container_new:
 * @store: the cluster's objects, for what the container refers to
 * @pod: a Pod
 * @name: name of one of its containers
 * @program: path of this program
 * @network: the pod's network
 * @name_server: address of the cluster's name server
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the container, in which nothing runs yet; %NULL where
 *   something that its spec refers to is not there
 */
PracticeContainer *
practice_container_new (PracticeStore *store,
                        JsonNode *pod,
                        const char *name,
                        const char *program,
                        PracticeNetwork *network,
                        const char *name_server,
                        GError **error)
{
  g_autoptr (PracticeContainer) self = g_object_new (PRACTICE_TYPE_CONTAINER, NULL);
  JsonNode *spec = practice_pod_target_get_spec (pod, name);
  const char *folder = base_json_get_string (spec, "workingDir", NULL);
  PracticeContainerRootfs *rootfs;

  self->environment = practice_container_environment_new (store, pod, name, error);
  if (self->environment == NULL)
    return NULL;
  self->folder = g_strdup (folder != NULL && *folder == '/' ? folder : "/");
  rootfs = practice_container_rootfs_new (store, pod, name, program, network, name_server, error);
  if (rootfs == NULL)
    return NULL;
  self->sandbox = practice_sandbox_new_with_options (
    network, PRACTICE_CONTAINER_AGENT, practice_container_rootfs_open_options, rootfs,
    (GDestroyNotify)practice_container_rootfs_free);
  return g_steal_pointer (&self);
}

/**
 * practice_container_new_plain:
 * @store: the cluster's objects, for what the container refers to
 * @pod: a Pod
 * @name: name of one of its containers
 * @plain: where its programs run
 * @error: return location
 *
 * Mounts nothing: its programs see this computer's files, and write to a folder of the pod.
 *
 * Returns: (transfer full) (nullable): the container, in which nothing runs yet
 */
PracticeContainer *
practice_container_new_plain (
  PracticeStore *store, JsonNode *pod, const char *name, PracticePlainPod *plain, GError **error)
{
  g_autoptr (PracticeContainer) self = g_object_new (PRACTICE_TYPE_CONTAINER, NULL);
  GStrv environment = practice_container_environment_new (store, pod, name, error);

  if (environment == NULL)
    return NULL;
  self->environment = practice_plain_pod_adapt (plain, environment);
  self->folder = g_strdup (practice_plain_pod_get_folder (plain));
  self->sandbox = practice_plain_pod_new_sandbox (plain, error);
  return self->sandbox != NULL ? g_steal_pointer (&self) : NULL;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;

  if (practice_sandbox_start_finish (PRACTICE_SANDBOX (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * practice_container_start_async:
 * @self: a container
 * @cancellable: (nullable): a cancellable
 * @callback: called when programs can be run in it, or cannot
 * @user_data: data of @callback
 *
 * Makes the container where it is not there already.
 */
void
practice_container_start_async (PracticeContainer *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (PRACTICE_IS_CONTAINER (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_container_start_async);
  practice_sandbox_start_async (self->sandbox, cancellable, started_cb, g_steal_pointer (&task));
}

/**
 * practice_container_start_finish:
 * @self: a container
 * @result: the result
 * @error: return location
 *
 * Returns: whether programs can be run in it; the error is a sentence for the user
 */
gboolean
practice_container_start_finish (PracticeContainer *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * practice_container_run:
 * @self: a container
 * @argv: a program and its arguments
 * @has_input: whether it shall read what it is sent
 * @has_terminal: whether it shall have a terminal
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the program
 */
PracticeProcess *
practice_container_run (PracticeContainer *self,
                        const char *const *argv,
                        gboolean has_input,
                        gboolean has_terminal,
                        GError **error)
{
  g_auto (GStrv) environment = NULL;
  PracticeProcessSpec spec = {
    .argv = argv, .folder = self->folder, .has_input = has_input, .has_terminal = has_terminal
  };

  g_return_val_if_fail (PRACTICE_IS_CONTAINER (self), NULL);
  g_return_val_if_fail (argv != NULL && argv[0] != NULL, NULL);

  environment = g_strdupv (self->environment);
  if (has_terminal)
    environment = g_environ_setenv (environment, "TERM", "xterm", FALSE);
  /* Without a capability root cannot give a file away, which tar(1) would take for a failure. */
  if (g_str_equal (argv[0], "tar"))
    environment = g_environ_setenv (environment, "TAR_OPTIONS", "--no-same-owner", FALSE);
  spec.environment = (const char *const *)environment;
  return practice_process_new (self->sandbox, &spec, error);
}

/**
 * practice_container_get_environment:
 * @self: a container
 *
 * Returns: (transfer none): its variables
 */
GStrv
practice_container_get_environment (PracticeContainer *self)
{
  g_return_val_if_fail (PRACTICE_IS_CONTAINER (self), NULL);

  return self->environment;
}

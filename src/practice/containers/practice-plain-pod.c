/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-plain-pod.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-confinement.h"
#include "practice-plain-bin.h"
#include "practice-reach.h"
#include "practice-socks.h"
#include "practice-tree.h"

#define MODE 0700

struct _PracticePlainPod {
  GObject parent_instance;

  PracticeFabric *fabric;
  char *namespace_;
  PracticePeer *peer;
  char *program;
  char *ca_bundle;
  char *root; /* of the pod: */
  char *bin;
  char *home; /* the one folder that programs may write to */
  char *socket;
  PracticeDialer *dialer;
  PracticeSocks *socks;
};

G_DEFINE_FINAL_TYPE (PracticePlainPod, practice_plain_pod, G_TYPE_OBJECT)

/* Of this computer, what programs need to run. */
static const char *const system_folders[] = { "/usr",   "/bin",   "/sbin", "/lib",
                                              "/lib32", "/lib64", "/etc",  "/proc" };

static char *
resolve (const char *name, gpointer user_data)
{
  PracticePlainPod *self = user_data;

  return practice_fabric_may_look_up (self->fabric, self->peer)
           ? practice_fabric_resolve (self->fabric, self->namespace_, name)
           : NULL;
}

static gboolean
make_folder (const char *path, GError **error)
{
  if (g_mkdir_with_parents (path, MODE) == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  return FALSE;
}

static void
practice_plain_pod_dispose (GObject *object)
{
  PracticePlainPod *self = PRACTICE_PLAIN_POD (object);

  practice_plain_pod_stop (self);
  g_clear_object (&self->fabric);

  G_OBJECT_CLASS (practice_plain_pod_parent_class)->dispose (object);
}

static void
practice_plain_pod_finalize (GObject *object)
{
  PracticePlainPod *self = PRACTICE_PLAIN_POD (object);

  g_free (self->namespace_);
  g_clear_pointer (&self->peer, practice_peer_free);
  g_free (self->program);
  g_free (self->ca_bundle);
  g_free (self->root);
  g_free (self->bin);
  g_free (self->home);
  g_free (self->socket);

  G_OBJECT_CLASS (practice_plain_pod_parent_class)->finalize (object);
}

static void
practice_plain_pod_class_init (PracticePlainPodClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_plain_pod_dispose;
  object_class->finalize = practice_plain_pod_finalize;
}

static void
practice_plain_pod_init (PracticePlainPod *self)
{
}

/**
 * practice_plain_pod_new:
 * @fabric: carries what its programs send
 * @outbound: where requests of pods with a sidecar go
 * @pod: a Pod with an address
 * @spec: what it is made with; copied
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a pod in which nothing runs yet
 */
PracticePlainPod *
practice_plain_pod_new (PracticeFabric *fabric,
                        PracticeHttpHandler *outbound,
                        JsonNode *pod,
                        const PracticePlainPodSpec *spec,
                        GError **error)
{
  g_autoptr (PracticePlainPod) self = g_object_new (PRACTICE_TYPE_PLAIN_POD, NULL);
  g_autofree char *short_uid = g_strndup (base_metadata_get_uid (pod), 8);

  self->fabric = g_object_ref (fabric);
  self->namespace_ = g_strdup (base_metadata_get_namespace (pod));
  self->peer = practice_peer_new (base_json_get_string (pod, "status", "podIP", NULL),
                                  self->namespace_, base_metadata_get_name (pod));
  self->program = g_strdup (spec->program);
  self->ca_bundle = g_strdup (spec->ca_bundle);
  /* A socket's path has at most 107 bytes. */
  self->root = g_build_filename (spec->folder, short_uid, NULL);
  self->bin = g_build_filename (self->root, "bin", NULL);
  self->home = g_build_filename (self->root, "home", NULL);
  self->socket = g_build_filename (self->root, "s", NULL);
  self->dialer = practice_dialer_new_for_pod (spec->dialer, self->peer, outbound);
  if (!make_folder (self->bin, error) || !make_folder (self->home, error))
    return NULL;
  self->socks = practice_socks_new (self->socket, self->dialer, resolve, self, error);
  if (self->socks == NULL || !practice_plain_bin_write_pod (self->bin, self->program, self->socket,
                                                            self->ca_bundle, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_plain_pod_new_sandbox:
 * @self: a pod
 * @error: return location
 *
 * Returns: (transfer full) (nullable): where programs of one container run; %NULL with
 *   %G_IO_ERROR_NOT_SUPPORTED and a sentence for the user where they could not be confined
 */
PracticeSandbox *
practice_plain_pod_new_sandbox (PracticePlainPod *self, GError **error)
{
  g_autoptr (GPtrArray) readable = g_ptr_array_new ();
  const char *const writable[] = { self->home, NULL };

  g_return_val_if_fail (PRACTICE_IS_PLAIN_POD (self), NULL);

  if (!practice_confinement_is_possible ()) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                         _ ("This computer lets programs have no network of their own, and cannot "
                            "confine them otherwise."));
    return NULL;
  }
  for (guint i = 0; i < G_N_ELEMENTS (system_folders); i++)
    g_ptr_array_add (readable, (gpointer)system_folders[i]);
  g_ptr_array_add (readable, self->program);
  g_ptr_array_add (readable, self->bin);
  g_ptr_array_add (readable, self->ca_bundle);
  g_ptr_array_add (readable, NULL);
  return practice_sandbox_new_confined (
    self->program, practice_confinement_new ((const char *const *)readable->pdata, writable));
}

/**
 * practice_plain_pod_adapt:
 * @self: a pod
 * @environment: (transfer full): what a container's programs have
 *
 * Returns: (transfer full): the same, with the paths that they have here
 */
GStrv
practice_plain_pod_adapt (PracticePlainPod *self, GStrv environment)
{
  const char *path = g_environ_getenv (environment, "PATH");
  g_autofree char *whole =
    g_strconcat (self->bin, ":", path != NULL ? path : "/usr/bin:/bin", NULL);

  environment = g_environ_setenv (environment, "PATH", whole, TRUE);
  environment = g_environ_setenv (environment, "HOME", self->home, TRUE);
  environment = g_environ_setenv (environment, PRACTICE_SOCKS_VARIABLE, self->socket, TRUE);
  return g_environ_setenv (environment, "TMPDIR", self->home, TRUE);
}

/**
 * practice_plain_pod_get_folder:
 * @self: a pod
 *
 * Returns: (transfer none): where its programs may write
 */
const char *
practice_plain_pod_get_folder (PracticePlainPod *self)
{
  g_return_val_if_fail (PRACTICE_IS_PLAIN_POD (self), NULL);

  return self->home;
}

/**
 * practice_plain_pod_get_dialer:
 * @self: a pod
 *
 * Returns: (transfer none): what connects as the pod
 */
PracticeDialer *
practice_plain_pod_get_dialer (PracticePlainPod *self)
{
  g_return_val_if_fail (PRACTICE_IS_PLAIN_POD (self), NULL);

  return self->dialer;
}

/**
 * practice_plain_pod_stop:
 * @self: a pod
 *
 * Ends its connections, and removes what its programs wrote. May be called twice.
 */
void
practice_plain_pod_stop (PracticePlainPod *self)
{
  g_return_if_fail (PRACTICE_IS_PLAIN_POD (self));

  if (self->socks != NULL)
    practice_socks_stop (self->socks);
  g_clear_object (&self->socks);
  if (self->dialer != NULL)
    practice_dialer_stop (self->dialer);
  g_clear_object (&self->dialer);
  if (self->root != NULL)
    practice_tree_remove (self->root);
}

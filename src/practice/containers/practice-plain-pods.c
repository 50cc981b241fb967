/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-plain-pods.h"

#include "base-metadata.h"

struct _PracticePlainPods {
  PracticeStore *store;
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound;
  PracticeDialer *dialer;
  char *folder;
  char *program;
  char *ca_bundle;
  GHashTable *pods; /* uid to Pod */
};

typedef struct {
  PracticePlainPod *pod;
  GHashTable *containers; /* name to PracticeContainer */
} Pod;

static void
pod_free (gpointer data)
{
  Pod *self = data;

  g_hash_table_unref (self->containers);
  practice_plain_pod_stop (self->pod);
  g_clear_object (&self->pod);
  g_free (self);
}

static Pod *
ensure (PracticePlainPods *self, JsonNode *pod, GError **error)
{
  const char *uid = base_metadata_get_uid (pod);
  Pod *found = g_hash_table_lookup (self->pods, uid);
  const PracticePlainPodSpec spec = { self->dialer, self->folder, self->program, self->ca_bundle };
  PracticePlainPod *plain;

  if (found != NULL)
    return found;
  plain = practice_plain_pod_new (self->fabric, self->outbound, pod, &spec, error);
  if (plain == NULL)
    return NULL;
  found = g_new (Pod, 1);
  found->pod = plain;
  found->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_hash_table_insert (self->pods, g_strdup (uid), found);
  return found;
}

/**
 * practice_plain_pods_new:
 * @store: the cluster's objects
 * @fabric: carries what programs send
 * @outbound: where requests of pods with a sidecar go
 * @spec: what they are made with; copied
 *
 * Returns: (transfer full): none yet
 */
PracticePlainPods *
practice_plain_pods_new (PracticeStore *store,
                         PracticeFabric *fabric,
                         PracticeHttpHandler *outbound,
                         const PracticePlainPodSpec *spec)
{
  PracticePlainPods *self = g_new0 (PracticePlainPods, 1);

  self->store = g_object_ref (store);
  self->fabric = g_object_ref (fabric);
  self->outbound = g_object_ref (outbound);
  self->dialer = g_object_ref (spec->dialer);
  self->folder = g_strdup (spec->folder);
  self->program = g_strdup (spec->program);
  self->ca_bundle = g_strdup (spec->ca_bundle);
  self->pods = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, pod_free);
  return self;
}

void
practice_plain_pods_free (PracticePlainPods *self)
{
  g_hash_table_unref (self->pods);
  g_clear_object (&self->dialer);
  g_clear_object (&self->outbound);
  g_clear_object (&self->fabric);
  g_clear_object (&self->store);
  g_free (self->folder);
  g_free (self->program);
  g_free (self->ca_bundle);
  g_free (self);
}

/**
 * practice_plain_pods_ensure:
 * @self: the pods
 * @pod: a Pod that runs
 * @container: name of one of its containers
 * @error: return location
 *
 * Returns: (transfer none) (nullable): a container whose programs are confined; %NULL with
 *   %G_IO_ERROR_NOT_FOUND where something it refers to is not there
 */
PracticeContainer *
practice_plain_pods_ensure (PracticePlainPods *self,
                            JsonNode *pod,
                            const char *container,
                            GError **error)
{
  Pod *plain = ensure (self, pod, error);
  PracticeContainer *found =
    plain != NULL ? g_hash_table_lookup (plain->containers, container) : NULL;

  if (plain == NULL || found != NULL)
    return found;
  found = practice_container_new_plain (self->store, pod, container, plain->pod, error);
  if (found != NULL)
    g_hash_table_insert (plain->containers, g_strdup (container), found);
  return found;
}

/**
 * practice_plain_pods_ensure_dialer:
 * @self: the pods
 * @pod: a Pod that runs
 * @error: return location
 *
 * Returns: (transfer none) (nullable): what connects as the pod
 */
PracticeDialer *
practice_plain_pods_ensure_dialer (PracticePlainPods *self, JsonNode *pod, GError **error)
{
  Pod *plain = ensure (self, pod, error);

  return plain != NULL ? practice_plain_pod_get_dialer (plain->pod) : NULL;
}

/**
 * practice_plain_pods_remove:
 * @self: the pods
 * @pod_uid: uid of a pod, which may be none of them
 *
 * Ends what runs in a pod that is gone.
 */
void
practice_plain_pods_remove (PracticePlainPods *self, const char *pod_uid)
{
  g_hash_table_remove (self->pods, pod_uid);
}

/**
 * practice_plain_pods_stop:
 * @self: the pods
 *
 * Ends all that runs in them, at once.
 */
void
practice_plain_pods_stop (PracticePlainPods *self)
{
  g_hash_table_remove_all (self->pods);
}

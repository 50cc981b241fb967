/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cluster.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-claim-controller.h"
#include "practice-cluster-dns.h"
#include "practice-container-programs.h"
#include "practice-cron-job-controller.h"
#include "practice-daemon-set-controller.h"
#include "practice-deployment-controller.h"
#include "practice-disruption-controller.h"
#include "practice-horizontal-scaler-controller.h"
#include "practice-job-controller.h"
#include "practice-endpoints-controller.h"
#include "practice-image-catalog.h"
#include "practice-istio-pods.h"
#include "practice-node-lifecycle.h"
#include "practice-portal-pods.h"
#include "practice-quota-controller.h"
#include "practice-replica-set-controller.h"
#include "practice-replication-controller.h"
#include "practice-scheduler.h"
#include "practice-service-account-controller.h"
#include "practice-token-controller.h"
#include "practice-service-names.h"
#include "practice-service-proxy.h"
#include "practice-sidecar.h"
#include "practice-signer.h"
#include "practice-signing-request-cleaner.h"
#include "practice-stateful-set-controller.h"
#include "practice-traefik-pods.h"
#include "practice-volume-controller.h"
#include "practice-volume-provisioner.h"
#include "practice-workloads.h"

#define CLUSTER_MANIFEST "cluster.yaml"
#define FIRST_START "first-start"
#define FIRST_ADDONS "first-addons"

/**
 * PracticeCluster:
 *
 * Everything of a cluster behind its API: at the first start it puts the nodes and the objects
 * of a fresh Konvoy cluster into the store, then its controllers keep up with what users write.
 */
struct _PracticeCluster {
  GObject parent_instance;

  PracticeStore *store;
  PracticeFabric *fabric;
  PracticeClusterDns *dns; /* (nullable): without a network */
  PracticeSidecar *sidecar;
  PracticeAddons *addons;
  PracticeDisks *disks;                           /* (nullable) */
  GPtrArray *controllers;                         /* of PracticeController */
  PracticeKubelet *kubelet;                       /* one of them */
  PracticeLoadBalancerController *load_balancers; /* likewise */
  PracticeContainerLogs *logs;
  PracticeContainerRuntime *runtime;
};

G_DEFINE_FINAL_TYPE (PracticeCluster, practice_cluster, G_TYPE_OBJECT)

/* Kinds of the manifests that are built in, and where they are stored. */
static const struct {
  const char *kind;
  const char *resource;
} stored_kinds[] = {
  { "Namespace", "/namespaces" },
  { "Node", "/nodes" },
  { "Service", "/services" },
  { "Endpoints", "/endpoints" },
};

static const char *
get_resource (JsonNode *object)
{
  const char *kind = base_json_get_string (object, "kind", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (stored_kinds); i++)
    if (g_strcmp0 (stored_kinds[i].kind, kind) == 0)
      return stored_kinds[i].resource;

  return NULL;
}

/* Stores the nodes and the first objects; what is there already stays as it is. */
static gboolean
apply_manifest (PracticeStore *store, GError **error)
{
  g_autoptr (GPtrArray) documents = practice_addon_catalog_read_manifest (CLUSTER_MANIFEST, error);

  if (documents == NULL)
    return FALSE;

  for (guint i = 0; i < documents->len; i++) {
    JsonNode *object = g_ptr_array_index (documents, i);
    const char *resource = get_resource (object);

    g_return_val_if_fail (resource != NULL, FALSE);
    if (practice_store_get (store, resource, base_metadata_get_namespace (object),
                            base_metadata_get_name (object)) == NULL &&
        practice_store_create (store, resource, base_json_copy (object), error) == NULL)
      return FALSE;
  }

  return TRUE;
}

/* One that was made before there were add-ons gets them, too. */
static gboolean
fill_new_cluster (PracticeStore *store, PracticeAddons *addons, GError **error)
{
  g_autofree char *started = practice_store_dup_setting (store, FIRST_START);
  g_autofree char *filled = practice_store_dup_setting (store, FIRST_ADDONS);

  if (started == NULL && (!apply_manifest (store, error) ||
                          !practice_store_set_setting (store, FIRST_START, "done", error)))
    return FALSE;

  return filled != NULL || (practice_addons_fill (addons, error) &&
                            practice_store_set_setting (store, FIRST_ADDONS, "done", error));
}

static gboolean
start_controllers (PracticeCluster *self, PracticeNetwork *network, GError **error)
{
  g_autoptr (PracticeImageCatalog) images = practice_image_catalog_new (error);
  PracticeController *workloads;
  PracticeController *programs;

  if (images == NULL)
    return FALSE;

  self->load_balancers =
    PRACTICE_LOAD_BALANCER_CONTROLLER (practice_load_balancer_controller_new (self->store));
  g_ptr_array_add (self->controllers, self->load_balancers);
  g_ptr_array_add (self->controllers, practice_service_account_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_token_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_signer_new (self->store));
  g_ptr_array_add (self->controllers, practice_signing_request_cleaner_new (self->store));
  g_ptr_array_add (self->controllers, practice_deployment_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_cron_job_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_daemon_set_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_disruption_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_horizontal_scaler_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_job_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_quota_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_replica_set_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_replication_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_stateful_set_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_claim_controller_new (self->store));
  g_ptr_array_add (self->controllers, practice_volume_controller_new (self->store, self->disks));
  g_ptr_array_add (self->controllers, practice_volume_provisioner_new (self->store));
  g_ptr_array_add (self->controllers, practice_scheduler_new (self->store));
  g_ptr_array_add (self->controllers, practice_node_lifecycle_new (self->store));
  g_ptr_array_add (self->controllers, practice_endpoints_controller_new (self->store));
  workloads = practice_workloads_new (self->store, images, network, self->fabric,
                                      PRACTICE_HTTP_HANDLER (self->sidecar), self->logs);
  g_ptr_array_add (self->controllers, workloads);
  self->kubelet = PRACTICE_KUBELET (
    practice_kubelet_new (self->store, images, PRACTICE_WORKLOADS (workloads), self->runtime));
  g_ptr_array_add (self->controllers, self->kubelet);
  g_ptr_array_add (
    self->controllers,
    practice_istio_pods_new (self->store, practice_sidecar_get_mesh (self->sidecar), network));
  g_ptr_array_add (self->controllers, practice_traefik_pods_new (self->store, images, network,
                                                                 self->fabric, self->logs));
  g_ptr_array_add (self->controllers,
                   practice_portal_pods_new (self->store, self->fabric, network));
  programs = practice_container_programs_new (self->store, images, self->runtime);
  g_signal_connect_object (programs, "ended", G_CALLBACK (practice_kubelet_container_ended),
                           self->kubelet, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->controllers, programs);
  if (network != NULL)
    g_ptr_array_add (self->controllers,
                     practice_service_proxy_new (self->store, network, self->fabric));

  for (guint i = 0; i < self->controllers->len; i++)
    practice_controller_start (g_ptr_array_index (self->controllers, i));

  return TRUE;
}

static void
pod_event_cb (PracticeStore *store,
              PracticeEventType type,
              const char *resource,
              JsonNode *pod,
              JsonNode *old,
              PracticeCluster *self)
{
  if (type == PRACTICE_EVENT_DELETED)
    practice_container_logs_forget (self->logs, base_metadata_get_uid (pod));
}

static void
practice_cluster_dispose (GObject *object)
{
  PracticeCluster *self = PRACTICE_CLUSTER (object);

  self->kubelet = NULL;
  self->load_balancers = NULL;
  g_ptr_array_set_size (self->controllers, 0);
  if (self->runtime != NULL)
    practice_container_runtime_stop (self->runtime);
  g_clear_object (&self->runtime);
  g_clear_object (&self->dns);
  if (self->fabric != NULL)
    practice_fabric_stop (self->fabric);
  g_clear_object (&self->sidecar);
  g_clear_object (&self->fabric);
  g_clear_object (&self->addons);
  g_clear_object (&self->disks);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_cluster_parent_class)->dispose (object);
}

static void
practice_cluster_finalize (GObject *object)
{
  PracticeCluster *self = PRACTICE_CLUSTER (object);

  g_ptr_array_unref (self->controllers);
  g_clear_object (&self->logs);

  G_OBJECT_CLASS (practice_cluster_parent_class)->finalize (object);
}

static void
practice_cluster_class_init (PracticeClusterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_cluster_dispose;
  object_class->finalize = practice_cluster_finalize;
}

static void
practice_cluster_init (PracticeCluster *self)
{
  self->controllers = g_ptr_array_new_with_free_func (g_object_unref);
  self->logs = practice_container_logs_new ();
}

/**
 * practice_cluster_new:
 * @store: the cluster's objects, empty or of an earlier time
 * @network: (nullable): where pods and Services answer; without one nothing answers
 * @error: return location
 *
 * Fills a new cluster and starts its controllers in the thread-default main context.
 *
 * Returns: (transfer full) (nullable): the cluster; %NULL with %PRACTICE_STORE_ERROR_IO where
 *   nothing can be stored
 */
PracticeCluster *
practice_cluster_new (PracticeStore *store, PracticeNetwork *network, GError **error)
{
  const PracticeClusterOptions options = { 0 };

  return practice_cluster_new_with_options (store, network, &options, error);
}

/**
 * practice_cluster_new_with_options:
 * @store: the cluster's objects, empty or of an earlier time
 * @network: (nullable): where pods and Services answer; without one nothing answers
 * @options: what is special about it
 * @error: return location
 *
 * Does what practice_cluster_new() does.
 *
 * Returns: (transfer full) (nullable): the cluster, as practice_cluster_new()
 */
PracticeCluster *
practice_cluster_new_with_options (PracticeStore *store,
                                   PracticeNetwork *network,
                                   const PracticeClusterOptions *options,
                                   GError **error)
{
  g_autoptr (PracticeCluster) self = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_CLUSTER, NULL);
  self->store = g_object_ref (store);
  g_signal_connect_object (store, "event::/pods", G_CALLBACK (pod_event_cb), self, 0);
  self->fabric = practice_fabric_new (store, network);
  self->sidecar = practice_sidecar_new (store, self->fabric, options->seed);
  if (options->disks != NULL)
    self->disks = practice_disks_new (store, options->disks);
  self->runtime = practice_container_runtime_new (
    store, self->logs, self->fabric, PRACTICE_HTTP_HANDLER (self->sidecar), self->disks);
  if (network != NULL) {
    self->dns = practice_cluster_dns_new (store, network, error);
    if (self->dns == NULL)
      return NULL;
  }
  self->addons = practice_addons_new (store, error);
  if (self->addons == NULL || !fill_new_cluster (store, self->addons, error) ||
      !start_controllers (self, network, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * practice_cluster_fill:
 * @store: a store
 * @error: return location
 *
 * Puts what a fresh Konvoy cluster has into @store, if that was not done before.
 *
 * Returns: %FALSE with %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_cluster_fill (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeAddons) addons = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), FALSE);

  addons = practice_addons_new (store, error);

  return addons != NULL && fill_new_cluster (store, addons, error);
}

/**
 * practice_cluster_get_kubelet:
 * @self: a cluster
 *
 * Returns: (transfer none): what runs on its nodes
 */
PracticeKubelet *
practice_cluster_get_kubelet (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->kubelet;
}

/**
 * practice_cluster_get_load_balancers:
 * @self: a cluster
 *
 * Returns: (transfer none): what gives Services their addresses
 */
PracticeLoadBalancerController *
practice_cluster_get_load_balancers (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->load_balancers;
}

/**
 * practice_cluster_get_runtime:
 * @self: a cluster
 *
 * Returns: (transfer none): where the programs in its pods run, and what they print
 */
PracticeContainerRuntime *
practice_cluster_get_runtime (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->runtime;
}

/**
 * practice_cluster_get_fabric:
 * @self: a cluster
 *
 * Returns: (transfer none): its network
 */
PracticeFabric *
practice_cluster_get_fabric (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->fabric;
}

/**
 * practice_cluster_get_sidecar:
 * @self: a cluster
 *
 * Returns: (transfer none): the way out of its pods
 */
PracticeSidecar *
practice_cluster_get_sidecar (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->sidecar;
}

/**
 * practice_cluster_resolve:
 * @self: a cluster
 * @name: a host name, without the last dot
 *
 * Returns: (transfer full) (nullable): the IPv4 address that the jumpserver's name server
 *   has for it: of a load balancer, once its name has got round, or of a node
 */
char *
practice_cluster_resolve (PracticeCluster *self, const char *name)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return practice_service_names_resolve_outside (self->store, name);
}

/**
 * practice_cluster_get_addons:
 * @self: a cluster
 *
 * Returns: (transfer none): its add-ons
 */
PracticeAddons *
practice_cluster_get_addons (PracticeCluster *self)
{
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (self), NULL);

  return self->addons;
}

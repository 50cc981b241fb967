/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-replica-set-controller.h"

#include "practice-owned-pods.h"
#include "practice-pod-template.h"
#include "practice-replicas.h"

#define REPLICA_SETS "apps/replicasets"
#define PODS "/pods"
#define COMPONENT "replicaset-controller"

/**
 * PracticeReplicaSetController:
 *
 * Makes and deletes pods until a ReplicaSet has as many as it asks for
 * (https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/).
 */
struct _PracticeReplicaSetController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeReplicaSetController,
                     practice_replica_set_controller,
                     PRACTICE_TYPE_CONTROLLER)

static void
practice_replica_set_controller_reconcile (PracticeController *controller,
                                           const char *namespace_,
                                           const char *name,
                                           JsonNode *replica_set)
{
  if (replica_set != NULL)
    practice_replicas_reconcile (controller, replica_set, COMPONENT);
}

static void
practice_replica_set_controller_related (PracticeController *controller,
                                         PracticeEventType type,
                                         const char *resource,
                                         JsonNode *pod,
                                         JsonNode *old)
{
  practice_owned_pods_enqueue_owner (controller, pod, "ReplicaSet");
}

static void
practice_replica_set_controller_class_init (PracticeReplicaSetControllerClass *klass)
{
  static const char *const also[] = { PODS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = REPLICA_SETS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_replica_set_controller_reconcile;
  controller_class->related = practice_replica_set_controller_related;
}

static void
practice_replica_set_controller_init (PracticeReplicaSetController *self)
{
}

/**
 * practice_replica_set_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_replica_set_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_REPLICA_SET_CONTROLLER, "store", store, NULL);
}

/**
 * practice_replica_set_controller_create_pod:
 * @store: the cluster's objects
 * @replica_set: a ReplicaSet that is stored
 *
 * Makes one of its pods.
 *
 * Returns: (transfer none) (nullable): the pod; %NULL where it cannot be stored
 */
JsonNode *
practice_replica_set_controller_create_pod (PracticeStore *store, JsonNode *replica_set)
{
  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  return practice_pod_template_create (store, replica_set, NULL);
}

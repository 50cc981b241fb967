/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-replication-controller.h"

#include "practice-owned-pods.h"
#include "practice-replicas.h"

/**
 * PracticeReplicationController:
 *
 * Makes and deletes pods until a ReplicationController has as many as it asks for
 * (https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller/).
 */
struct _PracticeReplicationController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeReplicationController,
                     practice_replication_controller,
                     PRACTICE_TYPE_CONTROLLER)

static void
practice_replication_controller_reconcile (PracticeController *controller,
                                           const char *namespace_,
                                           const char *name,
                                           JsonNode *object)
{
  if (object != NULL)
    practice_replicas_reconcile (controller, object, "replication-controller");
}

static void
practice_replication_controller_related (PracticeController *controller,
                                         PracticeEventType type,
                                         const char *resource,
                                         JsonNode *pod,
                                         JsonNode *old)
{
  practice_owned_pods_enqueue_owner (controller, pod, "ReplicationController");
}

static void
practice_replication_controller_class_init (PracticeReplicationControllerClass *klass)
{
  static const char *const also[] = { "/pods", NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = "/replicationcontrollers";
  controller_class->also_watches = also;
  controller_class->reconcile = practice_replication_controller_reconcile;
  controller_class->related = practice_replication_controller_related;
}

static void
practice_replication_controller_init (PracticeReplicationController *self)
{
}

/**
 * practice_replication_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_replication_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_REPLICATION_CONTROLLER, "store", store, NULL);
}

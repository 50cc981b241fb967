/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-quota-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-quantity.h"
#include "practice-quota.h"

#define QUOTAS "/resourcequotas"

/**
 * PracticeQuotaController:
 *
 * Keeps the status of ResourceQuotas up to date
 * (https://kubernetes.io/docs/concepts/policy/resource-quotas/).
 */
struct _PracticeQuotaController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeQuotaController, practice_quota_controller, PRACTICE_TYPE_CONTROLLER)

static void
practice_quota_controller_reconcile (PracticeController *controller,
                                     const char *namespace_,
                                     const char *name,
                                     JsonNode *quota)
{
  PracticeStore *store = practice_controller_get_store (controller);
  JsonNode *hard = base_json_get (quota, "spec", "hard", NULL);
  g_autoptr (JsonNode) next = NULL;
  g_autoptr (GHashTable) sums = NULL;
  JsonObject *used;
  JsonObjectIter iter;
  const char *limited;
  JsonNode *limit;

  if (quota == NULL || hard == NULL)
    return;

  sums = practice_quota_sum_up (store, quota);
  next = base_json_copy (quota);
  used = json_object_new ();
  json_object_iter_init (&iter, json_node_get_object (hard));
  while (json_object_iter_next (&iter, &limited, &limit)) {
    PracticeQuantitySum *sum = g_hash_table_lookup (sums, limited);
    g_autofree char *text = practice_quantity_print (sum->thousandths, sum->binary);

    json_object_set_string_member (used, limited, text);
  }
  json_object_set_member (practice_object_ensure (next, "status", NULL), "hard",
                          base_json_copy (hard));
  json_object_set_object_member (practice_object_ensure (next, "status", NULL), "used", used);
  practice_store_update (store, QUOTAS, g_steal_pointer (&next), NULL, NULL);
}

static void
practice_quota_controller_related (PracticeController *controller,
                                   PracticeEventType type,
                                   const char *resource,
                                   JsonNode *object,
                                   JsonNode *old)
{
  practice_controller_enqueue_all (controller, base_metadata_get_namespace (object));
}

static void
practice_quota_controller_class_init (PracticeQuotaControllerClass *klass)
{
  static const char *const also[] = { "/configmaps",
                                      "/persistentvolumeclaims",
                                      "/pods",
                                      "/replicationcontrollers",
                                      "/secrets",
                                      "/serviceaccounts",
                                      "/services",
                                      "apps/daemonsets",
                                      "apps/deployments",
                                      "apps/replicasets",
                                      "apps/statefulsets",
                                      "batch/cronjobs",
                                      "batch/jobs",
                                      "networking.k8s.io/ingresses",
                                      "networking.k8s.io/networkpolicies",
                                      NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = QUOTAS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_quota_controller_reconcile;
  controller_class->related = practice_quota_controller_related;
}

static void
practice_quota_controller_init (PracticeQuotaController *self)
{
}

/**
 * practice_quota_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_quota_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_QUOTA_CONTROLLER, "store", store, NULL);
}

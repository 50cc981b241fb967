/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-storage-driver.h"

#include "base-json.h"
#include "base-metadata.h"

#define DEPLOYMENTS "apps/deployments"
#define NAME "ebs-csi-controller"
#define NAMESPACE "kube-system"

static gboolean
is_ready (JsonNode *deployment)
{
  return base_json_get_int (deployment, 0, "status", "readyReplicas", NULL) > 0;
}

/**
 * practice_storage_driver_is_running:
 * @store: the cluster's objects
 *
 * Returns: whether a pod of the driver's Deployment is ready: without one no disk is made or
 *   deleted
 */
gboolean
practice_storage_driver_is_running (PracticeStore *store)
{
  return is_ready (practice_store_get (store, DEPLOYMENTS, NAMESPACE, NAME));
}

/**
 * practice_storage_driver_has_started:
 * @resource: what @object is, as the store names it
 * @object: what has changed
 * @old: (nullable): as it was
 *
 * Returns: whether it is the driver's Deployment, whose first pod is ready now
 */
gboolean
practice_storage_driver_has_started (const char *resource, JsonNode *object, JsonNode *old)
{
  return g_str_equal (resource, DEPLOYMENTS) && is_ready (object) && !is_ready (old) &&
         g_strcmp0 (base_metadata_get_name (object), NAME) == 0 &&
         g_strcmp0 (base_metadata_get_namespace (object), NAMESPACE) == 0;
}

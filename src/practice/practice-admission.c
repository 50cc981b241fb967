/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-admission.h"

#include "practice-limit-ranger.h"
#include "practice-pod-admission.h"
#include "practice-quota.h"
#include "practice-storage-class.h"
#include "practice-storage-validation.h"

#define PODS "/pods"

/**
 * practice_admission_mutate:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a new object, changed in place
 * @error: return location
 *
 * Adds what the cluster adds to what users make.
 *
 * Returns: %FALSE with a Status where it is refused
 */
gboolean
practice_admission_mutate (PracticeStore *store,
                           const char *resource,
                           JsonNode *object,
                           GError **error)
{
  if (g_str_equal (resource, PODS))
    return practice_pod_admission_admit (store, object, error);
  if (g_str_equal (resource, PRACTICE_CLAIMS))
    return practice_storage_class_admit_claim (store, object, error);

  return TRUE;
}

/**
 * practice_admission_check_creation:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a new object that is valid
 * @error: return location
 *
 * Asks those that only look.
 *
 * Returns: %FALSE with a Status where it is refused
 */
gboolean
practice_admission_check_creation (PracticeStore *store,
                                   const char *resource,
                                   JsonNode *object,
                                   GError **error)
{
  return practice_limit_ranger_check (store, resource, object, error) &&
         practice_quota_check (store, resource, object, NULL, error);
}

/**
 * practice_admission_create:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: (transfer full): a new object that is valid, made by a controller
 * @error: return location
 *
 * Stores it where nobody of those that only look minds.
 *
 * Returns: (transfer none) (nullable): what is stored; %NULL with a Status where it is refused
 */
JsonNode *
practice_admission_create (PracticeStore *store,
                           const char *resource,
                           JsonNode *object,
                           GError **error)
{
  g_autoptr (JsonNode) node = object;

  if (!practice_admission_check_creation (store, resource, node, error))
    return NULL;
  return practice_store_create (store, resource, g_steal_pointer (&node), error);
}

/**
 * practice_admission_check_update:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a valid new state
 * @old: the stored one
 * @error: return location
 *
 * Asks those that only look. Pods are limited when they are made, and what they use cannot change.
 *
 * Returns: %FALSE with a Status where it is refused
 */
gboolean
practice_admission_check_update (
  PracticeStore *store, const char *resource, JsonNode *object, JsonNode *old, GError **error)
{
  if (g_str_equal (resource, PRACTICE_CLAIMS) &&
      (!practice_storage_validation_admit_growth (store, object, old, error) ||
       !practice_limit_ranger_check (store, resource, object, error)))
    return FALSE;

  return practice_quota_check (store, resource, object, old, error);
}

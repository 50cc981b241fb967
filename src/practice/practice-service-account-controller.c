/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-account-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"

#define NAMESPACES "/namespaces"
#define SERVICE_ACCOUNTS "/serviceaccounts"

/**
 * PracticeServiceAccountController:
 *
 * Every namespace has a ServiceAccount called default, also again when it was deleted
 * (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
 */
struct _PracticeServiceAccountController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeServiceAccountController,
                     practice_service_account_controller,
                     PRACTICE_TYPE_CONTROLLER)

static void
practice_service_account_controller_reconcile (PracticeController *controller,
                                               const char *namespace_,
                                               const char *name,
                                               JsonNode *object)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) account = NULL;

  if (object == NULL ||
      base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL ||
      practice_store_get (store, SERVICE_ACCOUNTS, name, "default") != NULL)
    return;

  account = practice_object_new ("v1", "ServiceAccount", name, "default");
  practice_store_create (store, SERVICE_ACCOUNTS, g_steal_pointer (&account), NULL);
}

static void
practice_service_account_controller_related (PracticeController *controller,
                                             PracticeEventType type,
                                             const char *resource,
                                             JsonNode *account,
                                             JsonNode *old)
{
  if (type == PRACTICE_EVENT_DELETED)
    practice_controller_enqueue (controller, NULL, base_metadata_get_namespace (account));
}

static void
practice_service_account_controller_class_init (PracticeServiceAccountControllerClass *klass)
{
  static const char *const also[] = { SERVICE_ACCOUNTS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = NAMESPACES;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_service_account_controller_reconcile;
  controller_class->related = practice_service_account_controller_related;
}

static void
practice_service_account_controller_init (PracticeServiceAccountController *self)
{
}

/**
 * practice_service_account_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_service_account_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_SERVICE_ACCOUNT_CONTROLLER, "store", store, NULL);
}

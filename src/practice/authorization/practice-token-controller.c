/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-token-controller.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-names.h"
#include "practice-object.h"
#include "practice-tokens.h"

#define ACCOUNTS "/serviceaccounts"
#define SECRETS "/secrets"
#define TYPE "kubernetes.io/service-account-token"
#define NAME_NOTE "kubernetes.io/service-account.name"
#define UID_NOTE "kubernetes.io/service-account.uid"
#define CA_SETTING "api/ca"

struct _PracticeTokenController {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeTokenController, practice_token_controller, PRACTICE_TYPE_CONTROLLER)

static gboolean
is_for (JsonNode *secret, const char *name)
{
  return g_strcmp0 (base_json_get_string (secret, "type", NULL), TYPE) == 0 &&
         g_strcmp0 (base_metadata_get_annotation (secret, NAME_NOTE), name) == 0;
}

/* @text (nullable) */
static void
set_data (JsonObject *data, const char *key, const char *text)
{
  g_autofree char *encoded = NULL;

  if (text == NULL)
    return;
  encoded = g_base64_encode ((const guchar *)text, strlen (text));
  json_object_set_string_member (data, key, encoded);
}

/* FALSE: there is no token. */
static gboolean
fill (PracticeStore *store, JsonNode *account, JsonNode *secret)
{
  const char *namespace_ = base_metadata_get_namespace (account);
  g_autofree char *token =
    practice_tokens_new_for_secret (store, account, base_metadata_get_name (secret));
  g_autofree char *ca = practice_store_dup_setting (store, CA_SETTING);
  JsonObject *data = json_object_new ();

  if (token == NULL) {
    json_object_unref (data);
    return FALSE;
  }
  set_data (data, "ca.crt", ca);
  set_data (data, "namespace", namespace_);
  set_data (data, "token", token);
  json_object_set_object_member (json_node_get_object (secret), "data", data);
  return TRUE;
}

static JsonNode *
new_secret (JsonNode *account)
{
  const char *name = base_metadata_get_name (account);
  g_autofree char *prefix = g_strconcat (name, "-token-", NULL);
  g_autofree char *own = practice_names_generate (prefix);
  JsonNode *secret =
    practice_object_new ("v1", "Secret", base_metadata_get_namespace (account), own);
  JsonObject *notes = json_object_new ();

  json_object_set_string_member (notes, NAME_NOTE, name);
  json_object_set_string_member (notes, UID_NOTE, base_metadata_get_uid (account));
  json_object_set_object_member (base_json_get_object (secret, "metadata", NULL), "annotations",
                                 notes);
  json_object_set_string_member (json_node_get_object (secret), "type", TYPE);
  return secret;
}

static void
add_to_account (PracticeStore *store, JsonNode *account, const char *secret)
{
  g_autoptr (JsonNode) changed = base_json_copy (account);
  JsonObject *reference = json_object_new ();

  if (base_json_get_array (changed, "secrets", NULL) == NULL)
    json_object_set_array_member (json_node_get_object (changed), "secrets", json_array_new ());
  json_object_set_string_member (reference, "name", secret);
  json_array_add_object_element (base_json_get_array (changed, "secrets", NULL), reference);
  practice_store_update (store, ACCOUNTS, g_steal_pointer (&changed), NULL, NULL);
}

static void
give_token (PracticeStore *store, JsonNode *account)
{
  JsonArray *secrets = base_json_get_array (account, "secrets", NULL);
  const char *namespace_ = base_metadata_get_namespace (account);
  g_autoptr (JsonNode) secret = NULL;
  g_autofree char *name = NULL;

  for (guint i = 0; i < base_json_get_length (secrets); i++) {
    const char *present = base_json_get_string (json_array_get_element (secrets, i), "name", NULL);

    if (present != NULL && practice_store_get (store, SECRETS, namespace_, present) != NULL)
      return;
  }
  secret = new_secret (account);
  if (!fill (store, account, secret))
    return;
  name = g_strdup (base_metadata_get_name (secret));
  if (practice_store_create (store, SECRETS, g_steal_pointer (&secret), NULL) != NULL)
    add_to_account (store, account, name);
}

/* A Secret that somebody made for an account gets its token; those of an account that is gone go.
 */
static void
tend_secrets (PracticeStore *store, const char *namespace_, const char *name, JsonNode *account)
{
  g_autoptr (GPtrArray) secrets = practice_store_list (store, SECRETS, namespace_);

  for (guint i = 0; i < secrets->len; i++) {
    JsonNode *secret = secrets->pdata[i];
    g_autoptr (JsonNode) filled = NULL;

    if (!is_for (secret, name))
      continue;
    if (account == NULL) {
      practice_store_delete (store, SECRETS, namespace_, base_metadata_get_name (secret), NULL);
    } else if (base_json_get (secret, "data", "token", NULL) == NULL) {
      filled = base_json_copy (secret);
      if (fill (store, account, filled))
        practice_store_update (store, SECRETS, g_steal_pointer (&filled), NULL, NULL);
    }
  }
}

static void
practice_token_controller_reconcile (PracticeController *controller,
                                     const char *namespace_,
                                     const char *name,
                                     JsonNode *object)
{
  PracticeStore *store = practice_controller_get_store (controller);
  g_autoptr (JsonNode) account = object != NULL ? json_node_ref (object) : NULL;

  tend_secrets (store, namespace_, name, account);
  if (account != NULL &&
      base_json_get_string (account, "metadata", "deletionTimestamp", NULL) == NULL)
    give_token (store, account);
}

static void
practice_token_controller_related (PracticeController *controller,
                                   PracticeEventType type,
                                   const char *resource,
                                   JsonNode *secret,
                                   JsonNode *old)
{
  const char *account = base_metadata_get_annotation (secret, NAME_NOTE);

  if (account != NULL && g_strcmp0 (base_json_get_string (secret, "type", NULL), TYPE) == 0)
    practice_controller_enqueue (controller, base_metadata_get_namespace (secret), account);
}

static void
practice_token_controller_class_init (PracticeTokenControllerClass *klass)
{
  static const char *const also[] = { SECRETS, NULL };
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = ACCOUNTS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_token_controller_reconcile;
  controller_class->related = practice_token_controller_related;
}

static void
practice_token_controller_init (PracticeTokenController *self)
{
}

/**
 * practice_token_controller_new:
 * @store: the state
 *
 * Returns: (transfer full): the controller
 */
PracticeController *
practice_token_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_TOKEN_CONTROLLER, "store", store, NULL);
}

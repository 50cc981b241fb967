/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-account-admission.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-status.h"

#define ACCOUNTS "/serviceaccounts"
#define SECRETS "/secrets"
#define PODS "/pods"
#define DEFAULT_ACCOUNT "default"

static const char *
get_account_name (JsonNode *pod)
{
  const char *name = base_json_get_string (pod, "spec", "serviceAccountName", NULL);

  if (name == NULL || *name == '\0')
    name = base_json_get_string (pod, "spec", "serviceAccount", NULL);
  return name != NULL && *name != '\0' ? name : DEFAULT_ACCOUNT;
}

/* The Secret of @account that is there; NULL: none yet. */
static const char *
find_secret (PracticeStore *store, JsonNode *account)
{
  JsonArray *secrets = base_json_get_array (account, "secrets", NULL);
  const char *namespace_ = base_metadata_get_namespace (account);

  for (guint i = 0; i < base_json_get_length (secrets); i++) {
    const char *name = base_json_get_string (json_array_get_element (secrets, i), "name", NULL);

    if (name != NULL && practice_store_get (store, SECRETS, namespace_, name) != NULL)
      return name;
  }

  return NULL;
}

/* What is said at the pod goes before what is said at the account. */
static gboolean
is_mounted (JsonNode *pod, JsonNode *account)
{
  gboolean by_account = base_json_get_boolean (account, TRUE, "automountServiceAccountToken", NULL);

  return base_json_get_boolean (pod, by_account, "spec", "automountServiceAccountToken", NULL);
}

/* A container that has something there itself keeps it. FALSE: so it is. */
static gboolean
mount (JsonNode *container, const char *volume)
{
  JsonArray *mounts = base_json_get_array (container, "volumeMounts", NULL);
  JsonObject *entry;

  for (guint i = 0; i < base_json_get_length (mounts); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (mounts, i), "mountPath", NULL),
                   PRACTICE_ACCOUNT_FOLDER) == 0)
      return FALSE;
  if (mounts == NULL) {
    mounts = json_array_new ();
    json_object_set_array_member (json_node_get_object (container), "volumeMounts", mounts);
  }
  entry = json_object_new ();
  json_object_set_string_member (entry, "name", volume);
  json_object_set_boolean_member (entry, "readOnly", TRUE);
  json_object_set_string_member (entry, "mountPath", PRACTICE_ACCOUNT_FOLDER);
  json_array_add_object_element (mounts, entry);

  return TRUE;
}

static gboolean
mount_all (JsonNode *pod, const char *list, const char *volume)
{
  JsonArray *containers = base_json_get_array (pod, "spec", list, NULL);
  gboolean any = FALSE;

  for (guint i = 0; i < base_json_get_length (containers); i++)
    any = mount (json_array_get_element (containers, i), volume) || any;

  return any;
}

static void
add_volume (JsonNode *pod, const char *secret)
{
  JsonArray *volumes = base_json_get_array (pod, "spec", "volumes", NULL);
  JsonObject *source = json_object_new ();
  JsonObject *volume = json_object_new ();

  if (volumes == NULL) {
    volumes = json_array_new ();
    json_object_set_array_member (practice_object_ensure (pod, "spec", NULL), "volumes", volumes);
  }
  json_object_set_string_member (source, "secretName", secret);
  json_object_set_string_member (volume, "name", secret);
  json_object_set_object_member (volume, "secret", source);
  json_array_add_object_element (volumes, volume);
}

/**
 * practice_account_admission_admit:
 * @store: the cluster's objects
 * @pod: a new pod, changed in place
 * @error: return location
 *
 * Does what the ServiceAccount admission controller does
 * (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/). A namespace
 * that is so new that it has no account at all takes the pod as it is.
 *
 * Returns: %FALSE with a Status where there is no account of the name that @pod says
 */
gboolean
practice_account_admission_admit (PracticeStore *store, JsonNode *pod, GError **error)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  const char *name = get_account_name (pod);
  JsonNode *account = practice_store_get (store, ACCOUNTS, namespace_, name);
  g_autofree char *secret = NULL;
  gboolean init, main_;

  if (base_json_get_object (pod, "spec", NULL) == NULL)
    return TRUE;
  if (account == NULL &&
      practice_store_get (store, ACCOUNTS, namespace_, DEFAULT_ACCOUNT) != NULL) {
    g_autofree char *why =
      g_strdup_printf ("error looking up service account %s/%s: serviceaccount \"%s\" not found",
                       namespace_, name, name);

    practice_status_set_stored_forbidden (error, PODS, base_metadata_get_name (pod), why);
    return FALSE;
  }
  secret = g_strdup (account != NULL ? find_secret (store, account) : NULL);
  if (secret == NULL || !is_mounted (pod, account))
    return TRUE;
  init = mount_all (pod, "initContainers", secret);
  main_ = mount_all (pod, "containers", secret);
  if (init || main_)
    add_volume (pod, secret);

  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-hindrance.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "kube-object.h"

static gboolean
is_empty (JsonArray *array)
{
  return array == NULL || json_array_get_length (array) == 0;
}

/* It selects every pod of its namespace, and allows nobody:
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/ */
static gboolean
denies_all (JsonNode *policy)
{
  JsonObject *labels = base_json_get_object (policy, "spec", "podSelector", "matchLabels", NULL);
  JsonArray *types = base_json_get_array (policy, "spec", "policyTypes", NULL);
  gboolean is_of_ingress = types == NULL;

  for (guint i = 0; types != NULL && i < json_array_get_length (types); i++)
    is_of_ingress |=
      g_strcmp0 (base_json_get_string (json_array_get_element (types, i), NULL), "Ingress") == 0;
  return is_of_ingress && (labels == NULL || json_object_get_size (labels) == 0) &&
         is_empty (base_json_get_array (policy, "spec", "podSelector", "matchExpressions", NULL)) &&
         is_empty (base_json_get_array (policy, "spec", "ingress", NULL));
}

/* (nullable) */
static char *
dup_sentence_of_policies (GListModel *policies, const char *namespace_)
{
  for (guint i = 0; i < g_list_model_get_n_items (policies); i++) {
    g_autoptr (KubeObject) policy = g_list_model_get_item (policies, i);
    const char *name = kube_object_get_name (policy);
    g_autoptr (JsonNode) json = NULL;

    if (g_strcmp0 (kube_object_get_namespace (policy), namespace_) != 0)
      continue;
    json = kube_object_ref_json (policy);
    if (denies_all (json))
      return g_strdup_printf (
        /* Translators: a policy's name, a namespace, and the policy's name again */
        _ ("The network policy %s lets nobody in to the pods of %s. Delete it: kubectl delete "
           "networkpolicy %s"),
        name, namespace_, name);
  }

  return NULL;
}

/**
 * session_hindrance_dup_sentence:
 * @trouble: what is wrong with the answers
 * @policies: all NetworkPolicies that are known
 * @namespace_: where Bookinfo is
 *
 * Returns: (transfer full) (nullable): nothing to say where there is no trouble, or none that is
 * not the connection's
 */
char *
session_hindrance_dup_sentence (SessionAskerTrouble trouble,
                                GListModel *policies,
                                const char *namespace_)
{
  char *sentence = NULL;

  if (trouble == SESSION_ASKER_SILENT || trouble == SESSION_ASKER_NOT_SERVED)
    sentence = dup_sentence_of_policies (policies, namespace_);
  if (sentence != NULL)
    return sentence;

  switch (trouble) {
    case SESSION_ASKER_NO_PAGE:
      return g_strdup (_ ("The gateway does not know the product page. Let requests in: kubectl "
                          "apply -f samples/bookinfo/networking/bookinfo-gateway.yaml"));
    case SESSION_ASKER_SILENT:
      return g_strdup (_ ("The page does not answer. Check its pods: kubectl get pods"));
    case SESSION_ASKER_NOT_SERVED:
      return g_strdup (_ ("The gateway cannot reach the product page. Check its pod: kubectl get "
                          "pods --selector app=productpage"));
    case SESSION_ASKER_NO_SIGN_IN:
      return g_strdup (_ ("The page does not let jason sign in. Open it in a browser, and see "
                          "whether “Sign in” works there."));
    case SESSION_ASKER_NAMELESS:
    case SESSION_ASKER_REFUSED:
    case SESSION_ASKER_BROKEN:
    case SESSION_ASKER_FINE:
    default:
      return NULL;
  }
}

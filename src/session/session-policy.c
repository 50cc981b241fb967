/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-policy.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-spelling.h"
#include "session-labels.h"

/* Policies add up: a pod that one of them selects lets in what any of them allows, and nothing else
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/). */

static JsonNode *
get_selector (JsonNode *policy)
{
  return base_json_get (policy, "spec", "podSelector", NULL);
}

static gboolean
is_of_ingress (JsonNode *policy)
{
  JsonArray *types = base_json_get_array (policy, "spec", "policyTypes", NULL);

  for (guint i = 0; i < base_json_get_length (types); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (types, i), NULL), "Ingress") == 0)
      return TRUE;
  return base_json_get_length (types) == 0;
}

static gboolean
selects (JsonNode *policy, JsonNode *pod)
{
  return is_of_ingress (policy) &&
         g_strcmp0 (base_metadata_get_namespace (policy), base_metadata_get_namespace (pod)) == 0 &&
         session_labels_select (get_selector (policy), pod);
}

/* A port by its name may be any. */
static gboolean
has_port (JsonNode *rule, gint64 port)
{
  JsonArray *ports = base_json_get_array (rule, "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *node = json_array_get_element (ports, i);
    gint64 first = base_json_get_int (node, 0, "port", NULL);

    if (base_json_get_string (node, "port", NULL) != NULL || first == 0 || port == 0 ||
        (port >= first && port <= base_json_get_int (node, first, "endPort", NULL)))
      return TRUE;
  }
  return base_json_get_length (ports) == 0;
}

/* Whether those who come are among the peers: who comes from outside is no pod that a selector
 * could name; which pods it names of those inside is not looked at. */
static gboolean
has_peer (JsonNode *rule, gboolean from_inside)
{
  JsonArray *peers = base_json_get_array (rule, "from", NULL);

  for (guint i = 0; i < base_json_get_length (peers); i++) {
    const char *block =
      base_json_get_string (json_array_get_element (peers, i), "ipBlock", "cidr", NULL);

    if (from_inside && block == NULL)
      return TRUE;
    if (g_strcmp0 (block, "0.0.0.0/0") == 0 || g_strcmp0 (block, "::/0") == 0)
      return TRUE;
  }
  return base_json_get_length (peers) == 0;
}

static gboolean
admits (JsonNode *policy, gint64 port, gboolean from_inside)
{
  JsonArray *rules = base_json_get_array (policy, "spec", "ingress", NULL);

  for (guint i = 0; i < base_json_get_length (rules); i++) {
    JsonNode *rule = json_array_get_element (rules, i);

    if (has_peer (rule, from_inside) && has_port (rule, port))
      return TRUE;
  }
  return FALSE;
}

/**
 * session_policy_find:
 * @policies: all NetworkPolicies that are known
 * @port: of @pod; 0: any
 * @from_inside: whether other pods come to it
 *
 * Returns: (transfer none) (nullable): the policy that keeps them from @pod; one that lets nobody
 * in before one that lets in some
 */
JsonNode *
session_policy_find (GPtrArray *policies, JsonNode *pod, gint64 port, gboolean from_inside)
{
  JsonNode *found = NULL;

  for (guint i = 0; i < policies->len; i++) {
    JsonNode *policy = g_ptr_array_index (policies, i);

    if (!selects (policy, pod))
      continue;
    if (admits (policy, port, from_inside))
      return NULL;
    if (found == NULL ||
        base_json_get_length (base_json_get_array (policy, "spec", "ingress", NULL)) == 0)
      found = policy;
  }
  return found;
}

/* Whether a label is written much as one of @pod is. */
static gboolean
nearly_selects (JsonNode *policy, JsonNode *pod)
{
  JsonObject *labels = base_json_get_object (get_selector (policy), "matchLabels", NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (labels == NULL)
    return FALSE;
  json_object_iter_init (&iter, labels);
  while (json_object_iter_next (&iter, &key, &value)) {
    const char *label = base_metadata_get_label (pod, key);
    const char *wanted = base_json_get_string (value, NULL);

    if (label != NULL && wanted != NULL && base_spelling_is_near (label, wanted))
      return TRUE;
  }
  return FALSE;
}

/* (nullable): a policy beside @policy that would let everybody in, were it written right */
static JsonNode *
find_misspelt (GPtrArray *policies, JsonNode *pod, JsonNode *policy)
{
  for (guint i = 0; i < policies->len; i++) {
    JsonNode *other = g_ptr_array_index (policies, i);

    if (other != policy &&
        g_strcmp0 (base_metadata_get_namespace (other), base_metadata_get_namespace (policy)) ==
          0 &&
        admits (other, 0, FALSE) && nearly_selects (other, pod))
      return other;
  }
  return NULL;
}

/* What @policy selects, in words. */
static char *
dup_selection (JsonNode *policy)
{
  g_autofree char *labels = session_labels_dup_selector_text (get_selector (policy));

  if (session_labels_select_all (get_selector (policy)))
    /* Translators: %s is a namespace */
    return g_strdup_printf (_ ("every pod of %s"), base_metadata_get_namespace (policy));
  /* Translators: labels such as app=redis, and a namespace */
  return g_strdup_printf (_ ("the pods %s of %s"), labels, base_metadata_get_namespace (policy));
}

/**
 * session_policy_dup_sentence:
 * @policies: all that are known
 * @pod: that cannot be reached
 * @policy: that session_policy_find() has found
 *
 * Returns: (transfer full): which it is, whom it selects, and what to do
 */
char *
session_policy_dup_sentence (GPtrArray *policies, JsonNode *pod, JsonNode *policy)
{
  gboolean lets_some_in =
    base_json_get_length (base_json_get_array (policy, "spec", "ingress", NULL)) > 0;
  const char *name = base_metadata_get_name (policy);
  const char *namespace_ = base_metadata_get_namespace (policy);
  JsonNode *misspelt = find_misspelt (policies, pod, policy);
  g_autofree char *selection = dup_selection (policy);
  g_autofree char *labels = NULL;

  if (misspelt != NULL && !lets_some_in) {
    labels = session_labels_dup_selector_text (get_selector (misspelt));
    return g_strdup_printf (
      /* Translators: a policy with its namespace, whom it selects in words, another policy with its
       * namespace, labels, and a pod */
      _ ("The network policy %s/%s selects %s and lets nobody in, and %s/%s, which would, selects "
         "%s, which the pod %s does not have."),
      namespace_, name, selection, base_metadata_get_namespace (misspelt),
      base_metadata_get_name (misspelt), labels, base_metadata_get_name (pod));
  }
  if (lets_some_in)
    return g_strdup_printf (
      /* Translators: a policy with its namespace, whom it selects in words, and the policy and its
       * namespace again */
      _ (
        "The network policy %s/%s selects %s and lets in only some, nobody from outside. See whom: "
        "kubectl describe networkpolicy %s -n %s"),
      namespace_, name, selection, name, namespace_);
  return g_strdup_printf (
    /* Translators: a policy with its namespace, whom it selects in words, and the policy and its
     * namespace again */
    _ ("The network policy %s/%s selects %s and lets nobody in. Delete it, or allow the connection "
       "by another policy: kubectl delete networkpolicy %s -n %s"),
    namespace_, name, selection, name, namespace_);
}

/**
 * session_policy_dup_openness:
 * @policies: all that are known
 * @pod: that can be reached, and should not
 * @port: of @pod; 0: any
 *
 * Returns: (transfer full): which policy lets others in, or that none keeps them out
 */
char *
session_policy_dup_openness (GPtrArray *policies, JsonNode *pod, gint64 port)
{
  JsonNode *other = NULL;
  g_autofree char *selection = NULL;

  for (guint i = 0; i < policies->len; i++) {
    JsonNode *policy = g_ptr_array_index (policies, i);

    if (selects (policy, pod) && admits (policy, port, FALSE))
      return g_strdup_printf (
        /* Translators: a policy with its namespace, and a pod; then the policy and its namespace */
        _ ("The network policy %s/%s lets everybody in to the pod %s. Delete it: kubectl delete "
           "networkpolicy %s -n %s"),
        base_metadata_get_namespace (policy), base_metadata_get_name (policy),
        base_metadata_get_name (pod), base_metadata_get_name (policy),
        base_metadata_get_namespace (policy));
    if (g_strcmp0 (base_metadata_get_namespace (policy), base_metadata_get_namespace (pod)) == 0 &&
        !selects (policy, pod) && !admits (policy, 0, FALSE))
      other = policy;
  }
  if (session_policy_find (policies, pod, port, FALSE) != NULL)
    /* Translators: %s is a pod */
    return g_strdup_printf (
      _ ("A network policy selects the pod %s and lets nobody in. Give it a "
         "minute; then the cluster's network may not enforce policies at all."),
      base_metadata_get_name (pod));
  if (other == NULL)
    /* Translators: a pod, and its namespace */
    return g_strdup_printf (_ ("No network policy of %s selects the pod %s."),
                            base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  selection = dup_selection (other);
  /* Translators: a policy with its namespace, whom it selects in words, and a pod */
  return g_strdup_printf (
    _ ("The network policy %s/%s selects %s, and the pod %s is none of them."),
    base_metadata_get_namespace (other), base_metadata_get_name (other), selection,
    base_metadata_get_name (pod));
}

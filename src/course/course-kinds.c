/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-kinds.h"

#include <string.h>

/* Plural, singular and, where there is one, short name, as kubectl takes them. */
static const char *const kinds[][3] = {
  { "configmaps", "configmap", "cm" },
  { "customresourcedefinitions", "customresourcedefinition", "crd" },
  { "deployments", "deployment", "deploy" },
  { "destinationrules", "destinationrule", "dr" },
  { "endpoints", "ep" },
  { "events", "event", "ev" },
  { "gateways", "gateway", "gw" },
  { "ingresses", "ingress", "ing" },
  { "namespaces", "namespace", "ns" },
  { "networkpolicies", "networkpolicy", "netpol" },
  { "nodes", "node", "no" },
  { "pods", "pod", "po" },
  { "replicasets", "replicaset", "rs" },
  { "secrets", "secret" },
  { "serviceaccounts", "serviceaccount", "sa" },
  { "services", "service", "svc" },
  { "virtualservices", "virtualservice", "vs" },
};

/**
 * course_kinds_get_plural:
 * @name: (nullable): a kind as a course writes it, in any case; a group behind a dot, as in
 *   `ingresses.extensions`, is not looked at
 *
 * Returns: (nullable): its plural; %NULL where a course may not check such a kind
 */
const char *
course_kinds_get_plural (const char *name)
{
  gsize length = name != NULL ? strcspn (name, ".") : 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < G_N_ELEMENTS (kinds[i]) && kinds[i][j] != NULL; j++)
      if (strlen (kinds[i][j]) == length && g_ascii_strncasecmp (kinds[i][j], name, length) == 0)
        return kinds[i][0];
  return NULL;
}

/**
 * course_kinds_contain:
 * @name: a kind as a course writes it
 *
 * The linter's knowledge of kinds. It tells a slip of the pen without a cluster; what the cluster
 * really has is the client's to find out.
 *
 * Returns: whether @name is a kind that a course may check
 */
gboolean
course_kinds_contain (const char *name)
{
  return course_kinds_get_plural (name) != NULL;
}

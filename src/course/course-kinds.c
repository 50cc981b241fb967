/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-kinds.h"

/* Plural, singular and, where there is one, short name, as kubectl takes them. */
static const char *const kinds[] = {
  "configmaps,configmap,cm",
  "customresourcedefinitions,customresourcedefinition,crd",
  "deployments,deployment,deploy",
  "destinationrules,destinationrule,dr",
  "endpoints,ep",
  "events,event,ev",
  "gateways,gateway,gw",
  "ingresses,ingress,ing",
  "namespaces,namespace,ns",
  "networkpolicies,networkpolicy,netpol",
  "nodes,node,no",
  "pods,pod,po",
  "replicasets,replicaset,rs",
  "secrets,secret",
  "serviceaccounts,serviceaccount,sa",
  "services,service,svc",
  "virtualservices,virtualservice,vs",
};

/**
 * course_kinds_contain:
 * @name: a kind as a course writes it
 *
 * The linter's knowledge of kinds. It tells a slip of the pen without a cluster; what the cluster
 * really has is the client's to find out. A group behind a dot, as in `ingresses.extensions`, is
 * not looked at.
 *
 * Returns: whether @name is a kind that a course may check, in any case
 */
gboolean
course_kinds_contain (const char *name)
{
  g_autofree char *bare = g_strndup (name, strcspn (name, "."));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    g_auto (GStrv) names = g_strsplit (kinds[i], ",", -1);

    for (guint j = 0; names[j] != NULL; j++)
      if (g_ascii_strcasecmp (names[j], bare) == 0)
        return TRUE;
  }
  return FALSE;
}

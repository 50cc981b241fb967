/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-kind-private.h"

#include <string.h>

#define VERSIONS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* Versions by the API references of Kubernetes 1.15 to 1.33 and of Istio 1.3 to 1.24, newest first.
 * The order of the table decides which kind wins a name that several groups have. */
static const KubeKind kinds[] = {
  { "Node", "nodes", "node", "no", "", VERSIONS ("v1"), FALSE },
  { "Namespace", "namespaces", "namespace", "ns", "", VERSIONS ("v1"), FALSE },
  { "Pod", "pods", "pod", "po", "", VERSIONS ("v1"), TRUE },
  { "Service", "services", "service", "svc", "", VERSIONS ("v1"), TRUE },
  { "Endpoints", "endpoints", "endpoints", "ep", "", VERSIONS ("v1"), TRUE },
  { "ConfigMap", "configmaps", "configmap", "cm", "", VERSIONS ("v1"), TRUE },
  { "Secret", "secrets", "secret", NULL, "", VERSIONS ("v1"), TRUE },
  { "ServiceAccount", "serviceaccounts", "serviceaccount", "sa", "", VERSIONS ("v1"), TRUE },
  { "Event", "events", "event", "ev", "", VERSIONS ("v1"), TRUE },
  { "Deployment", "deployments", "deployment", "deploy", "apps", VERSIONS ("v1"), TRUE },
  { "ReplicaSet", "replicasets", "replicaset", "rs", "apps", VERSIONS ("v1"), TRUE },
  { "Ingress", "ingresses", "ingress", "ing", "networking.k8s.io", VERSIONS ("v1", "v1beta1"),
    TRUE },
  { "Ingress", "ingresses", "ingress", "ing", "extensions", VERSIONS ("v1beta1"), TRUE },
  { "NetworkPolicy", "networkpolicies", "networkpolicy", "netpol", "networking.k8s.io",
    VERSIONS ("v1"), TRUE },
  { "CustomResourceDefinition", "customresourcedefinitions", "customresourcedefinition", "crd",
    "apiextensions.k8s.io", VERSIONS ("v1", "v1beta1"), FALSE },
  { "VirtualService", "virtualservices", "virtualservice", "vs", "networking.istio.io",
    VERSIONS ("v1", "v1beta1", "v1alpha3"), TRUE },
  { "DestinationRule", "destinationrules", "destinationrule", "dr", "networking.istio.io",
    VERSIONS ("v1", "v1beta1", "v1alpha3"), TRUE },
  { "Gateway", "gateways", "gateway", "gw", "networking.istio.io",
    VERSIONS ("v1", "v1beta1", "v1alpha3"), TRUE },
};

static gboolean
name_equal (const char *candidate, const char *name, gsize length)
{
  return candidate != NULL && strlen (candidate) == length &&
         g_ascii_strncasecmp (candidate, name, length) == 0;
}

/**
 * kube_kind_lookup:
 * @name: a plural, singular, short name or kind in any case, or `plural.group`
 *
 * Finds a resource by any name that kubectl takes for it. A bare name that several API groups
 * have is the one of the preferred group; `ingresses.extensions` names another one.
 *
 * Returns: (transfer none) (nullable): static data, or %NULL for a name that is not known
 */
const KubeKind *
kube_kind_lookup (const char *name)
{
  const char *group;
  gsize length;

  g_return_val_if_fail (name != NULL, NULL);

  group = strchr (name, '.');
  length = group != NULL ? (gsize)(group - name) : strlen (name);

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const KubeKind *kind = &kinds[i];

    if (group != NULL && g_ascii_strcasecmp (kind->group, group + 1) != 0)
      continue;
    if (name_equal (kind->plural, name, length) || name_equal (kind->singular, name, length) ||
        name_equal (kind->short_name, name, length) || name_equal (kind->kind, name, length))
      return kind;
  }
  return NULL;
}

/*
 * kube_kind_get_all:
 * @n_kinds: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_kinds): all resources that the program knows
 */
const KubeKind *
kube_kind_get_all (gsize *n_kinds)
{
  *n_kinds = G_N_ELEMENTS (kinds);
  return kinds;
}

/**
 * kube_kind_dup_path:
 * @self: a kind
 * @version: a version of its group, such as `v1`
 * @namespace_: (nullable): a namespace, or %NULL for all (and for kinds that have none)
 * @name: (nullable): an object's name, or %NULL for the collection
 *
 * The path of a resource, as the Kubernetes API concepts page lays it out. Each part is
 * percent-encoded. @namespace_ is left out where @self is not namespaced.
 *
 * Returns: (transfer full): a path that starts with a slash
 */
char *
kube_kind_dup_path (const KubeKind *self,
                    const char *version,
                    const char *namespace_,
                    const char *name)
{
  GString *path;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (version != NULL, NULL);

  path = g_string_new (NULL);
  if (*self->group == '\0')
    g_string_append (path, "/api/");
  else
    g_string_append_printf (path, "/apis/%s/", self->group);
  g_string_append_uri_escaped (path, version, NULL, FALSE);
  if (self->namespaced && namespace_ != NULL) {
    g_string_append (path, "/namespaces/");
    g_string_append_uri_escaped (path, namespace_, NULL, FALSE);
  }
  g_string_append_printf (path, "/%s", self->plural);
  if (name != NULL) {
    g_string_append_c (path, '/');
    g_string_append_uri_escaped (path, name, NULL, FALSE);
  }
  return g_string_free (path, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-kind.h"

static void
test_lookup (void)
{
  static const struct {
    const char *name;
    const char *plural;
    const char *group;
  } cases[] = {
    { "nodes", "nodes", "" },
    { "NO", "nodes", "" },
    { "Service", "services", "" },
    { "svc", "services", "" },
    { "endpoints", "endpoints", "" },
    { "deploy", "deployments", "apps" },
    { "ReplicaSet", "replicasets", "apps" },
    { "ing", "ingresses", "networking.k8s.io" },
    { "ingresses.extensions", "ingresses", "extensions" },
    { "Ingress.networking.k8s.io", "ingresses", "networking.k8s.io" },
    { "netpol", "networkpolicies", "networking.k8s.io" },
    { "crd", "customresourcedefinitions", "apiextensions.k8s.io" },
    { "vs", "virtualservices", "networking.istio.io" },
    { "destinationrule", "destinationrules", "networking.istio.io" },
    { "gateways", "gateways", "networking.istio.io" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    const KubeKind *kind = kube_kind_lookup (cases[i].name);

    g_assert_nonnull (kind);
    g_assert_cmpstr (kind->plural, ==, cases[i].plural);
    g_assert_cmpstr (kind->group, ==, cases[i].group);
    g_assert_nonnull (kind->versions[0]);
  }

  g_assert_null (kube_kind_lookup (""));
  g_assert_null (kube_kind_lookup ("podd"));
  g_assert_null (kube_kind_lookup ("po d"));
  g_assert_null (kube_kind_lookup ("pods.apps"));
  g_assert_null (kube_kind_lookup ("gateways.gateway.networking.k8s.io"));
}

static void
test_path (void)
{
  const KubeKind *pods = kube_kind_lookup ("pods");
  const KubeKind *nodes = kube_kind_lookup ("nodes");
  const KubeKind *services = kube_kind_lookup ("virtualservices");
  g_autofree char *all = kube_kind_dup_path (pods, "v1", NULL, NULL);
  g_autofree char *some = kube_kind_dup_path (pods, "v1", "default", NULL);
  g_autofree char *node = kube_kind_dup_path (nodes, "v1", "ignored", "node-1");
  g_autofree char *one = kube_kind_dup_path (services, "v1alpha3", "default", "reviews");
  g_autofree char *odd = kube_kind_dup_path (pods, "v1", "a/../b", "x?y#z%");

  g_assert_cmpstr (all, ==, "/api/v1/pods");
  g_assert_cmpstr (some, ==, "/api/v1/namespaces/default/pods");
  g_assert_cmpstr (node, ==, "/api/v1/nodes/node-1");
  g_assert_cmpstr (one, ==,
                   "/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices/reviews");
  g_assert_cmpstr (odd, ==, "/api/v1/namespaces/a%2F..%2Fb/pods/x%3Fy%23z%25");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/kind/lookup", test_lookup);
  g_test_add_func ("/kube/kind/path", test_path);
  return g_test_run ();
}

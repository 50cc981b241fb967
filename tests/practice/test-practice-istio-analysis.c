/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-analysis.h"

#include "test-mesh-store.h"

static void
assert_found (TestMesh *mesh, const char *expected)
{
  g_auto (GStrv) lines = practice_istio_analyze (mesh->store, "default");
  g_autofree char *text = g_strjoinv ("\n", lines);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_nothing (TestMesh *mesh, gconstpointer data)
{
  test_mesh_apply (mesh, TEST_REVIEWS_RULE);
  test_mesh_apply (mesh, "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: "
                         "[reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]"
                         "}}");
  assert_found (mesh, "");
}

static void
test_references (TestMesh *mesh, gconstpointer data)
{
  test_mesh_apply (
    mesh, "{kind: VirtualService, metadata: {name: a}, spec: {hosts: [reviews], gateways: [mesh, "
          "front], http: [{route: [{destination: {host: reviews, subset: v1}}, {destination: {host:"
          " nowhere}}]}]}}");
  test_mesh_apply (mesh, "{kind: Gateway, metadata: {name: g}, spec: {selector: {istio: gone}, "
                         "servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]"
                         "}}");
  assert_found (
    mesh,
    "Error [IST0106] (VirtualService a.default) Schema validation error: total destination weight "
    "0 != 100\n"
    "Error [IST0101] (VirtualService a.default) Referenced gateway not found: \"front\"\n"
    "Error [IST0101] (VirtualService a.default) Referenced host+subset in destinationrule not "
    "found: \"reviews+v1\"\n"
    "Error [IST0101] (VirtualService a.default) Referenced host not found: \"nowhere\"\n"
    "Error [IST0101] (Gateway g.default) Referenced selector not found: \"istio=gone\"");
}

static void
test_injection (TestMesh *mesh, gconstpointer data)
{
  test_mesh_add_pod (mesh, "ratings", "v1", "10.1.0.4", FALSE);
  assert_found (mesh,
                "Warn [IST0103] (Pod ratings-v1-5d4c.default) The pod is missing the Istio proxy. "
                "This can often be resolved by restarting or redeploying the workload.");
  test_mesh_apply (mesh, "{kind: Namespace, metadata: {name: default, labels: {}}}");
  assert_found (mesh, "Warn [IST0102] (Namespace default) The namespace is not enabled for Istio "
                      "injection. Run 'kubectl label namespace default istio-injection=enabled' to "
                      "enable it, or 'kubectl label namespace default istio-injection=disabled' to "
                      "explicitly mark it as not needing injection");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/practice-istio-analysis/nothing", TestMesh, NULL, test_mesh_set_up, test_nothing,
              test_mesh_tear_down);
  g_test_add ("/practice-istio-analysis/references", TestMesh, NULL, test_mesh_set_up,
              test_references, test_mesh_tear_down);
  g_test_add ("/practice-istio-analysis/injection", TestMesh, NULL, test_mesh_set_up,
              test_injection, test_mesh_tear_down);

  return g_test_run ();
}

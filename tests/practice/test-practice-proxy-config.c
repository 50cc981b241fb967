/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-description.h"
#include "practice-proxy-config.h"
#include "practice-proxy-report.h"
#include "practice-sidecar.h"
#include "test-mesh-store.h"
#include "test-wait.h"

typedef struct {
  TestMesh mesh;
  PracticeFabric *fabric;
  PracticeSidecar *sidecar;
} Fixture;

#define REVIEWS                                                                                    \
  "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: reviews, subsets: [{name: v1, " \
  "labels: {version: v1}}, {name: v3, labels: {version: v3}}]}}"

static void
set_up (Fixture *self, gconstpointer data)
{
  test_mesh_set_up (&self->mesh, NULL);
  self->fabric = practice_fabric_new (self->mesh.store, NULL);
  self->sidecar = practice_sidecar_new (self->mesh.store, self->fabric, 1);
  practice_mesh_set_propagation (practice_sidecar_get_mesh (self->sidecar), 0, 0);
  test_mesh_apply (&self->mesh, REVIEWS);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_wait_finalize (g_steal_pointer (&self->sidecar), 30);
  test_wait_finalize (g_steal_pointer (&self->fabric), 30);
  test_mesh_tear_down (&self->mesh, NULL);
}

static JsonNode *
get_pod (Fixture *self, const char *name)
{
  return practice_store_get (self->mesh.store, "/pods", "default", name);
}

/* Whether a part of the configuration of reviews-v1 has a row, its cells joined by spaces. */
static gboolean
has_row (Fixture *self, PracticeProxyPart part, const char *wanted)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self->sidecar);
  g_autoptr (GPtrArray) rows = practice_proxy_config_list (mesh, practice_mesh_get_config (mesh),
                                                           get_pod (self, "reviews-v1-5d4c"), part);

  for (guint i = 0; i < rows->len; i++) {
    g_autofree char *line = g_strjoinv (" ", rows->pdata[i]);

    if (g_str_equal (line, wanted))
      return TRUE;
  }
  return FALSE;
}

static void
test_parts (Fixture *self, gconstpointer data)
{
  static const struct {
    PracticeProxyPart part;
    const char *row;
    gboolean is_there;
  } cases[] = {
    { PRACTICE_PROXY_CLUSTERS, "SERVICE FQDN PORT SUBSET DIRECTION TYPE", TRUE },
    { PRACTICE_PROXY_CLUSTERS, "BlackHoleCluster - - - STATIC", TRUE },
    { PRACTICE_PROXY_CLUSTERS, "reviews.default.svc.cluster.local 9080 - outbound EDS", TRUE },
    { PRACTICE_PROXY_CLUSTERS, "reviews.default.svc.cluster.local 9080 v3 outbound EDS", TRUE },
    { PRACTICE_PROXY_CLUSTERS, "reviews.default.svc.cluster.local 9080 v2 outbound EDS", FALSE },
    { PRACTICE_PROXY_CLUSTERS, "ratings.default.svc.cluster.local 9080 http inbound STATIC",
      FALSE },
    { PRACTICE_PROXY_LISTENERS, "ADDRESS PORT TYPE", TRUE },
    { PRACTICE_PROXY_LISTENERS, "0.0.0.0 9080 HTTP", TRUE },
    { PRACTICE_PROXY_LISTENERS, "10.1.0.1 15020 TCP", TRUE },
    { PRACTICE_PROXY_ROUTES, "NAME VIRTUAL HOSTS", TRUE },
    { PRACTICE_PROXY_ROUTES, "9080 4", TRUE },
    { PRACTICE_PROXY_ENDPOINTS, "ENDPOINT STATUS OUTLIER CHECK CLUSTER", TRUE },
    { PRACTICE_PROXY_ENDPOINTS,
      "10.1.0.3:9080 HEALTHY OK outbound|9080|v3|reviews.default.svc.cluster.local", TRUE },
    { PRACTICE_PROXY_ENDPOINTS,
      "10.1.0.3:9080 HEALTHY OK outbound|9080|v1|reviews.default.svc.cluster.local", FALSE },
  };
  PracticeProxyPart part;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].row);
    g_assert_cmpint (has_row (self, cases[i].part, cases[i].row), ==, cases[i].is_there);
  }
  g_assert_true (practice_proxy_part_find ("routes", &part));
  g_assert_cmpint (part, ==, PRACTICE_PROXY_ROUTES);
  g_assert_false (practice_proxy_part_find ("secrets", &part));
}

/* A proxy that came while Pilot was away has nothing. */
static void
test_nothing (Fixture *self, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self->sidecar);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;

  practice_store_delete (self->mesh.store, "/pods", "istio-system", "istio-pilot-1", &error);
  g_assert_no_error (error);
  test_mesh_add_pod (&self->mesh, "late", "v1", "10.1.0.11", TRUE);
  rows = practice_proxy_config_list (mesh, practice_mesh_get_config (mesh),
                                     get_pod (self, "late-v1-5d4c"), PRACTICE_PROXY_CLUSTERS);
  g_assert_cmpuint (rows->len, ==, 1);
}

static void
assert_lines (GStrv lines, const char *expected)
{
  g_autofree char *text = g_strjoinv ("\n", lines);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_difference (Fixture *self, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self->sidecar);
  JsonNode *pod = get_pod (self, "reviews-v1-5d4c");
  g_auto (GStrv) same = practice_proxy_report_compare (mesh, pod);
  g_auto (GStrv) different = NULL;

  assert_lines (same, "Clusters Match\nListeners Match\nRoutes Match");
  practice_mesh_set_propagation (mesh, 60000, 60000);
  test_mesh_apply (&self->mesh,
                   "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: reviews, "
                   "subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: "
                   "v2}}]}}");
  different = practice_proxy_report_compare (mesh, pod);
  assert_lines (different, "Clusters Don't Match\n"
                           "-reviews.default.svc.cluster.local  9080  v2  outbound  EDS\n"
                           "+reviews.default.svc.cluster.local  9080  v3  outbound  EDS\n"
                           "Listeners Match\nRoutes Don't Match");
}

static void
test_description (Fixture *self, gconstpointer data)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self->sidecar);
  g_auto (GStrv) fitting = NULL;
  g_auto (GStrv) other = NULL;

  test_mesh_apply (&self->mesh,
                   "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], "
                   "http: [{route: [{destination: {host: reviews, subset: v3}}]}]}}\n---\n"
                   "{kind: VirtualService, metadata: {name: web}, spec: {hosts: ['*'], gateways: "
                   "[web], http: [{route: [{destination: {host: reviews}}]}]}}");
  fitting = practice_pod_description_new (mesh, get_pod (self, "reviews-v3-5d4c"));
  assert_lines (fitting, "Pod: reviews-v3-5d4c\n   Pod Ports: \n--------------------\n"
                         "Service: reviews\n   Port: http 9080/HTTP\n"
                         "Pilot reports that pod is PERMISSIVE (enforces HTTP/mTLS) and clients "
                         "speak HTTP\nDestinationRule: reviews for \"reviews\"\n"
                         "   Matching subsets: v3\n      (Non-matching subsets v1)\n"
                         "   No Traffic Policy\nVirtualService: reviews\n   1 HTTP route(s)");
  other = practice_pod_description_new (mesh, get_pod (self, "reviews-v2-5d4c"));
  g_assert_true (g_strv_contains ((const char *const *)other,
                                  "  WARNING POD DOES NOT MATCH ANY SUBSETS.  (Non matching "
                                  "subsets v1,v3)"));
  g_assert_true (
    g_strv_contains ((const char *const *)other, "      Route to non-matching subset v3"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/practice-proxy-config/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("parts", test_parts);
  ADD ("nothing", test_nothing);
  ADD ("difference", test_difference);
  ADD ("description", test_description);
#undef ADD

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib/gstdio.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* A store in which Bookinfo runs: its Services, its pods with sidecars, and their endpoints. */
typedef struct {
  char *dir;
  PracticeStore *store;
} TestMesh;

#define TEST_MESH_PILOT                                                                            \
  "{kind: Pod, apiVersion: v1, metadata: {name: istio-pilot-1, namespace: istio-system, labels: "  \
  "{istio: pilot}}, spec: {containers: [{name: discovery}]}, status: {phase: Running, "            \
  "conditions: "                                                                                   \
  "[{type: Ready, status: 'True'}]}}"

static inline const char *
test_mesh_get_resource (const char *kind)
{
  static const char *const resources[][2] = {
    { "Namespace", "/namespaces" },
    { "Node", "/nodes" },
    { "Pod", "/pods" },
    { "Service", "/services" },
    { "Endpoints", "/endpoints" },
    { "Secret", "/secrets" },
    { "Ingress", "networking.k8s.io/ingresses" },
    { "NetworkPolicy", "networking.k8s.io/networkpolicies" },
    { "VirtualService", "networking.istio.io/virtualservices" },
    { "DestinationRule", "networking.istio.io/destinationrules" },
    { "Gateway", "networking.istio.io/gateways" },
    { "ServiceEntry", "networking.istio.io/serviceentries" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    if (g_str_equal (resources[i][0], kind))
      return resources[i][1];
  g_error ("no kind %s", kind);
}

/* Stores the documents of @yaml; replaces what is there. */
static inline void
test_mesh_apply (TestMesh *self, const char *yaml)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) documents =
    base_yaml_parse_all (yaml, strlen (yaml), "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < documents->len; i++) {
    JsonNode *object = base_json_copy (documents->pdata[i]);
    const char *resource = test_mesh_get_resource (base_json_get_string (object, "kind", NULL));
    const char *name = base_metadata_get_name (object);
    const char *namespace_ = base_metadata_get_namespace (object);

    if (namespace_ == NULL && !g_str_equal (resource, "/namespaces") &&
        !g_str_equal (resource, "/nodes")) {
      namespace_ = "default";
      json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "namespace",
                                     namespace_);
    }
    if (practice_store_get (self->store, resource, namespace_, name) != NULL)
      practice_store_update (self->store, resource, object, NULL, &error);
    else
      practice_store_create (self->store, resource, object, &error);
    g_assert_no_error (error);
  }
}

static inline void
test_mesh_delete (TestMesh *self, const char *kind, const char *name)
{
  g_autoptr (GError) error = NULL;

  practice_store_delete (self->store, test_mesh_get_resource (kind), "default", name, &error);
  g_assert_no_error (error);
}

static inline void
test_mesh_add_pod (
  TestMesh *self, const char *app, const char *version, const char *address, gboolean has_sidecar)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: Pod, apiVersion: v1, metadata: {name: %s-%s-5d4c, labels: {app: %s, version: %s}},"
    " spec: {containers: [{name: %s}%s]}, status: {podIP: %s, phase: Running}}",
    app, version, app, version, app, has_sidecar ? ", {name: istio-proxy}" : "", address);

  test_mesh_apply (self, yaml);
}

static inline void
test_mesh_add_service (TestMesh *self, const char *app, const char *address, const char *endpoints)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: Service, apiVersion: v1, metadata: {name: %s, labels: {app: %s}}, spec: {clusterIP: %s,"
    " selector: {app: %s}, ports: [{name: http, port: 9080, targetPort: 9080}]}}\n"
    "---\n"
    "{kind: Endpoints, apiVersion: v1, metadata: {name: %s}, subsets: [{addresses: [%s], ports: ["
    "{name: http, port: 9080}]}]}",
    app, app, address, app, app, endpoints);

  test_mesh_apply (self, yaml);
}

static inline void
test_mesh_set_up (TestMesh *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  self->dir = g_dir_make_tmp ("practice-mesh-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (self->dir, "state.db", NULL);
  self->store = practice_store_new (path, &error);
  g_assert_no_error (error);

  test_mesh_apply (self, "{kind: Namespace, apiVersion: v1, metadata: {name: default, labels: {"
                         "istio-injection: enabled}}}\n"
                         "---\n"
                         "{kind: Namespace, apiVersion: v1, metadata: {name: istio-system}}\n"
                         "---\n" TEST_MESH_PILOT);
  test_mesh_add_pod (self, "productpage", "v1", "10.1.0.10", TRUE);
  test_mesh_add_pod (self, "reviews", "v1", "10.1.0.1", TRUE);
  test_mesh_add_pod (self, "reviews", "v2", "10.1.0.2", TRUE);
  test_mesh_add_pod (self, "reviews", "v3", "10.1.0.3", TRUE);
  test_mesh_add_pod (self, "ratings", "v1", "10.1.0.4", TRUE);
  test_mesh_add_service (self, "productpage", "10.0.0.10",
                         "{ip: 10.1.0.10, targetRef: {kind: Pod, name: productpage-v1-5d4c}}");
  test_mesh_add_service (self, "reviews", "10.0.0.1",
                         "{ip: 10.1.0.1, targetRef: {kind: Pod, name: reviews-v1-5d4c}},"
                         "{ip: 10.1.0.2, targetRef: {kind: Pod, name: reviews-v2-5d4c}},"
                         "{ip: 10.1.0.3, targetRef: {kind: Pod, name: reviews-v3-5d4c}}");
  test_mesh_add_service (self, "ratings", "10.0.0.4",
                         "{ip: 10.1.0.4, targetRef: {kind: Pod, name: ratings-v1-5d4c}}");
}

static inline void
test_mesh_tear_down (TestMesh *self, gconstpointer data)
{
  const char *names[] = { "state.db", "state.db-wal", "state.db-shm" };

  g_assert_finalize_object (g_steal_pointer (&self->store));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (self->dir, names[i], NULL);

    g_unlink (path);
  }
  g_rmdir (self->dir);
  g_free (self->dir);
}

#define TEST_REVIEWS_RULE                                                                          \
  "{kind: DestinationRule, metadata: {name: reviews}, spec: {host: reviews, subsets: ["            \
  "{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}},"                          \
  "{name: v3, labels: {version: v3}}, {name: v4, labels: {version: v4}}]}}"

G_END_DECLS

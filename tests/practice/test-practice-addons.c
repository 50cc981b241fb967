/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "base-json.h"
#include "practice-cluster.h"
#include "test-wait.h"

#define DEPLOYMENTS "apps/deployments"
#define PODS "/pods"

/* A cluster without a network. */
typedef struct {
  char *folder;
  char *path;
  PracticeStore *store;
  PracticeCluster *cluster;
  PracticeAddons *addons;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("konvoy-addons-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "cluster.db", NULL);
  self->store = practice_store_new (self->path, &error);
  g_assert_no_error (error);
  self->cluster = practice_cluster_new (self->store, NULL, &error);
  g_assert_no_error (error);
  self->addons = practice_cluster_get_addons (self->cluster);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->cluster);
  g_assert_finalize_object (self->store);
  g_unlink (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static guint
count_pods (Fixture *self, const char *namespace_, const char *phase)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, namespace_);
  guint n = 0;

  for (guint i = 0; i < pods->len; i++)
    n += g_strcmp0 (base_json_get_string (g_ptr_array_index (pods, i), "status", "phase", NULL),
                    phase) == 0;

  return n;
}

static gboolean
all_is_well (gpointer data)
{
  Fixture *self = data;
  const char *const *names =
    practice_addon_catalog_get_names (practice_addons_get_catalog (self->addons));

  for (guint i = 0; names[i]; i++) {
    g_autofree char *complaint = practice_addons_dup_complaint (self->addons, names[i]);

    if (complaint && practice_addons_is_enabled (self->addons, names[i]))
      return FALSE;
  }

  return TRUE;
}

static gboolean
istio_is_well (gpointer data)
{
  Fixture *self = data;
  g_autofree char *complaint = practice_addons_dup_complaint (self->addons, "istio");

  return complaint == NULL;
}

/* Whether a pod has one of the addresses that its node gives out. */
static gboolean
is_in_range_of_node (Fixture *self, JsonNode *pod)
{
  const char *name = base_json_get_string (pod, "spec", "nodeName", NULL);
  JsonNode *node = practice_store_get (self->store, "/nodes", NULL, name);
  g_autoptr (GInetAddressMask) range = g_inet_address_mask_new_from_string (
    base_json_get_string (node, "spec", "podCIDR", NULL), NULL);
  g_autoptr (GInetAddress) address =
    g_inet_address_new_from_string (base_json_get_string (pod, "status", "podIP", NULL));

  g_assert_nonnull (range);
  return g_inet_address_mask_matches (range, address);
}

/* All pods of a new cluster run at once, no two with the same address. */
static void
test_fresh (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, NULL);
  g_autoptr (GHashTable) addresses = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (pods->len, >, 40);
  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);

    g_assert_cmpstr (base_json_get_string (pod, "status", "phase", NULL), ==, "Running");
    g_assert_true (is_in_range_of_node (self, pod) ||
                   base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL));
    g_assert_true (
      g_hash_table_add (addresses, (gpointer)base_json_get_string (pod, "status", "podIP", NULL)) ||
      base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL));
  }
  test_wait_until (all_is_well, self, 30, "the add-ons");
  g_assert_cmpuint (count_pods (self, NULL, "Running"), ==, pods->len);
  g_assert_nonnull (practice_store_get (self->store, "/configmaps", "kube-system", "coredns"));
  g_assert_nonnull (practice_store_get (self->store, "/serviceaccounts", "kube-system", "coredns"));
  g_assert_false (practice_addons_is_enabled (self->addons, "istio"));
}

/* The student deletes something; the second deployment brings it back and touches nothing else. */
static void
test_mend (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *complaint = NULL;
  guint64 version;

  test_wait_until (all_is_well, self, 30, "the add-ons");
  version = practice_store_get_version (self->store);
  g_assert_true (practice_addons_enable (self->addons, "opsportal", &error));
  g_assert_cmpuint (practice_store_get_version (self->store), ==, version);

  g_assert_true (practice_store_delete (self->store, DEPLOYMENTS, "kubeaddons",
                                        "prometheus-kubeaddons-grafana", NULL));
  complaint = practice_addons_dup_complaint (self->addons, "prometheus");
  g_assert_cmpstr (complaint, ==,
                   "the Deployment kubeaddons/prometheus-kubeaddons-grafana is missing.");
  g_assert_true (practice_addons_enable (self->addons, "prometheus", &error));
  g_assert_no_error (error);
  test_wait_until (all_is_well, self, 30, "the add-on that was mended");
}

static void
test_istio (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  JsonNode *gateway;
  JsonArray *ports;

  g_assert_true (practice_addons_enable (self->addons, "istio", &error));
  g_assert_no_error (error);
  g_assert_false (istio_is_well (self));
  test_wait_until (istio_is_well, self, 30, "Istio");
  g_assert_cmpuint (count_pods (self, "istio-system", "Running"), ==, 10);
  g_assert_cmpuint (count_pods (self, "istio-system", "Succeeded"), ==, 4);

  gateway = practice_store_get (self->store, "/services", "istio-system", "istio-ingressgateway");
  ports = base_json_get_array (gateway, "spec", "ports", NULL);
  g_assert_cmpuint (json_array_get_length (ports), ==, 9);
  g_assert_cmpint (base_json_get_int (json_array_get_element (ports, 1), 0, "nodePort", NULL), ==,
                   31380);
}

/* What is seen of Istio beside its pods. */
static const struct {
  const char *resource;
  const char *namespace_;
  const char *name;
} istio_objects[] = {
  { "/configmaps", "istio-system", "istio" },
  { "/configmaps", "istio-system", "istio-sidecar-injector" },
  { "/serviceaccounts", "istio-system", "istio-pilot-service-account" },
  { "admissionregistration.k8s.io/mutatingwebhookconfigurations", NULL, "istio-sidecar-injector" },
  { "admissionregistration.k8s.io/validatingwebhookconfigurations", NULL, "istio-galley" },
};

static gboolean
istio_is_gone (gpointer data)
{
  g_autoptr (GPtrArray) pods =
    practice_store_list (((Fixture *)data)->store, DEPLOYMENTS, "istio-system");

  return pods->len == 0;
}

/* What it taught the cluster stays. */
static void
test_disable (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (practice_addons_enable (self->addons, "istio", &error));
  for (guint i = 0; i < G_N_ELEMENTS (istio_objects); i++)
    g_assert_nonnull (practice_store_get (self->store, istio_objects[i].resource,
                                          istio_objects[i].namespace_, istio_objects[i].name));
  g_assert_true (practice_addons_disable (self->addons, "istio", &error));
  g_assert_no_error (error);
  test_wait_until (istio_is_gone, self, 30, "the end of Istio");
  for (guint i = 0; i < G_N_ELEMENTS (istio_objects); i++)
    g_assert_null (practice_store_get (self->store, istio_objects[i].resource,
                                       istio_objects[i].namespace_, istio_objects[i].name));
  g_assert_false (practice_addons_is_enabled (self->addons, "istio"));
  g_assert_nonnull (practice_store_get (self->store,
                                        "apiextensions.k8s.io/customresourcedefinitions", NULL,
                                        "virtualservices.networking.istio.io"));
  g_assert_true (practice_addons_enable (self->addons, "istio", &error));
  g_assert_no_error (error);
}

static void
test_unknown (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (practice_addons_enable (self->addons, "istoi", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (practice_addons_disable (self->addons, "", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice-addons/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("fresh", test_fresh);
  ADD ("mend", test_mend);
  ADD ("istio", test_istio);
  ADD ("disable", test_disable);
  ADD ("unknown", test_unknown);
#undef ADD

  return g_test_run ();
}

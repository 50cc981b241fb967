/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "practice-cluster-file.h"
#include "practice-skeleton.h"

#define BOOKINFO "istio-1.4.0/samples/bookinfo/"
#define NETWORKING BOOKINFO "networking/"

typedef struct {
  char *root;
  char *home;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->root = g_dir_make_tmp ("konvoy-skeleton-XXXXXX", NULL);
  self->home = g_build_filename (self->root, "home", NULL);
  practice_skeleton_write_home (self->home, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  const char *const argv[] = { "rm", "-rf", self->root, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (self->root);
  g_free (self->home);
}

static char *
read_file (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->home, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static GPtrArray *
read_documents (Fixture *self, const char *name)
{
  g_autofree char *text = read_file (self, name);
  g_autoptr (GError) error = NULL;
  GPtrArray *documents = base_yaml_parse_all (text, -1, name, BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return documents;
}

/* Every file and folder is the user's alone. */
static void
assert_private (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0077, ==, 0);
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    assert_private (child);
  }
}

static void
test_private (Fixture *self, gconstpointer data)
{
  assert_private (self->home);
}

/* What the student changed or removed stays so. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *changed = g_build_filename (self->home, "lab", "cluster.yaml", NULL);
  g_autofree char *removed = g_build_filename (self->home, ".bashrc", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (changed, "mine", -1, NULL));
  g_assert_cmpint (g_unlink (removed), ==, 0);
  g_assert_true (practice_skeleton_write_home (self->home, NULL));
  text = read_file (self, "lab/cluster.yaml");
  g_assert_cmpstr (text, ==, "mine");
  g_assert_false (g_file_test (removed, G_FILE_TEST_EXISTS));
}

/* A newer version of the program has more samples: they come, and edited ones stay. */
static void
test_samples (Fixture *self, gconstpointer data)
{
  g_autofree char *changed =
    g_build_filename (self->home, NETWORKING "virtual-service-reviews-v3.yaml", NULL);
  g_autofree char *missing =
    g_build_filename (self->home, NETWORKING "virtual-service-ratings-test-delay.yaml", NULL);
  g_autofree char *program = g_build_filename (self->home, "istio-1.4.0/bin/istioctl", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (changed, "mine", -1, NULL));
  g_assert_cmpint (g_unlink (missing), ==, 0);
  g_assert_true (practice_skeleton_write_home (self->home, NULL));
  text = read_file (self, NETWORKING "virtual-service-reviews-v3.yaml");
  g_assert_cmpstr (text, ==, "mine");
  g_assert_true (g_file_test (missing, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (program, G_FILE_TEST_IS_EXECUTABLE));
}

/* A first time that was cut short is done again. */
static void
test_unfinished (Fixture *self, gconstpointer data)
{
  g_autofree char *home = g_build_filename (self->root, "other", NULL);
  g_autofree char *fresh = g_strconcat (home, ".new", NULL);
  g_autofree char *file = g_build_filename (home, "lab", "cluster.yaml", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (fresh, 0700), ==, 0);
  practice_skeleton_write_home (home, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));
}

static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (practice_skeleton_write_home ("/proc/self/home", &error));
  g_assert_nonnull (strstr (error->message, "/proc/self/home"));
}

static void
test_etc (Fixture *self, gconstpointer data)
{
  g_autofree char *etc = g_build_filename (self->root, "etc", NULL);
  g_autofree char *passwd = g_build_filename (etc, "passwd", NULL);
  g_autofree char *text = NULL;

  for (guint i = 0; i < 2; i++)
    g_assert_true (practice_skeleton_write_etc (etc, NULL));
  g_assert_true (g_file_get_contents (passwd, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "\ncentos:x:1000:1000:Cloud User:/home/centos:/bin/bash\n"));
}

/* The student's edit, by hand or by sed: from false to true on the line above the name. */
static void
test_cluster_file (Fixture *self, gconstpointer data)
{
  const char *const known[] = {
    "awsebscsiprovisioner",
    "cert-manager",
    "dashboard",
    "defaultstorageclass-protection",
    "dex",
    "dex-k8s-authenticator",
    "elasticsearch",
    "elasticsearchexporter",
    "external-dns",
    "fluentbit",
    "gatekeeper",
    "istio",
    "kibana",
    "kommander",
    "konvoyconfig",
    "kube-oidc-proxy",
    "kudo",
    "opsportal",
    "prometheus",
    "prometheusadapter",
    "reloader",
    "traefik",
    "traefik-forward-auth",
    "velero",
    NULL,
  };
  g_autofree char *text = read_file (self, "lab/cluster.yaml");
  g_auto (GStrv) parts = g_strsplit (text, "    - enabled: false\n      name: istio\n", -1);
  g_autofree char *edited = g_strjoinv ("    - enabled: true\n      name: istio\n", parts);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) before = NULL;
  g_auto (GStrv) after = NULL;

  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  before = practice_cluster_file_parse (text, -1, "cluster.yaml", known, &error);
  g_assert_no_error (error);
  after = practice_cluster_file_parse (edited, -1, "cluster.yaml", known, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (before), ==, 23);
  g_assert_false (g_strv_contains ((const char *const *)before, "istio"));
  g_assert_cmpuint (g_strv_length (after), ==, 24);
}

static void
test_bookinfo (Fixture *self, gconstpointer data)
{
  const char *const expected[] = {
    "Service/details",
    "ServiceAccount/bookinfo-details",
    "Deployment/details-v1",
    "Service/ratings",
    "ServiceAccount/bookinfo-ratings",
    "Deployment/ratings-v1",
    "Service/reviews",
    "ServiceAccount/bookinfo-reviews",
    "Deployment/reviews-v1",
    "Deployment/reviews-v2",
    "Deployment/reviews-v3",
    "Service/productpage",
    "ServiceAccount/bookinfo-productpage",
    "Deployment/productpage-v1",
  };
  g_autoptr (GPtrArray) documents = read_documents (self, BOOKINFO "platform/kube/bookinfo.yaml");

  g_assert_cmpuint (documents->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < documents->len; i++) {
    JsonNode *document = g_ptr_array_index (documents, i);
    g_autofree char *name = g_strdup_printf ("%s/%s", base_json_get_string (document, "kind", NULL),
                                             base_metadata_get_name (document));

    g_assert_cmpstr (name, ==, expected[i]);
  }
}

/* "subset weight subset weight" of the route without a match. */
static char *
describe_route (JsonNode *service)
{
  JsonArray *http = base_json_get_array (service, "spec", "http", NULL);
  JsonNode *last = json_array_get_element (http, json_array_get_length (http) - 1);
  JsonArray *route = base_json_get_array (last, "route", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (route); i++) {
    JsonNode *destination = json_array_get_element (route, i);

    g_string_append_printf (text, "%s %d ",
                            base_json_get_string (destination, "destination", "subset", NULL),
                            (int)base_json_get_int (destination, -1, "weight", NULL));
  }
  return g_strchomp (g_string_free (g_steal_pointer (&text), FALSE));
}

static void
test_routes (Fixture *self, gconstpointer data)
{
  const struct {
    const char *file;
    guint n_documents;
    const char *route;
  } cases[] = {
    { NETWORKING "virtual-service-all-v1.yaml", 4, "v1 -1" },
    { NETWORKING "fault-injection-details-v1.yaml", 1, "v1 -1" },
    { NETWORKING "virtual-service-details-v2.yaml", 1, "v2 -1" },
    { NETWORKING "virtual-service-ratings-test-abort.yaml", 1, "v1 -1" },
    { NETWORKING "virtual-service-ratings-test-delay.yaml", 1, "v1 -1" },
    { NETWORKING "virtual-service-reviews-50-v3.yaml", 1, "v1 50 v3 50" },
    { NETWORKING "virtual-service-reviews-80-20.yaml", 1, "v1 80 v2 20" },
    { NETWORKING "virtual-service-reviews-jason-v2-v3.yaml", 1, "v3 -1" },
    { NETWORKING "virtual-service-reviews-v2-v3.yaml", 1, "v2 50 v3 50" },
    { NETWORKING "virtual-service-reviews-90-10.yaml", 1, "v1 90 v2 10" },
    { NETWORKING "virtual-service-reviews-test-v2.yaml", 1, "v1 -1" },
    { NETWORKING "virtual-service-reviews-v3.yaml", 1, "v3 -1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) documents = read_documents (self, cases[i].file);
    g_autofree char *route = describe_route (g_ptr_array_index (documents, 0));

    g_assert_cmpuint (documents->len, ==, cases[i].n_documents);
    g_assert_cmpstr (route, ==, cases[i].route);
  }
}

/* Each subset that a route names is one of a destination rule, with and without mutual TLS. */
static void
test_rules (Fixture *self, gconstpointer data)
{
  const char *const files[] = { NETWORKING "destination-rule-all.yaml",
                                NETWORKING "destination-rule-all-mtls.yaml" };

  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GPtrArray) documents = read_documents (self, files[i]);
    JsonNode *reviews = g_ptr_array_index (documents, 1);

    g_assert_cmpuint (documents->len, ==, 4);
    g_assert_cmpstr (base_json_get_string (reviews, "spec", "host", NULL), ==, "reviews");
    g_assert_cmpuint (
      json_array_get_length (base_json_get_array (reviews, "spec", "subsets", NULL)), ==, 3);
    g_assert_cmpstr (base_json_get_string (reviews, "spec", "trafficPolicy", "tls", "mode", NULL),
                     ==, i == 0 ? NULL : "ISTIO_MUTUAL");
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice-skeleton/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("private", test_private);
  ADD ("kept", test_kept);
  ADD ("samples", test_samples);
  ADD ("unfinished", test_unfinished);
  ADD ("no-room", test_no_room);
  ADD ("etc", test_etc);
  ADD ("cluster-file", test_cluster_file);
  ADD ("bookinfo", test_bookinfo);
  ADD ("routes", test_routes);
  ADD ("rules", test_rules);
#undef ADD

  return g_test_run ();
}

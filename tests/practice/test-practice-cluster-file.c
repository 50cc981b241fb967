/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "practice-cluster-file.h"

static const char *const known[] = { "dex", "istio", "kibana", NULL };

#define HEAD                                                                                       \
  "---\nkind: ClusterProvisioner\nspec:\n  nodePools:\n  - name: worker\n"                         \
  "---\nkind: ClusterConfiguration\nspec:\n  addons:\n"                                            \
  "  - configVersion: stable\n    addonsList:\n"
#define HEAD_LINES 11

static void
test_enabled (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) enabled = practice_cluster_file_parse (
    HEAD "    - enabled: true\n      name: dex\n    - enabled: false\n      name: istio\n"
         "    - name: kibana\n      enabled: true\n      values: {a: 1}\n",
    -1, "cluster.yaml", known, &error);
  const char *const expected[] = { "dex", "kibana", NULL };

  g_assert_no_error (error);
  g_assert_cmpstrv (enabled, expected);
}

/* As older versions of Konvoy have it. */
static void
test_one_list (void)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) enabled = practice_cluster_file_parse (
    "kind: ClusterConfiguration\nspec:\n  addons:\n    configVersion: stable\n    addonsList:\n"
    "    - name: istio\n      enabled: true\n",
    -1, "cluster.yaml", known, &error);
  const char *const expected[] = { "istio", NULL };

  g_assert_no_error (error);
  g_assert_cmpstrv (enabled, expected);
}

static void
test_wrong (void)
{
  const struct {
    const char *text;
    const char *message;
  } cases[] = {
    { "    - enabled: true\n      name: dex\n    - enabled: ture\n      name: istio\n",
      "cluster.yaml:14: “enabled” of the add-on “istio” must be true or false." },
    { "    - enabled: \"true\"\n      name: istio\n",
      "cluster.yaml:12: “enabled” of the add-on “istio” must be true or false." },
    { "    - name: dex\n",
      "cluster.yaml:12: “enabled” of the add-on “dex” must be true or false." },
    { "    - enabled: true\n", "cluster.yaml:12: this add-on has no name." },
    { "    - enabled: true\n      name: istoi\n",
      "cluster.yaml:12: there is no add-on named “istoi”." },
    { "    - enabled: true\n      name: dex\n    - enabled: true\n      name: dex\n",
      "cluster.yaml:14: the add-on “dex” is in the list twice." },
    { "    - {enabled: 1, name: dex}\n",
      "cluster.yaml:12: “enabled” of the add-on “dex” must be true or false." },
    { "    - dex\n", "cluster.yaml:12: this add-on has no name." },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = g_strconcat (HEAD, cases[i].text, NULL);
    g_autoptr (GError) error = NULL;

    g_assert_null (practice_cluster_file_parse (text, -1, "cluster.yaml", known, &error));
    g_assert_error (error, PRACTICE_CLUSTER_FILE_ERROR, PRACTICE_CLUSTER_FILE_ERROR_INVALID);
    g_assert_cmpstr (error->message, ==, cases[i].message);
  }
}

static void
test_not_yaml (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (practice_cluster_file_parse (HEAD "    - enabled: true\n     name: istio\n", -1,
                                              "cluster.yaml", known, &error));
  g_assert_nonnull (error);
  g_assert_true (g_str_has_prefix (error->message, "cluster.yaml:13:"));
}

static void
test_not_konvoy (void)
{
  const char *const texts[] = { "", "kind: Pod\n", "- a\n- b\n", "kind: [ClusterConfiguration]\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (practice_cluster_file_parse (texts[i], -1, "cluster.yaml", known, &error));
    g_assert_nonnull (error);
  }
}

/* A file that is cut off or strange in any other way is an error or a shorter list. */
static void
test_cut (void)
{
  const char *text = HEAD "    - enabled: true\n      name: dex\n";

  for (gsize length = 0; length < strlen (text); length++) {
    g_autoptr (GError) error = NULL;
    g_auto (GStrv) enabled =
      practice_cluster_file_parse (text, length, "cluster.yaml", known, &error);

    g_assert_true ((enabled == NULL) == (error != NULL));
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-cluster-file/enabled", test_enabled);
  g_test_add_func ("/practice-cluster-file/one-list", test_one_list);
  g_test_add_func ("/practice-cluster-file/wrong", test_wrong);
  g_test_add_func ("/practice-cluster-file/not-yaml", test_not_yaml);
  g_test_add_func ("/practice-cluster-file/not-konvoy", test_not_konvoy);
  g_test_add_func ("/practice-cluster-file/cut", test_cut);

  return g_test_run ();
}

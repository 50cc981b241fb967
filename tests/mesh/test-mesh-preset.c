/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-fixture.h"
#include "mesh-preset.h"

#define TO(subset) "{destination: {host: reviews, subset: " subset "}}"
#define SHARE(subset, weight)                                                                      \
  "{destination: {host: reviews, subset: " subset "}, weight: " weight "}"
#define JASON "match: [{headers: {end-user: {exact: jason}}}]"

static const char *const versions[] = { "v1", "v2", "v3", NULL };

static MeshPreset *
find (GPtrArray *presets, const char *label)
{
  for (guint i = 0; i < presets->len; i++) {
    if (g_str_equal (mesh_preset_get_label (presets->pdata[i]), label))
      return presets->pdata[i];
  }
  g_test_message ("there is no preset \"%s\"", label);
  g_assert_not_reached ();
}

static JsonNode *
apply (JsonNode *object, const char *label)
{
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);
  g_autoptr (JsonNode) before = base_json_copy (object);
  g_autoptr (GError) error = NULL;
  JsonNode *target = mesh_preset_apply (find (presets, label), object, &error);

  g_assert_no_error (error);
  /* what went in is not touched, and nothing but the spec is another */
  g_assert_true (base_json_equal (before, object));
  g_assert_true (base_json_equal (base_json_get (target, "metadata", NULL),
                                  base_json_get (object, "metadata", NULL)));
  return target;
}

static void
check (const char *before, const char *label, const char *after)
{
  g_autoptr (JsonNode) object = mesh_test_service (before);
  g_autoptr (JsonNode) target = apply (object, label);

  mesh_test_assert_spec (target, after);
}

static void
test_labels (void)
{
  static const char *const expected[] = {
    "All to v1", "50 % v1, 50 % v3", "10 % v1, 90 % v3", "All to v3", "jason to v2, the rest to v1",
    "Reset",
  };
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{route: [" TO ("v1") "]}]");
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);

  g_assert_cmpuint (presets->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < presets->len; i++)
    g_assert_cmpstr (mesh_preset_get_label (presets->pdata[i]), ==, expected[i]);
}

/* Only what the subsets allow. */
static void
test_subsets (void)
{
  const char *const none[] = { NULL };
  const char *const one[] = { "v1", NULL };
  const char *const two[] = { "stable", "canary", NULL };
  const char *const unsorted[] = { "v10", "v2", "v9", NULL };
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{route: [" TO ("v1") "]}]");
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", none);

  g_assert_cmpuint (presets->len, ==, 0);
  g_ptr_array_unref (presets);
  presets = mesh_preset_list (object, "reviews", one);
  g_assert_cmpuint (presets->len, ==, 2);
  find (presets, "All to v1");
  find (presets, "Reset");
  g_ptr_array_unref (presets);
  presets = mesh_preset_list (object, "reviews", two);
  find (presets, "10 % stable, 90 % canary");
  find (presets, "jason to canary, the rest to stable");
  g_ptr_array_unref (presets);
  presets = mesh_preset_list (object, "reviews", unsorted);
  find (presets, "50 % v2, 50 % v10");
}

static void
test_shares (void)
{
  const char *all_v1 = "http: [{route: [" TO ("v1") "]}]";

  check (all_v1, "All to v1", all_v1);
  check (all_v1, "50 % v1, 50 % v3",
         "http: [{route: [" SHARE ("v1", "50") ", " SHARE ("v3", "50") "]}]");
  check ("http: [{route: [" SHARE ("v1", "50") ", " SHARE ("v3", "50") "]}]", "10 % v1, 90 % v3",
         "http: [{route: [" SHARE ("v1", "10") ", " SHARE ("v3", "90") "]}]");
  check ("http: [{route: [" SHARE ("v2", "10") ", " SHARE ("v3", "90") "]}]", "All to v3",
         "http: [{route: [" TO ("v3") "]}]");
}

static void
test_user (void)
{
  const char *jason = "http: [{" JASON ", route: [" TO ("v2") "]}, {route: [" TO ("v1") "]}]";

  check ("http: [{route: [" TO ("v3") "]}]", "jason to v2, the rest to v1", jason);
  check (jason, "jason to v2, the rest to v1", jason);
  /* what a preset has put there goes with the next */
  check (jason, "All to v3", "http: [{route: [" TO ("v3") "]}]");
  check ("http: [{" JASON ", route: [" TO ("v3") "]}]", "jason to v2, the rest to v1", jason);
}

/* Whatever else is in the object stays, in the route and beside it. */
static void
test_unknown_fields (void)
{
  check ("gateways: [mesh], zebra: 1, http: [{match: [{uri: {prefix: /new}}], redirect: {uri: /}},"
         " {timeout: 0.5s, alpha: true, route: [{destination: {host: reviews, subset: v1, port: "
         "{number: 9080}}, weight: 100, headers: {request: {set: {a: b}}}}]}]",
         "10 % v1, 90 % v3",
         "gateways: [mesh], zebra: 1, http: [{match: [{uri: {prefix: /new}}], redirect: {uri: /}},"
         " {timeout: 0.5s, alpha: true, route: [{destination: {host: reviews, subset: v1, port: "
         "{number: 9080}}, weight: 10, headers: {request: {set: {a: b}}}}, {destination: {host: "
         "reviews, subset: v3, port: {number: 9080}}, weight: 90}]}]");
  /* a rule for jason that says more than a preset does is somebody's own */
  check ("http: [{" JASON ", timeout: 1s, route: [" TO ("v2") "]}, {route: [" TO ("v1") "]}]",
         "All to v3",
         "http: [{" JASON ", timeout: 1s, route: [" TO ("v2") "]}, {route: [" TO ("v3") "]}]");
  /* where it is sent is not, and a second one would hide it */
  check ("http: [{match: [{port: 80}], route: [" TO (
           "v3") "]}, {" JASON ", timeout: 1s, route: [" TO ("v1") "]}, {route: [" TO ("v3") "]}]",
         "jason to v2, the rest to v1",
         "http: [{" JASON ", timeout: 1s, route: [" TO (
           "v2") "]}, {match: [{port: 80}], route: [" TO ("v3") "]}, {route: [" TO ("v1") "]}]");
  /* one that answers by itself has nothing to send */
  check ("http: [{" JASON ", redirect: {uri: /}}, {route: [" TO ("v3") "]}]",
         "jason to v2, the rest to v1",
         "http: [{" JASON
         ", route: [" TO ("v2") "]}, {" JASON ", redirect: {uri: /}}, {route: [" TO ("v1") "]}]");
}

static void
test_full_host (void)
{
  check ("http: [{route: [{destination: {host: reviews.default.svc.cluster.local, subset: v1},"
         " weight: 100, kept: 1}]}]",
         "50 % v1, 50 % v3",
         "http: [{route: [{destination: {host: reviews.default.svc.cluster.local, subset: v1},"
         " weight: 50, kept: 1}, " SHARE ("v3", "50") "]}]");
}

static void
test_reset (void)
{
  check ("http: [{" JASON ", timeout: 1s, route: [" TO (
           "v2") "]}, {fault: {abort: {httpStatus: "
                 "500}}, route: [" SHARE ("v1", "50") ", " SHARE ("v3", "50") "]}]",
         "Reset", "http: [{route: [" TO ("v1") "]}]");
}

static void
test_explanation (void)
{
  g_autoptr (JsonNode) object = mesh_test_service (
    "http: [{match: [{uri: {exact: /}}], route: [" TO ("v2") "]}, {route: [" TO ("v1") "]}]");
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);
  g_autofree char *kept = mesh_preset_dup_explanation (find (presets, "All to v3"), object);
  g_autofree char *user =
    mesh_preset_dup_explanation (find (presets, "jason to v2, the rest to v1"), object);
  g_autofree char *reset = mesh_preset_dup_explanation (find (presets, "Reset"), object);

  g_assert_cmpstr (kept, ==, "1 route with a match stays as it is");
  g_assert_cmpstr (user, ==, "1 route with a match stays as it is");
  g_assert_cmpstr (reset, ==, "One route to v1, and no other rule");
}

/* A reset says what it drops that no button makes again; what a preset or the course sets is for it
 * to drop. */
static void
test_loss (void)
{
  static const struct {
    const char *spec;
    const char *loss; /* (nullable) */
  } cases[] = {
    { "http: [{route: [" TO ("v1") "]}]", NULL },
    { "http: [{match: [{headers: {end-user: {exact: jason}}}], route: [" TO (
        "v2") "]}, {timeout: "
              "1s, fault: {}, retries: {}, route: [" TO ("v1") "]}]",
      NULL },
    { "http: [{match: [{uri: {exact: /}}], route: [" TO ("v2") "]}, {route: [" TO ("v1") "]}]",
      "One route to v1 is left. Dropped with the others: 1 route with a match." },
    { "http: [{match: [{port: 80}], redirect: {uri: /}}, {match: [{port: 81}], mirror: {}, route: "
      "[]}, {mirror: {host: a}, route: [" TO ("v1") "]}]",
      "One route to v1 is left. Dropped with the others: 2 routes with a match, redirect, "
      "mirror." },
    { "http: [3]", NULL },
  };
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{route: [" TO ("v1") "]}]");
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) now = mesh_test_service (cases[i].spec);
    g_autofree char *loss = mesh_preset_dup_loss (find (presets, "Reset"), now);
    g_autofree char *other = mesh_preset_dup_loss (find (presets, "All to v1"), now);

    g_assert_cmpstr (loss, ==, cases[i].loss);
    g_assert_null (other);
  }
}

static void
test_bad_objects (void)
{
  static const char *const objects[] = {
    "[]",
    "{spec: 1}",
    "{kind: VirtualService, metadata: {name: a}}",
    "{spec: {http: [1]}}",
    "{spec: {http: [{redirect: {uri: /new}}]}}",
    "{spec: {http: [{route: 1}, {route: [1, {destination: 1}]}]}}",
    "{spec: {http: [{directResponse: {status: 200}}]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++) {
    g_autoptr (JsonNode) object = mesh_test_parse (objects[i]);
    g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);

    g_assert_cmpuint (presets->len, ==, 0);
  }
}

/* What shares out no versions, and what lets in by a gateway what somebody chose, is not for the
 * lab's buttons: the course's own bookinfo is both. */
static void
test_not_for_versions (void)
{
  static const struct {
    const char *spec;
    gboolean has_presets;
  } cases[] = {
    { "http: [{route: [{destination: {host: reviews}}]}]", FALSE },
    { "gateways: [bookinfo-gateway], http: [{match: [{uri: {exact: /productpage}}], route: [{"
      "destination: {host: productpage, port: {number: 9080}}}]}]",
      FALSE },
    { "gateways: [a], http: [{match: [{port: 80}], route: [" TO ("v1") "]}]", FALSE },
    { "gateways: [a], http: [{route: [" TO ("v1") "]}]", TRUE },
    { "gateways: [a, mesh], http: [{match: [{port: 80}], route: [" TO ("v1") "]}]", TRUE },
    { "gateways: [], http: [{match: [{port: 80}], route: [" TO ("v1") "]}]", TRUE },
    { "gateways: [1], http: [{match: [{port: 80}], route: [" TO ("v1") "]}]", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) object = mesh_test_service (cases[i].spec);
    g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);

    g_test_message ("%s", cases[i].spec);
    g_assert_cmpint (presets->len > 0, ==, cases[i].has_presets);
  }
}

/* The object may have changed between the list and the click. */
static void
test_late (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{route: [" TO ("v1") "]}]");
  g_autoptr (JsonNode) redirect = mesh_test_service ("http: [{redirect: {uri: /new}}]");
  g_autoptr (GPtrArray) presets = mesh_preset_list (object, "reviews", versions);
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (GError) error = NULL;

  target = mesh_preset_apply (find (presets, "All to v3"), redirect, &error);
  g_assert_null (target);
  g_assert_nonnull (error);
  target = mesh_preset_apply (find (presets, "Reset"), redirect, NULL);
  mesh_test_assert_spec (target, "http: [{route: [" TO ("v1") "]}]");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/preset/labels", test_labels);
  g_test_add_func ("/mesh/preset/subsets", test_subsets);
  g_test_add_func ("/mesh/preset/shares", test_shares);
  g_test_add_func ("/mesh/preset/user", test_user);
  g_test_add_func ("/mesh/preset/unknown-fields", test_unknown_fields);
  g_test_add_func ("/mesh/preset/full-host", test_full_host);
  g_test_add_func ("/mesh/preset/reset", test_reset);
  g_test_add_func ("/mesh/preset/explanation", test_explanation);
  g_test_add_func ("/mesh/preset/loss", test_loss);
  g_test_add_func ("/mesh/preset/bad-objects", test_bad_objects);
  g_test_add_func ("/mesh/preset/not-for-versions", test_not_for_versions);
  g_test_add_func ("/mesh/preset/late", test_late);
  return g_test_run ();
}

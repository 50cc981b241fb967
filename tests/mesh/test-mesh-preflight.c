/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-consent.h"
#include "mesh-fixture.h"
#include "mesh-preflight.h"
#include "mesh-shadow.h"

static GPtrArray *
parse_all (const char *yaml)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *nodes = base_yaml_parse_all (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return nodes;
}

/* What bookinfo has: v1 and v2 defined and ready, v3 defined with no pod. */
static const char *const RULES =
  "metadata: {name: reviews, namespace: default}\n"
  "spec:\n"
  "  host: reviews\n"
  "  subsets:\n"
  "  - {name: v1, labels: {version: v1}}\n"
  "  - {name: v2, labels: {version: v2}}\n"
  "  - {name: v3, labels: {version: v3}}\n"
  "---\n"
  "metadata: {name: other, namespace: other}\n"
  "spec: {host: reviews, subsets: [{name: v9, labels: {version: v9}}]}\n";
static const char *const SERVICES = "metadata: {name: reviews, namespace: default}\n"
                                    "spec: {selector: {app: reviews}}\n";
#define POD(name, labels, ready, more)                                                             \
  "metadata: {name: " name ", namespace: default, labels: {" labels "}" more "}\n"                 \
  "status: {conditions: [{type: Ready, status: '" ready "'}]}\n"                                   \
  "---\n"
static const char *const PODS = POD ("a", "app: reviews, version: v1", "True", "") POD (
  "b", "app: reviews, version: v2", "True", "") POD ("c", "app: reviews, version: v3", "False", "")
  POD ("d", "app: ratings, version: v3", "True", "")
    POD ("e", "app: reviews, version: v3", "True", ", deletionTimestamp: '2020-01-01T00:00:00Z'");
static const char *const OTHERS = "metadata: {name: reviews, namespace: default}\n"
                                  "spec: {hosts: [reviews]}\n"
                                  "---\n"
                                  "metadata: {name: twin, namespace: default}\n"
                                  "spec: {hosts: [reviews.default.svc.cluster.local]}\n"
                                  "---\n"
                                  "metadata: {name: at-gateway, namespace: default}\n"
                                  "spec: {hosts: [shop.example, reviews], gateways: [gate]}\n"
                                  "---\n"
                                  "metadata: {name: reviews, namespace: other}\n"
                                  "spec: {hosts: [reviews]}\n";

#define REVIEWS(rest)                                                                              \
  "metadata: {name: reviews, namespace: default}\n"                                                \
  "spec:\n"                                                                                        \
  "  hosts: [reviews]\n" rest
#define NOBODY                                                                                     \
  "metadata: {name: nobody, namespace: default}\n"                                                 \
  "spec:\n"                                                                                        \
  "  hosts: [nobody]\n"
#define TO(subset) "{destination: {host: reviews, subset: " subset "}}"
#define TO_WITH(subset, weight)                                                                    \
  "{destination: {host: reviews, subset: " subset "}, weight: " weight "}"

typedef struct {
  const char *object;
  const char *istio;
  const char *expected; /* part of each warning's text, in their order, divided by "|" */
} Case;

static const Case cases[] = {
  { NOBODY "  http: [{route: [" TO ("v1") "]}]\n", NULL, "" },
  { NOBODY "  http: [{route: [" TO ("v8") "]}]\n", NULL, "defines the subset v8 of reviews" },
  /* it is defined for the same name elsewhere */
  { NOBODY "  http: [{route: [" TO ("v9") "]}]\n", NULL, "defines the subset v9 of reviews" },
  { NOBODY "  http: [{route: [" TO ("v3") "]}]\n", NULL, "No pod of the subset v3 of reviews" },
  /* once is enough where two routes have it */
  { NOBODY
    "  http: [{match: [{uri: {exact: /}}], route: [" TO ("v3") "]}, {route: [" TO ("v3") "]}]\n",
    NULL, "No pod of the subset v3 of reviews" },
  /* nothing is sent there */
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "100") "," TO_WITH ("v3", "0") "]}]\n", NULL, "" },
  /* no Service is known */
  { NOBODY "  http: [{route: [{destination: {host: elsewhere.example}}]}]\n", NULL, "" },
  { REVIEWS ("  http: [{route: [" TO ("v1") "]}]\n"), NULL, "reviews and twin are both" },
  { REVIEWS ("  gateways: [gate]\n  http: [{route: [" TO ("v1") "]}]\n"), NULL,
    "reviews and at-gateway are both" },
  { NOBODY "  http: [{fault: {delay: {fixedDelay: 2s}}, timeout: 1s, route: [" TO ("v1") "]}]\n",
    NULL, "a fault and a timeout" },
  { NOBODY "  http: [{timeout: 1s, route: [" TO ("v1") "]}]\n", NULL, "" },
  { NOBODY
    "  http: [{route: [" TO ("v1") "]}, {match: [{uri: {exact: /a}}], route: [" TO ("v2") "]}]\n",
    NULL, "Route 2 is never used" },
  { NOBODY
    "  http: [{match: [{uri: {exact: /a}}], route: [" TO ("v1") "]}, {route: [" TO ("v2") "]}]\n",
    NULL, "" },
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "60") "," TO_WITH ("v2", "30") "]}]\n", "1.14.6",
    "sum to 90" },
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "60") "," TO_WITH ("v2", "30") "]}]\n", "1.3.3",
    "sum to 90" },
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "60") "," TO_WITH ("v2", "30") "]}]\n", "1.15.0",
    "" },
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "60") "," TO_WITH ("v2", "30") "]}]\n", NULL, "" },
  { NOBODY "  http: [{route: [" TO_WITH ("v1", "0") "," TO_WITH ("v2", "0") "]}]\n", "1.20.1",
    "All weights of a route are 0" },
  { NOBODY "  http: [{fault: {}, timeout: 1s, route: [" TO ("v8") "]}, {route: [" TO ("v1") "]}]\n",
    NULL, "subset v8|a fault and a timeout|Route 2 is never" },
  { "[]", NULL, "" },
  { "metadata: {name: a}\nspec: {http: [3, {route: {}}]}", NULL, "Route 2 is never" },
};

static void
test_warnings (void)
{
  g_autoptr (GPtrArray) rules = parse_all (RULES);
  g_autoptr (GPtrArray) services = parse_all (SERVICES);
  g_autoptr (GPtrArray) pods = parse_all (PODS);
  g_autoptr (GPtrArray) others = parse_all (OTHERS);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    MeshSurroundings around = { others, rules, services, pods, cases[i].istio };
    g_autoptr (JsonNode) object = mesh_test_parse (cases[i].object);
    g_autoptr (GPtrArray) warnings = mesh_preflight (object, &around);
    g_auto (GStrv) expected = g_strsplit (cases[i].expected, "|", -1);

    g_test_message ("%s", cases[i].object);
    g_assert_cmpuint (warnings->len, ==, g_strv_length (expected));
    for (guint j = 0; j < warnings->len; j++) {
      MeshWarning *warning = g_ptr_array_index (warnings, j);

      g_assert_nonnull (strstr (warning->text, expected[j]));
      g_assert_cmpuint (strlen (warning->advice), >, 20);
    }
  }
}

/* Of what is not known nothing is said. */
static void
test_unknown (void)
{
  const MeshSurroundings none = { NULL };

  for (gsize i = 0; i < 7; i++) {
    g_autoptr (JsonNode) object = mesh_test_parse (cases[i].object);
    g_autoptr (GPtrArray) warnings = mesh_preflight (object, &none);

    g_assert_cmpuint (warnings->len, ==, 0);
  }
}

static void
test_shadow (void)
{
  static const struct {
    const char *earlier;
    const char *later;
    gboolean hides;
  } pairs[] = {
    { "{}", "{}", TRUE },
    { "{match: []}", "{match: [{uri: {exact: /a}}]}", TRUE },
    { "{match: [{}]}", "{}", TRUE },
    { "{match: [{uri: {exact: /a}}]}", "{}", FALSE },
    { "{match: [{uri: {prefix: /a}}]}", "{match: [{uri: {exact: /ab}}]}", TRUE },
    { "{match: [{uri: {prefix: /a}}]}", "{match: [{uri: {prefix: /ab}}]}", TRUE },
    { "{match: [{uri: {prefix: /ab}}]}", "{match: [{uri: {prefix: /a}}]}", FALSE },
    { "{match: [{uri: {regex: /a.*}}]}", "{match: [{uri: {exact: /ab}}]}", FALSE },
    { "{match: [{uri: {regex: /a.*}}]}", "{match: [{uri: {regex: /a.*}}]}", TRUE },
    { "{match: [{uri: {prefix: /a}}]}", "{match: [{uri: {exact: /ab}}, {port: 80}]}", FALSE },
    { "{match: [{uri: {prefix: /a}}, {port: 80}]}", "{match: [{uri: {exact: /ab}}, {port: 80}]}",
      TRUE },
    { "{match: [{headers: {a: {exact: x}}}]}",
      "{match: [{headers: {a: {exact: x}, b: {exact: y}}}]}", TRUE },
    { "{match: [{headers: {a: {exact: x}, b: {exact: y}}}]}",
      "{match: [{headers: {a: {exact: x}}}]}", FALSE },
    { "{match: [{headers: {a: {}}}]}", "{match: [{headers: {a: {exact: x}}}]}", TRUE },
    { "{match: [{headers: {a: {exact: x}}}]}", "{match: [{headers: {a: {}}}]}", FALSE },
    { "{match: [{withoutHeaders: {a: {prefix: x}}}]}",
      "{match: [{withoutHeaders: {a: {exact: xy}}}]}", FALSE },
    { "{match: [{uri: {exact: /a}}]}", "{match: [{uri: {exact: /a}, ignoreUriCase: true}]}",
      FALSE },
    { "{match: [{name: x, port: 80}]}", "{match: [{name: y, port: 80, uri: {exact: /}}]}", TRUE },
    { "{match: [3]}", "{match: [{port: 80}]}", FALSE },
    { "{match: [{headers: 3}]}", "{match: [{headers: {a: {}}}]}", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (JsonNode) earlier = mesh_test_parse (pairs[i].earlier);
    g_autoptr (JsonNode) later = mesh_test_parse (pairs[i].later);

    g_test_message ("%s, %s", pairs[i].earlier, pairs[i].later);
    g_assert_cmpint (mesh_shadow_hides (earlier, later), ==, pairs[i].hides);
  }
}

#define OBJECT(uid, routes)                                                                        \
  "metadata: {name: nobody, namespace: default, uid: " uid "}\n"                                   \
  "spec: {hosts: [nobody], http: [{route: [" routes "]}]}\n"

static guint
count (MeshConsent *consent, const char *before, const char *after, MeshSurroundings *around)
{
  g_autoptr (JsonNode) from = mesh_test_parse (before);
  g_autoptr (JsonNode) to = mesh_test_parse (after);
  g_autoptr (GPtrArray) found = mesh_consent_find (consent, from, to, around);

  return found->len;
}

/* What is so already is not asked about, and of an object and a cause once is enough. */
static void
test_consent (void)
{
  g_autoptr (MeshConsent) consent = mesh_consent_new ();
  g_autoptr (GPtrArray) rules = parse_all (RULES);
  g_autoptr (GPtrArray) services = parse_all (SERVICES);
  g_autoptr (GPtrArray) pods = parse_all (PODS);
  MeshSurroundings around = { NULL, rules, services, pods, NULL };
  const char *good = OBJECT ("a", TO ("v1"));
  const char *bad = OBJECT ("a", TO ("v3"));
  g_autoptr (JsonNode) before = mesh_test_parse (good);
  g_autoptr (JsonNode) after = mesh_test_parse (bad);
  g_autoptr (GPtrArray) found = mesh_consent_find (consent, before, after, &around);
  g_autofree char *text = mesh_consent_dup_text (found);

  g_assert_cmpstr (text, ==,
                   "No pod of the subset v3 of reviews is ready. Requests sent there fail with "
                   "503. Start its pods, or give it 0 %.");
  g_assert_cmpuint (count (consent, bad, bad, &around), ==, 0);
  g_assert_cmpuint (count (consent, bad, good, &around), ==, 0);
  mesh_consent_give (consent, before, found);
  g_assert_cmpuint (count (consent, good, bad, &around), ==, 0);
  g_assert_cmpuint (count (consent, OBJECT ("b", TO ("v1")), OBJECT ("b", TO ("v3")), &around), ==,
                    1);
  g_assert_cmpuint (count (consent, good, OBJECT ("a", TO ("v8")), &around), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/preflight/warnings", test_warnings);
  g_test_add_func ("/mesh/preflight/unknown", test_unknown);
  g_test_add_func ("/mesh/preflight/shadow", test_shadow);
  g_test_add_func ("/mesh/preflight/consent", test_consent);
  return g_test_run ();
}

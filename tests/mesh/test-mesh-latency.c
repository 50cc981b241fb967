/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "mesh-latency.h"

static void
add (MeshSettings *settings, const char *yaml)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  mesh_settings_add (settings, object, "default");
}

static const char *const reviews = "metadata: {name: reviews, namespace: default}\n"
                                   "spec:\n"
                                   "  hosts: [reviews]\n"
                                   "  http:\n"
                                   "  - match: [{headers: {end-user: {exact: jason}}}]\n"
                                   "    route: [{destination: {host: reviews, subset: v2}}]\n"
                                   "  - timeout: 0.5s\n"
                                   "    route:\n"
                                   "    - {destination: {host: reviews, subset: v1}, weight: 70}\n"
                                   "    - {destination: {host: reviews, subset: v3}, weight: 30}\n";

static const char *const ratings = "metadata: {name: ratings, namespace: default}\n"
                                   "spec:\n"
                                   "  hosts: [ratings.default.svc.cluster.local]\n"
                                   "  http:\n"
                                   "  - fault: {delay: {percent: 100, fixedDelay: 2s}}\n"
                                   "    route: [{destination: {host: ratings, subset: v1}}]\n";

static void
test_settings (void)
{
  g_autoptr (MeshSettings) everyone = mesh_settings_new (NULL);
  g_autoptr (MeshSettings) jason = mesh_settings_new ("jason");
  g_autoptr (MeshSettings) capital = mesh_settings_new ("Jason");

  add (everyone, reviews);
  add (everyone, ratings);
  g_assert_cmpuint (everyone->n_shares, ==, 2);
  g_assert_cmpfloat (mesh_settings_get_share (everyone, "v3"), ==, 0.3);
  g_assert_cmpfloat (mesh_settings_get_share (everyone, "v2"), ==, 0);
  g_assert_cmpuint (everyone->reviews_timeout, ==, 500);
  g_assert_cmpuint (everyone->ratings_delay, ==, 2000);

  add (jason, reviews);
  g_assert_cmpfloat (mesh_settings_get_share (jason, "v2"), ==, 1);
  g_assert_cmpuint (jason->reviews_timeout, ==, 0);

  /* values are case-sensitive */
  add (capital, reviews);
  g_assert_cmpfloat (mesh_settings_get_share (capital, "v1"), ==, 0.7);
}

/* A rule of another host, of another namespace, for a gateway, or with a condition that no sample
 * meets says nothing here. */
static void
test_settings_of_others (void)
{
  static const char *const others[] = {
    "metadata: {name: a, namespace: default}\n"
    "spec: {hosts: [details], http: [{route: [{destination: {host: details, subset: v1}}]}]}\n",
    "metadata: {name: b, namespace: other}\n"
    "spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}\n",
    "metadata: {name: c, namespace: default}\n"
    "spec: {hosts: [reviews], gateways: [front], http: [{timeout: 1s, route: [{destination: {host: "
    "reviews, subset: v1}}]}]}\n",
    "metadata: {name: d, namespace: default}\n"
    "spec: {hosts: [reviews], http: [{match: [{uri: {prefix: /x}}], timeout: 1s, route: "
    "[{destination: {host: reviews, subset: v1}}]}]}\n",
    "metadata: {name: e, namespace: default}\n"
    "spec: {hosts: [reviews], http: 7}\n",
    "spec: {hosts: 7}\n",
    "[]\n",
  };
  g_autoptr (MeshSettings) settings = mesh_settings_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    add (settings, others[i]);
  g_assert_cmpuint (settings->n_shares, ==, 0);
  g_assert_cmpuint (settings->reviews_timeout, ==, 0);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v1"), ==, 0);
}

static void
test_conditions (void)
{
  static const struct {
    const char *match;
    const char *user;
    gboolean matches;
  } cases[] = {
    { "headers: {end-user: {prefix: ja}}", "jason", TRUE },
    { "headers: {end-user: {prefix: jo}}", "jason", FALSE },
    { "headers: {end-user: {regex: 'ja.*'}}", "jason", TRUE },
    { "headers: {end-user: {regex: 'ja'}}", "jason", FALSE },
    { "headers: {end-user: {regex: '('}}", "jason", FALSE },
    { "headers: {end-user: {}}", "jason", TRUE },
    { "headers: {end-user: {}}", NULL, FALSE },
    { "withoutHeaders: {end-user: {}}", NULL, TRUE },
    { "withoutHeaders: {end-user: {exact: jason}}", "jason", FALSE },
    { "headers: {end-user: {exact: jason}, cookie: {regex: x}}", "jason", FALSE },
    { "headers: {cookie: {regex: x}}", "jason", FALSE },
    { "{}", NULL, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (MeshSettings) settings = mesh_settings_new (cases[i].user);
    g_autofree char *yaml = g_strdup_printf (
      "metadata: {name: reviews, namespace: default}\n"
      "spec: {hosts: [reviews], http: [{match: [%s%s%s], route: [{destination: {host: reviews, "
      "subset: v2}}]}]}\n",
      *cases[i].match == '{' ? "" : "{", cases[i].match, *cases[i].match == '{' ? "" : "}");

    add (settings, yaml);
    g_test_message ("%s for %s", cases[i].match, cases[i].user);
    g_assert_cmpuint (settings->n_shares, ==, cases[i].matches ? 1 : 0);
  }
}

/* Weights that do not sum to 100 are shares all the same; a lone destination has all. */
static void
test_shares (void)
{
  g_autoptr (MeshSettings) settings = mesh_settings_new (NULL);

  add (settings, "metadata: {name: reviews, namespace: default}\n"
                 "spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: "
                 "v1}, weight: 1}, {destination: {host: reviews, subset: v2}}, {destination: "
                 "{host: reviews, subset: v3}, weight: 3}]}]}\n");
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v3"), ==, 0.75);
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v2"), ==, 0);
  add (settings, "metadata: {name: reviews, namespace: default}\n"
                 "spec: {hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: "
                 "v1}, weight: 7}]}]}\n");
  g_assert_cmpfloat (mesh_settings_get_share (settings, "v1"), ==, 1);
  g_assert_cmpuint (settings->n_shares, ==, 1);
}

/* The times of Bookinfo's page under the settings of the course. */
static void
test_reasons (void)
{
  static const struct {
    guint timeout, delay;
    MeshOutcome outcome;
    guint status, latency;
    const char *reason;
  } cases[] = {
    { 0, 0, MESH_OUTCOME_REVIEWS, 200, 12, NULL },
    { 0, 2000, MESH_OUTCOME_REVIEWS, 200, 2011, "the delay of 2 s of ratings" },
    { 500, 2000, MESH_OUTCOME_REVIEWS_ERROR, 504, 1010,
      "the timeout of 0.5 s, twice: the page asks a second time" },
    { 0, 7000, MESH_OUTCOME_REVIEWS_ERROR, 500, 6020, "the page waits 3 s for reviews, twice" },
    { 0, 7000, MESH_OUTCOME_RATINGS_ERROR, 200, 2530, "v3 waits 2.5 s for ratings, no longer" },
    { 4000, 4000, MESH_OUTCOME_REVIEWS_ERROR, 500, 6020, "the page waits 3 s for reviews, twice" },
    { 0, 2800, MESH_OUTCOME_REVIEWS, 200, 2830, "the delay of 2.8 s of ratings" },
    { 0, 0, MESH_OUTCOME_RATINGS_ERROR, 200, 12, "ratings refused at once" },
    { 0, 0, MESH_OUTCOME_REVIEWS_ERROR, 503, 15,
      "refused at once, twice: no pod of the subset, or no such subset" },
    { 0, 0, MESH_OUTCOME_REVIEWS_ERROR, 403, 15, "refused at once, twice" },
    { 500, 0, MESH_OUTCOME_REVIEWS, 200, 520,
      "the timeout of 0.5 s once; the second try was answered" },
    { 0, 0, MESH_OUTCOME_REVIEWS, 200, 3020,
      "the page waited 3 s for reviews once; the second try was answered" },
    { 0, 0, MESH_OUTCOME_REVIEWS, 200, 1500, NULL },
    { 0, 0, MESH_OUTCOME_REVIEWS_ERROR, 500, 1500, NULL },
    { 0, 0, MESH_OUTCOME_OTHER, 404, 10, NULL },
    { 0, 0, MESH_OUTCOME_NONE, 0, 10000, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    MeshSettings settings = { .reviews_timeout = cases[i].timeout,
                              .ratings_delay = cases[i].delay };
    MeshAnswer answer = { .outcome = cases[i].outcome,
                          .status = cases[i].status,
                          .latency_ms = cases[i].latency };
    g_autofree char *reason = mesh_latency_dup_reason (&answer, &settings);

    g_assert_cmpstr (reason, ==, cases[i].reason);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh/latency/settings", test_settings);
  g_test_add_func ("/mesh/latency/settings-of-others", test_settings_of_others);
  g_test_add_func ("/mesh/latency/conditions", test_conditions);
  g_test_add_func ("/mesh/latency/shares", test_shares);
  g_test_add_func ("/mesh/latency/reasons", test_reasons);

  return g_test_run ();
}

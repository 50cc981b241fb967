/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-description.h"
#include "mesh-duration.h"
#include "mesh-fixture.h"
#include "mesh-sentence.h"

#define TO(subset) "{destination: {host: reviews, subset: " subset "}}"
#define SHARE(subset, weight)                                                                      \
  "{destination: {host: reviews, subset: " subset "}, weight: " weight "}"

static const struct {
  const char *spec;
  const char *words;
} cases[] = {
  { "http: [{route: [" TO ("v1") "]}]", "Everyone goes to v1." },
  { "http: [{route: [{destination: {host: reviews}}]}]", "Everyone goes to reviews." },
  { "http: [{route: [{destination: {host: ratings, subset: v2}}]}]",
    "Everyone goes to v2 of ratings." },
  { "http: [{route: [{destination: {host: reviews.default.svc.cluster.local, subset: v2}}]}]",
    "Everyone goes to v2." },
  { "http: [{match: [{headers: {end-user: {exact: jason}}}], route: [" TO (
      "v2") "]}, {timeout: "
            "0.5s, route: [" SHARE ("v1", "70") ", " SHARE ("v3", "30") "]}]",
    "User jason goes to v2.\nEveryone else: 70 % v1, 30 % v3. Gives up after 0.5 s." },
  { "http: [{match: [{headers: {end-user: {exact: jason}}}], route: [" SHARE (
      "v1", "50") ", " SHARE ("v2", "50") "]}, {route: [" TO ("v1") "]}]",
    "User jason: 50 % v1, 50 % v2.\nEveryone else goes to v1." },
  /* weights: 0 gets nothing, a missing one is 0, shares of another sum, all of them 0 */
  { "http: [{route: [" SHARE ("v1", "100") ", " SHARE ("v3", "0") "]}]", "Everyone goes to v1." },
  { "http: [{route: [" TO ("v1") ", " SHARE ("v3", "100") "]}]", "Everyone goes to v3." },
  { "http: [{route: [" SHARE ("v1", "1") ", " SHARE ("v2", "1") ", " SHARE ("v3", "1") "]}]",
    "Everyone: 33.3 % v1, 33.3 % v2, 33.3 % v3." },
  { "http: [{route: [" SHARE ("v1", "0") ", " SHARE ("v2", "0") "]}]",
    "Everyone gets errors, since no destination has a weight." },
  { "http: [{route: [" SHARE ("v1", "0") "]}]", "Everyone goes to v1." },
  /* matches */
  { "http: [{match: [{uri: {prefix: /api}}, {headers: {a: {regex: b}}}], route: [" TO ("v2") "]}]",
    "Where path starts with /api or a matches b, requests go to v2.\nEveryone else is answered "
    "with status 404." },
  { "http: [{match: [{headers: {end-user: {exact: jason}}, uri: {exact: /}}], route: [" TO (
      "v2") "]}, {route: [" TO ("v1") "]}]",
    "Where path is / and end-user is jason, requests go to v2.\nEveryone else goes to v1." },
  { "http: [{route: [" TO ("v1") "]}, {route: [" TO ("v2") "]}]",
    "Everyone goes to v1.\n1 more route is never reached: the one before it takes every request." },
  { "http: [{route: [" TO ("v1") "]}, {route: [" TO ("v2") "]}, {route: [" TO ("v3") "]}]",
    "Everyone goes to v1.\n2 more routes are never reached: the one before them takes every "
    "request." },
  /* other ends */
  { "http: [{redirect: {uri: /new, authority: example.com}}]",
    "Everyone is redirected to example.com/new." },
  { "http: [{redirect: {scheme: https}}]", "Everyone is redirected to https://." },
  { "http: [{directResponse: {status: 503}}]", "Everyone is answered with status 503 at once." },
  { "http: [{delegate: {name: other}}]", "Everyone goes where the virtual service other says." },
  { "http: [{}]", "Everyone gets errors, since no destination has a weight." },
  /* what happens on the way */
  { "http: [{route: [" TO ("v1") "], fault: {delay: {percent: 100, fixedDelay: 2s}}}]",
    "Everyone goes to v1. Each request is held up for 2 s." },
  { "http: [{route: [" TO ("v1") "], fault: {delay: {percentage: {value: 0.5}, percent: 100, "
                                 "fixedDelay: 1m30s}}}]",
    "Everyone goes to v1. 0.5 % of the requests are held up for 1 min 30 s." },
  { "http: [{route: [" TO ("v1") "], fault: {delay: {fixedDelay: 2s}}}]", "Everyone goes to v1." },
  { "http: [{route: [" TO ("v1") "], fault: {abort: {percentage: {value: 100}, httpStatus: 500}}}]",
    "Everyone goes to v1. Each request fails with status 500 on purpose." },
  { "http: [{route: [" TO ("v1") "], fault: {abort: {percentage: {value: 10}, grpcStatus: "
                                 "ABORTED}}}]",
    "Everyone goes to v1. 10 % of the requests are answered with an error on purpose." },
  { "http: [{route: [" TO ("v1") "], timeout: 500ms, fault: {abort: {percentage: {value: 10}, "
                                 "httpStatus: 500}}}]",
    "Everyone goes to v1. 10 % of the requests fail with status 500 on purpose. Gives up after "
    "0.5 s. Istio leaves the timeout out of account here, because the route has a fault." },
  { "http: [{route: [" TO ("v1") "], retries: {attempts: 1}}]",
    "Everyone goes to v1. 1 more try where a request fails." },
  { "http: [{route: [" TO ("v1") "], retries: {attempts: 3, perTryTimeout: 2s, retryOn: "
                                 "'5xx,reset'}}]",
    "Everyone goes to v1. Up to 3 more tries where a request fails with 5xx,reset. Each "
    "try "
    "may take 2 s." },
  { "http: [{route: [" TO ("v1") "], retries: {attempts: 0}}]",
    "Everyone goes to v1. A request that fails is not tried again." },
  { "http: [{route: [" TO ("v1") "], timeout: 0s}]", "Everyone goes to v1." },
  { "http: [{route: [" TO ("v1") "], mirror: {host: reviews, subset: v2}}]",
    "Everyone goes to v1. A copy of each request goes to v2." },
  { "http: [{route: [" TO (
      "v1") "], mirror: {host: reviews, subset: v2}, mirrorPercentage: {value: "
            "20}}]",
    "Everyone goes to v1. A copy of 20 % of the requests goes to v2." },
  { "http: [{route: [" TO ("v1") "], mirrors: [{destination: {host: reviews, subset: v3}}]}]",
    "Everyone goes to v1. A copy of each request goes to v3." },
  { "http: [{route: [" TO ("v1") "], rewrite: {uri: /, authority: a.b}, headers: {}}]",
    "Everyone goes to v1. The path that fitted becomes /. The host becomes a.b. Headers are "
    "changed "
    "on the way." },
  /* not HTTP */
  { "tcp: [{match: [{port: 9000}], route: [" SHARE ("v1", "80") ", " SHARE ("v2", "20") "]}]",
    "TCP connections to port 9000: 80 % v1, 20 % v2." },
  { "tcp: [{route: [" TO ("v1") "]}]", "TCP connections go to v1." },
  { "tls: [{match: [{port: 443, sniHosts: [a.com, b.com]}], route: [" TO ("v1") "]}]",
    "TLS connections for a.com, b.com go to v1." },
  { "gateways: [bookinfo-gateway], http: [{route: [" TO ("v1") "]}]",
    "Everyone goes to v1.\nOnly for requests that come in by the gateway bookinfo-gateway." },
  { "gateways: [bookinfo-gateway, mesh], http: [{route: [" TO ("v1") "]}]",
    "Everyone goes to v1." },
  { "http: []", "It has no routes." },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) object = mesh_test_service (cases[i].spec);
    g_autofree char *words = mesh_description_dup_text (object);

    g_assert_cmpstr (words, ==, cases[i].words);
  }
}

/* Objects that no server would give are described all the same. */
static void
test_bad_objects (void)
{
  static const char *const objects[] = {
    "[]",
    "{}",
    "{spec: {http: 1}}",
    "{spec: {http: [1, null, {}]}}",
    "{spec: {http: [{match: {}, route: [1, {weight: x}, {destination: [], weight: -5}]}]}}",
    "{spec: {http: [{timeout: soon, fault: {delay: {fixedDelay: {}, percent: many}}, retries: 3, "
    "mirror: 1, mirrors: [1], route: [{destination: {}}]}]}}",
    "{spec: {tcp: [1], tls: [{match: [{sniHosts: [1]}]}], gateways: [1]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (objects); i++) {
    g_autoptr (JsonNode) object = mesh_test_parse (objects[i]);
    g_autofree char *words = mesh_description_dup_text (object);

    g_assert_cmpstr (words, !=, "");
    g_assert_true (g_utf8_validate (words, -1, NULL));
  }
}

/* Braces in what is filled in are plain text. */
static void
test_sentence (void)
{
  g_autoptr (JsonNode) object =
    mesh_test_service ("http: [{match: [{headers: {end-user: {exact: '{where}'}}}], route: [" TO (
      "v2") "]}, "
            "{route: [" TO ("v1") "]}]");
  g_autofree char *words = mesh_description_dup_text (object);
  g_autofree char *unknown = mesh_sentence_fill ("{a} {b} {", "b", "c", NULL);

  g_assert_cmpstr (words, ==, "User {where} goes to v2.\nEveryone else goes to v1.");
  g_assert_cmpstr (unknown, ==, "{a} c {");
}

static void
test_long (void)
{
  g_autoptr (GString) spec = g_string_new ("http: [");
  g_autoptr (JsonNode) object = NULL;
  g_autofree char *words = NULL;

  for (int i = 0; i < 60; i++)
    g_string_append_printf (spec, "{match: [{uri: {exact: /%d}}], route: [" TO ("v1") "]}, ", i);
  g_string_append (spec, "{route: [" TO ("v1") "]}]");
  object = mesh_test_service (spec->str);
  words = mesh_description_dup_text (object);
  g_assert_true (g_str_has_suffix (words, "\n11 more routes follow."));
}

static void
test_durations (void)
{
  static const char *const expected[][2] = {
    { "0.5s", "0.5 s" }, { "500ms", "0.5 s" },     { "90s", "1 min 30 s" }, { "2h", "2 h" },
    { "5m", "5 min" },   { "0s", "0 s" },          { "soon", "soon" },      { "1e3s", "1e3s" },
    { "0x1s", "0x1s" },  { "1.5m", "1 min 30 s" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree char *words = mesh_duration_dup_words (expected[i][0]);

    g_assert_cmpstr (words, ==, expected[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/description/cases", test_cases);
  g_test_add_func ("/mesh/description/bad-objects", test_bad_objects);
  g_test_add_func ("/mesh/description/sentence", test_sentence);
  g_test_add_func ("/mesh/description/long", test_long);
  g_test_add_func ("/mesh/description/durations", test_durations);
  return g_test_run ();
}

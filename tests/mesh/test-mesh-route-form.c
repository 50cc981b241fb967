/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-error.h"
#include "mesh-fixture.h"
#include "mesh-route-form.h"

#define ROUTE "route: [{destination: {host: reviews, subset: v1}}]"
#define JASON "match: [{headers: {end-user: {exact: jason}}}]"

static MeshRouteForm *
open_form (JsonNode *object, guint route)
{
  g_autoptr (GError) error = NULL;
  MeshRouteForm *form = mesh_route_form_new (object, route, 4, &error);

  g_assert_no_error (error);
  return form;
}

static JsonNode *
apply (MeshRouteForm *form, JsonNode *object)
{
  g_autoptr (GError) error = NULL;
  JsonNode *target = mesh_route_form_apply (form, object, &error);

  g_assert_no_error (error);
  return target;
}

/* Writes @text in @field of the first route of @before. */
static void
check (const char *before, MeshField field, const char *text, const char *after)
{
  g_autoptr (JsonNode) object = mesh_test_service (before);
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;

  mesh_route_form_set (form, field, text);
  target = apply (form, object);
  mesh_test_assert_spec (target, after);
}

static void
test_read (void)
{
  g_autoptr (JsonNode) object = mesh_test_service (
    "http: [{match: [{headers: {x-y: {regex: '^a'}}}], timeout: 0.500s, fault: {delay: {percent: "
    "50, fixedDelay: 2s}, abort: {percentage: {value: 0.5}, httpStatus: 503}}, retries: {attempts: "
    "3, perTryTimeout: 1s, retryOn: '5xx,503'}, " ROUTE "}]");
  static const char *const expected[MESH_N_FIELDS] = {
    [MESH_FIELD_HEADER] = "x-y",           [MESH_FIELD_VALUE] = "^a",
    [MESH_FIELD_TIMEOUT] = "0.500s",       [MESH_FIELD_DELAY] = "2s",
    [MESH_FIELD_DELAY_PERCENTAGE] = "50",  [MESH_FIELD_ABORT_STATUS] = "503",
    [MESH_FIELD_ABORT_PERCENTAGE] = "0.5", [MESH_FIELD_ATTEMPTS] = "3",
    [MESH_FIELD_PER_TRY_TIMEOUT] = "1s",   [MESH_FIELD_RETRY_ON] = "5xx,503",
  };
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;

  g_assert_cmpint (mesh_route_form_get_match_kind (form), ==, MESH_MATCH_REGEX);
  for (guint i = 0; i < MESH_N_FIELDS; i++)
    g_assert_cmpstr (mesh_route_form_get (form, i), ==, expected[i]);
  g_assert_true (mesh_route_form_is_valid (form));
  g_assert_true (mesh_route_form_ignores_timeout (form));
  /* nothing written, nothing changed, to the byte */
  target = apply (form, object);
  g_assert_true (base_json_equal (target, object));
}

static void
test_timeout (void)
{
  check ("http: [{" ROUTE "}]", MESH_FIELD_TIMEOUT, " 0.5s ", "http: [{" ROUTE ", timeout: 0.5s}]");
  check ("http: [{" ROUTE ", timeout: 0.5s, alpha: 1}]", MESH_FIELD_TIMEOUT, "",
         "http: [{" ROUTE ", alpha: 1}]");
}

static void
test_faults (void)
{
  /* without a share it is for all */
  check ("http: [{" ROUTE "}]", MESH_FIELD_DELAY, "2s",
         "http: [{" ROUTE ", fault: {delay: {fixedDelay: 2s, percentage: {value: 100}}}}]");
  check ("http: [{" ROUTE "}]", MESH_FIELD_ABORT_STATUS, "500",
         "http: [{" ROUTE ", fault: {abort: {httpStatus: 500, percentage: {value: 100}}}}]");
  /* the older way of writing a share stays while nobody changes it */
  check ("http: [{" ROUTE ", fault: {delay: {fixedDelay: 2s, percent: 50, alpha: 1}}}]",
         MESH_FIELD_DELAY, "3s",
         "http: [{" ROUTE ", fault: {delay: {fixedDelay: 3s, percent: 50, alpha: 1}}}]");
  check ("http: [{" ROUTE ", fault: {delay: {fixedDelay: 2s, percent: 50}}}]",
         MESH_FIELD_DELAY_PERCENTAGE, "0.5",
         "http: [{" ROUTE ", fault: {delay: {fixedDelay: 2s, percentage: {value: 0.5}}}}]");
  check ("http: [{" ROUTE ", fault: {abort: {grpcStatus: ABORTED}}}]", MESH_FIELD_ABORT_STATUS,
         "503", "http: [{" ROUTE ", fault: {abort: {httpStatus: 503, percentage: {value: 100}}}}]");
}

static void
test_faults_gone (void)
{
  g_autoptr (JsonNode) object = mesh_test_service (
    "http: [{" ROUTE ", fault: {delay: {fixedDelay: 2s, percent: 50}, abort: {httpStatus: 500}}}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;

  mesh_route_form_set (form, MESH_FIELD_DELAY, "");
  g_assert_false (mesh_route_form_is_valid (form));
  mesh_route_form_set (form, MESH_FIELD_DELAY_PERCENTAGE, "");
  target = apply (form, object);
  mesh_test_assert_spec (target, "http: [{" ROUTE ", fault: {abort: {httpStatus: 500}}}]");
  g_clear_pointer (&target, json_node_unref);
  mesh_route_form_set (form, MESH_FIELD_ABORT_STATUS, "");
  mesh_route_form_set (form, MESH_FIELD_ABORT_PERCENTAGE, "");
  target = apply (form, object);
  mesh_test_assert_spec (target, "http: [{" ROUTE "}]");
}

static void
test_retries (void)
{
  g_autoptr (JsonNode) object =
    mesh_test_service ("http: [{" ROUTE ", retries: {attempts: 2, retryRemoteLocalities: true}}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;

  mesh_route_form_set (form, MESH_FIELD_PER_TRY_TIMEOUT, "2s");
  mesh_route_form_set (form, MESH_FIELD_RETRY_ON, "5xx");
  target = apply (form, object);
  mesh_test_assert_spec (target,
                         "http: [{" ROUTE ", retries: {attempts: 2, retryRemoteLocalities: true, "
                         "perTryTimeout: 2s, retryOn: 5xx}}]");
  check ("http: [{" ROUTE ", retries: {attempts: 2}}]", MESH_FIELD_ATTEMPTS, "",
         "http: [{" ROUTE "}]");
  check ("http: [{" ROUTE "}]", MESH_FIELD_ATTEMPTS, "0",
         "http: [{" ROUTE ", retries: {attempts: 0}}]");
}

static void
test_match (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" JASON ", " ROUTE "}, {" ROUTE "}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;

  mesh_route_form_set_match_kind (form, MESH_MATCH_PREFIX);
  mesh_route_form_set (form, MESH_FIELD_HEADER, "x-group");
  mesh_route_form_set (form, MESH_FIELD_VALUE, "beta");
  target = apply (form, object);
  mesh_test_assert_spec (target, "http: [{match: [{headers: {x-group: {prefix: beta}}}], " ROUTE
                                 "}, {" ROUTE "}]");
  g_clear_pointer (&target, json_node_unref);
  mesh_route_form_set_match_kind (form, MESH_MATCH_NONE);
  mesh_route_form_set (form, MESH_FIELD_HEADER, "");
  target = apply (form, object);
  mesh_test_assert_spec (target, "http: [{" ROUTE "}, {" ROUTE "}]");
}

/* What the fields cannot say is kept, and is said in words. */
static void
test_other_match (void)
{
  static const char *const matches[] = {
    "[{uri: {prefix: /a}}]",
    "[{headers: {a: {exact: b}}}, {headers: {c: {exact: d}}}]",
    "[{headers: {a: {exact: b}, c: {exact: d}}}]",
    "[{headers: {a: {exact: b}}, uri: {exact: /}}]",
    "[{headers: {a: {}}}]",
    "[{headers: {a: {exact: b, ignoreCase: true}}}]",
    "[{}]",
    "{}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (matches); i++) {
    g_autofree char *before = g_strdup_printf ("http: [{match: %s, " ROUTE "}]", matches[i]);
    g_autofree char *after =
      g_strdup_printf ("http: [{match: %s, " ROUTE ", timeout: 1s}]", matches[i]);
    g_autoptr (JsonNode) object = mesh_test_service (before);
    g_autoptr (MeshRouteForm) form = open_form (object, 0);

    g_assert_cmpint (mesh_route_form_get_match_kind (form), ==, MESH_MATCH_OTHER);
    g_assert_nonnull (mesh_route_form_get_other_match (form));
    check (before, MESH_FIELD_TIMEOUT, "1s", after);
  }
}

static void
test_new (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{match: [{uri: {prefix: /a}}], " ROUTE
                                                   "}, {route: [{destination: {host: reviews, "
                                                   "subset: v3, port: {number: 9080}}}]}]");
  g_autoptr (MeshRouteForm) form = mesh_route_form_new_for_new (object, "reviews", "v1", 4, NULL);
  g_autoptr (JsonNode) target = NULL;

  g_assert_true (mesh_route_form_is_new (form));
  g_assert_false (mesh_route_form_is_valid (form));
  mesh_route_form_set (form, MESH_FIELD_VALUE, "jason");
  mesh_route_form_set (form, MESH_FIELD_TIMEOUT, "1s");
  mesh_route_form_set_subset (form, "v2");
  target = apply (form, object);
  mesh_test_assert_spec (
    target, "http: [{match: [{uri: {prefix: /a}}], " ROUTE "}, {" JASON ", route: [{destination: "
            "{host: reviews, subset: v2, port: {number: 9080}}}], timeout: 1s}, {route: "
            "[{destination: {host: reviews, subset: v3, port: {number: 9080}}}]}]");
}

static void
count_cb (MeshRouteForm *form, guint *n_changes)
{
  (*n_changes)++;
}

static void
test_changed (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" JASON ", " ROUTE "}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  guint n_changes = 0;

  g_signal_connect (form, "changed", G_CALLBACK (count_cb), &n_changes);
  mesh_route_form_set (form, MESH_FIELD_VALUE, "jason");
  mesh_route_form_set_match_kind (form, MESH_MATCH_EXACT);
  g_assert_cmpuint (n_changes, ==, 0);
  mesh_route_form_set (form, MESH_FIELD_VALUE, "Jason");
  mesh_route_form_set_match_kind (form, MESH_MATCH_PREFIX);
  g_assert_cmpuint (n_changes, ==, 2);
}

static const struct {
  MeshField field;
  const char *text;
  const char *error; /* NULL: none */
} texts[] = {
  { MESH_FIELD_TIMEOUT, "", NULL },
  { MESH_FIELD_TIMEOUT, "1m30s", NULL },
  { MESH_FIELD_TIMEOUT, "0.5", "Write a time with its unit, such as 0.5s, 500ms or 1m30s." },
  { MESH_FIELD_TIMEOUT, "1 s", "Write a time with its unit, such as 0.5s, 500ms or 1m30s." },
  { MESH_FIELD_TIMEOUT, "0s", "duration must be greater than 1ms" },
  { MESH_FIELD_TIMEOUT, "-1s", "duration must be greater than 1ms" },
  { MESH_FIELD_TIMEOUT, "1.5ms", "only durations to ms precision are supported" },
  { MESH_FIELD_TIMEOUT, "1ms", NULL },
  { MESH_FIELD_TIMEOUT, "9999999999h",
    "Write a time with its unit, such as 0.5s, 500ms or 1m30s." },
  { MESH_FIELD_ABORT_STATUS, "199", "HTTP status 199 is not in range 200-599" },
  { MESH_FIELD_ABORT_STATUS, "600", "HTTP status 600 is not in range 200-599" },
  { MESH_FIELD_ABORT_STATUS, "99999999999", "Write the number of an HTTP status, such as 500." },
  { MESH_FIELD_ABORT_STATUS, "teapot", "Write the number of an HTTP status, such as 500." },
  { MESH_FIELD_ABORT_STATUS, "200", NULL },
  { MESH_FIELD_ATTEMPTS, "-1", "attempts cannot be negative" },
  { MESH_FIELD_ATTEMPTS, "1.5", "Write how often to try again, a whole number such as 3." },
  { MESH_FIELD_ATTEMPTS, "3", NULL },
  { MESH_FIELD_HEADER, "end-user", NULL },
  { MESH_FIELD_HEADER, "", "header name cannot be empty" },
  { MESH_FIELD_HEADER, "End-User",
    "Istio reads names of headers in small letters only, such as end-user." },
  { MESH_FIELD_HEADER, "a b", "The name of a header has letters, digits and hyphens only." },
  { MESH_FIELD_HEADER, "naïve", "The name of a header has letters, digits and hyphens only." },
  { MESH_FIELD_VALUE, "Jason Müller", NULL },
  { MESH_FIELD_VALUE, "", "Write what the header has to hold." },
  { MESH_FIELD_VALUE, "a\nb", "A header is one line of text." },
  { MESH_FIELD_RETRY_ON, "5xx,reset,503", NULL },
  { MESH_FIELD_RETRY_ON, "5xx, reset", "\" reset\" is not a valid retryOn policy" },
  { MESH_FIELD_RETRY_ON, "always", "\"always\" is not a valid retryOn policy" },
  { MESH_FIELD_RETRY_ON, "envoy-ratelimited",
    "\"envoy-ratelimited\" is not a valid retryOn policy" },
};

static void
test_errors (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *error = mesh_field_dup_error (texts[i].field, texts[i].text, 4);

    g_assert_cmpstr (error, ==, texts[i].error);
  }
}

static void
test_percentages (void)
{
  static const char *const expected[][2] = {
    { "100", NULL },
    { "0", NULL },
    { "0.0001", NULL },
    { "0.00001", "percentage 0.00001 is neither 0.0, nor in range [0.0001, 100.0]" },
    { "101", "percentage 101 is neither 0.0, nor in range [0.0001, 100.0]" },
    { "-1", "percentage -1 is neither 0.0, nor in range [0.0001, 100.0]" },
    { "50 %", "Write a share in percent, such as 100 or 0.5." },
    { "nan", "Write a share in percent, such as 100 or 0.5." },
    { "1e2", "Write a share in percent, such as 100 or 0.5." },
    { "1.2.3", "Write a share in percent, such as 100 or 0.5." },
    { "0,5", "Write a share in percent, such as 100 or 0.5." },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autofree char *delay = mesh_field_dup_error (MESH_FIELD_DELAY_PERCENTAGE, expected[i][0], 4);
    g_autofree char *abort_ = mesh_field_dup_error (MESH_FIELD_ABORT_PERCENTAGE, expected[i][0], 0);

    g_assert_cmpstr (delay, ==, expected[i][1]);
    g_assert_cmpstr (abort_, ==, expected[i][1]);
  }
}

/* What is newer than the cluster's Istio is refused there, and taken elsewhere. */
static void
test_eras (void)
{
  g_autofree char *new_error = mesh_field_dup_error (MESH_FIELD_RETRY_ON, "envoy-ratelimited", 20);
  g_autofree char *unknown_error =
    mesh_field_dup_error (MESH_FIELD_RETRY_ON, "envoy-ratelimited", 0);

  g_assert_null (new_error);
  g_assert_null (unknown_error);
}

static void
test_regex (void)
{
  static const char *const good[] = { "^j", "a|b", "(?i)jason", "\\d+\\.\\w", "(?P<a>b)", "\\\\1" };
  static const char *const bad[] = { "(", "[", "a(?=b)", "a(?!b)", "(?<=a)b", "(a)\\1", "(?>a)" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autofree char *error = mesh_field_dup_regex_error (good[i]);

    g_assert_cmpstr (error, ==, NULL);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree char *error = mesh_field_dup_regex_error (bad[i]);

    g_assert_nonnull (error);
  }
}

static void
test_pairs (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" ROUTE "}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *without_attempts = NULL;
  g_autofree char *with_none = NULL;

  mesh_route_form_set (form, MESH_FIELD_RETRY_ON, "5xx");
  without_attempts = mesh_route_form_dup_error (form, MESH_FIELD_RETRY_ON);
  g_assert_cmpstr (without_attempts, ==, "Write how often to try again, too, or leave this empty.");
  mesh_route_form_set (form, MESH_FIELD_ATTEMPTS, "0");
  with_none = mesh_route_form_dup_error (form, MESH_FIELD_RETRY_ON);
  g_assert_cmpstr (with_none, ==,
                   "http retry policy configured when attempts are set to 0 (disabled)");
  target = mesh_route_form_apply (form, object, &error);
  g_assert_null (target);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
}

/* The route is found where it is by now; one that is gone is not guessed. */
static void
test_moved (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" JASON ", " ROUTE "}, {" ROUTE "}]");
  g_autoptr (JsonNode) moved = mesh_test_service ("http: [{match: [{uri: {exact: /}}], " ROUTE
                                                  "}, {" JASON ", " ROUTE "}, {" ROUTE "}]");
  g_autoptr (JsonNode) gone = mesh_test_service ("http: [{" ROUTE "}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (JsonNode) none = NULL;
  g_autoptr (GError) error = NULL;

  mesh_route_form_set (form, MESH_FIELD_TIMEOUT, "1s");
  target = apply (form, moved);
  mesh_test_assert_spec (target, "http: [{match: [{uri: {exact: /}}], " ROUTE "}, {" JASON
                                 ", " ROUTE ", timeout: 1s}, {" ROUTE "}]");
  none = mesh_route_form_apply (form, gone, &error);
  g_assert_null (none);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
}

/* What somebody else changes meanwhile is not undone, and the same thing is not overwritten. */
static void
test_conflict (void)
{
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" ROUTE ", timeout: 1s}]");
  g_autoptr (JsonNode) elsewhere =
    mesh_test_service ("http: [{" ROUTE ", timeout: 1s, retries: {attempts: 2}}]");
  g_autoptr (JsonNode) there = mesh_test_service ("http: [{" ROUTE ", timeout: 9s}]");
  g_autoptr (JsonNode) same = mesh_test_service ("http: [{" ROUTE ", timeout: 3s}]");
  g_autoptr (MeshRouteForm) form = open_form (object, 0);
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (GError) error = NULL;

  mesh_route_form_set (form, MESH_FIELD_TIMEOUT, "3s");
  target = apply (form, elsewhere);
  mesh_test_assert_spec (target, "http: [{" ROUTE ", timeout: 3s, retries: {attempts: 2}}]");
  g_clear_pointer (&target, json_node_unref);
  target = mesh_route_form_apply (form, there, &error);
  g_assert_null (target);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
  target = apply (form, same);
  g_assert_true (base_json_equal (target, same));
}

static void
test_bad_objects (void)
{
  g_autoptr (JsonNode) list = mesh_test_parse ("[]");
  g_autoptr (JsonNode) object = mesh_test_service ("http: [{" ROUTE "}]");
  g_autoptr (MeshRouteForm) form = NULL;
  g_autoptr (GError) error = NULL;

  form = mesh_route_form_new (list, 0, 4, &error);
  g_assert_null (form);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_INVALID);
  g_clear_error (&error);
  form = mesh_route_form_new (object, 1, 4, &error);
  g_assert_null (form);
  g_assert_error (error, MESH_ERROR, MESH_ERROR_CHANGED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/route-form/read", test_read);
  g_test_add_func ("/mesh/route-form/timeout", test_timeout);
  g_test_add_func ("/mesh/route-form/faults", test_faults);
  g_test_add_func ("/mesh/route-form/faults-gone", test_faults_gone);
  g_test_add_func ("/mesh/route-form/retries", test_retries);
  g_test_add_func ("/mesh/route-form/match", test_match);
  g_test_add_func ("/mesh/route-form/other-match", test_other_match);
  g_test_add_func ("/mesh/route-form/new", test_new);
  g_test_add_func ("/mesh/route-form/changed", test_changed);
  g_test_add_func ("/mesh/route-form/errors", test_errors);
  g_test_add_func ("/mesh/route-form/percentages", test_percentages);
  g_test_add_func ("/mesh/route-form/eras", test_eras);
  g_test_add_func ("/mesh/route-form/regex", test_regex);
  g_test_add_func ("/mesh/route-form/pairs", test_pairs);
  g_test_add_func ("/mesh/route-form/moved", test_moved);
  g_test_add_func ("/mesh/route-form/conflict", test_conflict);
  g_test_add_func ("/mesh/route-form/bad-objects", test_bad_objects);
  return g_test_run ();
}

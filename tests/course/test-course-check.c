/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-check-parser.h"

#define PENDING "{\"metadata\": {\"name\": \"a\"}, \"status\": {\"phase\": \"Pending\", \"n\": 1}}"
#define RUNNING                                                                                    \
  "{\"metadata\": {\"name\": \"b\"}, \"status\": {\"phase\": \"Running\", \"n\": 3, \"address\": " \
  "\"\", \"conditions\": [{\"type\": \"Ready\", \"status\": \"True\"}]}}"
#define ROUTE                                                                                      \
  "{\"spec\": {\"http\": [{\"route\": [{\"destination\": {\"subset\": \"v1\"}, \"weight\": 70},"   \
  " {\"destination\": {\"subset\": \"v3\"}, \"weight\": 30}]}]}}"

static GPtrArray *
parse (const char *yaml, GPtrArray *messages)
{
  const CourseReport report = { .messages = messages, .file = "lab.md" };

  return course_check_parse_list (yaml, 10, 120, &report);
}

static CourseCheck *
parse_one (const char *yaml)
{
  g_autoptr (GPtrArray) messages = course_messages_new ();
  g_autoptr (GPtrArray) checks = parse (yaml, messages);

  for (guint i = 0; i < messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (messages, i);

    if (message->is_error)
      g_error ("%s: %s", yaml, message->text);
  }
  g_assert_cmpuint (checks->len, ==, 1);
  return g_object_ref (g_ptr_array_index (checks, 0));
}

static void
assert_judged (const char *yaml, const char *const *texts, const char *observed)
{
  g_autoptr (CourseCheck) check = parse_one (yaml);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  g_autofree char *seen = NULL;
  gboolean passes;

  for (guint i = 0; texts[i] != NULL; i++) {
    JsonNode *object = base_json_parse (texts[i], -1, NULL);

    g_assert_nonnull (object);
    g_ptr_array_add (objects, object);
  }
  passes = course_check_judge (check, objects, &seen);
  g_test_message ("%s: %s", yaml, seen != NULL ? seen : "passes");
  g_assert_cmpstr (seen, ==, observed);
  g_assert_cmpint (passes, ==, observed == NULL);
}

#define ASSERT_JUDGED(yaml, observed, ...)                                                         \
  assert_judged ("- resource: pods\n" yaml, (const char *const[]){ __VA_ARGS__ }, observed)

static void
test_presence (void)
{
  ASSERT_JUDGED ("", NULL, PENDING, NULL);
  ASSERT_JUDGED ("", "there are no pods yet", NULL);
  ASSERT_JUDGED ("  selector: app=a", "there are no pods with app=a yet", NULL);
  ASSERT_JUDGED ("  exists: true", NULL, PENDING, NULL);
  ASSERT_JUDGED ("  exists: false", NULL, NULL);
  ASSERT_JUDGED ("  absent: true", NULL, NULL);
  ASSERT_JUDGED ("  absent: true", "it is still there", PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase", NULL, PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.conditions",
                 "a: there is no status.conditions yet; status has phase, n", PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.conditions",
                 "a: there is no status.conditions yet; status has phase, n", RUNNING, PENDING,
                 NULL);
  ASSERT_JUDGED ("  path: $.status.address", "b: status.address is empty", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.address\n  absent: true", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  absent: true", "it is still there", RUNNING, NULL);
}

static void
test_values (void)
{
  ASSERT_JUDGED ("  path: $.status.phase\n  equals: Running", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  equals: Running",
                 "a: it is “Pending” instead of “Running”", RUNNING, PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  equals: Running", "there are no pods yet", NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  equals: 3", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  equals: \"3\"", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  equals: 3", "a: it is “1” instead of “3”", PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.conditions[?(@.type==\"Ready\")].status\n  equals: True", NULL,
                 RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.metadata\n  equals: {name: b}", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  matches: ^(Run|Succ)", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  matches: ^run", "b: it is “Running”", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  at-least: 2", NULL, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  at-least: 2", "a: it is “1”, less than 2", PENDING, NULL);
}

/* What is looked for, and what is there. */
static void
test_missing_values (void)
{
  ASSERT_JUDGED ("  path: $.spec.http[0].match",
                 "there is no spec.http[0].match yet; spec.http[0] has route", ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[3].route",
                 "there is no spec.http[3].route yet; spec.http has ?", ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.status.conditions[?(@.type==\"Done\")].status",
                 "b: there is no status.conditions[?(@.type==\"Done\")].status yet; "
                 "status.conditions has Ready",
                 RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase.inner",
                 "b: there is no status.phase.inner yet; status.phase is “Running”", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.metadata['a.b[c]'].d",
                 "b: there is no metadata['a.b[c]'].d yet; metadata has name", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $..moon", "b: there is no $..moon yet", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.a", "a is empty", "{\"a\": \"\"}", NULL);
  ASSERT_JUDGED ("  path: $.a.b", "there is no a.b yet: a is empty", "{\"a\": null}", NULL);
  ASSERT_JUDGED ("  path: $.l[9]", "there is no l[9] yet; l has 1, 2, 3, 4, 5, 6, 7, 8, …",
                 "{\"l\": [\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]}", NULL);
}

static void
test_numbers (void)
{
  ASSERT_JUDGED ("  at-least: 2", NULL, RUNNING, PENDING, NULL);
  ASSERT_JUDGED ("  at-least: 2", "there is 1", PENDING, NULL);
  ASSERT_JUDGED ("  count: 0", NULL, NULL);
  ASSERT_JUDGED ("  count: 1", "there are 2", PENDING, RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[*]\n  count: 2", NULL, ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[*]\n  count: 1", "there are 2", ROUTE, NULL);
}

/* A number is compared, all else is counted, and an array stands for what is in it. */
static void
test_counted_values (void)
{
  ASSERT_JUDGED ("  path: $.spec.http[0].route\n  count: 2", NULL, ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route\n  at-least: 2", NULL, ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route\n  at-least: 3", "there are 2", ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route\n  at-least: 4", NULL, ROUTE, ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[*].weight\n  at-least: 3", "there are 2", ROUTE,
                 NULL);
  ASSERT_JUDGED ("  path: $.spec.http[*].route[0].weight\n  at-least: 2", "there is 1", ROUTE,
                 NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[0].weight\n  at-least: 70", NULL, ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[0].weight\n  at-least: 71",
                 "it is “70”, less than 71", ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  at-least: 2", "there is 1", RUNNING, NULL);
  ASSERT_JUDGED ("  path: $.status.phase\n  at-least: 2", NULL, RUNNING, PENDING, NULL);
  ASSERT_JUDGED ("  path: $.status.n\n  at-least: 1", "a: there is no status.n yet",
                 "{\"metadata\": {\"name\": \"a\"}}", NULL);
  ASSERT_JUDGED ("  path: $.spec.list\n  absent: true", "it is still there",
                 "{\"spec\": {\"list\": []}}", NULL);
}

static void
test_weights (void)
{
  ASSERT_JUDGED (
    "  path: $.spec.http[0].route[?(@.destination.subset==\"v3\")].weight\n  equals: 30", NULL,
    ROUTE, NULL);
  ASSERT_JUDGED (
    "  path: $.spec.http[0].route[?(@.destination.subset==\"v1\")].weight\n  equals: 50",
    "it is “70” instead of “50”", ROUTE, NULL);
  ASSERT_JUDGED ("  path: $.spec.http[0].route[*].destination.subset\n  equals: v1",
                 "it is “v3” instead of “v1”", ROUTE, NULL);
}

static void
test_addresses (void)
{
  static const char *const by_name =
    "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"hostname\": \"a.example.org\"}]}}}";
  static const char *const by_number =
    "{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"10.0.0.1\"}]}}}";
  static const char *const pending = "{\"status\": {\"loadBalancer\": {}}}";

  ASSERT_JUDGED ("  path: $.status.loadBalancer.ingress[0]['hostname','ip']", NULL, by_name, NULL);
  ASSERT_JUDGED ("  path: $.status.loadBalancer.ingress[0]['hostname','ip']", NULL, by_number,
                 NULL);
  ASSERT_JUDGED (
    "  path: $.status.loadBalancer.ingress[0]['hostname','ip']",
    "there is no status.loadBalancer.ingress[0]['hostname','ip'] yet: status.loadBalancer is empty",
    pending, NULL);
}

/* What was seen is shown in one line beside the check. */
static void
test_long_value (void)
{
  g_autofree char *value = g_strnfill (500, 'x');
  g_autofree char *object = g_strdup_printf ("{\"a\": \"%s\"}", value);
  g_autofree char *shown = g_strdup_printf ("it is “%.60s…” instead of “b”", value);
  const char *const objects[] = { object, NULL };

  assert_judged ("- resource: pods\n  path: $.a\n  equals: b\n", objects, shown);
}

static void
test_hostile_pattern (void)
{
  g_autofree char *value = g_strnfill (60, 'a');
  g_autofree char *object = g_strdup_printf ("{\"a\": \"%sb\"}", value);
  const char *const objects[] = { object, NULL };
  g_autofree char *shown = g_strdup_printf ("it is “%s…”", value);

  assert_judged ("- resource: pods\n  path: $.a\n  matches: ^(a+)+$\n", objects, shown);
}

static void
test_resource (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- resource: service/redis\n  namespace: kubeaddons\n  says: It is there\n"
               "  within: 1m30s\n");
  g_autoptr (CourseCheck) selected = parse_one ("- resource: Pods\n  selector: app=redis\n");

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_RESOURCE);
  g_assert_cmpstr (course_check_get_resource (check), ==, "service");
  g_assert_cmpstr (course_check_get_name (check), ==, "redis");
  g_assert_cmpstr (course_check_get_namespace (check), ==, "kubeaddons");
  g_assert_cmpstr (course_check_get_says (check), ==, "It is there");
  g_assert_cmpuint (course_check_get_within (check), ==, 90);
  g_assert_cmpuint (course_check_get_line (check), ==, 10);

  g_assert_cmpstr (course_check_get_resource (selected), ==, "Pods");
  g_assert_null (course_check_get_name (selected));
  g_assert_null (course_check_get_namespace (selected));
  g_assert_cmpstr (course_check_get_selector (selected), ==, "app=redis");
  g_assert_nonnull (course_check_get_says (selected));
  g_assert_cmpuint (course_check_get_within (selected), ==, 120);
}

static void
test_reach (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- reach: {service: redis, port: 6379, send: \"PING\\r\\n\", reply: \"+PONG\"}\n");
  g_autoptr (CourseCheck) plain =
    parse_one ("- reach:\n    service: redis\n    port: 6379\n    send: PING\\r\\n\n"
               "    expect: blocked\n");

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_REACH);
  g_assert_cmpstr (course_check_get_service (check), ==, "redis");
  g_assert_cmpuint (course_check_get_port (check), ==, 6379);
  g_assert_cmpstr (course_check_get_send (check), ==, "PING\r\n");
  g_assert_cmpstr (course_check_get_reply (check), ==, "+PONG");
  g_assert_false (course_check_get_expect_blocked (check));
  g_assert_cmpstr (course_check_get_send (plain), ==, "PING\r\n");
  g_assert_null (course_check_get_reply (plain));
  g_assert_true (course_check_get_expect_blocked (plain));
}

static void
test_http (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- http: {service: traefik, namespace: kubeaddons, scheme: https, host: a.com,"
               " path: /x, status: 404, contains: Hello}\n");
  g_autoptr (CourseCheck) bare = parse_one ("- http: {service: web}\n");

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_HTTP);
  g_assert_cmpstr (course_check_get_namespace (check), ==, "kubeaddons");
  g_assert_cmpstr (course_check_get_scheme (check), ==, "https");
  g_assert_cmpuint (course_check_get_port (check), ==, 443);
  g_assert_cmpstr (course_check_get_http_host (check), ==, "a.com");
  g_assert_cmpstr (course_check_get_http_path (check), ==, "/x");
  g_assert_cmpuint (course_check_get_http_status (check), ==, 404);
  g_assert_cmpstr (course_check_get_contains (check), ==, "Hello");

  g_assert_cmpstr (course_check_get_scheme (bare), ==, "http");
  g_assert_cmpuint (course_check_get_port (bare), ==, 80);
  g_assert_null (course_check_get_http_host (bare));
  g_assert_cmpstr (course_check_get_http_path (bare), ==, "/");
  g_assert_cmpuint (course_check_get_http_status (bare), ==, 200);
  g_assert_cmpuint (course_check_get_takes_at_least (bare), ==, 0);
  g_assert_cmpuint (course_check_get_takes_at_most (bare), ==, 0);
}

static void
test_http_times (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- http: {service: web, takes-at-least: 1.9s, takes-at-most: 2500ms}\n");
  g_autoptr (CourseCheck) bare = parse_one ("- http: {service: web, takes-at-most: 3}\n");

  g_assert_cmpuint (course_check_get_takes_at_least (check), ==, 1900);
  g_assert_cmpuint (course_check_get_takes_at_most (check), ==, 2500);
  g_assert_cmpuint (course_check_get_takes_at_most (bare), ==, 3000);
}

static void
test_hint (void)
{
  g_autoptr (CourseCheck) check = parse_one ("- resource: pod/a\n  hint: Look at its events.\n");
  g_autoptr (CourseCheck) bare = parse_one ("- resource: pod/a\n");

  g_assert_cmpstr (course_check_get_hint (check), ==, "Look at its events.");
  g_assert_null (course_check_get_hint (bare));
}

static void
test_traffic (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- traffic: {host: reviews, split: {v1: 50, v3: 50}, requests: 80}\n");
  GHashTable *split = course_check_get_split (check);

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_TRAFFIC);
  g_assert_cmpstr (course_check_get_traffic_host (check), ==, "reviews");
  g_assert_cmpuint (course_check_get_requests (check), ==, 80);
  g_assert_cmpuint (g_hash_table_size (split), ==, 2);
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (split, "v3")), ==, 50);
  g_assert_cmpstr (course_check_get_service (check), ==, "istio-ingressgateway");
  g_assert_cmpstr (course_check_get_namespace (check), ==, "istio-system");
  g_assert_cmpuint (course_check_get_port (check), ==, 80);
  g_assert_cmpstr (course_check_get_http_path (check), ==, "/api/v1/products/0/reviews");
}

static void
test_traffic_entrance (void)
{
  g_autoptr (CourseCheck) check = parse_one (
    "- traffic: {host: reviews, split: {v1: 1}, service: page, port: 9080, path: /reviews}\n");

  g_assert_cmpstr (course_check_get_service (check), ==, "page");
  g_assert_null (course_check_get_namespace (check));
  g_assert_cmpuint (course_check_get_port (check), ==, 9080);
  g_assert_cmpstr (course_check_get_http_path (check), ==, "/reviews");
}

/* Each of these is refused, with a sentence. */
#define CLUSTER                                                                                    \
  "kind: Cluster\nspec:\n  addons:\n  - {name: istio, enabled: true}\n  - {name: dex, enabled: "   \
  "false}\n"

static void
assert_file (const char *yaml, const char *text, guint mode, const char *observed)
{
  g_autofree char *whole = g_strconcat ("- file: ~/lab/cluster.yaml\n", yaml, NULL);
  g_autoptr (CourseCheck) check = parse_one (whole);
  g_autofree char *seen = NULL;
  gboolean passes =
    course_check_judge_file (check, text, text != NULL ? strlen (text) : 0, mode, &seen);

  g_test_message ("%s: %s", yaml, seen != NULL ? seen : "passes");
  g_assert_cmpstr (seen, ==, observed);
  g_assert_cmpint (passes, ==, observed == NULL);
}

static void
test_file (void)
{
  g_autoptr (CourseCheck) check = parse_one ("- file: ~/lab\n  says: There is a folder");

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_FILE);
  g_assert_cmpstr (course_check_get_file (check), ==, "~/lab");

  assert_file ("", CLUSTER, 0644, NULL);
  assert_file ("", "", 0755, NULL);
  assert_file ("", NULL, 0, "there is no ~/lab/cluster.yaml yet");
  assert_file ("  absent: true", NULL, 0, NULL);
  assert_file ("  absent: true", "", 0644, "~/lab/cluster.yaml is still there");
  assert_file ("  contains: istio", CLUSTER, 0644, NULL);
  assert_file ("  contains: moon", CLUSTER, 0644, "there is no “moon” in it");
  assert_file ("  contains: moon", NULL, 0, "there is no ~/lab/cluster.yaml yet");
  assert_file ("  matches: '(?m)^kind: C'", CLUSTER, 0644, NULL);
  assert_file ("  matches: ^name", CLUSTER, 0644, "nothing in it fits “^name”");
  assert_file ("  mode: \"0400\"", "key", 0400, NULL);
  assert_file ("  mode: \"400\"", "key", 0644, "its mode is 0644 instead of 0400");
  assert_file ("  path: $.spec.addons[?(@.name==\"istio\")].enabled\n  equals: true", CLUSTER, 0644,
               NULL);
  assert_file ("  path: $.spec.addons[?(@.name==\"dex\")].enabled\n  equals: true", CLUSTER, 0644,
               "dex: it is “false” instead of “true”");
  assert_file ("  path: $.kind\n  equals: true", "kind: C\nmetadata: {name: konvoy}\n", 0644,
               "it is “C” instead of “true”");
  assert_file ("  path: $.spec.addons[*].name\n  count: 2", CLUSTER, 0644, NULL);
  assert_file ("  path: $.spec.addons[*].name\n  count: 2", "kind: [", 0644,
               "~/lab/cluster.yaml:2:1: did not find expected node content");
  assert_file ("  path: $.spec.moon\n  absent: true", CLUSTER, 0644, NULL);
  assert_file ("  path: $.spec\n  absent: true", CLUSTER, 0644, "it is still there");
  assert_file ("  path: $.spec\n  absent: true", NULL, 0, "there is no ~/lab/cluster.yaml yet");
  assert_file ("  path: $.spec.addons[*].enabled\n  matches: \"true|false\"",
               "---\nkind: Other\n---\n" CLUSTER, 0644, NULL);
  assert_file ("  path: $.moon\n  equals: full", "---\na: b\n---\n" CLUSTER, 0644,
               "there is no moon yet");
  /* No text at all is a file, too. */
  assert_file ("  contains: a", "\xff\xfe a", 0644, NULL);
}

static void
assert_output (const char *inner, const char *output, int status, const char *observed)
{
  g_autofree char *yaml = g_strdup_printf ("- terminal: {%s}\n  says: It was run", inner);
  g_autoptr (CourseCheck) check = parse_one (yaml);
  g_autofree char *seen = NULL;
  gboolean passes = course_check_judge_output (check, output, status, &seen);

  g_assert_cmpint (course_check_get_check_type (check), ==, COURSE_CHECK_TERMINAL);
  g_test_message ("%s: %s", yaml, seen != NULL ? seen : "passes");
  g_assert_cmpstr (seen, ==, observed);
  g_assert_cmpint (passes, ==, observed == NULL);
}

static void
test_terminal (void)
{
  g_autoptr (CourseCheck) check = parse_one ("- terminal: {command: telnet }\n  says: It was run");

  g_autoptr (CourseCheck) asks =
    parse_one ("- terminal: {service: web, namespace: shop, port: 80}\n  says: It was run");

  g_assert_cmpstr (course_check_get_command (check), ==, "telnet");
  g_assert_null (course_check_get_service (check));
  g_assert_cmpstr (course_check_get_service (asks), ==, "web");
  g_assert_cmpstr (course_check_get_namespace (asks), ==, "shop");
  g_assert_cmpuint (course_check_get_port (asks), ==, 80);
  assert_output ("", "", 7, NULL);
  assert_output ("prints: +PONG", "Connected\r\n+PONG\r\n", 0, NULL);
  assert_output ("prints: +PONG", "Connected", 0, "there is no “+PONG” in it");
  assert_output ("lacks: Connected", "Trying 10.0.0.1...", 124, NULL);
  assert_output ("lacks: Connected", "Connected to", 124, "there is “Connected” in it");
  assert_output ("matches: '^Trying .*\\.\\.\\.'", "Trying 10.0.0.1...", 124, NULL);
  assert_output ("matches: '^Connected'", "Trying 10.0.0.1...", 124,
                 "nothing in it fits “^Connected”");
  assert_output ("status: 124", "", 124, NULL);
  assert_output ("status: 0", "", 1, "it ended with status 1");
  assert_output ("status: 0", "", -1, NULL);
  assert_output ("status: 0, prints: well", "no", -1, "there is no “well” in it");
}

static void
test_as (void)
{
  g_autoptr (CourseCheck) http = parse_one (
    "- http: {service: a, path: /productpage, as: jason, contains: black}\n  says: Stars");
  g_autoptr (CourseCheck) traffic =
    parse_one ("- traffic: {host: reviews, as: jason, split: {v2: 100}}\n  says: It is v2");
  g_autoptr (CourseCheck) nobody = parse_one ("- http: {service: a}\n  says: An answer");

  g_assert_cmpstr (course_check_get_user (http), ==, "jason");
  g_assert_cmpstr (course_check_get_user (traffic), ==, "jason");
  g_assert_null (course_check_get_user (nobody));
  g_assert_false (course_check_get_through_api (nobody));
}

static void
test_when (void)
{
  const CourseFacts here = { .place = "local" };
  const CourseFacts there = { .place = "ssh" };
  g_autoptr (CourseCheck) check =
    parse_one ("- file: ~/lab\n  when: place!=local\n  says: A folder");
  g_autoptr (CourseCheck) always = parse_one ("- file: ~/lab\n  says: A folder");

  g_assert_false (course_check_is_needed (check, &here));
  g_assert_true (course_check_is_needed (check, &there));
  g_assert_true (course_check_is_needed (check, NULL));
  g_assert_true (course_check_is_needed (always, &here));
}

static void
test_through (void)
{
  g_autoptr (CourseCheck) check =
    parse_one ("- http: {service: kiali, namespace: istio-system, port: 20001, through: api}\n"
               "  says: Kiali answers");

  g_assert_true (course_check_get_through_api (check));
  g_assert_cmpuint (course_check_get_port (check), ==, 20001);
}

static void
test_mistakes (void)
{
  static const struct {
    const char *yaml;
    const char *part;
  } cases[] = {
    { "a: b\n", "holds a list" },
    { "- text\n", "A check is a mapping" },
    { "- says: Nothing\n", "A check is a mapping" },
    { "- resource: servise/redis\n", "“servise” is no kind" },
    { "- resource: service/\n", "is not kind/name" },
    { "- resource: service/a/b\n", "is not kind/name" },
    { "- resource: [pods]\n", "must be text" },
    { "- resource: pod/a\n  selector: app=a\n", "either a name or" },
    { "- resource: pods\n  selector: app in a\n", "is not a label selector" },
    { "- resource: pods\n  path: $.a[\n", "is not a JSONPath" },
    { "- resource: pods\n  path: $.a\n  matches: '('\n", "not a regular expression" },
    { "- resource: pods\n  equals: b\n", "“equals” needs a “path”" },
    { "- resource: pods\n  exists: maybe\n", "must be true or false" },
    { "- resource: pods\n  count: many\n", "must be a number" },
    { "- resource: pods\n  exist: true\n", "knows no “exist”" },
    { "- resource: pods\n  count: 1\n  exists: true\n", "either “exists” or “count”" },
    { "- resource: pods\n  within: soon\n", "“within” is a time" },
    { "- resource: pods\n  within: 2h\n", "“within” is a time" },
    { "- resource: pods\n  within: 0\n", "“within” is a time" },
    { "- resource: pods\n  within: 99999999999999999999s\n", "“within” is a time" },
    { "- resource: pods\n  reach: {service: a, port: 1}\n", "either “resource” or “reach”" },
    { "- reach: redis\n", "must be a mapping" },
    { "- reach: {port: 1}\n", "A “service” is missing" },
    { "- reach: {service: a}\n", "A “port” is missing" },
    { "- reach: {service: a, port: 70000}\n", "“port” must be a number" },
    { "- reach: {service: a, port: 1, expect: shut}\n", "“expect” is open or blocked" },
    { "- reach: {service: a, port: 1, sent: x}\n", "knows no “sent”" },
    { "- http: {service: a, scheme: ftp}\n", "“scheme” is http or https" },
    { "- http: {service: a, path: x}\n", "begins with a slash" },
    { "- http: {service: a, status: 20}\n", "“status” must be a number" },
    { "- traffic: {split: {v1: 1}}\n", "A “host” is missing" },
    { "- traffic: {host: a}\n", "A “split” is missing" },
    { "- traffic: {host: a, split: {v1: 1}, path: b}\n", "begins with a slash" },
    { "- http: {service: a, takes-at-most: soon}\n", "“takes-at-most” is a time" },
    { "- http: {service: a, takes-at-least: -1s}\n", "“takes-at-least” is a time" },
    { "- http: {service: a, takes-at-least: 1e99s}\n", "“takes-at-least” is a time" },
    { "- file: [a]\n", "must be text" },
    { "- file: ''\n", "“file” must be the path" },
    { "- file: -rf\n", "“file” must be the path" },
    { "- file: a\n  mode: 0400\n", "“mode” is who may do what" },
    { "- file: a\n  mode: \"0800\"\n", "“mode” is who may do what" },
    { "- file: a\n  mode: \"777777\"\n", "“mode” is who may do what" },
    { "- file: a\n  equals: b\n", "“equals” needs a “path”" },
    { "- file: a\n  count: 2\n", "“count” needs a “path”" },
    { "- file: a\n  namespace: b\n", "knows no “namespace”" },
    { "- file: a\n  matches: '('\n", "not a regular expression" },
    { "- file: a\n  absent: true\n  contains: b\n", "What is absent has neither" },
    { "- resource: pods\n  contains: b\n", "knows no “contains”" },
    { "- terminal: true\n", "must be a mapping" },
    { "- terminal: {output: a}\n", "knows no “output”" },
    { "- terminal: {status: 256}\n", "“status” must be a number" },
    { "- terminal: {matches: '('}\n", "not a regular expression" },
    { "- terminal: {port: 80}\n", "A “service” is missing" },
    { "- terminal: {service: a, port: 0}\n", "“port” must be a number" },
    { "- terminal: {}\n  file: a\n", "either “file” or “terminal”" },
    { "- http: {service: a, as: ''}\n", "“as” is the name of a user" },
    { "- http: {service: a, through: tunnel}\n", "“through” is api" },
    { "- http: {service: a, through: api, as: jason}\n", "neither “as” nor “host”" },
    { "- reach: {service: a, port: 1, as: jason}\n", "knows no “as”" },
    { "- file: a\n  when: moon\n", "“moon” is not a condition" },
    { "- file: a\n  when: istio>=1.5\n", "speaks of the place only" },
    { "- file: a\n  when: \"place=ssh,api=v1\"\n", "speaks of the place only" },
    { "- [\n", "not YAML" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) messages = course_messages_new ();
    g_autoptr (GPtrArray) checks = parse (cases[i].yaml, messages);
    gboolean found = FALSE;

    g_test_message ("%s", cases[i].yaml);
    g_assert_cmpuint (checks->len, ==, 0);
    for (guint j = 0; j < messages->len; j++) {
      const CourseMessage *message = g_ptr_array_index (messages, j);

      found = found || (message->is_error && strstr (message->text, cases[i].part) != NULL);
    }
    g_assert_true (found);
  }
}

static void
test_lines (void)
{
  g_autoptr (GPtrArray) messages = course_messages_new ();
  g_autoptr (GPtrArray) broken_messages = course_messages_new ();
  g_autoptr (GPtrArray) checks =
    parse ("- resource: pods\n  says: One\n\n- resource: nonsense\n- resource: nodes\n  says: a\n",
           messages);
  g_autoptr (GPtrArray) broken = parse ("- resource: pods\n- {a: b: c}\n", broken_messages);
  const CourseMessage *message = g_ptr_array_index (messages, 0);

  g_assert_cmpuint (checks->len, ==, 2);
  g_assert_cmpuint (course_check_get_line (g_ptr_array_index (checks, 1)), ==, 14);
  g_assert_cmpstr (message->file, ==, "lab.md");
  g_assert_cmpuint (message->line, ==, 13);

  g_assert_cmpuint (broken->len, ==, 0);
  message = g_ptr_array_index (broken_messages, 0);
  g_assert_cmpuint (message->line, ==, 11);
}

static void
test_finalize (void)
{
  CourseCheck *check = parse_one ("- resource: pods\n  path: $.a\n  matches: b\n");

  g_assert_finalize_object (check);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/course/check/presence", test_presence);
  g_test_add_func ("/course/check/values", test_values);
  g_test_add_func ("/course/check/missing-values", test_missing_values);
  g_test_add_func ("/course/check/numbers", test_numbers);
  g_test_add_func ("/course/check/counted-values", test_counted_values);
  g_test_add_func ("/course/check/weights", test_weights);
  g_test_add_func ("/course/check/addresses", test_addresses);
  g_test_add_func ("/course/check/long-value", test_long_value);
  g_test_add_func ("/course/check/hostile-pattern", test_hostile_pattern);
  g_test_add_func ("/course/check/resource", test_resource);
  g_test_add_func ("/course/check/reach", test_reach);
  g_test_add_func ("/course/check/http", test_http);
  g_test_add_func ("/course/check/http-times", test_http_times);
  g_test_add_func ("/course/check/hint", test_hint);
  g_test_add_func ("/course/check/traffic", test_traffic);
  g_test_add_func ("/course/check/traffic-entrance", test_traffic_entrance);
  g_test_add_func ("/course/check/file", test_file);
  g_test_add_func ("/course/check/terminal", test_terminal);
  g_test_add_func ("/course/check/as", test_as);
  g_test_add_func ("/course/check/when", test_when);
  g_test_add_func ("/course/check/through", test_through);
  g_test_add_func ("/course/check/mistakes", test_mistakes);
  g_test_add_func ("/course/check/lines", test_lines);
  g_test_add_func ("/course/check/finalize", test_finalize);

  return g_test_run ();
}

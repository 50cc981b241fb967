/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-check-parser.h"
#include "course-kinds.h"
#include "course-stage.h"

static CourseCheck *
parse_one (const char *yaml)
{
  g_autoptr (GPtrArray) messages = course_messages_new ();
  const CourseReport report = { .messages = messages, .file = "lab.md" };
  g_autoptr (GPtrArray) checks = course_check_parse_list (yaml, 1, 120, &report);

  g_assert_cmpuint (checks->len, ==, 1);
  return g_object_ref (g_ptr_array_index (checks, 0));
}

static void
assert_stages (const char *yaml, gboolean by_number, const char *expected)
{
  g_autofree char *text = g_strconcat ("- ", yaml, "\n  says: So it is\n", NULL);
  g_autoptr (CourseCheck) check = parse_one (text);
  g_autoptr (GArray) stages = course_stage_list (check, by_number);
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < stages->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            course_stage_get_id (g_array_index (stages, CourseStage, i)));
  g_test_message ("%s", yaml);
  g_assert_cmpstr (ids->str, ==, expected);
}

#define REACH "reach: {service: redis, port: 6379"
#define HTTP "http: {service: web}"
#define TRAFFIC "traffic: {host: reviews, split: {v1: 50, v3: 50}}"
#define READY "path: $.status.conditions[?(@.type==\"Ready\")].status\n  equals: "

static void
test_list (void)
{
  assert_stages (REACH "}", FALSE, "service host-name dns port");
  assert_stages (REACH "}", TRUE, "service address port");
  assert_stages (REACH ", send: x}", FALSE, "service host-name dns port answer");
  assert_stages (REACH ", reply: x}", TRUE, "service address port answer");
  assert_stages (REACH ", expect: blocked}", FALSE, "service host-name dns blocked");
  assert_stages (REACH ", expect: blocked}", TRUE, "service address blocked");
  assert_stages (HTTP, FALSE, "service host-name dns port answer");
  assert_stages (TRAFFIC, FALSE, "service host-name dns port split");

  assert_stages ("resource: service/redis\n  path: "
                 "$.status.loadBalancer.ingress[0]['hostname','ip']\n  exists: true",
                 FALSE, "service address");
  assert_stages ("resource: pod/redis\n  path: $.status.phase\n  equals: Running", FALSE,
                 "pod node running");
  assert_stages ("resource: po\n  selector: app=a\n  " READY "\"True\"", FALSE,
                 "pod node running ready");
  assert_stages ("resource: Pods\n  " READY "true", FALSE, "pod node running ready");
  assert_stages ("resource: pods\n  path: $.status.conditions[?(@.type=='Ready')].status\n  "
                 "equals: \"True\"",
                 FALSE, "pod node running ready");
  assert_stages ("resource: pods\n  path: $.status.containerStatuses[?(@.name==\"a\")].ready\n  "
                 "equals: true",
                 FALSE, "pod node running ready");
  assert_stages ("resource: ep/a\n  path: $.subsets[*].addresses[*].ip\n  exists: true", FALSE,
                 "endpoints selected ready");
  assert_stages (
    "resource: crd/a\n  path: $.status.conditions[?(@.type==\"Established\")].status\n  "
    "equals: \"True\"",
    FALSE, "definition served");
  assert_stages ("resource: deploy/a\n  path: $.status.availableReplicas\n  at-least: 1", FALSE,
                 "deployment replicas available");
}

/* One look says all. */
static void
test_list_none (void)
{
  static const char *const checks[] = {
    "resource: pod/redis",
    "resource: pods\n  at-least: 1",
    "resource: pods\n  path: $.status.phase\n  equals: Failed",
    "resource: pods\n  path: $.status.phase\n  matches: Running",
    "resource: pods\n  path: $.status.phase\n  absent: true",
    "resource: pods\n  path: $.metadata.labels.app\n  equals: Running",
    "resource: pods\n  " READY "\"False\"",
    "resource: pods\n  path: $.status.containerStatuses[0].restartCount\n  equals: true",
    "resource: endpoints/a\n  path: $.subsets[*].addresses[*].ip\n  absent: true",
    "resource: deployment/a\n  path: $.status.availableReplicas\n  absent: true",
    "resource: service/a\n  path: $.spec.type\n  equals: LoadBalancer",
    "resource: service/a\n  path: $.status.loadBalancer.ingress[0].ip\n  absent: true",
    "resource: networkpolicy/a\n  path: $.status.phase\n  equals: Running",
    "file: ~/lab",
    "terminal: {prints: a}",
    "http: {service: kiali, port: 20001, through: api}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    assert_stages (checks[i], FALSE, "");
}

static void
assert_reached (const char *check, const char *objects, guint expected)
{
  g_autofree char *yaml = g_strconcat ("- resource: ", check, "\n  says: So\n", NULL);
  g_autoptr (CourseCheck) parsed = parse_one (yaml);
  g_autoptr (GArray) stages = course_stage_list (parsed, FALSE);
  g_autoptr (JsonNode) list = base_json_parse (objects, -1, NULL);
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    g_ptr_array_add (nodes, json_array_get_element (json_node_get_array (list), i));
  g_test_message ("%s: %s", check, objects);
  g_assert_cmpuint (course_stage_count_reached (stages, nodes), ==, expected);
}

static void
test_objects (void)
{
  const char *const pods = "pods\n  " READY "\"True\"";
  const char *const deployment = "deployment/a\n  path: $.status.availableReplicas\n  at-least: 2";
  const char *const endpoints = "endpoints/a\n  path: $.subsets[*].addresses[*].ip\n  exists: true";
  const char *const service = "service/a\n  path: $.status.loadBalancer.ingress[0]\n  exists: true";

  assert_reached (pods, "[]", 0);
  assert_reached (pods, "[{}]", 1);
  assert_reached (pods, "[{\"spec\": {\"nodeName\": 7}}]", 1);
  assert_reached (pods, "[{\"spec\": {\"nodeName\": \"n\"}, \"status\": {\"phase\": \"Pending\"}}]",
                  2);
  assert_reached (pods, "[{\"spec\": {\"nodeName\": \"n\"}, \"status\": {\"phase\": \"Running\"}}]",
                  3);
  /* each of them, and not only one */
  assert_reached (
    pods, "[{\"spec\": {\"nodeName\": \"n\"}, \"status\": {\"phase\": \"Running\"}}, {}]", 1);
  assert_reached (deployment, "[{\"spec\": {\"replicas\": 2}}]", 1);
  assert_reached (deployment,
                  "[{\"spec\": {\"replicas\": 2}, \"status\": {\"updatedReplicas\": 1}}]", 1);
  assert_reached (deployment,
                  "[{\"spec\": {\"replicas\": 2}, \"status\": {\"updatedReplicas\": 2}}]", 2);
  assert_reached (deployment, "[{\"status\": {\"updatedReplicas\": 1}}]", 2);
  assert_reached (service, "[]", 0);
  assert_reached (endpoints, "[{}]", 1);
  assert_reached (endpoints, "[{\"subsets\": [7, {}]}]", 1);
  assert_reached (endpoints, "[{\"subsets\": [{\"notReadyAddresses\": [{\"ip\": \"1\"}]}]}]", 2);
  assert_reached (endpoints, "[{\"subsets\": [{\"addresses\": [{\"ip\": \"1\"}]}]}]", 2);
  /* whether there is an address is the check's to say */
  assert_reached (service, "[{\"status\": {\"loadBalancer\": {\"ingress\": [{\"ip\": \"1\"}]}}}]",
                  1);
}

static void
test_names (void)
{
  CourseStage stage = COURSE_STAGE_POD;

  for (guint i = 0; i < COURSE_N_STAGES; i++) {
    CourseStage found = COURSE_N_STAGES;

    g_assert_true (course_stage_find (course_stage_get_id ((CourseStage)i), &found));
    g_assert_cmpuint (found, ==, i);
    g_assert_cmpstr (course_stage_get_label ((CourseStage)i), !=, "");
  }
  g_assert_false (course_stage_find ("Service", &stage));
  g_assert_false (course_stage_find ("", &stage));
  g_assert_false (course_stage_find (NULL, &stage));
  g_assert_cmpuint (stage, ==, COURSE_STAGE_POD);
}

static void
test_kinds (void)
{
  g_assert_cmpstr (course_kinds_get_plural ("svc"), ==, "services");
  g_assert_cmpstr (course_kinds_get_plural ("Ingress"), ==, "ingresses");
  g_assert_cmpstr (course_kinds_get_plural ("deployments.apps"), ==, "deployments");
  g_assert_null (course_kinds_get_plural ("serv"));
  g_assert_null (course_kinds_get_plural (""));
  g_assert_null (course_kinds_get_plural (NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/course/stage/list", test_list);
  g_test_add_func ("/course/stage/list-none", test_list_none);
  g_test_add_func ("/course/stage/objects", test_objects);
  g_test_add_func ("/course/stage/names", test_names);
  g_test_add_func ("/course/stage/kinds", test_kinds);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-check-parser.h"
#include "course-course.h"
#include "course-kinds.h"
#include "course-section.h"
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
assert_stages (const char *yaml, CourseStageVariant variant, const char *expected)
{
  g_autofree char *text = g_strconcat ("- ", yaml, "\n  says: So it is\n", NULL);
  g_autoptr (CourseCheck) check = parse_one (text);
  g_autoptr (GArray) stages = course_stage_list (check, variant);
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
  assert_stages (REACH "}", COURSE_STAGES_PLAIN, "service host-name dns port");
  assert_stages (REACH "}", COURSE_STAGES_BY_NUMBER, "service address port");
  assert_stages (REACH ", send: x}", COURSE_STAGES_PLAIN, "service host-name dns port answer");
  assert_stages (REACH ", reply: x}", COURSE_STAGES_BY_NUMBER, "service address port answer");
  assert_stages (REACH ", expect: blocked}", COURSE_STAGES_PLAIN, "service host-name dns blocked");
  assert_stages (REACH ", expect: blocked}", COURSE_STAGES_BY_NUMBER, "service address blocked");
  assert_stages (HTTP, COURSE_STAGES_PLAIN, "service host-name dns port answer");
  assert_stages (TRAFFIC, COURSE_STAGES_PLAIN, "service host-name dns port split");

  assert_stages ("resource: service/redis\n  path: "
                 "$.status.loadBalancer.ingress[0]['hostname','ip']\n  exists: true",
                 COURSE_STAGES_PLAIN, "service address");
  assert_stages ("resource: pod/redis\n  path: $.status.phase\n  equals: Running",
                 COURSE_STAGES_PLAIN, "pod node running");
  assert_stages ("resource: po\n  selector: app=a\n  " READY "\"True\"", COURSE_STAGES_PLAIN,
                 "pod node running ready");
  assert_stages ("resource: Pods\n  " READY "true", COURSE_STAGES_PLAIN, "pod node running ready");
  assert_stages ("resource: pods\n  path: $.status.conditions[?(@.type=='Ready')].status\n  "
                 "equals: \"True\"",
                 COURSE_STAGES_PLAIN, "pod node running ready");
  assert_stages ("resource: pods\n  path: $.status.containerStatuses[?(@.name==\"a\")].ready\n  "
                 "equals: true",
                 COURSE_STAGES_PLAIN, "pod node running ready");
  assert_stages ("resource: ep/a\n  path: $.subsets[*].addresses[*].ip\n  exists: true",
                 COURSE_STAGES_PLAIN, "endpoints selected ready");
  assert_stages (
    "resource: crd/a\n  path: $.status.conditions[?(@.type==\"Established\")].status\n  "
    "equals: \"True\"",
    COURSE_STAGES_PLAIN, "definition served");
  assert_stages ("resource: deploy/a\n  path: $.status.availableReplicas\n  at-least: 1",
                 COURSE_STAGES_PLAIN, "deployment replicas available");
}

#define IN_MESH "\n  namespace: mesh"
#define SIDECAR "path: $.spec.containers[?(@.name=='istio-proxy')].name\n  equals: istio-proxy"

/* What others make than who takes the step: it takes its time. */
static void
test_list_others (void)
{
  assert_stages ("resource: namespace/mesh", COURSE_STAGES_PLAIN, "namespace");
  assert_stages ("resource: ns/mesh\n  path: $.status.phase\n  equals: Active", COURSE_STAGES_PLAIN,
                 "namespace active");
  assert_stages ("resource: crd/a", COURSE_STAGES_PLAIN, "definition");
  assert_stages ("resource: nodes\n  at-least: 1", COURSE_STAGES_PLAIN, "joined");
  assert_stages ("resource: nodes\n  " READY "\"True\"", COURSE_STAGES_PLAIN,
                 "joined reports ready");
  assert_stages ("resource: pods\n  selector: app=a\n  at-least: 3", COURSE_STAGES_PLAIN, "pod");
  assert_stages ("resource: pods\n  selector: app=a\n  at-least: 3", COURSE_STAGES_BY_DEPLOYMENT,
                 "deployment replicas");
  assert_stages ("resource: pods\n  selector: app=a\n  count: 1" IN_MESH,
                 COURSE_STAGES_BY_DEPLOYMENT, "namespace deployment replicas");
  assert_stages ("resource: pods\n  at-least: 1" IN_MESH, COURSE_STAGES_PLAIN, "namespace pod");
  assert_stages ("resource: pods\n  " READY "\"True\"" IN_MESH, COURSE_STAGES_PLAIN,
                 "namespace pod node running ready");
  assert_stages ("resource: pods\n  " SIDECAR, COURSE_STAGES_PLAIN, "pod sidecar");
  assert_stages ("resource: service/kiali" IN_MESH, COURSE_STAGES_PLAIN, "namespace service");
  assert_stages ("resource: deploy/a" IN_MESH, COURSE_STAGES_PLAIN, "namespace deployment");
  assert_stages ("resource: service/a\n  path: $.status.loadBalancer.ingress[0]" IN_MESH,
                 COURSE_STAGES_PLAIN, "namespace service address");
  assert_stages ("http: {service: kiali, port: 20001, through: api}", COURSE_STAGES_PLAIN,
                 "api service selected ready answer");
}

/* One look says all. */
static void
test_list_none (void)
{
  static const char *const checks[] = {
    "resource: pod/redis",
    "resource: service/redis",
    "resource: pods\n  selector: app=a\n  count: 0",
    "resource: pods\n  at-least: 1\n  path: $.metadata.labels.app",
    "resource: namespace/default\n  path: $.metadata.labels.a\n  equals: b",
    "resource: namespace/mesh\n  absent: true",
    "resource: virtualservice/a" IN_MESH,
    "resource: pod/a\n  path: $.metadata.labels.app\n  equals: a" IN_MESH,
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
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    assert_stages (checks[i], COURSE_STAGES_PLAIN, "");
}

static void
assert_reached (const char *check, const char *objects, guint expected)
{
  g_autofree char *yaml = g_strconcat ("- resource: ", check, "\n  says: So\n", NULL);
  g_autoptr (CourseCheck) parsed = parse_one (yaml);
  g_autoptr (GArray) stages = course_stage_list (parsed, COURSE_STAGES_PLAIN);
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
assert_count (const char *check, const char *objects, const char *id, guint n, guint of)
{
  g_autofree char *yaml = g_strconcat ("- resource: ", check, "\n  says: So\n", NULL);
  g_autoptr (CourseCheck) parsed = parse_one (yaml);
  g_autoptr (GArray) stages = course_stage_list (parsed, COURSE_STAGES_PLAIN);
  g_autoptr (JsonNode) list = base_json_parse (objects, -1, NULL);
  g_autoptr (GPtrArray) nodes = g_ptr_array_new ();
  CourseStage stage = COURSE_N_STAGES;
  guint seen = 0;

  for (guint i = 0; i < json_array_get_length (json_node_get_array (list)); i++)
    g_ptr_array_add (nodes, json_array_get_element (json_node_get_array (list), i));
  g_test_message ("%s: %s", check, objects);
  g_assert_true (course_stage_find (id, &stage));
  g_assert_cmpuint (
    course_stage_count (parsed, stage, nodes,
                        stage == g_array_index (stages, CourseStage, stages->len - 1), &seen),
    ==, of);
  g_assert_cmpuint (seen, ==, n);
}

#define NODE(ready)                                                                                \
  "{\"status\": {\"conditions\": [{\"type\": \"DiskPressure\", \"status\": \"False\"}, "           \
  "{\"type\": \"Ready\", \"status\": \"" ready "\"}]}}"

/* A node that nobody hears of says nothing of being ready. */
static void
test_nodes (void)
{
  const char *const ready = "nodes\n  " READY "\"True\"";

  assert_reached (ready, "[]", 0);
  assert_reached (ready, "[{}]", 1);
  assert_reached (ready, "[" NODE ("Unknown") "]", 1);
  assert_reached (ready, "[" NODE ("True") "," NODE ("Unknown") "]", 1);
  assert_reached (ready, "[" NODE ("False") "]", 2);
  assert_count (ready, "[" NODE ("True") "," NODE ("Unknown") "," NODE ("False") "]", "reports", 2,
                3);
  assert_count (ready, "[" NODE ("True") "," NODE ("False") "," NODE ("False") "]", "ready", 1, 3);
}

static void
test_counts (void)
{
  const char *const some = "pods\n  selector: app=a\n  at-least: 3";
  const char *const running = "pods\n  path: $.status.phase\n  equals: Running";
  const char *const available = "deployment/a\n  path: $.status.availableReplicas\n  at-least: 1";

  assert_count (some, "[]", "pod", 0, 3);
  assert_count (some, "[{}, {}]", "pod", 2, 3);
  assert_count (running,
                "[{\"spec\": {\"nodeName\": \"n\"}}, {\"status\": {\"phase\": \"Running\"}}]",
                "node", 1, 2);
  assert_count (running, "[{}, {\"status\": {\"phase\": \"Running\"}}]", "running", 1, 2);
  assert_count (available, "[{\"spec\": {\"replicas\": 3}, \"status\": {\"updatedReplicas\": 2}}]",
                "replicas", 2, 3);
  assert_count (available, "[{\"spec\": {\"replicas\": 3}}]", "available", 0, 3);
  assert_count (available, "[]", "deployment", 0, 0);
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

/* What is one look: it is there when the command has ended, or it is not. */
static gboolean
is_look (CourseCheck *check)
{
  CourseCheckType type = course_check_get_check_type (check);

  return type == COURSE_CHECK_TERMINAL || type == COURSE_CHECK_FILE ||
         (type == COURSE_CHECK_RESOURCE && course_check_get_within (check) <= 60);
}

/* Whatever in the course may take more than a minute is waited for in stages. */
static void
test_course (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "course", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = course_course_load (path, &error);
  GListModel *sections = NULL;
  guint n = 0;

  g_assert_no_error (error);
  sections = course_course_get_sections (course);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);
    GPtrArray *steps = course_section_get_steps (section);

    for (guint j = 0; j < steps->len; j++) {
      GPtrArray *checks = course_step_get_checks (g_ptr_array_index (steps, j));

      for (guint k = 0; k < checks->len; k++) {
        CourseCheck *check = g_ptr_array_index (checks, k);
        g_autoptr (GArray) stages = course_stage_list (check, COURSE_STAGES_PLAIN);

        n += stages->len > 0;
        if (stages->len == 0 && !is_look (check))
          g_test_fail_printf ("%s: no stages", course_check_get_says (check));
      }
    }
  }
  g_assert_cmpuint (n, >=, 60);
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
  g_test_add_func ("/course/stage/list-others", test_list_others);
  g_test_add_func ("/course/stage/list-none", test_list_none);
  g_test_add_func ("/course/stage/nodes", test_nodes);
  g_test_add_func ("/course/stage/counts", test_counts);
  g_test_add_func ("/course/stage/objects", test_objects);
  g_test_add_func ("/course/stage/names", test_names);
  g_test_add_func ("/course/stage/course", test_course);
  g_test_add_func ("/course/stage/kinds", test_kinds);
  return g_test_run ();
}

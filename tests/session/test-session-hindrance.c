/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-fixture.h"
#include "session-check-private.h"
#include "session-labels.h"
#include "session-policy.h"
#include "test-wait.h"

#include "base-yaml.h"

/* What a practice cluster does not do, and others may: a network that rejects, a server that
 * refuses or is silent. And the small parts. */

#define WAIT 10

static const char *const SECTIONS[] = {
  "---\nid: a\ntitle: A\n---\n# A\n\n```bash {id=blocked}\ntrue\n```\n\n```check\n"
  "- {reach: {service: redis, port: 6379, expect: blocked}, says: It is blocked}\n```\n",
  "---\nid: b\ntitle: B\n---\n# B\n\n```bash {id=pod}\ntrue\n```\n\n```check\n"
  "- {resource: pod/redis, path: $.status.phase, equals: Running, says: It runs}\n```\n",
  "---\nid: c\ntitle: C\n---\n# C\n\n```bash {id=open}\ntrue\n```\n\n```check\n"
  "- {reach: {service: redis, port: 6379}, says: It is open}\n```\n",
  "---\nid: d\ntitle: D\n---\n# D\n\n```bash {id=group}\ntrue\n```\n\n```check\n"
  "- {resource: pods, selector: app=web, at-least: 2, says: There are two pods}\n"
  "- {resource: networkpolicies, at-least: 2, says: There are two policies}\n```\n",
  NULL,
};

static const char *const REDIS[] = {
  "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"redis\",\"namespace\":"
  "\"default\"},\"spec\":{\"type\":\"LoadBalancer\",\"selector\":{\"app\":\"redis\"},\"ports\":["
  "{\"port\":6379}]},\"status\":{\"loadBalancer\":{\"ingress\":[{\"hostname\":\"localhost\"}]}}"
  "}",
  "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"redis\",\"namespace\":"
  "\"default\","
  "\"labels\":{\"app\":\"redis\"}},\"spec\":{\"containers\":[{\"name\":\"redis\",\"ports\":["
  "{\"containerPort\":6379}]}]},\"status\":{\"phase\":\"Running\",\"conditions\":[{\"type\":"
  "\"Ready\","
  "\"status\":\"True\"}]}}",
};

static const char *const POLICY =
  "{\"apiVersion\":\"networking.k8s.io/v1\",\"kind\":\"NetworkPolicy\",\"metadata\":{\"name\":"
  "\"default-deny\",\"namespace\":\"default\"},\"spec\":{\"podSelector\":{}}}";

static void
set_up (LabFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (self, SECTIONS);
  g_assert_true (lab_fixture_connect (self, &error));
  g_assert_no_error (error);
}

/* A server that ends in the midst of a TLS handshake in its own process would wait for itself. */
static gboolean
is_quiet (gpointer data)
{
  static const char *const names[] = { "services", "pods", "networkpolicies", "deployments",
                                       "customresourcedefinitions" };
  LabFixture *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    SessionResource *resource = session_lab_get_resource (self->lab, names[i]);
    KubeListState state = session_resource_get_state (resource);

    if (state == KUBE_LIST_LOADING ||
        (state == KUBE_LIST_LIVE && fake_api_server_count_watches (self->server, names[i]) == 0))
      return FALSE;
  }
  return TRUE;
}

static void
tear_down (LabFixture *self, gconstpointer data)
{
  test_wait_until (is_quiet, self, WAIT, "all lists");
  session_lab_set_open_section (self->lab, NULL);
  lab_fixture_tear_down (self);
}

static SessionCheck *
get_check (LabFixture *self, guint section, const char *id)
{
  return g_ptr_array_index (session_step_get_checks (lab_fixture_get_step (self, section, id)), 0);
}

typedef struct {
  SessionCheck *check;
  SessionCheckState state;
  const char *detail;
} Wait;

static gboolean
is_told (gpointer data)
{
  Wait *self = data;

  return session_check_get_state (self->check) == self->state &&
         g_strcmp0 (session_check_get_detail (self->check), self->detail) == 0;
}

static void
wait_for (SessionCheck *check, SessionCheckState state, const char *detail)
{
  Wait wait = { check, state, detail };

  test_wait_until (is_told, &wait, WAIT, detail != NULL ? detail : "nothing to say");
}

/* Some networks answer with a refusal what a policy does not allow. It counts where the policy is
 * all that can be the reason. */
static void
test_rejection (LabFixture *self, gconstpointer data)
{
  SessionCheck *check = get_check (self, 0, "blocked");

  for (gsize i = 0; i < G_N_ELEMENTS (REDIS); i++)
    fake_api_server_put (self->server, REDIS[i]);
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 0));
  wait_for (check, SESSION_CHECK_WAITING,
            "the connection is refused; a network policy would leave it without an answer.");
  fake_api_server_put (self->server, POLICY);
  wait_for (
    check, SESSION_CHECK_PASSED,
    "the connection is refused, for the network rejects what the policy default/default-deny "
    "does not allow");
  lab_fixture_put_pod (self, "redis", "Pending");
  wait_for (check, SESSION_CHECK_WAITING,
            "the connection is refused; a network policy would leave it without an answer. No pod "
            "behind the service default/redis is ready. The pod redis is not ready yet.");
  /* nor does silence prove anything where nobody could answer */
  fake_place_set_silent (self->place, TRUE);
  session_check_begin (check);
  wait_for (
    check, SESSION_CHECK_WAITING,
    "nothing answers in time. No pod behind the service default/redis is ready. The pod redis "
    "is not ready yet.");
  fake_api_server_put (self->server, REDIS[1]);
  wait_for (check, SESSION_CHECK_PASSED, "nothing answers in time");
}

static SessionStageState
get_state (SessionCheck *check, CourseStage stage)
{
  SessionChain *chain = session_check_get_chain (check);

  for (guint i = 0; i < session_chain_get_n_stages (chain); i++)
    if (session_chain_get_stage (chain, i) == stage)
      return session_chain_get_state (chain, i);
  return SESSION_STAGE_NOT_YET;
}

static gboolean
is_resolved (gpointer data)
{
  return get_state (data, COURSE_STAGE_DNS) == SESSION_STAGE_DONE;
}

static void
put_redis (LabFixture *self, const char *uid, const char *ingress)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *made = g_date_time_format_iso8601 (now);
  g_autofree char *json = g_strdup_printf (
    "{\"kind\":\"Service\",\"metadata\":{\"name\":\"redis\",\"namespace\":\"default\","
    "\"uid\":\"%s\",\"creationTimestamp\":\"%s\"},\"spec\":{\"type\":\"LoadBalancer\","
    "\"ports\":[{\"port\":6379}]},\"status\":{\"loadBalancer\":{\"ingress\":[%s]}}}",
    uid, made, ingress);

  fake_api_server_put (self->server, json);
}

/* The name is known, and nothing else is told for as long as the relay is silent. */
static void
test_silent_relay (LabFixture *self, gconstpointer data)
{
  SessionCheck *check = get_check (self, 2, "open");

  fake_place_set_hanging (self->place, TRUE);
  put_redis (self, "1", "{\"hostname\":\"localhost\"}");
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 2));
  test_wait_until (is_resolved, check, WAIT, "the name to be known");
  g_assert_cmpint (session_check_get_state (check), ==, SESSION_CHECK_UNKNOWN);
  g_assert_cmpint (get_state (check, COURSE_STAGE_HOST_NAME), ==, SESSION_STAGE_DONE);
  g_assert_cmpint (get_state (check, COURSE_STAGE_PORT), !=, SESSION_STAGE_DONE);
}

/* The place has given up, and does not say whether there was such a name: it is port that is
 * waited for. */
static void
test_silent_end (LabFixture *self, gconstpointer data)
{
  SessionCheck *check = get_check (self, 2, "open");

  fake_place_set_silent (self->place, TRUE);
  put_redis (self, "1", "{\"hostname\":\"localhost\"}");
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 2));
  test_wait_until (is_resolved, check, WAIT, "the name to be known");
  g_assert_cmpint (get_state (check, COURSE_STAGE_PORT), ==, SESSION_STAGE_UNDER_WAY);
}

#define DETAIL_PATTERN(pattern)                                                                    \
  {                                                                                                \
    get_check (self, 2, "open"), SESSION_CHECK_WAITING, pattern                                    \
  }

static gboolean
fits (gpointer data)
{
  Wait *self = data;
  const char *detail = session_check_get_detail (self->check);

  return session_check_get_state (self->check) == self->state && detail != NULL &&
         g_pattern_match_simple (self->detail, detail);
}

/* A Service that was made anew has another name; one that is gone was there. */
static void
test_remade (LabFixture *self, gconstpointer data)
{
  Wait nameless = DETAIL_PATTERN ("its name is not known yet. *: no name server knows "
                                  "one.invalid yet, which the load balancer of default/redis has "
                                  "had since *");
  Wait gone = DETAIL_PATTERN ("The service default/redis is gone, as was seen at *. Do again what "
                              "has made it.");
  Wait remade = DETAIL_PATTERN ("its name is not known yet. The service default/redis was deleted "
                                "and made anew at *: its name is two.invalid now, no longer "
                                "one.invalid. *");

  fake_place_set_nameless (self->place, TRUE);
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 2));
  wait_for (nameless.check, SESSION_CHECK_WAITING, "There is no service default/redis.");
  put_redis (self, "1", "{\"hostname\":\"one.invalid\"}");
  test_wait_until (fits, &nameless, WAIT, nameless.detail);
  fake_api_server_remove (self->server, "services", "default", "redis");
  test_wait_until (fits, &gone, WAIT, gone.detail);
  put_redis (self, "2", "");
  put_redis (self, "2", "{\"hostname\":\"two.invalid\"}");
  test_wait_until (fits, &remade, WAIT, remade.detail);
}

/* What a step has made that was done in another life of the program. */
static void
test_gone_since (LabFixture *self, gconstpointer data)
{
  Wait gone = { get_check (self, 1, "pod"), SESSION_CHECK_WAITING,
                "the pod default/redis is gone; it was there at *. Do again what has made it." };
  Wait again = { gone.check, SESSION_CHECK_WAITING,
                 "the pod default/redis is gone, as was seen at *. Do again what has made it." };

  course_progress_mark_done (self->progress, "b", "pod", g_get_real_time () / G_USEC_PER_SEC - 60);
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 1));
  test_wait_until (fits, &gone, WAIT, gone.detail);
  lab_fixture_put_pod (self, "redis", "Running");
  wait_for (gone.check, SESSION_CHECK_PASSED, NULL);
  fake_api_server_remove (self->server, "pods", "default", "redis");
  test_wait_until (fits, &again, WAIT, again.detail);
}

static void
put_policy (LabFixture *self, const char *name)
{
  fake_api_server_put_new (self->server, "networkpolicies", "default", name);
}

/* @labels: such as "app":"web" */
static void
put_labelled (LabFixture *self, const char *name, const char *labels)
{
  g_autofree char *json = g_strdup_printf (
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
    "\"default\",\"labels\":{%s}}}",
    name, labels);

  fake_api_server_put (self->server, json);
}

#define GROUP_DETAIL(i, pattern)                                                                   \
  {                                                                                                \
    g_ptr_array_index (session_step_get_checks (lab_fixture_get_step (self, 3, "group")), i),      \
      SESSION_CHECK_WAITING, pattern                                                               \
  }

/* Of those that no check names, what is gone is told by its name, and what is only labelled anew is
 * not. */
static void
test_group (LabFixture *self, gconstpointer data)
{
  Wait one =
    GROUP_DETAIL (0, "the pod default/b is gone, as was seen at *. Do again what has made it.");
  Wait all = GROUP_DETAIL (
    0, "the pods default/a, default/b are gone, as was seen at *. Do again what has made them.");
  Wait other = GROUP_DETAIL (0, "the pod default/a no longer has app=web. See which labels it has: "
                                "kubectl get pod a --show-labels -n default");
  Wait policy = GROUP_DETAIL (
    1, "the networkpolicy default/deny is gone, as was seen at *. Do again what has made it.");

  put_labelled (self, "a", "\"app\":\"web\"");
  put_labelled (self, "b", "\"app\":\"web\"");
  put_policy (self, "allow");
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 3));
  wait_for (one.check, SESSION_CHECK_PASSED, NULL);
  wait_for (policy.check, SESSION_CHECK_WAITING, "there is 1");
  put_policy (self, "deny");
  wait_for (policy.check, SESSION_CHECK_PASSED, NULL);
  fake_api_server_remove (self->server, "networkpolicies", "default", "deny");
  test_wait_until (fits, &policy, WAIT, policy.detail);

  fake_api_server_remove (self->server, "pods", "default", "a");
  fake_api_server_remove (self->server, "pods", "default", "b");
  test_wait_until (fits, &all, WAIT, all.detail);
  put_labelled (self, "a", "");
  test_wait_until (fits, &one, WAIT, one.detail);
  put_labelled (self, "b", "\"app\":\"other\"");
  test_wait_until (fits, &other, WAIT, other.detail);
}

/* In another life of the program; who they were is not known. */
static void
test_group_since (LabFixture *self, gconstpointer data)
{
  Wait pods = GROUP_DETAIL (0, "all pods (app=web) of default are gone; they were there at *. Do "
                               "again what has made them.");

  course_progress_mark_done (self->progress, "d", "group",
                             g_get_real_time () / G_USEC_PER_SEC - 60);
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 3));
  test_wait_until (fits, &pods, WAIT, pods.detail);
}

/* What was seen last is no reason to wait for anything but the server. */
static void
test_silent_server (LabFixture *self, gconstpointer data)
{
  SessionCheck *check = get_check (self, 1, "pod");
  g_autofree char *detail = NULL;

  lab_fixture_put_pod (self, "redis", "Pending");
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 1));
  wait_for (check, SESSION_CHECK_WAITING,
            "it is “Pending” instead of “Running”. The pod redis is not ready yet.");
  test_wait_until (is_quiet, self, WAIT, "all lists");
  fake_api_server_stop (self->server);
  detail =
    g_strdup ("127.0.0.1 cannot be reached: nothing listens there. Check that the cluster is "
              "running; it is tried again by itself.");
  wait_for (check, SESSION_CHECK_WAITING, detail);
  fake_api_server_start (self->server);
  wait_for (check, SESSION_CHECK_WAITING,
            "it is “Pending” instead of “Running”. The pod redis is not ready yet.");
}

static void
test_forbidden (LabFixture *self, gconstpointer data)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "/pods",
    .status = 403,
    .body =
      "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"reason\":\"Forbidden\","
      "\"message\":\"pods is forbidden: User \\\"ada\\\" cannot list resource \\\"pods\\\"\","
      "\"code\":403}",
    .content_type = "application/json",
  };

  fake_api_server_add_fault (self->server, &fault);
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 1));
  wait_for (
    get_check (self, 1, "pod"), SESSION_CHECK_UNKNOWN,
    "pods is forbidden: User \"ada\" cannot list resource \"pods\". Ask who runs the cluster to "
    "let you see it.");
}

/* A token that counts no more. */
static void
test_revoked (LabFixture *self, gconstpointer data)
{
  SessionCheck *check = get_check (self, 1, "pod");

  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 1));
  wait_for (check, SESSION_CHECK_WAITING, "there is no pod default/redis yet");
  test_wait_until (is_quiet, self, WAIT, "all lists");
  fake_api_server_set_token (self->server, "another");
  fake_api_server_end_watches (self->server, NULL);
  wait_for (
    check, SESSION_CHECK_UNKNOWN,
    "The cluster does not accept these credentials. Sign in again, or get a new kubeconfig.");
}

/* A place that is lost says so by each check of its section. */
static void
test_lost_place (LabFixture *self, gconstpointer data)
{
  session_lab_set_open_section (self->lab, lab_fixture_get_section (self, 0));
  wait_for (get_check (self, 0, "blocked"), SESSION_CHECK_WAITING,
            "There is no service default/redis.");
  test_wait_until (is_quiet, self, WAIT, "all lists");
  fake_place_lose (self->place);
  wait_for (get_check (self, 0, "blocked"), SESSION_CHECK_UNKNOWN,
            "The connection to example was lost.");
}

static JsonNode *
parse (const char *yaml)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_yaml_parse (yaml, -1, NULL, BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return node;
}

/* Which policies keep whom from a pod with the label app=redis. */
static void
test_policies (void)
{
  static const struct {
    const char *spec;
    gint64 port;
    gboolean from_inside;
    gboolean blocks;
  } cases[] = {
    { "{podSelector: {}}", 6379, FALSE, TRUE },
    { "{podSelector: {}, policyTypes: [Egress]}", 6379, FALSE, FALSE },
    { "{podSelector: {}, policyTypes: [Egress, Ingress]}", 6379, FALSE, TRUE },
    { "{podSelector: {}, ingress: []}", 6379, FALSE, TRUE },
    { "{podSelector: {}, ingress: [{}]}", 6379, FALSE, FALSE },
    { "{podSelector: {}, ingress: [{from: []}]}", 6379, FALSE, FALSE },
    { "{podSelector: {matchLabels: {app: web}}}", 6379, FALSE, FALSE },
    { "{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, redis]}]}}", 6379,
      FALSE, TRUE },
    { "{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [redis]}]}}", 6379,
      FALSE, FALSE },
    { "{podSelector: {matchExpressions: [{key: app, operator: Exists}]}}", 6379, FALSE, TRUE },
    { "{podSelector: {matchExpressions: [{key: app, operator: DoesNotExist}]}}", 6379, FALSE,
      FALSE },
    { "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", 6379, FALSE, TRUE },
    { "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}", 6379, TRUE, FALSE },
    { "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}", 6379, FALSE, FALSE },
    { "{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]}", 6379, TRUE, TRUE },
    { "{podSelector: {}, ingress: [{ports: [{port: 6379}]}]}", 6379, FALSE, FALSE },
    { "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}", 6379, FALSE, TRUE },
    { "{podSelector: {}, ingress: [{ports: [{port: 6000, endPort: 7000}]}]}", 6379, FALSE, FALSE },
    { "{podSelector: {}, ingress: [{ports: [{port: redis}]}]}", 6379, FALSE, FALSE },
  };
  g_autoptr (JsonNode) pod =
    parse ("{metadata: {name: redis, namespace: a, labels: {app: redis}}}");

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml =
      g_strdup_printf ("{metadata: {name: p, namespace: a}, spec: %s}", cases[i].spec);
    g_autofree char *elsewhere =
      g_strdup_printf ("{metadata: {name: p, namespace: b}, spec: %s}", cases[i].spec);
    g_autoptr (GPtrArray) policies =
      g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
    g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

    g_test_message ("%s", cases[i].spec);
    g_ptr_array_add (policies, parse (yaml));
    g_ptr_array_add (others, parse (elsewhere));
    g_assert_cmpint (session_policy_find (policies, pod, cases[i].port, cases[i].from_inside) !=
                       NULL,
                     ==, cases[i].blocks);
    g_assert_null (session_policy_find (others, pod, cases[i].port, cases[i].from_inside));
  }
}

static void
test_labels (void)
{
  g_autoptr (JsonNode) selector = parse (
    "{matchLabels: {app: redis, tier: back}, matchExpressions: [{key: a, operator: In, values: [b, "
    "c]}, {key: d, operator: Exists}, {key: e, operator: DoesNotExist}]}");
  g_autoptr (JsonNode) empty = parse ("{}");
  g_autofree char *text = session_labels_dup_selector_text (selector);
  g_autofree char *none = session_labels_dup_selector_text (empty);

  g_assert_cmpstr (text, ==, "app=redis,tier=back,a in (b, c),d,!e");
  g_assert_cmpstr (none, ==, "");
  g_assert_true (session_labels_select_all (empty));
  g_assert_true (session_labels_select_all (NULL));
  g_assert_false (session_labels_select_all (selector));
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/session/hindrance/" name, LabFixture, NULL, set_up, func, tear_down)
  ADD ("rejection", test_rejection);
  ADD ("silent-relay", test_silent_relay);
  ADD ("silent-end", test_silent_end);
  ADD ("remade", test_remade);
  ADD ("gone-since", test_gone_since);
  ADD ("group", test_group);
  ADD ("group-since", test_group_since);
  ADD ("silent-server", test_silent_server);
  ADD ("forbidden", test_forbidden);
  ADD ("revoked", test_revoked);
  ADD ("lost-place", test_lost_place);
  g_test_add_func ("/session/hindrance/policies", test_policies);
  g_test_add_func ("/session/hindrance/labels", test_labels);
  return g_test_run ();
}

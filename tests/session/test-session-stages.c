/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-fixture.h"
#include "session-waits.h"
#include "test-wait.h"

#define WAIT 15

static const char *const SECTIONS[] = {
  "---\nid: one\ntitle: One\n---\n# One\n\n"
  "```bash {id=nodes}\ntrue\n```\n"
  "```check\n"
  "- resource: nodes\n  path: $.status.conditions[?(@.type==\"Ready\")].status\n"
  "  equals: \"True\"\n  says: All nodes are ready\n"
  "```\n\n"
  "```bash {id=up}\ntrue\n```\n"
  "```check\n"
  "- resource: namespace/mesh\n  says: There is a namespace\n"
  "- resource: pods\n  namespace: mesh\n  selector: app=pilot\n  at-least: 2\n"
  "  says: The control plane has two pods\n"
  "- resource: service/gateway\n  namespace: mesh\n"
  "  path: $.status.loadBalancer.ingress[0]\n  says: The gateway has an address\n"
  "```\n\n"
  "```bash {id=graph}\ntrue\n```\n"
  "```check\n"
  "- http: {service: kiali, namespace: mesh, port: 20001, through: api, contains: nodes}\n"
  "  says: There is a graph\n"
  "```\n",
  NULL
};

static void
set_up (LabFixture *fixture, gconstpointer data)
{
  lab_fixture_set_up (fixture, SECTIONS);
}

static void
tear_down (LabFixture *fixture, gconstpointer data)
{
  session_lab_set_open_section (fixture->lab, NULL);
  lab_fixture_tear_down (fixture);
}

typedef struct {
  GPtrArray *checks;
  guint index;
  const char *stages; /* of the check */
  const char *detail;
} Wait;

/* "namespace pod+ ready? 1/2": "+" is so, "?" is waited for, "-" is so no more */
static char *
dup_stages (SessionCheck *check)
{
  SessionChain *chain = session_check_get_chain (check);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session_chain_get_n_stages (chain); i++) {
    static const char *const marks[] = { "", "?", "+", "-" };
    guint n;
    guint of = session_chain_get_count (chain, i, &n);

    g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "",
                            course_stage_get_id (session_chain_get_stage (chain, i)),
                            marks[session_chain_get_state (chain, i)]);
    if (of > 0)
      g_string_append_printf (text, " %u/%u", n, of);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static gboolean
has_stages (gpointer data)
{
  Wait *wait = data;
  g_autofree char *stages = dup_stages (g_ptr_array_index (wait->checks, wait->index));

  return g_str_equal (stages, wait->stages);
}

static void
wait_stages (LabFixture *fixture, const char *step, guint index, const char *stages)
{
  Wait wait = { session_step_get_checks (lab_fixture_get_step (fixture, 0, step)), index, stages };

  test_wait_until (has_stages, &wait, WAIT, stages);
}

static gboolean
has_detail (gpointer data)
{
  Wait *wait = data;

  return g_strcmp0 (session_check_get_detail (g_ptr_array_index (wait->checks, wait->index)),
                    wait->detail) == 0;
}

static void
wait_detail (LabFixture *fixture, const char *step, guint index, const char *detail)
{
  Wait wait = { session_step_get_checks (lab_fixture_get_step (fixture, 0, step)), index,
                .detail = detail };

  test_wait_until (has_detail, &wait, WAIT, detail);
}

static void
open_section (LabFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (lab_fixture_connect (fixture, &error));
  g_assert_no_error (error);
  session_lab_set_open_section (fixture->lab, lab_fixture_get_section (fixture, 0));
}

static void
put_node (LabFixture *fixture, const char *name, const char *conditions)
{
  g_autofree char *json = g_strdup_printf (
    "{\"kind\": \"Node\", \"metadata\": {\"name\": \"%s\"}, \"status\": {\"conditions\": [%s]}}",
    name, conditions);

  fake_api_server_put (fixture->server, json);
}

#define READY(status, message)                                                                     \
  "{\"type\": \"Ready\", \"status\": \"" status "\", \"message\": \"" message "\"}"
#define PRESSURE "{\"type\": \"DiskPressure\", \"status\": \"True\"}"

static void
test_nodes (LabFixture *fixture, gconstpointer data)
{
  open_section (fixture);
  wait_stages (fixture, "nodes", 0, "joined? reports ready");
  put_node (fixture, "a", "");
  put_node (fixture, "b", READY ("True", "kubelet is posting ready status"));
  wait_stages (fixture, "nodes", 0, "joined+ reports? 1/2 ready");
  wait_detail (fixture, "nodes", 0,
               "a: there is no status.conditions[?(@.type==\"Ready\")].status yet: "
               "status.conditions is empty. The node a has not said yet how it is. See it come: "
               "kubectl get node a --watch");
  put_node (fixture, "a", PRESSURE "," READY ("False", "container runtime is down"));
  wait_stages (fixture, "nodes", 0, "joined+ reports+ ready? 1/2");
  wait_detail (fixture, "nodes", 0,
               "a: it is “False” instead of “True”. The node a is not ready: DiskPressure, "
               "container runtime is down. See why: kubectl describe node a");
  put_node (fixture, "a", READY ("True", "kubelet is posting ready status"));
  wait_stages (fixture, "nodes", 0, "joined+ reports+ ready+");
  put_node (fixture, "b", READY ("Unknown", "Kubelet stopped posting node status."));
  wait_stages (fixture, "nodes", 0, "joined+ reports- 1/2 ready");
  wait_detail (fixture, "nodes", 0,
               "b: it is “Unknown” instead of “True”. The cluster does not hear of the node b any "
               "more: it is switched off, or cannot be reached. See since when: kubectl describe "
               "node b");
}

static void
put (LabFixture *fixture, const char *kind, const char *name, const char *rest)
{
  gboolean is_inside = !g_str_equal (kind, "Namespace");
  g_autofree char *json = g_strdup_printf (
    "{\"kind\": \"%s\", \"metadata\": {\"name\": \"%s\"%s, \"labels\": {\"app\": \"%s\"}}%s}", kind,
    name, is_inside ? ", \"namespace\": \"mesh\"" : "",
    g_str_has_prefix (name, "pilot") ? "pilot" : name, rest);

  fake_api_server_put (fixture->server, json);
}

#define DEPLOYMENT                                                                                 \
  ", \"spec\": {\"replicas\": 2, \"selector\": {\"matchLabels\": {\"app\": \"pilot\"}}, "          \
  "\"template\": {\"metadata\": {\"labels\": {\"app\": \"pilot\"}}}}"

static void
test_up (LabFixture *fixture, gconstpointer data)
{
  open_section (fixture);
  wait_stages (fixture, "up", 0, "namespace?");
  wait_stages (fixture, "up", 1, "namespace? pod");
  wait_stages (fixture, "up", 2, "namespace? service address");
  wait_detail (fixture, "up", 2, "there is no service mesh/gateway yet, nor the namespace mesh");
  put (fixture, "Namespace", "mesh", "");
  wait_stages (fixture, "up", 0, "namespace+");
  wait_stages (fixture, "up", 1, "namespace+ pod? 0/2");
  wait_stages (fixture, "up", 2, "namespace+ service? address");
  put (fixture, "Deployment", "pilot", DEPLOYMENT);
  wait_stages (fixture, "up", 1, "namespace+ deployment+ replicas? 0/2");
  put (fixture, "Pod", "pilot-1", "");
  wait_stages (fixture, "up", 1, "namespace+ deployment+ replicas? 1/2");
  put (fixture, "Service", "gateway", ", \"spec\": {\"type\": \"LoadBalancer\"}");
  wait_stages (fixture, "up", 2, "namespace+ service+ address?");
  put (fixture, "Pod", "pilot-2", "");
  wait_stages (fixture, "up", 1, "namespace+ deployment+ replicas+");
  put (fixture, "Service", "gateway",
       ", \"spec\": {\"type\": \"LoadBalancer\"}, \"status\": {\"loadBalancer\": {\"ingress\": "
       "[{\"ip\": \"10.0.0.1\"}]}}");
  wait_stages (fixture, "up", 2, "namespace+ service+ address+");
  /* what falls is told, though the lists that tell of it have to be read again */
  fake_api_server_remove (fixture->server, "pods", "mesh", "pilot-1");
  wait_stages (fixture, "up", 1, "namespace+ deployment+ replicas- 1/2");
}

#define KIALI_PATH "/api/v1/namespaces/mesh/services/kiali:20001/proxy/"

static void
answer (LabFixture *fixture, guint status, const char *body)
{
  const FakeFault fault = {
    .kind = FAKE_FAULT_ANSWER, .match = KIALI_PATH, .status = status, .body = body
  };

  fake_api_server_clear_faults (fixture->server);
  fake_api_server_add_fault (fixture->server, &fault);
}

/* A Service that the API server asks. */
static void
test_through_api (LabFixture *fixture, gconstpointer data)
{
  answer (fixture, 503, "{\"kind\": \"Status\", \"message\": \"no endpoints available\"}");
  open_section (fixture);
  wait_stages (fixture, "graph", 0, "api+ service? selected ready answer");
  put (fixture, "Service", "kiali",
       ", \"spec\": {\"selector\": {\"app\": \"kiali\"}, \"ports\": [{\"port\": 20001}]}");
  wait_stages (fixture, "graph", 0, "api+ service+ selected? ready answer");
  put (fixture, "Pod", "kiali", ", \"status\": {\"phase\": \"Pending\"}");
  wait_stages (fixture, "graph", 0, "api+ service+ selected+ ready? answer");
  put (fixture, "Pod", "kiali",
       ", \"status\": {\"phase\": \"Running\", \"conditions\": [{\"type\": \"Ready\", \"status\": "
       "\"True\"}]}");
  answer (fixture, 200, "{\"edges\": []}");
  wait_stages (fixture, "graph", 0, "api+ service+ selected+ ready+ answer?");
  answer (fixture, 200, "{\"nodes\": []}");
  wait_stages (fixture, "graph", 0, "api+ service+ selected+ ready+ answer+");
}

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add ("/session/stages/" name, LabFixture, NULL, set_up, func, tear_down)
  ADD ("nodes", test_nodes);
  ADD ("up", test_up);
  ADD ("through-api", test_through_api);
  return g_test_run ();
}

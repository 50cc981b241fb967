/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "lab-resource-text.h"

typedef char *(*TextFunc) (JsonNode *);

static JsonNode *
parse (const char *yaml)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);

  return node;
}

static void
assert_text (TextFunc function, const char *yaml, const char *expected)
{
  g_autoptr (JsonNode) node = parse (yaml);
  g_autofree char *text = function (node);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_node (void)
{
  const char *node = "metadata:\n"
                     "  labels:\n"
                     "    node-role.kubernetes.io/master: ''\n"
                     "    node-role.kubernetes.io/control-plane: ''\n"
                     "spec:\n"
                     "  unschedulable: true\n"
                     "status:\n"
                     "  conditions:\n"
                     "  - {type: MemoryPressure, status: 'True'}\n"
                     "  - {type: Ready, status: 'True'}\n"
                     "  nodeInfo: {kubeletVersion: v1.15.2}\n";

  assert_text (lab_node_dup_status, node, "Ready,SchedulingDisabled");
  assert_text (lab_node_dup_roles, node, "control-plane,master");
  assert_text (lab_node_dup_version, node, "v1.15.2");
  assert_text (lab_node_dup_status, "metadata: {}", "NotReady");
  assert_text (lab_node_dup_roles, "metadata: {}", "<none>");
}

static void
test_service (void)
{
  const char *pending = "spec:\n"
                        "  type: LoadBalancer\n"
                        "  clusterIP: 10.0.1.2\n"
                        "  ports:\n"
                        "  - {port: 6379, nodePort: 31423, protocol: TCP}\n"
                        "  - {port: 53, protocol: UDP}\n"
                        "status: {loadBalancer: {}}\n";
  const char *given = "spec: {type: LoadBalancer}\n"
                      "status: {loadBalancer: {ingress: [{hostname: a.example}, {ip: 1.2.3.4}]}}\n";
  g_autoptr (JsonNode) node = parse (pending);

  assert_text (lab_service_dup_external_ip, pending, "waiting…");
  assert_text (lab_service_dup_cluster_ip, pending, "10.0.1.2");
  assert_text (lab_service_dup_ports, pending, "6379:31423/TCP,53/UDP");
  g_assert_true (lab_service_is_pending (node));
  assert_text (lab_service_dup_external_ip, given, "a.example,1.2.3.4");
  assert_text (lab_service_dup_external_ip, "spec: {clusterIP: None}", "<none>");
  assert_text (lab_service_dup_cluster_ip, "spec: {clusterIP: None}", "None");
  assert_text (lab_service_dup_type, "spec: {}", "ClusterIP");
  assert_text (lab_service_dup_external_ip, "spec: {type: ExternalName, externalName: x.example}",
               "x.example");
}

static void
test_ingress (void)
{
  assert_text (lab_ingress_dup_hosts, "spec: {rules: [{host: a}, {host: b}, {}]}", "a, b");
  assert_text (lab_ingress_dup_hosts, "spec: {backend: {}}", "*");
  assert_text (lab_ingress_dup_address, "spec: {}", "");
}

static void
test_network_policy (void)
{
  const char *deny = "spec: {podSelector: {}, policyTypes: [Ingress]}";
  const char *access = "spec:\n"
                       "  podSelector: {matchLabels: {app: redis, tier: db}}\n"
                       "  ingress: [{from: []}]\n";
  const char *words = "spec:\n"
                      "  podSelector:\n"
                      "    matchExpressions:\n"
                      "    - {key: a, operator: In, values: [x, z]}\n"
                      "    - {key: b, operator: DoesNotExist}\n"
                      "  egress: [{}]\n"
                      "  ingress: [{from: [{podSelector: {}}]}]\n";

  assert_text (lab_network_policy_dup_selector, deny, "every pod");
  assert_text (lab_network_policy_dup_sources, deny, "nobody");
  assert_text (lab_network_policy_dup_types, deny, "Ingress");
  assert_text (lab_network_policy_dup_selector, access, "pods with app=redis,tier=db");
  assert_text (lab_network_policy_dup_sources, access, "anyone");
  assert_text (lab_network_policy_dup_types, access, "Ingress");
  assert_text (lab_network_policy_dup_selector, words, "pods with a in (x,z),!b");
  assert_text (lab_network_policy_dup_sources, words, "listed sources");
  assert_text (lab_network_policy_dup_types, words, "Ingress, Egress");
  assert_text (lab_network_policy_dup_sources, "spec: {ingress: [{ports: [{port: 80}]}]}",
               "anyone, on some ports");
  assert_text (lab_network_policy_dup_sources, "spec: {policyTypes: [Egress]}", "not restricted");
}

static void
test_virtual_service (void)
{
  const char *split = "metadata: {name: reviews, namespace: default}\n"
                      "spec:\n"
                      "  hosts: [reviews]\n"
                      "  http:\n"
                      "  - route:\n"
                      "    - {destination: {host: reviews, subset: v1}, weight: 80}\n"
                      "    - {destination: {host: reviews, subset: v3}, weight: 20}\n";
  const char *one = "metadata: {name: reviews, namespace: default}\n"
                    "spec:\n"
                    "  hosts: [reviews]\n"
                    "  http:\n"
                    "  - route: [{destination: {host: reviews, subset: v1}}]\n";

  assert_text (lab_virtual_service_dup_hosts, split, "reviews");
  assert_text (lab_virtual_service_dup_weights, split, "v1 80 %, v3 20 %");
  assert_text (lab_virtual_service_dup_weights, one, "v1");
}

/* Nothing that a server sends may end the program. */
static void
test_nonsense (void)
{
  const TextFunc functions[] = {
    lab_node_dup_status,
    lab_node_dup_roles,
    lab_service_dup_external_ip,
    lab_service_dup_ports,
    lab_ingress_dup_hosts,
    lab_ingress_dup_address,
    lab_network_policy_dup_selector,
    lab_network_policy_dup_types,
    lab_network_policy_dup_sources,
    lab_virtual_service_dup_hosts,
    lab_virtual_service_dup_weights,
  };
  const char *const objects[] = {
    "{}",
    "{spec: 1, status: [], metadata: x}",
    "{spec: {rules: [1, [], null], ports: [x], externalIPs: [{}], http: 3, ingress: [7], "
    "podSelector: {matchLabels: {a: []}, matchExpressions: [1, {operator: In}]}, type: 5}, "
    "status: {conditions: {}, loadBalancer: {ingress: [1, {ip: 2}]}}, metadata: {labels: [1]}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (functions); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (objects); j++) {
      g_autoptr (JsonNode) node = parse (objects[j]);
      g_autofree char *text = functions[i](node);

      g_assert_nonnull (text);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/resource-text/node", test_node);
  g_test_add_func ("/lab/resource-text/service", test_service);
  g_test_add_func ("/lab/resource-text/ingress", test_ingress);
  g_test_add_func ("/lab/resource-text/network-policy", test_network_policy);
  g_test_add_func ("/lab/resource-text/virtual-service", test_virtual_service);
  g_test_add_func ("/lab/resource-text/nonsense", test_nonsense);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "practice-policies.h"

/* Who connects in these tests; the target is always the pod "db", port 6379, unless said. */
static const char pods_yaml[] =
  "{metadata: {name: db, namespace: default, labels: {app: db, tier: back}}, spec: {containers: ["
  "{name: db, ports: [{name: redis, containerPort: 6379}, {name: dns, containerPort: 53, protocol: "
  "UDP}]}]}, status: {podIP: 10.4.0.1, hostIP: 10.0.1.1}}\n---\n"
  "{metadata: {name: web, namespace: default, labels: {app: web, tier: front}}, spec: {}, status: "
  "{podIP: 10.4.0.2, hostIP: 10.0.1.1}}\n---\n"
  "{metadata: {name: other, namespace: team, labels: {app: web, tier: front}}, spec: {}, status: "
  "{podIP: 10.4.0.3, hostIP: 10.0.1.2}}\n---\n"
  "{metadata: {name: proxy, namespace: kubeaddons, labels: {app: traefik}}, spec: {}, status: "
  "{podIP: 10.4.0.4, hostIP: 10.0.1.2}}\n---\n"
  "{metadata: {name: agent, namespace: default, labels: {app: web, tier: front}}, spec: "
  "{hostNetwork: true}, status: {podIP: 10.0.1.2, hostIP: 10.0.1.2}}\n";

static const char namespaces_yaml[] =
  "{metadata: {name: default, labels: {stage: test}}}\n---\n"
  "{metadata: {name: team, labels: {team: a, stage: test}}}\n---\n"
  "{metadata: {name: kubeaddons}}\n";

#define POLICY "{metadata: {name: p, namespace: default}, spec: "
#define END "}\n"
#define ALL "podSelector: {}"
#define DB "podSelector: {matchLabels: {app: db}}"

typedef struct {
  const char *name;
  const char *policies;
  const char *source; /* a pod's name, or an address */
  const char *target;
  guint16 port; /* 0: 6379 */
  gboolean expected;
  PracticeProtocol protocol;
} Case;

static const Case cases[] = {
  { "no-policy", "", "web", "db", 0, TRUE },
  { "deny-pod", POLICY "{" ALL ", policyTypes: [Ingress]}" END, "web", "db", 0, FALSE },
  { "deny-outside", POLICY "{" ALL ", policyTypes: [Ingress]}" END, "10.0.192.10", "db", 0, FALSE },
  { "deny-other-node", POLICY "{" ALL ", policyTypes: [Ingress]}" END, "10.0.1.2", "db", 0, FALSE },
  { "own-node", POLICY "{" ALL ", policyTypes: [Ingress]}" END, "10.0.1.1", "db", 0, TRUE },
  { "own-pod", POLICY "{" ALL ", policyTypes: [Ingress]}" END, "db", "db", 0, TRUE },
  { "deny-by-default-type", POLICY "{" ALL "}" END, "web", "db", 0, FALSE },
  { "deny-empty-rules", POLICY "{" ALL ", ingress: []}" END, "web", "db", 0, FALSE },
  { "other-namespace-policy", "{metadata: {name: p, namespace: team}, spec: {podSelector: {}}}\n",
    "web", "db", 0, TRUE },
  { "other-namespace-pod", POLICY "{" ALL "}" END, "web", "other", 80, TRUE },
  { "selects-others", POLICY "{podSelector: {matchLabels: {app: web}}}" END, "web", "db", 0, TRUE },
  { "selector-expression",
    POLICY "{podSelector: {matchExpressions: [{key: tier, operator: In, values: [back]}]}}" END,
    "web", "db", 0, FALSE },
  { "no-selector", POLICY "{}" END, "web", "db", 0, FALSE },
  { "empty-rule", POLICY "{" DB ", ingress: [{}]}" END, "10.0.1.2", "db", 0, TRUE },
  { "from-empty", POLICY "{" DB ", ingress: [{from: []}]}" END, "10.0.1.2", "db", 0, TRUE },
  { "from-empty-pod", POLICY "{" DB ", ingress: [{from: []}]}" END, "other", "db", 0, TRUE },
  { "pod-selector",
    POLICY "{" DB ", ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}" END, "web",
    "db", 0, TRUE },
  { "pod-selector-other-label",
    POLICY "{" DB ", ingress: [{from: [{podSelector: {matchLabels: {app: x}}}]}]}" END, "web", "db",
    0, FALSE },
  { "pod-selector-own-namespace",
    POLICY "{" DB ", ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}" END, "other",
    "db", 0, FALSE },
  { "pod-selector-not-a-node", POLICY "{" DB ", ingress: [{from: [{podSelector: {}}]}]}" END,
    "10.0.1.2", "db", 0, FALSE },
  { "pod-selector-host-network", POLICY "{" DB ", ingress: [{from: [{podSelector: {}}]}]}" END,
    "agent", "db", 0, FALSE },
  { "namespace-selector",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}" END,
    "other", "db", 0, TRUE },
  { "namespace-selector-other",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}" END,
    "proxy", "db", 0, FALSE },
  { "namespace-selector-all", POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {}}]}]}" END,
    "proxy", "db", 0, TRUE },
  { "namespace-selector-not-outside",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {}}]}]}" END, "10.0.192.10", "db", 0,
    FALSE },
  { "both-match",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {matchLabels: {stage: test}}"
           ", podSelector: {matchLabels: {tier: front}}}]}]}" END,
    "other", "db", 0, TRUE },
  { "both-one-fails",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {}, podSelector: "
           "{matchLabels: {tier: front}}}]}]}" END,
    "proxy", "db", 0, FALSE },
  { "items-are-alternatives",
    POLICY "{" DB ", ingress: [{from: [{namespaceSelector: {matchLabels: "
           "{team: b}}}, {podSelector: {matchLabels: {tier: front}}}]}]}" END,
    "web", "db", 0, TRUE },
  { "block", POLICY "{" DB ", ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/16}}]}]}" END, "10.0.1.2",
    "db", 0, TRUE },
  { "block-outside-it", POLICY "{" DB ", ingress: [{from: [{ipBlock: {cidr: 10.0.2.0/24}}]}]}" END,
    "10.0.1.2", "db", 0, FALSE },
  { "block-except",
    POLICY "{" DB ", ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/16, except: "
           "[10.0.1.0/24]}}]}]}" END,
    "10.0.1.2", "db", 0, FALSE },
  { "block-of-pods", POLICY "{" DB ", ingress: [{from: [{ipBlock: {cidr: 10.4.0.0/16}}]}]}" END,
    "web", "db", 0, TRUE },
  { "block-unreadable", POLICY "{" DB ", ingress: [{from: [{ipBlock: {cidr: nonsense}}]}]}" END,
    "web", "db", 0, FALSE },
  { "port", POLICY "{" DB ", ingress: [{ports: [{port: 6379}]}]}" END, "web", "db", 0, TRUE },
  { "other-port", POLICY "{" DB ", ingress: [{ports: [{port: 80}]}]}" END, "web", "db", 0, FALSE },
  { "port-by-name", POLICY "{" DB ", ingress: [{ports: [{port: redis}]}]}" END, "web", "db", 0,
    TRUE },
  { "port-by-unknown-name", POLICY "{" DB ", ingress: [{ports: [{port: http}]}]}" END, "web", "db",
    0, FALSE },
  { "port-name-of-udp", POLICY "{" DB ", ingress: [{ports: [{port: dns}]}]}" END, "web", "db", 53,
    FALSE },
  { "port-udp", POLICY "{" DB ", ingress: [{ports: [{port: 6379, protocol: UDP}]}]}" END, "web",
    "db", 0, FALSE },
  { "port-udp-asked-by-udp", POLICY "{" DB ", ingress: [{ports: [{port: 53, protocol: UDP}]}]}" END,
    "web", "db", 53, TRUE, PRACTICE_PROTOCOL_UDP },
  { "port-name-asked-by-udp",
    POLICY "{" DB ", ingress: [{ports: [{port: dns, protocol: UDP}]}]}" END, "web", "db", 53, TRUE,
    PRACTICE_PROTOCOL_UDP },
  { "port-tcp-asked-by-udp", POLICY "{" DB ", ingress: [{ports: [{port: 53}]}]}" END, "web", "db",
    53, FALSE, PRACTICE_PROTOCOL_UDP },
  { "port-sctp", POLICY "{" DB ", ingress: [{ports: [{port: 53, protocol: SCTP}]}]}" END, "web",
    "db", 53, FALSE, PRACTICE_PROTOCOL_UDP },
  { "any-port-asked-by-udp", POLICY "{" DB ", ingress: [{}]}" END, "web", "db", 53, TRUE,
    PRACTICE_PROTOCOL_UDP },
  { "port-any-of-protocol", POLICY "{" DB ", ingress: [{ports: [{protocol: TCP}]}]}" END, "web",
    "db", 0, TRUE },
  { "port-range", POLICY "{" DB ", ingress: [{ports: [{port: 6000, endPort: 7000}]}]}" END, "web",
    "db", 0, TRUE },
  { "port-beyond-range", POLICY "{" DB ", ingress: [{ports: [{port: 6000, endPort: 6378}]}]}" END,
    "web", "db", 0, FALSE },
  { "port-and-peer",
    POLICY "{" DB ", ingress: [{ports: [{port: 6379}], from: [{podSelector: "
           "{matchLabels: {app: x}}}]}]}" END,
    "web", "db", 0, FALSE },
  { "policies-add-up", POLICY "{" ALL "}" END "---\n" POLICY "{" DB ", ingress: [{}]}" END, "web",
    "db", 0, TRUE },
  { "egress-only-lets-in", POLICY "{" DB ", policyTypes: [Egress]}" END, "web", "db", 0, TRUE },
  { "egress-deny", POLICY "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}" END,
    "web", "db", 0, FALSE },
  { "egress-by-section",
    POLICY "{podSelector: {matchLabels: {app: web}}, egress: [{to: "
           "[{podSelector: {matchLabels: {app: x}}}]}], ingress: [{}]}" END,
    "web", "db", 0, FALSE },
  { "egress-to-pod",
    POLICY "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], egress: "
           "[{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: redis}]}]}" END,
    "web", "db", 0, TRUE },
  { "egress-to-block",
    POLICY "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
           "egress: [{to: [{ipBlock: {cidr: 10.200.0.0/16}}]}]}" END,
    "web", "10.200.0.10", 80, TRUE },
  { "egress-not-to-address",
    POLICY "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
           "egress: [{to: [{podSelector: {}}]}]}" END,
    "web", "10.200.0.10", 80, FALSE },
  { "egress-of-host-network", POLICY "{" ALL ", policyTypes: [Egress]}" END, "agent", "other", 80,
    TRUE },
  { "target-host-network", POLICY "{" ALL "}" END, "web", "agent", 80, TRUE },
};

static GPtrArray *
parse (const char *yaml)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *documents = base_yaml_parse_all (yaml, strlen (yaml), "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return documents;
}

static JsonNode *
find (GPtrArray *objects, const char *name)
{
  for (guint i = 0; i < objects->len; i++)
    if (g_strcmp0 (base_metadata_get_name (objects->pdata[i]), name) == 0)
      return objects->pdata[i];
  return NULL;
}

static PracticePolicyEnd
make_end (GPtrArray *pods, GPtrArray *namespaces, const char *name)
{
  PracticePolicyEnd end = { .address = name, .pod = find (pods, name) };

  if (end.pod != NULL) {
    end.address = base_json_get_string (end.pod, "status", "podIP", NULL);
    end.namespace_ = find (namespaces, base_metadata_get_namespace (end.pod));
  }
  return end;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (GPtrArray) pods = parse (pods_yaml);
  g_autoptr (GPtrArray) namespaces = parse (namespaces_yaml);
  g_autoptr (GPtrArray) objects =
    *test->policies != '\0' ? parse (test->policies) : g_ptr_array_new ();
  g_autoptr (PracticePolicies) policies = practice_policies_new (objects);
  PracticePolicyEnd source = make_end (pods, namespaces, test->source);
  PracticePolicyEnd target = make_end (pods, namespaces, test->target);
  guint16 port = test->port != 0 ? test->port : 6379;

  g_assert_cmpint (practice_policies_let_out (policies, &source, &target, test->protocol, port) &&
                     practice_policies_admit (policies, &source, &target, test->protocol, port),
                   ==, test->expected);
}

static void
test_isolate (void)
{
  g_autoptr (GPtrArray) pods = parse (pods_yaml);
  g_autoptr (GPtrArray) objects = parse (POLICY "{" ALL ", policyTypes: [Egress]}" END);
  g_autoptr (PracticePolicies) policies = practice_policies_new (objects);

  g_assert_true (practice_policies_isolate (policies, find (pods, "db"), PRACTICE_POLICY_EGRESS));
  g_assert_false (practice_policies_isolate (policies, find (pods, "db"), PRACTICE_POLICY_INGRESS));
  g_assert_false (
    practice_policies_isolate (policies, find (pods, "other"), PRACTICE_POLICY_EGRESS));
  g_assert_false (
    practice_policies_isolate (policies, find (pods, "agent"), PRACTICE_POLICY_EGRESS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/practice-policies/", cases[i].name, NULL);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/practice-policies/isolate", test_isolate);

  return g_test_run ();
}

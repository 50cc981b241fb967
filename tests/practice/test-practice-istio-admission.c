/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-admission.h"

#include "base-json.h"
#include "base-yaml.h"
#include "practice-kiali-badges.h"
#include "practice-mesh-decision.h"
#include "test-mesh-store.h"

#define ROUNDS 900

#define WEBHOOK "admission webhook \"pilot.validation.istio.io\" denied the request: "
#define INVALID WEBHOOK "configuration is invalid: "
#define UNREADABLE WEBHOOK "error decoding configuration: "

typedef struct {
  const char *spec;
  const char *refusal; /* NULL: none */
} Case;

static void
check (const char *kind, const char *spec, guint minor, const char *expected)
{
  g_autofree char *yaml = g_strdup_printf ("{kind: %s, metadata: {name: a}, spec: %s}", kind, spec);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) object = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  found = practice_istio_admission_dup_refusal (object, minor);
  if (g_strcmp0 (found, expected) != 0)
    g_error ("%s: %s\nexpected %s", spec, found, expected);
}

static void
check_all (const char *kind, const Case *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    check (kind, cases[i].spec, 3, cases[i].refusal);
}

#define R "route: [{destination: {host: r}}]"
#define RULE(text) "{hosts: [r], http: [{" text "}]}"

static void
test_virtual_services (void)
{
  static const Case cases[] = {
    { RULE (R), NULL },
    { "{hosts: ['*'], gateways: [g], http: [{" R "}]}", NULL },
    { RULE ("match: [{headers: {end-user: {exact: jason}}}], " R), NULL },
    { RULE ("fault: {delay: {percent: 100, fixedDelay: 2s}}, " R), NULL },
    { RULE ("fault: {delay: {percentage: {value: 100.0}, fixed_delay: 7s}}, " R), NULL },
    { RULE ("timeout: 0.5s, retries: {attempts: 3, perTryTimeout: 2s, retryOn: '5xx,503'}, " R),
      NULL },
    { RULE ("retries: {attempts: 0}, " R), NULL },
    { RULE ("redirect: {uri: /x}"), NULL },
    { RULE ("route: [{destination: {host: r, subset: v1}, weight: 50}, {destination: {host: r, "
            "subset: v3}, weight: '50'}]"),
      NULL },
    { RULE ("route: [{destination: {host: r}, weight: 80}, {destination: {host: r}, weight: 10}]"),
      INVALID "total destination weight 90 != 100" },
    { RULE ("route: [{destination: {host: r}, weight: 120}]"),
      INVALID "percentage 120 is not in range 0..100" },
    { RULE ("route: [{destination: {host: r}, weight: 120}, {destination: {host: r}, weight: 0}]"),
      INVALID
      "2 errors occurred:\n\t* percentage 120 is not in range 0..100\n\t* total destination "
      "weight 120 != 100\n\n" },
    { RULE ("route: [{weight: 100}]"),
      INVALID "1 error occurred:\n\t* destination is required\n\n" },
    { RULE ("route: [{destination: {subset: v1}}]"), INVALID "empty domain name not allowed" },
    { RULE ("route: [{destination: {host: '*'}}]"), INVALID "invalid destintation host *" },
    { RULE ("route: [{destination: {host: r, subset: v_1}}]"),
      INVALID "subset name is invalid: v_1" },
    { RULE ("route: [{destination: {host: r, port: {number: 99999}}}]"),
      INVALID "port number 99999 must be in the range 1..65535" },
    { RULE ("timeout: 0.5s"), INVALID "HTTP route or redirect is required" },
    { RULE ("redirect: {uri: /x}, " R),
      INVALID "HTTP route cannot contain both route and redirect" },
    { RULE ("redirect: {}"), INVALID "redirect must specify URI, authority, or both" },
    { RULE ("rewrite: {}, " R), INVALID "rewrite must specify URI, authority, or both" },
    { RULE ("timeout: 0.5ms, " R), INVALID "duration must be greater than 1ms" },
    { RULE ("timeout: 1.5ms, " R), INVALID "only durations to ms precision are supported" },
    { RULE ("fault: {}, " R), INVALID "1 error occurred:\n\t* HTTP fault injection must have an "
                                      "abort and/or a delay\n\n" },
    { RULE ("fault: {delay: {percent: 101, fixedDelay: 2s}}, " R),
      INVALID "percentage 101 is not in range 0..100" },
    { RULE ("fault: {delay: {percentage: {value: 101}, fixedDelay: 2s}}, " R),
      INVALID "percentage 101 is neither 0.0, nor in range [0.0001, 100.0]" },
    { RULE ("fault: {abort: {percentage: {value: 100}, httpStatus: 99}}, " R),
      INVALID "HTTP status 99 is not in range 200-599" },
    { RULE ("fault: {abort: {percentage: {value: 100}, httpStatus: 600}}, " R), NULL },
    { RULE ("fault: {delay: {percent: 1, exponentialDelay: 2s}}, " R),
      INVALID "1 error occurred:\n\t* exponentialDelay not supported yet\n\n" },
    { RULE ("retries: {attempts: -1}, " R),
      INVALID "1 error occurred:\n\t* attempts cannot be negative\n\n" },
    { RULE ("retries: {attempts: 0, perTryTimeout: 2s}, " R),
      INVALID "http retry policy configured when attempts are set to 0 (disabled)" },
    { RULE ("retries: {attempts: 1, retryOn: never}, " R),
      INVALID "\"never\" is not a valid retryOn policy" },
    { "{http: [{" R "}]}", INVALID "virtual service must have at least one host" },
    { "{hosts: [r]}", INVALID "http, tcp or tls must be provided in virtual service" },
    { "{}",
      INVALID "2 errors occurred:\n\t* virtual service must have at least one host\n\t* http, "
              "tcp or tls must be provided in virtual service\n\n" },
    { "{hosts: ['*'], http: [{" R "}]}",
      INVALID "wildcard host * is not allowed for virtual services bound to the mesh gateway" },
    { "{hosts: [r, r], http: [{" R "}]}", INVALID "duplicate hosts in virtual service: r & r" },
    { "{hosts: [a.b], tls: [{match: [{sniHosts: [a.b]}], " R "}]}", NULL },
    { "{hosts: [a.b], tls: [{" R "}]}",
      INVALID "TLS route must have at least one match condition" },
    { "{hosts: [a.b], tls: [{match: [{port: 443}], " R "}]}",
      INVALID "TLS match must have at least one SNI host" },
    { "{hosts: [a.b, c.d], tls: [{match: [{sniHosts: [e.f]}], " R "}]}",
      INVALID "SNI host \"e.f\" is not a compatible subset of any of the virtual service hosts: "
              "[a.b, c.d]" },
    { "{hosts: [a_b], http: [{" R "}]}",
      INVALID "domain name \"a_b\" invalid (label \"a_b\" invalid)" },
    { "{hosts: [r], gateways: [/g], http: [{" R "}]}",
      INVALID "2 errors occurred:\n\t* config namespace and gateway name cannot be empty\n\t* "
              "invalid value for namespace: \"\"\n\n" },
    /* What cannot be read at all. */
    { "{hosts: r, http: [{" R "}]}",
      UNREADABLE "json: cannot unmarshal string into Go value of type []json.RawMessage" },
    { "{hosts: [r], http: {" R "}}",
      UNREADABLE "json: cannot unmarshal object into Go value of type []json.RawMessage" },
    { RULE ("routes: []"), UNREADABLE "unknown field \"routes\" in v1alpha3.HTTPRoute" },
    { RULE ("route: [{destination: {host: r}, weigth: 1}]"),
      UNREADABLE "unknown field \"weigth\" in v1alpha3.HTTPRouteDestination" },
    { RULE ("match: [{sourcelabels: {a: b}}], " R),
      UNREADABLE "unknown field \"sourcelabels\" in v1alpha3.HTTPMatchRequest" },
    { RULE ("route: [{destination: {host: r}, weight: many}]"),
      UNREADABLE "json: cannot unmarshal string into Go value of type int32" },
    { RULE ("timeout: 5, " R),
      UNREADABLE "json: cannot unmarshal number into Go value of type string" },
    { RULE ("timeout: '5', " R), UNREADABLE "bad Duration: time: missing unit in duration 5" },
    { RULE ("timeout: soon, " R), UNREADABLE "bad Duration: time: invalid duration soon" },
    { "[]",
      UNREADABLE "json: cannot unmarshal array into Go value of type map[string]json.RawMessage" },
    { "{hosts: [null], http: [{" R "}]}",
      UNREADABLE "json: cannot unmarshal null into Go value of type json.RawMessage" },
  };

  check_all ("VirtualService", cases, G_N_ELEMENTS (cases));
}

/* Since 1.15 weights are shares. */
static void
test_shares (void)
{
  static const Case cases[] = {
    { RULE ("route: [{destination: {host: r}, weight: 80}, {destination: {host: r}, weight: 10}]"),
      NULL },
    { RULE ("route: [{destination: {host: r}, weight: 300}, {destination: {host: r}}]"), NULL },
    { RULE ("route: [{destination: {host: r}, weight: 0}, {destination: {host: r}}]"),
      INVALID "total destination weight = 0" },
    { RULE ("route: [{destination: {host: r}, weight: -1}, {destination: {host: r}, weight: 2}]"),
      INVALID "weight -1 < 0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    check ("VirtualService", cases[i].spec, 15, cases[i].refusal);
}

static void
test_destination_rules (void)
{
  static const Case cases[] = {
    { "{host: r, subsets: [{name: v1, labels: {version: v1}}]}", NULL },
    { "{host: r, trafficPolicy: {tls: {mode: ISTIO_MUTUAL}}}", NULL },
    { "{host: r, trafficPolicy: {loadBalancer: {simple: RANDOM}}}", NULL },
    { "{subsets: []}", INVALID "empty domain name not allowed" },
    { "{host: r, subsets: [{labels: {version: v1}}]}", INVALID "subset name cannot be empty" },
    { "{host: r, trafficPolicy: {}}", INVALID "traffic policy must have at least one field" },
    { "{host: r, trafficPolicy: {connectionPool: {}}}",
      INVALID "connection pool must have at least one field" },
    { "{host: r, trafficPolicy: {connectionPool: {tcp: {maxConnections: -1}}}}",
      INVALID "max connections must be non-negative" },
    { "{host: r, trafficPolicy: {outlierDetection: {maxEjectionPercent: 101}}}",
      INVALID "percentage 101 is not in range 0..100" },
    { "{host: r, trafficPolicy: {tls: {mode: MUTUAL}}}",
      INVALID "2 errors occurred:\n\t* client certificate required for mutual tls\n\t* private key "
              "required for mutual tls\n\n" },
    { "{host: r, exportTo: [x]}",
      INVALID "only . or * is allowed in the exportTo in the current release" },
    { "{host: r, trafficPolicy: {loadBalancer: {simple: RANDOM}, tls: {mode: ISTIO_MUTUAL}}}",
      NULL },
    { "{host: r, trafficPolicy: {loadBalancer: {simple: ROUND_ROBBIN}}}",
      UNREADABLE "unknown value \"ROUND_ROBBIN\" for enum "
                 "istio.networking.v1alpha3.LoadBalancerSettings_SimpleLB" },
    { "{host: r, subsets: [{name: a, trafficPolicy: {tls: {mode: mutual}}}]}",
      UNREADABLE "unknown value \"mutual\" for enum "
                 "istio.networking.v1alpha3.TLSSettings_TLSmode" },
    { "{host: r, trafficPolicy: {tls: {mode: [SIMPLE]}}}",
      UNREADABLE "json: cannot unmarshal array into Go value of type int32" },
    { "{hosts: [r]}", UNREADABLE "unknown field \"hosts\" in v1alpha3.DestinationRule" },
    { "{host: r, subsets: [{name: v1, labels: {version: 1}}]}",
      UNREADABLE "json: cannot unmarshal number into Go value of type string" },
  };

  check_all ("DestinationRule", cases, G_N_ELEMENTS (cases));
}

#define PORT "port: {number: 80, name: http, protocol: HTTP}"

static void
test_gateways (void)
{
  static const Case cases[] = {
    { "{selector: {istio: ingressgateway}, servers: [{" PORT ", hosts: ['*']}]}", NULL },
    { "{servers: [{port: {number: 443, name: s, protocol: HTTPS}, tls: {mode: SIMPLE, "
      "credentialName: c}, hosts: ['*.example.com', 'ns/a.b', '10.0.0.1']}]}",
      NULL },
    { "{selector: {}}", INVALID "gateway must have at least one server" },
    { "{servers: [{" PORT "}]}", INVALID "server config must contain at least one host" },
    { "{servers: [{hosts: ['*']}]}", INVALID "port is required" },
    { "{servers: [{" PORT ", hosts: [short]}]}", INVALID "short names (non FQDN) are not allowed" },
    { "{servers: [{" PORT ", hosts: ['*']}, {" PORT ", hosts: ['a.b']}]}",
      INVALID "port names in servers must be unique: duplicate name http" },
    { "{servers: [{port: {number: 80, protocol: HTTP}, hosts: ['*']}]}",
      INVALID "port name must be set: number:80 protocol:\"HTTP\" " },
    { "{servers: [{port: {number: 80, name: a, protocol: HTP}, hosts: ['*']}]}",
      INVALID "invalid protocol \"HTP\", supported protocols are HTTP, HTTP2, GRPC, MONGO, REDIS, "
              "MYSQL, TCP" },
    { "{servers: [{port: {number: 443, name: s, protocol: HTTPS}, hosts: ['*']}]}",
      INVALID "server must have TLS settings for HTTPS/TLS protocols" },
    { "{servers: [{port: {number: 443, name: s, protocol: HTTPS}, tls: {mode: SIMPLE}, hosts: "
      "['*']}]}",
      INVALID "2 errors occurred:\n\t* SIMPLE TLS requires a server certificate\n\t* SIMPLE TLS "
              "requires a private key\n\n" },
    { "{servers: [{" PORT ", tls: {httpsRedirect: true}, hosts: ['*']}]}", NULL },
    { "{servers: [{" PORT ", tls: {mode: SIMPLE, credentialName: c}, hosts: ['*']}]}",
      INVALID "server cannot have TLS settings for plain text HTTP ports" },
    { "{servers: [{port: 80, hosts: ['*']}]}",
      UNREADABLE "json: cannot unmarshal number into Go value of type map[string]json.RawMessage" },
  };

  check_all ("Gateway", cases, G_N_ELEMENTS (cases));
}

/* Kinds that are not looked at, and what is no object at all. */
static void
test_others (void)
{
  g_autoptr (JsonNode) nothing = json_node_new (JSON_NODE_NULL);

  check ("Sidecar", "{anything: 1}", 3, NULL);
  g_assert_null (practice_istio_admission_dup_refusal (nothing, 3));
}

/* Changed at random, objects are refused or can be worked with. The number of the run is in the
 * test's output: --seed repeats it. */
/* Something of any kind. */
static JsonNode *
make_random (void)
{
  static const char *const texts[] = { "",  "r", "*",    "v1", "5s", "-1s", "a b", "1e9", "100",
                                       "/", "(", "mesh", "x/", "0",  "é",   ".",   "nan", "1us" };
  static const gint64 numbers[] = { 0, 1, -1, 50, 101, 70000, G_MAXINT64, G_MININT64 };
  JsonNode *node = json_node_new (JSON_NODE_VALUE);

  switch (g_test_rand_int_range (0, 7)) {
    case 0:
      json_node_init (node, JSON_NODE_OBJECT);
      json_node_take_object (node, json_object_new ());
      return node;
    case 1:
      json_node_init (node, JSON_NODE_ARRAY);
      json_node_take_array (node, json_array_new ());
      return node;
    case 2:
      return json_node_init_null (node);
    case 3:
      return json_node_init_boolean (node, TRUE);
    case 4:
      return json_node_init_double (node, g_test_rand_double_range (-10, 200));
    case 5:
      return json_node_init_int (node, numbers[g_test_rand_int_range (0, G_N_ELEMENTS (numbers))]);
    default:
      return json_node_init_string (node, texts[g_test_rand_int_range (0, G_N_ELEMENTS (texts))]);
  }
}

/* A copy of @node, here and there with something else in it. */
static JsonNode *
disturb (JsonNode *node)
{
  JsonNode *copy;

  if (g_test_rand_int_range (0, 30) == 0)
    return make_random ();
  copy = json_node_new (JSON_NODE_VALUE);
  if (JSON_NODE_HOLDS_OBJECT (node)) {
    JsonObject *object = json_object_new ();
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    json_object_iter_init (&iter, json_node_get_object (node));
    while (json_object_iter_next (&iter, &name, &value))
      if (g_test_rand_int_range (0, 30) != 0)
        json_object_set_member (object, name, disturb (value));
    json_node_init_object (copy, object);
    json_object_unref (object);
    return copy;
  }
  if (JSON_NODE_HOLDS_ARRAY (node)) {
    JsonArray *array = json_array_new ();

    for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
      json_array_add_element (array,
                              disturb (json_array_get_element (json_node_get_array (node), i)));
    json_node_init_array (copy, array);
    json_array_unref (array);
    return copy;
  }
  json_node_unref (copy);
  return json_node_copy (node);
}

static void
use (TestMesh *mesh)
{
  g_autoptr (PracticeMeshConfig) config = practice_mesh_config_new (mesh->store, 3);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (PracticeMeshDecision) decision = NULL;
  g_autoptr (JsonObject) badges = json_object_new ();
  const PracticeMeshQuery query = { .namespace_ = "default",
                                    .host = "reviews.default.svc.cluster.local",
                                    .authority = "reviews:9080",
                                    .port = 9080,
                                    .scheme = "http",
                                    .method = "GET",
                                    .target = "/reviews/0?a=b",
                                    .headers = headers };

  soup_message_headers_append (headers, "end-user", "jason");
  decision = practice_mesh_decide (config, mesh->store, &query, random);
  practice_mesh_decision_change_headers (decision, "request", headers);
  practice_mesh_decision_change_headers (decision, "response", headers);
  practice_kiali_badges_write (config, query.host, badges);
}

static void
test_random (TestMesh *mesh, gconstpointer data)
{
  static const char *const yaml[] = {
    "{kind: VirtualService, metadata: {name: reviews, namespace: default}, spec: {hosts: [reviews],"
    " gateways: [mesh, g], exportTo: ['*'], http: [{match: [{uri: {prefix: /reviews}, headers: {"
    "end-user: {exact: jason}}, sourceLabels: {app: p}, port: 9080, queryParams: {a: {regex: b}}, "
    "gateways: [mesh], method: {exact: GET}}, {uri: {prefix: /}}], fault: {delay: {percentage: {"
    "value: 50.5}, fixedDelay: 2s}, abort: {percent: 50, httpStatus: 500}}, timeout: 1s, retries: "
    "{attempts: 2, perTryTimeout: 1s, retryOn: '5xx,503'}, rewrite: {uri: /x, authority: y}, "
    "mirror: {host: reviews, subset: v2}, headers: {request: {set: {a: b}, add: {c: d}, remove: ["
    "e]}}, route: [{destination: {host: reviews, subset: v1, port: {number: 9080}}, weight: 40, "
    "headers: {response: {set: {f: g}}}}, {destination: {host: reviews, subset: v3}, weight: 60}]}"
    ", {redirect: {uri: /z, authority: w}}]}}",
    "{kind: DestinationRule, metadata: {name: reviews, namespace: default}, spec: {host: reviews, "
    "trafficPolicy: {tls: {mode: ISTIO_MUTUAL}, loadBalancer: {simple: RANDOM}, connectionPool: {"
    "tcp: {maxConnections: 1, connectTimeout: 1s}, http: {http1MaxPendingRequests: 1}}, "
    "outlierDetection: {consecutiveErrors: 1, interval: 1s}}, subsets: [{name: v1, labels: {version"
    ": v1}}, {name: v3, labels: {version: v3}, trafficPolicy: {tls: {mode: DISABLE}}}]}}",
    "{kind: Gateway, metadata: {name: g, namespace: default}, spec: {selector: {istio: "
    "ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*', "
    "'ns/a.b']}, {port: {number: 443, name: s, protocol: HTTPS}, tls: {mode: SIMPLE, "
    "credentialName: c, httpsRedirect: false}, hosts: ['*.c']}]}}",
  };
  guint n_admitted = 0;

  for (guint i = 0; i < G_N_ELEMENTS (yaml); i++)
    test_mesh_apply (mesh, yaml[i]);
  for (guint i = 0; i < ROUNDS; i++) {
    const char *text = yaml[i % G_N_ELEMENTS (yaml)];
    g_autoptr (JsonNode) object = base_yaml_parse (text, -1, "test", BASE_YAML_NONE, NULL);
    JsonNode *spec = disturb (base_json_get (object, "spec", NULL));
    g_autofree char *refusal = NULL;

    json_object_set_member (json_node_get_object (object), "spec", spec);
    refusal = practice_istio_admission_dup_refusal (object, 3);
    if (refusal != NULL)
      continue;
    n_admitted++;
    practice_store_update (mesh->store,
                           test_mesh_get_resource (base_json_get_string (object, "kind", NULL)),
                           json_node_ref (object), NULL, NULL);
    use (mesh);
  }
  g_assert_cmpuint (n_admitted, >, ROUNDS / 50);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-istio-admission/virtual-services", test_virtual_services);
  g_test_add_func ("/practice-istio-admission/shares", test_shares);
  g_test_add_func ("/practice-istio-admission/destination-rules", test_destination_rules);
  g_test_add_func ("/practice-istio-admission/gateways", test_gateways);
  g_test_add_func ("/practice-istio-admission/others", test_others);

  g_test_add ("/practice-istio-admission/random", TestMesh, NULL, test_mesh_set_up, test_random,
              test_mesh_tear_down);

  return g_test_run ();
}

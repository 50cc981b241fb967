/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-yaml.h"
#include "mesh-chance.h"
#include "mesh-latency.h"
#include "practice-lab.h"
#include "session-asker.h"
#include "session-gateway.h"
#include "session-sampler.h"
#include "test-wait.h"

/* What the page shows, on a practice cluster of the test's own with Istio and Bookinfo. One cluster
 * serves all tests, which go on from each other in their order. */

#define WAIT 30
#define SEED 7
#define SEED_TEXT "7"
#define SAMPLES 400

static const char *const SET_UP =
  "cd ~/lab\n"
  "sed -i '/- enabled: false/{N;/\\n *name: istio$/s/false/true/}' cluster.yaml\n"
  "konvoy up --yes --upgrade --force-upgrade\n"
  "cd ~\n"
  "curl -sL https://istio.io/downloadIstio | ISTIO_VERSION=1.4.0 sh -\n"
  "cd istio-1.4.0/samples/bookinfo\n"
  "kubectl label namespace default istio-injection=enabled --overwrite\n"
  "kubectl apply -f platform/kube/bookinfo.yaml\n"
  "kubectl apply -f networking/destination-rule-all.yaml\n"
  "kubectl apply -f networking/virtual-service-reviews-50-v3.yaml\n"
  "kubectl wait --for=condition=Available --timeout=60s deployment --all\n"
  "kubectl -n istio-system wait --for=condition=Available --timeout=60s "
  "deployment/istio-ingressgateway\n";

#define APPLY(yaml) "kubectl apply -f - <<'EOF'\n" yaml "EOF\n"
#define REVIEWS(rule)                                                                              \
  "apiVersion: networking.istio.io/v1alpha3\n"                                                     \
  "kind: VirtualService\n"                                                                         \
  "metadata: {name: reviews}\n"                                                                    \
  "spec: {hosts: [reviews], http: [" rule "]}\n"
#define RATINGS(rule)                                                                              \
  "apiVersion: networking.istio.io/v1alpha3\n"                                                     \
  "kind: VirtualService\n"                                                                         \
  "metadata: {name: ratings}\n"                                                                    \
  "spec: {hosts: [ratings], http: [" rule "]}\n"

typedef struct {
  PracticeLab practice;
  SessionGateway *gateway;
  SessionSampler *sampler;
} Cluster;

/* Weighted choices are those of a known generator. */
static void
set_up (Cluster *self)
{
  practice_lab_start (&self->practice, SEED_TEXT);
  practice_lab_run (&self->practice, SET_UP);
  practice_lab_connect (&self->practice, practice_lab_load_training ());
  self->gateway = session_gateway_new (self->practice.lab);
  self->sampler = session_sampler_new (self->practice.lab);
  session_sampler_set_rate (self->sampler, 10);
}

static void
tear_down (Cluster *self)
{
  session_sampler_pause (self->sampler);
  g_clear_object (&self->sampler);
  session_gateway_stop (self->gateway);
  g_clear_object (&self->gateway);
  practice_lab_end (&self->practice);
}

static gboolean
does_not_listen (gpointer data)
{
  Cluster *self = data;
  const char *reason = session_sampler_get_reason (self->sampler);

  return reason != NULL && strstr (reason, "does not listen yet") != NULL &&
         strstr (reason, "bookinfo-gateway.yaml") != NULL;
}

/* Nobody has applied bookinfo-gateway.yaml. The load balancer takes connections all the same. */
static void
test_gateway (gconstpointer data)
{
  Cluster *self = (Cluster *)data;

  session_sampler_start (self->sampler);
  test_wait_until (does_not_listen, self, WAIT, "the missing gateway to be told");
  session_sampler_pause (self->sampler);
  practice_lab_run (
    &self->practice,
    "kubectl apply -f ~/istio-1.4.0/samples/bookinfo/networking/bookinfo-gateway.yaml\n");
}

static gboolean
has_way (gpointer data)
{
  Cluster *self = data;

  return session_gateway_get_way (self->gateway) != NULL;
}

static gboolean
has_all_samples (gpointer data)
{
  SessionAsker *asker = data;
  guint n = mesh_history_get_n_told (session_asker_get_history (asker));

  while (n + session_asker_get_n_open (asker) < SAMPLES && session_asker_ask (asker))
    ;
  return n >= SAMPLES;
}

/* Of a hundred numbers the first fifty are v1's. */
static guint
draw_by_hand (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (SEED);
  guint n = 0;

  for (guint i = 0; i < SAMPLES; i++)
    n += g_rand_int_range (random, 0, 100) < 50 ? 1 : 0;
  return n;
}

/* No request has reached reviews before: the cluster draws what is drawn by hand. What is asked
 * before the gateway listens does not reach it. */
static void
test_half (gconstpointer data)
{
  Cluster *self = (Cluster *)data;
  g_autoptr (SessionAsker) asker = session_asker_new (NULL);
  MeshHistory *history = session_asker_get_history (asker);
  guint expected = draw_by_hand ();
  g_autofree char *words = NULL;
  g_autofree char *by_hand = NULL;
  MeshRange range = mesh_chance_get_range (SAMPLES, 0.5);

  session_gateway_start (self->gateway);
  test_wait_until (has_way, self, WAIT, "the way to the gateway");
  session_asker_set_way (asker, session_gateway_get_way (self->gateway),
                         session_gateway_get_address (self->gateway));
  test_wait_until (has_all_samples, asker, WAIT, "400 samples");
  g_assert_cmpuint (mesh_history_get_n_told (history), ==, SAMPLES);
  g_assert_cmpuint (mesh_history_get_count (history, "v1"), ==, expected);
  g_assert_cmpuint (mesh_history_get_count (history, "v3"), ==, SAMPLES - expected);
  /* np = 200, and 1.96 deviations of 10 */
  g_assert_cmpuint (range.least, ==, 180);
  g_assert_cmpuint (range.most, ==, 220);
  words = mesh_chance_dup_words (mesh_history_get_count (history, "v3"), SAMPLES, 0.5);
  by_hand = g_strdup_printf ("%u of 400; 50 %% expected 180 to 220", SAMPLES - expected);
  g_assert_cmpstr (words, ==, by_hand);
  g_test_message ("v3: %s", words);
}

typedef struct {
  Cluster *cluster;
  const char *script;
  MeshOutcome outcome;
  guint status;
  const char *version;
  guint least_ms;
  guint most_ms;
  const char *reason;
  guint64 from;
} Scene;

static gboolean
is_expected (Scene *scene, const MeshAnswer *answer)
{
  const MeshSettings *settings =
    session_sampler_get_settings (scene->cluster->sampler, SESSION_LANE_ANONYMOUS);
  g_autofree char *reason = mesh_latency_dup_reason (answer, settings);

  return answer->outcome == scene->outcome && answer->status == scene->status &&
         g_str_equal (answer->version, scene->version) && answer->latency_ms >= scene->least_ms &&
         answer->latency_ms <= scene->most_ms && g_strcmp0 (reason, scene->reason) == 0;
}

static gboolean
is_seen (gpointer data)
{
  Scene *scene = data;
  MeshHistory *history =
    session_sampler_get_history (scene->cluster->sampler, SESSION_LANE_ANONYMOUS);
  guint n = mesh_history_get_n (history);

  return mesh_history_get_n_ever (history) > scene->from &&
         is_expected (scene, mesh_history_get (history, n - 1));
}

static void
play (Scene *scene)
{
  Cluster *self = scene->cluster;
  MeshHistory *history = session_sampler_get_history (self->sampler, SESSION_LANE_ANONYMOUS);

  session_sampler_start (self->sampler);
  practice_lab_run (&self->practice, scene->script);
  scene->from = mesh_history_get_n_ever (history);
  test_wait_until (is_seen, scene, WAIT, scene->reason);
}

static void
test_delay (gconstpointer data)
{
  Scene scene = {
    .cluster = (Cluster *)data,
    .script =
      APPLY (REVIEWS ("{route: [{destination: {host: reviews, subset: v2}}]}") "---\n" RATINGS (
        "{fault: {delay: {percent: 100, fixedDelay: 2s}}, route: [{destination: {host: ratings, "
        "subset: v1}}]}")),
    .outcome = MESH_OUTCOME_REVIEWS,
    .status = 200,
    .version = "v2",
    .least_ms = 1960,
    .most_ms = 2600,
    .reason = "the delay of 2 s of ratings",
  };

  play (&scene);
}

static void
test_timeout (gconstpointer data)
{
  Scene scene = {
    .cluster = (Cluster *)data,
    .script =
      APPLY (REVIEWS ("{timeout: 0.5s, route: [{destination: {host: reviews, subset: v2}}]}")),
    .outcome = MESH_OUTCOME_REVIEWS_ERROR,
    .status = 504,
    .version = "",
    .least_ms = 960,
    .most_ms = 1500,
    .reason = "the timeout of 0.5 s, twice: the page asks a second time",
  };

  play (&scene);
}

static void
test_subset (gconstpointer data)
{
  Scene scene = {
    .cluster = (Cluster *)data,
    .script = "kubectl delete virtualservice ratings\n" APPLY (
      REVIEWS ("{route: [{destination: {host: reviews, subset: v9}}]}")),
    .outcome = MESH_OUTCOME_REVIEWS_ERROR,
    .status = 503,
    .version = "",
    .least_ms = 0,
    .most_ms = 340,
    .reason = "refused at once, twice: no pod of the subset, or no such subset",
  };

  play (&scene);
}

static gboolean
names_policy (gpointer data)
{
  Cluster *self = data;
  const char *reason = session_sampler_get_reason (self->sampler);

  return reason != NULL && strstr (reason, "kubectl delete networkpolicy default-deny") != NULL;
}

static gboolean
has_no_reason (gpointer data)
{
  Cluster *self = data;

  return session_sampler_get_reason (self->sampler) == NULL;
}

static void
test_policy (gconstpointer data)
{
  Cluster *self = (Cluster *)data;

  g_assert_null (session_sampler_get_reason (self->sampler));
  session_sampler_set_limit (self->sampler, 1000);
  practice_lab_run (&self->practice, APPLY ("apiVersion: networking.k8s.io/v1\n"
                                            "kind: NetworkPolicy\n"
                                            "metadata: {name: default-deny}\n"
                                            "spec: {podSelector: {}, policyTypes: [Ingress]}\n"));
  test_wait_until (names_policy, self, WAIT, "default-deny to be named");
  practice_lab_run (&self->practice, "kubectl delete networkpolicy default-deny\n");
  test_wait_until (has_no_reason, self, WAIT, "the page to be seen again");
  session_sampler_set_limit (self->sampler, 10000);
}

static void
look_at (Cluster *self, const char *virtual_service)
{
  g_autoptr (JsonNode) object = base_yaml_parse (virtual_service, -1, "test", BASE_YAML_NONE, NULL);
  g_autoptr (MeshTarget) target = mesh_target_new_for (object, "default", NULL);

  session_sampler_set_target (self->sampler, target);
}

#define DETAILS                                                                                    \
  "apiVersion: networking.istio.io/v1alpha3\n"                                                     \
  "kind: VirtualService\n"                                                                         \
  "metadata: {name: details, namespace: default}\n"                                                \
  "spec: {hosts: [details], http: [{fault: {delay: {percent: 100, fixedDelay: 1s}}, route: "       \
  "[{destination: {host: details, subset: v1}}]}]}\n"

/* The page passes on what details says, which does not tell who said it; and when it was said. */
static void
test_details (gconstpointer data)
{
  Scene scene = {
    .cluster = (Cluster *)data,
    .script = APPLY (DETAILS),
    .outcome = MESH_OUTCOME_ANSWER,
    .status = 200,
    .version = "",
    .least_ms = 960,
    .most_ms = 1500,
    .reason = "the delay of 1 s",
  };

  look_at (scene.cluster, DETAILS);
  play (&scene);
}

#define HELLO                                                                                      \
  "apiVersion: networking.istio.io/v1alpha3\n"                                                     \
  "kind: VirtualService\n"                                                                         \
  "metadata: {name: hello, namespace: default}\n"                                                  \
  "spec: {hosts: [hello.example], gateways: [hello], http: [{match: [{headers: {end-user: "        \
  "{exact: jason}}}], route: [{destination: {host: hello, subset: v2}}]}, {route: [{destination: " \
  "{host: hello, subset: v1}, weight: 50}, {destination: {host: hello, subset: v2}, weight: "      \
  "50}]}]}\n"
#define HELLO_POD(version)                                                                         \
  "---\n"                                                                                          \
  "apiVersion: v1\n"                                                                               \
  "kind: Pod\n"                                                                                    \
  "metadata: {name: hello-" version ", labels: {app: hello, version: " version "}}\n"              \
  "spec: {containers: [{name: echo, image: hashicorp/http-echo, args: [-listen=:80, "              \
  "'-text=Hello from " version "']}]}\n"

static gboolean
has_both (gpointer data)
{
  Cluster *self = data;
  MeshHistory *anyone = session_sampler_get_history (self->sampler, SESSION_LANE_ANONYMOUS);
  MeshHistory *jason = session_sampler_get_history (self->sampler, SESSION_LANE_JASON);

  return mesh_history_get_count (anyone, "v1") > 0 && mesh_history_get_count (anyone, "v2") > 0 &&
         mesh_history_get_count (jason, "v2") > 4;
}

/* A service that is none of Bookinfo's, behind a name of its own. */
static void
test_other_host (gconstpointer data)
{
  Cluster *self = (Cluster *)data;
  MeshHistory *jason = session_sampler_get_history (self->sampler, SESSION_LANE_JASON);

  look_at (self, HELLO);
  session_sampler_start (self->sampler);
  practice_lab_run (
    &self->practice,
    APPLY (HELLO "---\n"
                 "apiVersion: networking.istio.io/v1alpha3\n"
                 "kind: Gateway\n"
                 "metadata: {name: hello}\n"
                 "spec: {selector: {istio: ingressgateway}, servers: [{port: {number: 80, "
                 "name: http, protocol: HTTP}, hosts: [hello.example]}]}\n"
                 "---\n"
                 "apiVersion: networking.istio.io/v1alpha3\n"
                 "kind: DestinationRule\n"
                 "metadata: {name: hello}\n"
                 "spec: {host: hello, subsets: [{name: v1, labels: {version: v1}}, {name: "
                 "v2, labels: {version: v2}}]}\n"
                 "---\n"
                 "apiVersion: v1\n"
                 "kind: Service\n"
                 "metadata: {name: hello}\n"
                 "spec: {selector: {app: hello}, ports: [{name: http, port: "
                 "80}]}\n" HELLO_POD ("v1") HELLO_POD ("v2")));
  test_wait_until (has_both, self, WAIT, "both versions of hello");
  g_assert_cmpuint (mesh_history_get_count (jason, "v1"), ==, 0);
}

int
main (int argc, char **argv)
{
  static const char *const needed[] = { "kubectl", "bwrap", "curl", NULL };
  Cluster cluster = { 0 };
  int status;

  if (!practice_lab_has_programs (needed))
    return 77;
  kube_client_init_process ();
  /* LeakSanitizer stumbles over idle threads that have used GnuTLS. */
  g_thread_pool_set_max_unused_threads (0);
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/session/observation/gateway", &cluster, test_gateway);
  g_test_add_data_func ("/session/observation/half", &cluster, test_half);
  g_test_add_data_func ("/session/observation/delay", &cluster, test_delay);
  g_test_add_data_func ("/session/observation/timeout", &cluster, test_timeout);
  g_test_add_data_func ("/session/observation/subset", &cluster, test_subset);
  g_test_add_data_func ("/session/observation/policy", &cluster, test_policy);
  g_test_add_data_func ("/session/observation/details", &cluster, test_details);
  g_test_add_data_func ("/session/observation/other-host", &cluster, test_other_host);
  set_up (&cluster);
  status = g_test_run ();
  tear_down (&cluster);
  return status;
}

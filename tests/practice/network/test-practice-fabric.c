/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-server.h"
#include "test-fabric.h"

/* (transfer full): "STATUS BODY", or the name of the error. */
static char *
finish (TestFabric *self, GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeHttpResponse) response =
    practice_fabric_send_finish (self->fabric, result, &error);

  if (response != NULL)
    return test_response_describe (response);
  g_assert_cmpuint (error->domain, ==, G_IO_ERROR);
  switch (error->code) {
    case G_IO_ERROR_CONNECTION_REFUSED:
      return g_strdup ("refused");
    case G_IO_ERROR_HOST_UNREACHABLE:
      return g_strdup ("unreachable");
    case G_IO_ERROR_CANCELLED:
      return g_strdup ("cancelled");
    case G_IO_ERROR_CONNECTION_CLOSED:
      return g_strdup ("closed");
    default:
      g_error ("unexpected: %s", error->message);
  }
}

static void
send (TestFabric *self,
      const PracticePeer *peer,
      const char *address,
      guint16 port,
      GCancellable *cancellable,
      GAsyncResult **result)
{
  g_autoptr (PracticeHttpRequest) request =
    practice_http_request_new (peer, "GET", "reviews:9080", "/", NULL);

  practice_fabric_send_async (self->fabric, request, address, port, cancellable,
                              test_wait_keep_result, result);
}

static void
assert_answer (TestFabric *self,
               const PracticePeer *peer,
               const char *address,
               guint16 port,
               const char *expected)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *answer = NULL;

  send (self, peer, address, port, NULL, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  answer = finish (self, result);
  g_assert_cmpstr (answer, ==, expected);
}

static void
set_up (TestFabric *self, gconstpointer data)
{
  test_fabric_set_up (self, NULL);
}

static void
tear_down (TestFabric *self, gconstpointer data)
{
  test_fabric_tear_down (self);
}

static void
test_resolve (TestFabric *self, gconstpointer data)
{
  static const char *const names[][3] = {
    { "default", "reviews", "10.0.0.1" },
    { "kubeaddons", "reviews", NULL },
    { "kubeaddons", "reviews.default", "10.0.0.1" },
    { "kubeaddons", "reviews.default.svc", "10.0.0.1" },
    { "kubeaddons", "Reviews.Default.svc.cluster.local", "10.0.0.1" },
    { "kubeaddons", "reviews.default.svc.cluster.local.", "10.0.0.1" },
    { "default", "reviews.", NULL },
    { "default", "nosuch", NULL },
    { "default", "reviews.nosuch.svc.cluster.local", NULL },
    { "default", "headless", "10.1.0.4" },
    { "default", "rat.headless", "10.1.0.4" },
    { "default", "10-1-0-4.headless", "10.1.0.4" },
    { "default", "nosuch.headless", NULL },
    { "default", "10-1-0-4.default.pod.cluster.local", "10.1.0.4" },
    { "default", "alias", "10.0.0.1" },
    { "default", "loop", NULL },
    { "default", "10.9.9.9", "10.9.9.9" },
    { "default", "node-1", "10.0.1.1" },
    { NULL, "reviews", NULL },
    { NULL, "reviews.default.svc.cluster.local", "10.0.0.1" },
  };

  test_mesh_apply (
    &self->mesh,
    "{kind: Service, metadata: {name: headless}, spec: {clusterIP: None}}\n---\n"
    "{kind: Endpoints, metadata: {name: headless}, subsets: [{addresses: [{ip: 10.1.0.4, "
    "hostname: rat}]}]}\n---\n"
    "{kind: Service, metadata: {name: alias}, spec: {type: ExternalName, externalName: "
    "reviews.default.svc.cluster.local}}\n---\n"
    "{kind: Service, metadata: {name: loop}, spec: {type: ExternalName, externalName: "
    "loop.default.svc.cluster.local}}");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *address = practice_fabric_resolve (self->fabric, names[i][0], names[i][1]);

    g_test_message ("%s in %s", names[i][1], names[i][0]);
    g_assert_cmpstr (address, ==, names[i][2]);
  }
}

/* A headless Service has the addresses of all its pods that are ready. */
static void
test_headless (TestFabric *self, gconstpointer data)
{
  static const char *const names[][2] = {
    { "cache", "10.1.0.1 10.1.0.2" },
    { "cache-1.cache", "10.1.0.2" },
    { "cache.default.svc.cluster.local", "10.1.0.1 10.1.0.2" },
    { "cache-2.cache", NULL },
    { "none", NULL },
  };

  test_mesh_apply (
    &self->mesh,
    "{kind: Service, metadata: {name: cache}, spec: {clusterIP: None}}\n---\n"
    "{kind: Endpoints, metadata: {name: cache}, subsets: [{addresses: [{ip: 10.1.0.1, hostname: "
    "cache-0}, {ip: 10.1.0.2, hostname: cache-1}], notReadyAddresses: [{ip: 10.1.0.3, hostname: "
    "cache-2}], ports: [{port: 1}]}, {addresses: [{ip: 10.1.0.1}], ports: [{port: 2}]}]}\n---\n"
    "{kind: Service, metadata: {name: none}, spec: {clusterIP: None}}");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_auto (GStrv) found = practice_fabric_look_up (self->fabric, "default", names[i][0]);
    g_autofree char *text = found != NULL ? g_strjoinv (" ", found) : NULL;

    g_test_message ("%s", names[i][0]);
    g_assert_cmpstr (text, ==, names[i][1]);
  }
}

/* What a pod may send to nobody it may not send to the name server either. */
static void
test_look_up_policy (TestFabric *self, gconstpointer data)
{
  g_assert_true (practice_fabric_may_look_up (self->fabric, self->ratings));
  test_mesh_apply (
    &self->mesh,
    "{kind: Namespace, metadata: {name: kube-system}}\n---\n"
    "{kind: Pod, metadata: {name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}}, "
    "spec: {containers: [{name: c}]}, status: {podIP: 10.1.0.30, phase: Running}}\n---\n"
    "{kind: Endpoints, metadata: {name: kube-dns, namespace: kube-system}, subsets: [{addresses: "
    "[{ip: 10.1.0.30}], ports: [{name: dns, port: 53, protocol: UDP}]}]}");
  g_assert_true (practice_fabric_may_look_up (self->fabric, self->ratings));

  test_mesh_apply (&self->mesh, "{kind: NetworkPolicy, metadata: {name: out}, spec: {podSelector: "
                                "{}, policyTypes: [Egress]}}");
  g_assert_false (practice_fabric_may_look_up (self->fabric, self->ratings));
  g_assert_true (practice_fabric_may_look_up (self->fabric, self->outside));
  test_mesh_apply (&self->mesh,
                   "{kind: NetworkPolicy, metadata: {name: tcp}, spec: {podSelector: {}, egress: "
                   "[{ports: [{port: 53}]}]}}");
  g_assert_false (practice_fabric_may_look_up (self->fabric, self->ratings));
  test_mesh_apply (&self->mesh,
                   "{kind: NetworkPolicy, metadata: {name: udp}, spec: {podSelector: {}, egress: "
                   "[{ports: [{port: 53, protocol: UDP}]}]}}");
  g_assert_true (practice_fabric_may_look_up (self->fabric, self->ratings));

  /* With none of its pods there is nobody to answer. */
  test_mesh_apply (&self->mesh,
                   "{kind: Endpoints, metadata: {name: kube-dns, namespace: kube-system}}");
  g_assert_false (practice_fabric_may_look_up (self->fabric, self->ratings));
}

/* A server that really runs in a pod's own network answers where none of ours does. */
static void
test_inside (TestFabric *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeNetwork) network = practice_network_new_at ("10.1.0.20", NULL, &error);
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (PracticeHttpServer) server = NULL;
  g_autoptr (GSocket) ours = NULL;
  TestFakeHandler *handler;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_test_skip (error->message);
    return;
  }
  g_assert_no_error (error);
  socket = practice_network_listen (network, G_SOCKET_TYPE_STREAM, "0.0.0.0", 8000, &error);
  g_assert_no_error (error);
  handler = test_fake_handler_new (test_fabric_answer, (gpointer) "a program");
  server = practice_http_server_new (PRACTICE_HTTP_HANDLER (handler), NULL, NULL);
  practice_http_server_listen (server, socket, &error);
  g_assert_no_error (error);

  assert_answer (self, self->ratings, "10.1.0.20", 8000, "refused");
  practice_fabric_set_inside (self->fabric, "10.1.0.20", network);
  assert_answer (self, self->ratings, "10.1.0.20", 8000, "200 10.1.0.4 to a program");
  assert_answer (self, self->ratings, "10.1.0.20", 8001, "refused");
  /* What we listen at there leads out of the pod, and would lead back. */
  ours = practice_network_listen (network, G_SOCKET_TYPE_STREAM, "10.1.0.20", 8002, &error);
  g_assert_no_error (error);
  assert_answer (self, self->ratings, "10.1.0.20", 8002, "refused");
  practice_fabric_set_inside (self->fabric, "10.1.0.20", NULL);
  assert_answer (self, self->ratings, "10.1.0.20", 8000, "refused");
  practice_http_server_stop (server);
  test_wait_finalize (g_steal_pointer (&server), 30);
  test_wait_finalize (handler, 30);
}

static void
test_send (TestFabric *self, gconstpointer data)
{
  assert_answer (self, self->ratings, "10.1.0.2", 9080, "200 ratings-v1-5d4c to v2");
  for (guint i = 0; i < 2; i++) {
    assert_answer (self, self->ratings, "10.0.0.1", 9080, "200 ratings-v1-5d4c to v1");
    assert_answer (self, self->ratings, "10.0.0.1", 9080, "200 ratings-v1-5d4c to v2");
    assert_answer (self, self->ratings, "10.0.0.1", 9080, "200 ratings-v1-5d4c to v3");
  }
  assert_answer (self, self->ratings, "10.1.0.2", 80, "refused");
  assert_answer (self, self->ratings, "10.0.0.1", 80, "refused");
  assert_answer (self, self->ratings, "10.0.0.8", 80, "refused");
  assert_answer (self, self->ratings, "10.0.1.1", 80, "refused");
  assert_answer (self, self->ratings, "10.9.9.9", 80, "unreachable");
}

/* Through a node the pod sees that node; a cluster IP leaves the client's address. */
static void
test_visitor (TestFabric *self, gconstpointer data)
{
  assert_answer (self, self->outside, "10.0.1.2", 31000, "200 10.0.1.1 to v1");
  assert_answer (self, self->outside, "10.0.0.9", 80, "200 10.0.192.10 to v1");
  test_mesh_apply (&self->mesh,
                   "{kind: Service, metadata: {name: front}, spec: {type: NodePort, clusterIP: "
                   "10.0.0.9, externalTrafficPolicy: Local, ports: [{port: 80, nodePort: 31000, "
                   "targetPort: 9080}]}}");
  assert_answer (self, self->outside, "10.0.1.2", 31000, "200 10.0.192.10 to v1");
}

static void
test_loopback (TestFabric *self, gconstpointer data)
{
  g_autoptr (PracticePeer) v1 = practice_peer_new ("10.1.0.1", "default", "reviews-v1-5d4c");

  assert_answer (self, v1, "127.0.0.1", 9080, "200 reviews-v1-5d4c to v1");
  assert_answer (self, self->ratings, "127.0.0.1", 9080, "refused");
}

static void
test_handler_gone (TestFabric *self, gconstpointer data)
{
  practice_fabric_set_handler (self->fabric, "10.1.0.2", 9080, NULL);
  assert_answer (self, self->ratings, "10.1.0.2", 9080, "refused");
  g_assert_nonnull (practice_fabric_get_pod (self->fabric, "10.1.0.2"));
  test_mesh_delete (&self->mesh, "Pod", "reviews-v2-5d4c");
  g_assert_null (practice_fabric_get_pod (self->fabric, "10.1.0.2"));
  assert_answer (self, self->ratings, "10.1.0.2", 9080, "unreachable");
}

/* What is cut off is neither answered nor refused, and gets through when it may again. */
static void
test_cut_off (TestFabric *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) given_up = NULL;
  g_autoptr (GAsyncResult) patient = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  test_mesh_apply (&self->mesh, TEST_DENY_ALL);
  g_assert_false (practice_fabric_allows (self->fabric, self->ratings, "10.1.0.1", 9080));
  g_assert_true (practice_fabric_allows (self->fabric, self->ratings, "10.1.0.20", 80));
  send (self, self->ratings, "10.1.0.1", 9080, cancellable, &given_up);
  send (self, self->ratings, "10.1.0.1", 9080, NULL, &patient);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (given_up);
  g_assert_null (patient);

  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&given_up, 30, "the end of a request");
  first = finish (self, given_up);
  g_assert_cmpstr (first, ==, "cancelled");
  g_assert_cmpuint (self->reviews[0]->requests->len, ==, 0);

  test_mesh_delete (&self->mesh, "NetworkPolicy", "deny");
  test_wait_for_pointer (&patient, 30, "the answer after the policy");
  second = finish (self, patient);
  g_assert_cmpstr (second, ==, "200 ratings-v1-5d4c to v1");
}

static void
test_stop (TestFabric *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *answer = NULL;

  test_mesh_apply (&self->mesh, TEST_DENY_ALL);
  send (self, self->ratings, "10.1.0.1", 9080, NULL, &result);
  practice_fabric_stop (self->fabric);
  test_wait_for_pointer (&result, 30, "the end of a request");
  answer = finish (self, result);
  g_assert_cmpstr (answer, ==, "closed");
}

/* A policy that lets only pods in keeps out what comes by a node; one that is for all does not. */
static void
test_balancer (TestFabric *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *answer = NULL;

  test_mesh_apply (&self->mesh, "{kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: "
                                "{}, ingress: [{from: [{podSelector: {}}]}]}}");
  assert_answer (self, self->ratings, "10.0.0.9", 80, "200 ratings-v1-5d4c to v1");
  send (self, self->outside, "10.0.1.2", 31000, NULL, &result);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (result);
  test_mesh_apply (&self->mesh,
                   "{kind: NetworkPolicy, metadata: {name: nodes}, spec: {podSelector: "
                   "{}, ingress: [{from: [{ipBlock: {cidr: 10.0.1.0/24}}]}]}}");
  test_wait_for_pointer (&result, 30, "the answer after the second policy");
  answer = finish (self, result);
  g_assert_cmpstr (answer, ==, "200 10.0.1.1 to v1");
}

static void
test_connect_without_network (TestFabric *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  practice_fabric_connect_async (self->fabric, self->ratings, "10.1.0.1", 9080, NULL,
                                 test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  g_assert_null (practice_fabric_connect_finish (self->fabric, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/practice-fabric/" name, TestFabric, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("resolve", test_resolve);
  ADD ("headless", test_headless);
  ADD ("look-up-policy", test_look_up_policy);
  ADD ("inside", test_inside);
  ADD ("send", test_send);
  ADD ("visitor", test_visitor);
  ADD ("loopback", test_loopback);
  ADD ("handler-gone", test_handler_gone);
  ADD ("cut-off", test_cut_off);
  ADD ("stop", test_stop);
  ADD ("balancer", test_balancer);
  ADD ("connect-without-network", test_connect_without_network);

  return g_test_run ();
}

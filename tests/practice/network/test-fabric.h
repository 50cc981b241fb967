/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"
#include "test-fake-handler.h"
#include "test-mesh-store.h"
#include "test-response.h"
#include "test-wait.h"

G_BEGIN_DECLS

/* Bookinfo, two nodes, and a pod "traefik" of another namespace; reviews answer their names. */
typedef struct {
  TestMesh mesh;
  PracticeFabric *fabric;
  PracticePeer *traefik;
  PracticePeer *ratings;
  PracticePeer *outside;
  TestFakeHandler *reviews[3];
} TestFabric;

#define TEST_DENY_ALL                                                                              \
  "{kind: NetworkPolicy, metadata: {name: deny}, spec: {podSelector: {}, policyTypes: [Ingress]}}"

static const char test_fabric_objects[] =
  "{kind: Node, metadata: {name: node-1}, status: {addresses: [{type: InternalIP, address: "
  "10.0.1.1}]}}\n---\n"
  "{kind: Node, metadata: {name: node-2}, status: {addresses: [{type: InternalIP, address: "
  "10.0.1.2}]}}\n---\n"
  "{kind: Namespace, metadata: {name: kubeaddons}}\n---\n"
  "{kind: Pod, metadata: {name: traefik, namespace: kubeaddons, labels: {app: traefik}}, spec: "
  "{containers: [{name: traefik}]}, status: {podIP: 10.1.0.20, hostIP: 10.0.1.1, phase: "
  "Running}}\n---\n"
  "{kind: Service, metadata: {name: front}, spec: {type: NodePort, clusterIP: 10.0.0.9, ports: "
  "[{port: 80, nodePort: 31000, targetPort: 9080}]}}\n---\n"
  "{kind: Endpoints, metadata: {name: front}, subsets: [{addresses: [{ip: 10.1.0.1}], ports: "
  "[{port: 9080}]}]}\n---\n"
  "{kind: Service, metadata: {name: empty}, spec: {clusterIP: 10.0.0.8, ports: [{port: 80}]}}\n";

/* Says which pod it is, and who asked. */
static inline PracticeHttpResponse *
test_fabric_answer (PracticeHttpRequest *request, int *delay, GError **error, gpointer user_data)
{
  const PracticePeer *peer = practice_http_request_get_peer (request);
  g_autofree char *text = g_strdup_printf (
    "%s to %s", peer->pod != NULL ? peer->pod : peer->address, (const char *)user_data);

  return practice_http_response_new (200, "text/plain", text);
}

static inline void
test_fabric_set_up (TestFabric *self, PracticeNetwork *network)
{
  static const char *const names[] = { "v1", "v2", "v3" };

  test_mesh_set_up (&self->mesh, NULL);
  test_mesh_apply (&self->mesh, test_fabric_objects);
  self->fabric = practice_fabric_new (self->mesh.store, network);
  self->traefik = practice_peer_new ("10.1.0.20", "kubeaddons", "traefik");
  self->ratings = practice_peer_new ("10.1.0.4", "default", "ratings-v1-5d4c");
  self->outside = practice_peer_new (PRACTICE_NETWORK_OWN_ADDRESS, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *address = g_strdup_printf ("10.1.0.%u", i + 1);

    self->reviews[i] = test_fake_handler_new (test_fabric_answer, (gpointer)names[i]);
    practice_fabric_set_handler (self->fabric, address, 9080,
                                 PRACTICE_HTTP_HANDLER (self->reviews[i]));
  }
}

static inline void
test_fabric_tear_down (TestFabric *self)
{
  practice_fabric_stop (self->fabric);
  test_wait_finalize (g_steal_pointer (&self->fabric), 30);
  for (guint i = 0; i < G_N_ELEMENTS (self->reviews); i++)
    test_wait_finalize (g_steal_pointer (&self->reviews[i]), 30);
  practice_peer_free (self->traefik);
  practice_peer_free (self->ratings);
  practice_peer_free (self->outside);
  test_mesh_tear_down (&self->mesh, NULL);
}

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-fabric.h"

#include <glib/gi18n-lib.h>

#include "practice-crossing.h"
#include "practice-doors.h"
#include "practice-gates.h"
#include "practice-router.h"
#include "practice-service-names.h"
#include "practice-waiting.h"

/**
 * PracticeFabric:
 *
 * Carries requests and connections along the routes that its router finds. What policies cut off
 * waits, since packets are dropped and not answered; where policies change meanwhile it gets
 * through, as the next of the tries of a real connection would.
 */
struct _PracticeFabric {
  GObject parent_instance;

  PracticeStore *store;
  PracticeNetwork *network; /* (nullable) */
  PracticeRouter *router;
  PracticeGates *gates; /* (nullable): without a network */
  PracticeDoors *doors;
  PracticeWaiting *waiting;
};

G_DEFINE_FINAL_TYPE (PracticeFabric, practice_fabric, G_TYPE_OBJECT)

enum {
  SIGNAL_SERVING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
cross (PracticeFabric *self, GTask *task)
{
  const PracticeCrossingWays ways = { self->doors, self->network };

  practice_crossing_go (task, &ways);
}

/* Takes @owned and @request (nullable). */
static void
start (PracticeFabric *self,
       GTask *owned,
       const PracticePeer *sender,
       const char *address,
       guint16 port,
       PracticeHttpRequest *request)
{
  g_autoptr (GTask) task = owned;
  g_autoptr (PracticeHttpRequest) held = request;
  g_autoptr (GError) error = NULL;
  PracticeRoute *route;

  if (g_task_return_error_if_cancelled (task))
    return;
  route = practice_router_find (self->router, sender, address, port, &error);
  if (route == NULL) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  practice_crossing_init (task, route, g_steal_pointer (&held));
  if (practice_router_is_open (self->router, route))
    cross (self, task);
  else if (!practice_waiting_add (self->waiting, task))
    practice_crossing_return_refused (task);
}

static void
listening_cb (PracticeFabric *self)
{
  g_signal_emit (self, signals[SIGNAL_SERVING], 0);
}

static gboolean
has_way (GTask *task, gpointer user_data)
{
  PracticeFabric *self = user_data;

  return practice_router_is_open (self->router, practice_crossing_get_route (task));
}

/* What waits may have a way by now. */
static void
changed_cb (PracticeFabric *self)
{
  g_autoptr (GPtrArray) open = practice_waiting_take (self->waiting, has_way, self);

  for (guint i = 0; i < open->len; i++)
    cross (self, g_ptr_array_index (open, i));
}

static void
practice_fabric_dispose (GObject *object)
{
  PracticeFabric *self = PRACTICE_FABRIC (object);

  practice_fabric_stop (self);
  g_clear_object (&self->gates);
  practice_doors_close (self->doors);
  g_clear_object (&self->router);
  g_clear_object (&self->network);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_fabric_parent_class)->dispose (object);
}

static void
practice_fabric_finalize (GObject *object)
{
  PracticeFabric *self = PRACTICE_FABRIC (object);

  practice_doors_free (self->doors);
  practice_waiting_free (self->waiting);

  G_OBJECT_CLASS (practice_fabric_parent_class)->finalize (object);
}

static void
practice_fabric_class_init (PracticeFabricClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_fabric_dispose;
  object_class->finalize = practice_fabric_finalize;

  signals[SIGNAL_SERVING] = g_signal_new ("serving", PRACTICE_TYPE_FABRIC, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
practice_fabric_init (PracticeFabric *self)
{
  self->waiting = practice_waiting_new ();
}

/**
 * practice_fabric_new:
 * @store: the cluster's objects
 * @network: (nullable): for connections that are not HTTP
 *
 * Returns: (transfer full): the network of the cluster in @store
 */
PracticeFabric *
practice_fabric_new (PracticeStore *store, PracticeNetwork *network)
{
  PracticeFabric *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (network == NULL || PRACTICE_IS_NETWORK (network), NULL);

  self = g_object_new (PRACTICE_TYPE_FABRIC, NULL);
  self->store = g_object_ref (store);
  self->network = network != NULL ? g_object_ref (network) : NULL;
  self->router = practice_router_new (store);
  self->doors = practice_doors_new (network);
  if (network != NULL) {
    self->gates = practice_gates_new (network, self->router, NULL);
    g_signal_connect_object (network, "listening", G_CALLBACK (listening_cb), self,
                             G_CONNECT_SWAPPED);
  }
  g_signal_connect_object (self->router, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * practice_fabric_stop:
 * @self: a fabric
 *
 * Ends what waits at a policy with %G_IO_ERROR_CONNECTION_CLOSED; for when its cluster ends, since
 * all that waits keeps the fabric alive.
 */
void
practice_fabric_stop (PracticeFabric *self)
{
  g_return_if_fail (PRACTICE_IS_FABRIC (self));

  practice_waiting_end (self->waiting, G_IO_ERROR_CONNECTION_CLOSED,
                        _ ("The practice network has ended."));
}

/**
 * practice_fabric_set_handler:
 * @self: a fabric
 * @pod_address: an IPv4 address of a pod
 * @port: a port
 * @handler: (nullable): what answers HTTP there from now on; %NULL: nothing any more
 *
 * Says what answers at a pod's port.
 */
void
practice_fabric_set_handler (PracticeFabric *self,
                             const char *pod_address,
                             guint16 port,
                             PracticeHttpHandler *handler)
{
  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (pod_address != NULL);

  practice_doors_set_handler (self->doors, pod_address, port, handler);
  g_signal_emit (self, signals[SIGNAL_SERVING], 0);
}

/**
 * practice_fabric_set_acceptor:
 * @self: a fabric
 * @pod_address: an IPv4 address of a pod
 * @port: a port
 * @accept: takes up connections
 * @program: (nullable): what they are to from now on; %NULL: nothing any more
 *
 * Says what answers something that is not HTTP at a pod's port, where there are no real sockets.
 */
void
practice_fabric_set_acceptor (PracticeFabric *self,
                              const char *pod_address,
                              guint16 port,
                              PracticeAcceptFunc accept,
                              GObject *program)
{
  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (pod_address != NULL);

  practice_doors_set_acceptor (self->doors, pod_address, port, accept, program);
}

/**
 * practice_fabric_set_inside:
 * @self: a fabric
 * @pod_address: the IPv4 address of a pod
 * @network: (nullable): the network of the programs that really run in it; %NULL: none do
 *
 * Has what is for a pod, and for none of our own programs in it, go to those.
 */
void
practice_fabric_set_inside (PracticeFabric *self, const char *pod_address, PracticeNetwork *network)
{
  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (pod_address != NULL);

  practice_doors_set_inside (self->doors, pod_address, network);
}

/**
 * practice_fabric_serves:
 * @self: a fabric
 * @pod_address: the IPv4 address of a pod
 * @port: its port
 *
 * Returns: whether one of our own programs answers there
 */
gboolean
practice_fabric_serves (PracticeFabric *self, const char *pod_address, guint16 port)
{
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), FALSE);
  g_return_val_if_fail (pod_address != NULL, FALSE);

  return practice_doors_has_own (self->doors, pod_address, port);
}

/**
 * practice_fabric_resolve:
 * @self: a fabric
 * @namespace_: (nullable): of the pod that asks
 * @name: a host name or an IPv4 address
 *
 * Returns: (transfer full) (nullable): the address of @name: of a Service, a pod of a headless
 *   one, what an ExternalName leads to, a load balancer, a node
 */
char *
practice_fabric_resolve (PracticeFabric *self, const char *namespace_, const char *name)
{
  g_auto (GStrv) addresses = NULL;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  addresses = practice_service_names_look_up (self->store, namespace_, name);
  return addresses != NULL ? g_strdup (addresses[0]) : NULL;
}

/**
 * practice_fabric_look_up:
 * @self: a fabric
 * @namespace_: (nullable): of the pod that asks
 * @name: a host name or an IPv4 address
 *
 * Returns: (transfer full) (nullable): all the addresses of @name: those of a headless Service are
 *   its pods'
 */
GStrv
practice_fabric_look_up (PracticeFabric *self, const char *namespace_, const char *name)
{
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return practice_service_names_look_up (self->store, namespace_, name);
}

/**
 * practice_fabric_may_look_up:
 * @self: a fabric
 * @peer: who asks
 *
 * Returns: whether policies, and its own pods, let the cluster's name server answer @peer now
 */
gboolean
practice_fabric_may_look_up (PracticeFabric *self, const PracticePeer *peer)
{
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), FALSE);
  g_return_val_if_fail (peer != NULL, FALSE);

  return practice_router_may_look_up (self->router, peer);
}

/**
 * practice_fabric_allows:
 * @self: a fabric
 * @peer: who connects
 * @pod_address: the IPv4 address of a pod
 * @port: its port
 *
 * Returns: whether the NetworkPolicies of both ends let the connection through now
 */
gboolean
practice_fabric_allows (PracticeFabric *self,
                        const PracticePeer *peer,
                        const char *pod_address,
                        guint16 port)
{
  g_autoptr (PracticeRoute) route = NULL;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), FALSE);
  g_return_val_if_fail (peer != NULL, FALSE);
  g_return_val_if_fail (pod_address != NULL, FALSE);

  route = practice_router_find (self->router, peer, pod_address, port, NULL);
  return route != NULL && practice_router_is_open (self->router, route);
}

/**
 * practice_fabric_guard:
 * @self: the fabric
 * @network: a network of its own
 * @client: the pod whose network it is
 *
 * Has what begins to listen in @network at addresses of the cluster answer only where policies let
 * @client connect.
 *
 * Returns: (transfer full): what sees to it while it is kept
 */
GObject *
practice_fabric_guard (PracticeFabric *self, PracticeNetwork *network, const PracticePeer *client)
{
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), NULL);
  g_return_val_if_fail (client != NULL, NULL);

  return G_OBJECT (practice_gates_new (network, self->router, client));
}

/**
 * practice_fabric_get_pod:
 * @self: a fabric
 * @pod_address: an IPv4 address
 *
 * Returns: (transfer none) (nullable): the Pod that has it
 */
JsonNode *
practice_fabric_get_pod (PracticeFabric *self, const char *pod_address)
{
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), NULL);
  g_return_val_if_fail (pod_address != NULL, NULL);

  return practice_router_get_pod (self->router, pod_address);
}

/**
 * practice_fabric_send_async:
 * @self: a fabric
 * @request: a request; its peer is who sends it
 * @address: the IPv4 address of a pod, a Service, a load balancer or a node
 * @port: the port there
 * @cancellable: (nullable): ends the waiting
 * @callback: called when there is an answer, or none can be had
 * @user_data: data of @callback
 *
 * Sends a request. The handler sees it with the peer that a program in the pod would see.
 */
void
practice_fabric_send_async (PracticeFabric *self,
                            PracticeHttpRequest *request,
                            const char *address,
                            guint16 port,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_fabric_send_async);
  start (self, task, practice_http_request_get_peer (request), address, port,
         practice_http_request_ref (request));
}

/**
 * practice_fabric_send_finish:
 * @self: a fabric
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the answer; %NULL with %G_IO_ERROR_CONNECTION_REFUSED,
 *   %G_IO_ERROR_HOST_UNREACHABLE, %G_IO_ERROR_TIMED_OUT after two minutes of no answer, or an error
 *   of the handler
 */
PracticeHttpResponse *
practice_fabric_send_finish (PracticeFabric *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * practice_fabric_connect_async:
 * @self: a fabric
 * @peer: who connects
 * @address: the IPv4 address of a pod, a Service, a load balancer or a node
 * @port: the port there
 * @cancellable: (nullable): ends the waiting
 * @callback: called when connected or not
 * @user_data: data of @callback
 *
 * Opens a connection, from the address that the pod would see.
 */
void
practice_fabric_connect_async (PracticeFabric *self,
                               const PracticePeer *peer,
                               const char *address,
                               guint16 port,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task;

  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (peer != NULL);
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_fabric_connect_async);
  start (self, task, peer, address, port, NULL);
}

/**
 * practice_fabric_connect_finish:
 * @self: a fabric
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the connection; %NULL with errors as of
 *   practice_fabric_send_finish(), or %G_IO_ERROR_NOT_SUPPORTED where HTTP is spoken and there are
 *   no real sockets
 */
GIOStream *
practice_fabric_connect_finish (PracticeFabric *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-fabric.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "practice-address-index.h"
#include "practice-endpoint.h"
#include "practice-policies.h"
#include "practice-service-names.h"

#define POLICIES "networking.k8s.io/networkpolicies"
#define ENDPOINTS "/endpoints"
#define NAMESPACES "/namespaces"
#define PODS "/pods"

/* Linux gives a connection up after six unanswered tries (tcp(7), tcp_syn_retries). */
#define CONNECT_SECONDS 127

/* What is waiting at most; beyond, whoever comes is refused. */
#define WAITING_LIMIT 4096

/**
 * PracticeFabric:
 *
 * What kube-proxy, the nodes' routes and Calico do between pods. A way (Crossing) is found once:
 * an address of a Service becomes that of one of its pods, in turn. Then policies are asked, as
 * the pods at both ends see each other. What they cut off waits for its own end, since packets are
 * dropped and not answered; where policies change meanwhile it gets through, as the next of the
 * tries of a real connection would.
 */
struct _PracticeFabric {
  GObject parent_instance;

  PracticeStore *store;
  PracticeNetwork *network; /* (nullable) */
  PracticeAddressIndex *addresses;
  PracticePolicies *policies; /* (nullable): to be made anew */
  GHashTable *handlers;       /* "address:port" to PracticeHttpHandler */
  GHashTable *turns;          /* "namespace/name:port" to the number of connections so far */
  GPtrArray *waiting;         /* of GTask */
  guint retry_id;
};

G_DEFINE_FINAL_TYPE (PracticeFabric, practice_fabric, G_TYPE_OBJECT)

typedef struct {
  PracticePeer *sender;  /* as its own policies see it */
  PracticePeer *visitor; /* as the target's policies see it: a node's address for some ways */
  PracticeEndpoint *first;
  PracticeEndpoint *target;
  PracticeHttpRequest *request; /* (nullable) (owned): none for a connection */
  GSource *limit;               /* (nullable) (owned) */
  GSource *cancelled;           /* (nullable) (owned) */
} Crossing;

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
crossing_free (gpointer data)
{
  Crossing *self = data;

  clear_source (&self->limit);
  clear_source (&self->cancelled);
  practice_peer_free (self->sender);
  g_clear_pointer (&self->visitor, practice_peer_free);
  g_clear_pointer (&self->first, practice_endpoint_free);
  g_clear_pointer (&self->target, practice_endpoint_free);
  g_clear_pointer (&self->request, practice_http_request_unref);
  g_free (self);
}

static char *
make_key (const char *address, guint16 port)
{
  return g_strdup_printf ("%s:%u", address, port);
}

static PracticePolicies *
ensure_policies (PracticeFabric *self)
{
  if (self->policies == NULL) {
    g_autoptr (GPtrArray) policies = practice_store_list (self->store, POLICIES, NULL);

    self->policies = practice_policies_new (policies);
  }
  return self->policies;
}

/* @pod is looked up by @address where it is NULL. */
static PracticePolicyEnd
make_end (PracticeFabric *self, const char *address, JsonNode *pod)
{
  PracticePolicyEnd end = { .address = address };

  end.pod = pod != NULL ? pod : practice_address_index_get_pod (self->addresses, address);
  if (end.pod != NULL)
    end.namespace_ = practice_store_get (
      self->store, NAMESPACES, NULL, base_json_get_string (end.pod, "metadata", "namespace", NULL));
  return end;
}

/* Who comes from outside the cluster is nobody's pod, whatever address it has. */
static PracticePolicyEnd
make_peer_end (PracticeFabric *self, const PracticePeer *peer)
{
  PracticePolicyEnd end = { .address = peer->address };
  JsonNode *pod;

  if (peer->pod == NULL)
    return end;
  pod = practice_store_get (self->store, PODS, peer->namespace_, peer->pod);
  return pod != NULL ? make_end (self, peer->address, pod) : end;
}

static gboolean
is_open (PracticeFabric *self, const Crossing *crossing)
{
  PracticePolicies *policies = ensure_policies (self);
  PracticePolicyEnd sender = make_peer_end (self, crossing->sender);
  PracticePolicyEnd visitor = make_peer_end (self, crossing->visitor);
  PracticePolicyEnd first = make_end (self, crossing->first->address, NULL);
  PracticePolicyEnd target = make_end (self, crossing->target->address, NULL);

  return practice_policies_let_out (policies, &sender, &first, crossing->first->port) &&
         practice_policies_admit (policies, &visitor, &target, crossing->target->port);
}

static PracticeEndpoint *
choose_endpoint (PracticeFabric *self, JsonNode *service, JsonNode *service_port)
{
  const char *namespace_ = base_json_get_string (service, "metadata", "namespace", NULL);
  const char *name = base_json_get_string (service, "metadata", "name", NULL);
  g_autoptr (GPtrArray) endpoints = practice_endpoint_list (
    practice_store_get (self->store, ENDPOINTS, namespace_, name), service_port);
  g_autofree char *key = g_strdup_printf ("%s/%s:%" G_GINT64_FORMAT, namespace_, name,
                                          base_json_get_int (service_port, 0, "port", NULL));
  guint turn = GPOINTER_TO_UINT (g_hash_table_lookup (self->turns, key));

  if (endpoints->len == 0)
    return NULL;
  g_hash_table_insert (self->turns, g_steal_pointer (&key), GUINT_TO_POINTER (turn + 1));
  return practice_endpoint_copy (g_ptr_array_index (endpoints, turn % endpoints->len));
}

/* The source of what a node hands on is that node's address, unless the Service asks for the
 * client's own (`externalTrafficPolicy: Local`). It is not the pod's node here, which would always
 * be let in. */
static PracticePeer *
new_visitor (PracticeFabric *self,
             JsonNode *service,
             PracticeEntrance entrance,
             const PracticePeer *sender,
             const PracticeEndpoint *target)
{
  JsonNode *pod = practice_address_index_get_pod (self->addresses, target->address);
  const char *own = base_json_get_string (pod, "status", "hostIP", NULL);
  GPtrArray *nodes = practice_address_index_get_nodes (self->addresses);

  if (entrance == PRACTICE_ENTRANCE_CLUSTER_IP ||
      g_strcmp0 (base_json_get_string (service, "spec", "externalTrafficPolicy", NULL), "Local") ==
        0)
    return practice_peer_copy (sender);
  for (guint i = 0; i < nodes->len; i++)
    if (g_strcmp0 (g_ptr_array_index (nodes, i), own) != 0)
      return practice_peer_new (g_ptr_array_index (nodes, i), NULL, NULL);
  return practice_peer_copy (sender);
}

static gboolean
set_refused (GError **error, const char *address, guint16 port)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
               _ ("Nothing answers at %s, port %u."), address, port);
  return FALSE;
}

/* Where no pod is ready, or the Service has no such port, kube-proxy's rules reject. */
static gboolean
route_to_service (PracticeFabric *self,
                  Crossing *crossing,
                  JsonNode *service,
                  JsonNode *service_port,
                  PracticeEntrance entrance,
                  GError **error)
{
  if (service_port != NULL)
    crossing->target = choose_endpoint (self, service, service_port);
  if (crossing->target == NULL)
    return set_refused (error, crossing->first->address, crossing->first->port);
  crossing->visitor = new_visitor (self, service, entrance, crossing->sender, crossing->target);
  /* Policies of the sender, too, see the pod: a cluster IP is rewritten before they are asked. */
  if (entrance == PRACTICE_ENTRANCE_CLUSTER_IP) {
    practice_endpoint_free (crossing->first);
    crossing->first = practice_endpoint_copy (crossing->target);
  }
  return TRUE;
}

/* Finds where a crossing ends. */
static gboolean
route (PracticeFabric *self, Crossing *crossing, GError **error)
{
  JsonNode *service_port = NULL;
  PracticeEntrance entrance;
  JsonNode *service;
  const char *address;

  /* A pod's loopback is its own. */
  if (g_str_has_prefix (crossing->first->address, "127.") && crossing->sender->pod != NULL) {
    g_free (crossing->first->address);
    crossing->first->address = g_strdup (crossing->sender->address);
  }
  address = crossing->first->address;
  service = practice_address_index_get_service (self->addresses, address, crossing->first->port,
                                                &service_port, &entrance);
  if (service != NULL)
    return route_to_service (self, crossing, service, service_port, entrance, error);

  if (practice_address_index_get_pod (self->addresses, address) == NULL) {
    if (practice_address_index_has_node (self->addresses, address))
      return set_refused (error, address, crossing->first->port);
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE,
                 _ ("There is no way to the address %s."), address);
    return FALSE;
  }
  crossing->target = practice_endpoint_copy (crossing->first);
  crossing->visitor = practice_peer_copy (crossing->sender);
  return TRUE;
}

static void
handled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    practice_http_handler_handle_finish (PRACTICE_HTTP_HANDLER (source), result, &error);

  if (response != NULL)
    g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  GSocketConnection *connection =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, &error);

  if (connection != NULL)
    g_task_return_pointer (task, connection, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
hand_over (PracticeFabric *self, GTask *task, Crossing *crossing)
{
  g_autofree char *key = make_key (crossing->target->address, crossing->target->port);
  PracticeHttpHandler *handler = g_hash_table_lookup (self->handlers, key);
  g_autoptr (PracticeHttpRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  if (handler == NULL) {
    set_refused (&error, crossing->target->address, crossing->target->port);
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  request = practice_http_request_copy (crossing->request);
  practice_http_request_set_peer (request, crossing->visitor);
  practice_http_handler_handle_async (handler, request, g_task_get_cancellable (task), handled_cb,
                                      g_object_ref (task));
}

/* Nothing is in the way any more. */
static void
cross (PracticeFabric *self, GTask *task)
{
  Crossing *crossing = g_task_get_task_data (task);

  clear_source (&crossing->limit);
  clear_source (&crossing->cancelled);
  if (crossing->request != NULL) {
    hand_over (self, task, crossing);
    return;
  }
  if (self->network == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "%s",
                             _ ("There is no practice network on this computer."));
    return;
  }
  practice_network_connect_from_async (
    self->network, crossing->visitor->address, crossing->target->address, crossing->target->port,
    g_task_get_cancellable (task), connected_cb, g_object_ref (task));
}

static void
give_up (GTask *waiting, GIOErrorEnum code, const char *message)
{
  PracticeFabric *self = g_task_get_source_object (waiting);
  g_autoptr (GTask) task = g_object_ref (waiting);
  Crossing *crossing = g_task_get_task_data (task);

  clear_source (&crossing->limit);
  clear_source (&crossing->cancelled);
  g_ptr_array_remove (self->waiting, task);
  g_task_return_new_error (task, G_IO_ERROR, code, "%s", message);
}

static gboolean
limit_cb (gpointer user_data)
{
  give_up (user_data, G_IO_ERROR_TIMED_OUT, _ ("The connection timed out."));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  give_up (user_data, G_IO_ERROR_CANCELLED, _ ("Operation was cancelled"));
  return G_SOURCE_REMOVE;
}

static void
wait (PracticeFabric *self, GTask *task)
{
  Crossing *crossing = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GMainContext *context = g_task_get_context (task);

  if (self->waiting->len >= WAITING_LIMIT) {
    g_autoptr (GError) error = NULL;

    set_refused (&error, crossing->target->address, crossing->target->port);
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  g_ptr_array_add (self->waiting, g_object_ref (task));
  crossing->limit = g_timeout_source_new_seconds (CONNECT_SECONDS);
  g_source_set_callback (crossing->limit, limit_cb, task, NULL);
  g_source_attach (crossing->limit, context);
  if (cancellable == NULL)
    return;
  crossing->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (crossing->cancelled, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (crossing->cancelled, context);
}

/* Takes @task. */
static void
start (PracticeFabric *self, GTask *owned)
{
  g_autoptr (GTask) task = owned;
  g_autoptr (GError) error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (!route (self, g_task_get_task_data (task), &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (is_open (self, g_task_get_task_data (task)))
    cross (self, task);
  else
    wait (self, task);
}

/* What waits may have a way by now. */
static gboolean
retry_cb (gpointer user_data)
{
  g_autoptr (PracticeFabric) self = g_object_ref (user_data);
  g_autoptr (GPtrArray) open = g_ptr_array_new_with_free_func (g_object_unref);

  self->retry_id = 0;
  for (guint i = 0; i < self->waiting->len; i++) {
    GTask *task = g_ptr_array_index (self->waiting, i);

    if (is_open (self, g_task_get_task_data (task)))
      g_ptr_array_add (open, g_object_ref (task));
  }
  for (guint i = 0; i < open->len; i++) {
    g_ptr_array_remove (self->waiting, g_ptr_array_index (open, i));
    cross (self, g_ptr_array_index (open, i));
  }
  return G_SOURCE_REMOVE;
}

static void
schedule_retry (PracticeFabric *self)
{
  if (self->retry_id == 0 && self->waiting->len > 0)
    self->retry_id = g_idle_add (retry_cb, self);
}

static void
policy_event_cb (PracticeFabric *self)
{
  g_clear_pointer (&self->policies, practice_policies_free);
  schedule_retry (self);
}

static void
practice_fabric_dispose (GObject *object)
{
  PracticeFabric *self = PRACTICE_FABRIC (object);

  practice_fabric_stop (self);
  g_hash_table_remove_all (self->handlers);
  g_clear_object (&self->addresses);
  g_clear_object (&self->network);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_fabric_parent_class)->dispose (object);
}

static void
practice_fabric_finalize (GObject *object)
{
  PracticeFabric *self = PRACTICE_FABRIC (object);

  g_clear_pointer (&self->policies, practice_policies_free);
  g_hash_table_unref (self->handlers);
  g_hash_table_unref (self->turns);
  g_ptr_array_unref (self->waiting);

  G_OBJECT_CLASS (practice_fabric_parent_class)->finalize (object);
}

static void
practice_fabric_class_init (PracticeFabricClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_fabric_dispose;
  object_class->finalize = practice_fabric_finalize;
}

static void
practice_fabric_init (PracticeFabric *self)
{
  self->handlers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->turns = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
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
  self->addresses = practice_address_index_new (store);
  g_signal_connect_object (store, "event::" POLICIES, G_CALLBACK (policy_event_cb), self,
                           G_CONNECT_SWAPPED);
  /* Labels decide, too. */
  g_signal_connect_object (store, "event::" PODS, G_CALLBACK (schedule_retry), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (store, "event::" NAMESPACES, G_CALLBACK (schedule_retry), self,
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

  g_clear_handle_id (&self->retry_id, g_source_remove);
  while (self->waiting->len > 0)
    give_up (g_ptr_array_index (self->waiting, 0), G_IO_ERROR_CONNECTION_CLOSED,
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
  g_autofree char *key = NULL;

  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (pod_address != NULL);

  key = make_key (pod_address, port);
  if (handler != NULL)
    g_hash_table_insert (self->handlers, g_steal_pointer (&key), g_object_ref (handler));
  else
    g_hash_table_remove (self->handlers, key);
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
  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return practice_service_names_resolve (self->store, namespace_, name);
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
  PracticePolicies *policies;
  PracticePolicyEnd source;
  PracticePolicyEnd target;

  g_return_val_if_fail (PRACTICE_IS_FABRIC (self), FALSE);
  g_return_val_if_fail (peer != NULL, FALSE);
  g_return_val_if_fail (pod_address != NULL, FALSE);

  policies = ensure_policies (self);
  source = make_peer_end (self, peer);
  target = make_end (self, pod_address, NULL);
  return practice_policies_let_out (policies, &source, &target, port) &&
         practice_policies_admit (policies, &source, &target, port);
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

  return practice_address_index_get_pod (self->addresses, pod_address);
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
  Crossing *crossing;
  GTask *task;

  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (request != NULL);
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_fabric_send_async);
  crossing = g_new0 (Crossing, 1);
  crossing->request = practice_http_request_ref (request);
  crossing->sender = practice_peer_copy (practice_http_request_get_peer (request));
  crossing->first = practice_endpoint_new (address, port);
  g_task_set_task_data (task, crossing, crossing_free);
  start (self, task);
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
  Crossing *crossing;
  GTask *task;

  g_return_if_fail (PRACTICE_IS_FABRIC (self));
  g_return_if_fail (peer != NULL);
  g_return_if_fail (address != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_fabric_connect_async);
  crossing = g_new0 (Crossing, 1);
  crossing->sender = practice_peer_copy (peer);
  crossing->first = practice_endpoint_new (address, port);
  g_task_set_task_data (task, crossing, crossing_free);
  start (self, task);
}

/**
 * practice_fabric_connect_finish:
 * @self: a fabric
 * @result: the result
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the connection; %NULL with errors as of
 *   practice_fabric_send_finish(), or %G_IO_ERROR_NOT_SUPPORTED without a network of real sockets
 */
GIOStream *
practice_fabric_connect_finish (PracticeFabric *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

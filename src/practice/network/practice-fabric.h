/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-doors.h"
#include "practice-http-handler.h"
#include "practice-network.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The cluster's network as its nodes see it: names, Services, pods, and the NetworkPolicies between
 * them. Every connection and every request of a pod, a gateway or a balancer goes through here,
 * with or without a PracticeNetwork of real sockets. */
#define PRACTICE_TYPE_FABRIC (practice_fabric_get_type ())
G_DECLARE_FINAL_TYPE (PracticeFabric, practice_fabric, PRACTICE, FABRIC, GObject)

/* @network (nullable) */
PracticeFabric *practice_fabric_new (PracticeStore *store, PracticeNetwork *network);
/* Ends what waits at a policy: before the fabric is let go. */
void practice_fabric_stop (PracticeFabric *self);
/* What answers HTTP at a pod's port from now on; @handler NULL: nothing any more. */
void practice_fabric_set_handler (PracticeFabric *self,
                                  const char *pod_address,
                                  guint16 port,
                                  PracticeHttpHandler *handler);
/* Likewise, what answers something else where there are no real sockets. */
void practice_fabric_set_acceptor (PracticeFabric *self,
                                   const char *pod_address,
                                   guint16 port,
                                   PracticeAcceptFunc accept,
                                   GObject *program);
/* The network of the programs that really run in a pod, which answer what none of ours does; NULL:
 * none do any more. */
void practice_fabric_set_inside (PracticeFabric *self,
                                 const char *pod_address,
                                 PracticeNetwork *network);
/* Whether one of our own programs answers at a pod's port. Signal "serving": it may be another by
 * now. */
gboolean practice_fabric_serves (PracticeFabric *self, const char *pod_address, guint16 port);
/* (transfer full) (nullable): the address of @name as a pod of @namespace_ looks it up: "reviews",
 * "reviews.default", "reviews.default.svc.cluster.local", a load balancer's name. */
char *practice_fabric_resolve (PracticeFabric *self, const char *namespace_, const char *name);
/* (transfer full) (nullable): all that it has: a headless Service has those of its pods. */
GStrv practice_fabric_look_up (PracticeFabric *self, const char *namespace_, const char *name);
/* Whether the cluster's name server answers @peer now. */
gboolean practice_fabric_may_look_up (PracticeFabric *self, const PracticePeer *peer);
/* Whether the NetworkPolicies let @peer reach @port of the pod at @pod_address now. */
gboolean practice_fabric_allows (PracticeFabric *self,
                                 const PracticePeer *peer,
                                 const char *pod_address,
                                 guint16 port);
/* Has what listens in @network, which is @client's own, keep to the policies, too, for as long as
 * the object is kept (transfer full). */
GObject *
practice_fabric_guard (PracticeFabric *self, PracticeNetwork *network, const PracticePeer *client);
/* The Pod that has an address; (transfer none) (nullable). */
JsonNode *practice_fabric_get_pod (PracticeFabric *self, const char *pod_address);

/* A request to the address of a pod or a Service, as request's peer. What a policy cuts off never
 * arrives: the caller's own timeout, or @cancellable, ends it. Where no handler is set for the pod,
 * but its port is open, refused. */
void practice_fabric_send_async (PracticeFabric *self,
                                 PracticeHttpRequest *request,
                                 const char *address,
                                 guint16 port,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
PracticeHttpResponse *
practice_fabric_send_finish (PracticeFabric *self, GAsyncResult *result, GError **error);

/* A connection likewise, for what is not HTTP. */
void practice_fabric_connect_async (PracticeFabric *self,
                                    const PracticePeer *peer,
                                    const char *address,
                                    guint16 port,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GIOStream *
practice_fabric_connect_finish (PracticeFabric *self, GAsyncResult *result, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"

G_BEGIN_DECLS

/* A pod's way to one address and port of the cluster: takes the connections that arrive there in
 * the pod's own network and carries them on as the pod, HTTP by its sidecar. */
#define PRACTICE_TYPE_POD_ROUTE (practice_pod_route_get_type ())
G_DECLARE_FINAL_TYPE (PracticePodRoute, practice_pod_route, PRACTICE, POD_ROUTE, GObject)

/* How to know HTTP. */
typedef enum {
  PRACTICE_POD_ROUTE_STREAM, /* it is none */
  PRACTICE_POD_ROUTE_LOOK,   /* by its first bytes */
  PRACTICE_POD_ROUTE_HTTP,
  PRACTICE_POD_ROUTE_TLS, /* it is none, and may be led by the name that its client asks for */
} PracticePodRouteMode;

typedef struct {
  PracticeFabric *fabric;
  PracticeHttpHandler *outbound; /* (nullable) for streams only */
  const PracticePeer *peer;      /* the pod */
  const char *address;           /* where its connections go */
  guint16 port;
  PracticePodRouteMode mode;
} PracticePodRouteSpec;

PracticePodRoute *practice_pod_route_new (GSocket *socket, const PracticePodRouteSpec *spec);
/* Ends it, and the connections that it carries. */
void practice_pod_route_stop (PracticePodRoute *self);

G_END_DECLS

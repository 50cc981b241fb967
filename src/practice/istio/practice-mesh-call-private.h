/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-call.h"
#include "practice-mesh-decision.h"

G_BEGIN_DECLS

#define PRACTICE_MESH_TEXT "text/plain"

/* A request on its way; data of its GTask. */
typedef struct {
  PracticeMesh *mesh;             /* (owned) */
  PracticeHttpRequest *request;   /* (owned): as it goes on */
  PracticeMeshDecision *decision; /* (owned) */
  JsonNode *pod;                  /* (owned): whose proxy this is */
  char *proxy;                    /* (owned): "NAMESPACE/POD" */
  const char *server;             /* interned */
  gint64 started;
  gint64 sent; /* to the pod that answers */

  /* in progress */
  guint n_tries;
  PracticeMeshEndpoint *endpoint; /* of the decision */
  GCancellable *trying;           /* (nullable) (owned): the present try */
  PracticeMeshTicket *ticket;     /* (nullable) (owned): its connection, or its place in the line */
  GSource *step;                  /* (nullable) (owned): a delay, or a rest between tries */
  GSource *timeout;               /* (nullable) (owned): of all tries */
  GSource *try_timeout;           /* (nullable) (owned): of the present one */
  GSource *connect_timeout;       /* (nullable) (owned): likewise */
  GSource *cancelled;             /* (nullable) (owned) */
  gboolean is_done;
} PracticeMeshCall;

/* The task has one reference of its own until it returns, so that sources need none. */
GSource *practice_mesh_call_start_timer (GTask *task, gint64 microseconds, GSourceFunc callback);
/* Ends the call; takes @response, and the call's own reference. @flags (nullable): of its line in
 * the access log. */
void practice_mesh_call_return (GTask *owned, PracticeHttpResponse *response, const char *flags);
/* Likewise with an answer of the proxy itself. */
void practice_mesh_call_answer (GTask *task, guint status, const char *text, const char *flags);

/* Sends the request to one of the pods, and to another where that fails and may be done. */
void practice_mesh_try_send (GTask *task);
void practice_mesh_try_end (PracticeMeshCall *self);
/* What the pod of this try is to be thought of. */
void practice_mesh_try_count_answer (PracticeMeshCall *self, guint status);

G_END_DECLS

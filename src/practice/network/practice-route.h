/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-endpoint.h"
#include "practice-http-message.h"

G_BEGIN_DECLS

/* The way of a request or a connection through the cluster. */
typedef struct {
  PracticePeer *sender;     /* as its own policies see it */
  PracticePeer *visitor;    /* as the target's policies see it: a node's address on some ways */
  PracticeEndpoint *first;  /* where the sender's policies see it go */
  PracticeEndpoint *target; /* where it ends: at a pod */
} PracticeRoute;

PracticeRoute *practice_route_new (const PracticePeer *sender, const char *address, guint16 port);
void practice_route_free (PracticeRoute *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeRoute, practice_route_free)

G_END_DECLS

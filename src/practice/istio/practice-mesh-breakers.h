/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How many connections proxies have to each upstream, and who waits for one: Envoy's circuit
 * breakers. */
typedef struct _PracticeMeshBreakers PracticeMeshBreakers;

PracticeMeshBreakers *practice_mesh_breakers_new (void);
void practice_mesh_breakers_free (PracticeMeshBreakers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeMeshBreakers, practice_mesh_breakers_free)

/* A connection, or a place in the line for one. */
typedef struct _PracticeMeshTicket PracticeMeshTicket;

/* (transfer full) (nullable): NULL: neither is left. @policy: a connectionPool. @granted is called
 * once for one that had to wait. */
PracticeMeshTicket *practice_mesh_breakers_enter (PracticeMeshBreakers *self,
                                                  const char *key,
                                                  JsonNode *policy,
                                                  void (*granted) (gpointer user_data),
                                                  gpointer user_data);
gboolean practice_mesh_ticket_is_granted (PracticeMeshTicket *self);
/* Lets the next one have it. */
void practice_mesh_ticket_free (PracticeMeshTicket *self);

G_END_DECLS

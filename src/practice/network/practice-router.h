/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-route.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* Where addresses of a cluster lead, and which ways its NetworkPolicies let open. */
#define PRACTICE_TYPE_ROUTER (practice_router_get_type ())
G_DECLARE_FINAL_TYPE (PracticeRouter, practice_router, PRACTICE, ROUTER, GObject)

PracticeRouter *practice_router_new (PracticeStore *store);

/* Errors: G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_HOST_UNREACHABLE. */
PracticeRoute *practice_router_find (PracticeRouter *self,
                                     const PracticePeer *sender,
                                     const char *address,
                                     guint16 port,
                                     GError **error);
gboolean practice_router_is_open (PracticeRouter *self, const PracticeRoute *route);
gboolean practice_router_may_enter (PracticeRouter *self,
                                    const PracticePeer *sender,
                                    const char *address,
                                    guint16 port);
/* (transfer full) (nullable) (element-type utf8): the IPv4 addresses that may connect there; NULL:
 * all may. @outside: the address of clients that are not in the cluster. */
GPtrArray *practice_router_list_sources (PracticeRouter *self,
                                         const char *address,
                                         guint16 port,
                                         const char *outside);
/* Whether a question for a name gets through. */
gboolean practice_router_may_look_up (PracticeRouter *self, const PracticePeer *sender);
/* (transfer none) (nullable) */
JsonNode *practice_router_get_pod (PracticeRouter *self, const char *address);

/* Signal "changed": other ways may be open by now. Soon after a change, once for many. */

G_END_DECLS

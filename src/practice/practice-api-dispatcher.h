/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "practice-api-gate.h"
#include "practice-container-runtime.h"
#include "practice-fabric.h"
#include "practice-objects.h"
#include "practice-user.h"

G_BEGIN_DECLS

/* What answers the requests of users that are known: it asks whether they may, and hands on to
 * discovery, OpenAPI, watches, pods' streams, proxies, or the objects. */
#define PRACTICE_TYPE_API_DISPATCHER (practice_api_dispatcher_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeApiDispatcher, practice_api_dispatcher, PRACTICE, API_DISPATCHER, GObject)

PracticeApiDispatcher *
practice_api_dispatcher_new (PracticeObjects *objects, PracticeApiGate *gate);
/* (nullable) both: what runs in pods, and the network between them. */
void practice_api_dispatcher_set_runtime (PracticeApiDispatcher *self,
                                          PracticeContainerRuntime *runtime);
void practice_api_dispatcher_set_fabric (PracticeApiDispatcher *self, PracticeFabric *fabric);
/* Takes @user. */
void practice_api_dispatcher_handle (PracticeApiDispatcher *self,
                                     SoupServerMessage *message,
                                     PracticeUser *user);

gboolean practice_api_dispatcher_is_too_large (SoupServerMessage *message);
void practice_api_dispatcher_send_error (SoupServerMessage *message, const GError *error);

G_END_DECLS

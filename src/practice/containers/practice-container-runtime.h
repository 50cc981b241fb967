/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-container-logs.h"
#include "practice-container.h"
#include "practice-fabric.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What the nodes' container runtime is to a cluster: the containers in which programs really run,
 * made when the first one does, and gone with their pod. */
#define PRACTICE_TYPE_CONTAINER_RUNTIME (practice_container_runtime_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeContainerRuntime, practice_container_runtime, PRACTICE, CONTAINER_RUNTIME, GObject)

/* @outbound: where requests of pods with a sidecar go */
PracticeContainerRuntime *practice_container_runtime_new (PracticeStore *store,
                                                          PracticeContainerLogs *logs,
                                                          PracticeFabric *fabric,
                                                          PracticeHttpHandler *outbound);
PracticeContainerLogs *practice_container_runtime_get_logs (PracticeContainerRuntime *self);
/* (transfer none) (nullable): not started. The error is a sentence for the user. */
PracticeContainer *practice_container_runtime_ensure (PracticeContainerRuntime *self,
                                                      JsonNode *pod,
                                                      const char *container,
                                                      GError **error);
/* To a port of @pod from inside it, whatever the policies. */
void practice_container_runtime_connect_async (PracticeContainerRuntime *self,
                                               JsonNode *pod,
                                               guint16 port,
                                               GCancellable *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer user_data);
GIOStream *practice_container_runtime_connect_finish (PracticeContainerRuntime *self,
                                                      GAsyncResult *result,
                                                      GError **error);
PracticeStore *practice_container_runtime_get_store (PracticeContainerRuntime *self);
/* Ends all that runs. */
void practice_container_runtime_stop (PracticeContainerRuntime *self);

G_END_DECLS

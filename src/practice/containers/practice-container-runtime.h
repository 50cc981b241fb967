/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-container-logs.h"
#include "practice-container.h"
#include "practice-disks.h"
#include "practice-fabric.h"
#include "practice-main-process.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What the nodes' container runtime is to a cluster: the containers in which programs really run,
 * made when the first one does, and gone with their pod. */
#define PRACTICE_TYPE_CONTAINER_RUNTIME (practice_container_runtime_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeContainerRuntime, practice_container_runtime, PRACTICE, CONTAINER_RUNTIME, GObject)

/* @outbound: where requests of pods with a sidecar go; @disks (nullable): what is on their claims;
 * without any these begin empty */
PracticeContainerRuntime *practice_container_runtime_new (PracticeStore *store,
                                                          PracticeContainerLogs *logs,
                                                          PracticeFabric *fabric,
                                                          PracticeHttpHandler *outbound,
                                                          PracticeDisks *disks);
PracticeContainerLogs *practice_container_runtime_get_logs (PracticeContainerRuntime *self);
/* (transfer none) (nullable): not started. The error is a sentence for the user. */
PracticeContainer *practice_container_runtime_ensure (PracticeContainerRuntime *self,
                                                      JsonNode *pod,
                                                      const char *container,
                                                      GError **error);
/* The container is not there any more: nothing that it wrote is kept. */
void practice_container_runtime_remove (PracticeContainerRuntime *self,
                                        const char *pod_uid,
                                        const char *container);
/* The ports of @spec, a container of the pod, are left to a program that really runs there. */
void practice_container_runtime_leave_ports (PracticeContainerRuntime *self,
                                             const char *pod_uid,
                                             JsonNode *spec);
/* What the container is there for; the runtime keeps it until the container is removed. */
void practice_container_runtime_set_main (PracticeContainerRuntime *self,
                                          const char *pod_uid,
                                          const char *container,
                                          PracticeMainProcess *program);
/* (transfer none) (nullable) */
PracticeMainProcess *practice_container_runtime_get_main (PracticeContainerRuntime *self,
                                                          const char *pod_uid,
                                                          const char *container);
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

/* For where this computer refuses networks of their own: lets commands be run in containers, and
 * ports be forwarded, all the same. @spec is copied. */
void practice_container_runtime_set_plain (PracticeContainerRuntime *self,
                                           const PracticePlainPodSpec *spec);
/* (transfer none) (nullable): as practice_container_runtime_ensure(), for a command; what a
 * container is there for does not run so. */
PracticeContainer *practice_container_runtime_ensure_for_command (PracticeContainerRuntime *self,
                                                                  JsonNode *pod,
                                                                  const char *container,
                                                                  GError **error);

G_END_DECLS

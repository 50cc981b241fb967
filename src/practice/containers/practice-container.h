/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-network.h"
#include "practice-plain-pod.h"
#include "practice-process.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* A container of a pod as far as programs really run in it: a sandbox that is made for the first
 * one and kept until the object goes. */
#define PRACTICE_TYPE_CONTAINER (practice_container_get_type ())
G_DECLARE_FINAL_TYPE (PracticeContainer, practice_container, PRACTICE, CONTAINER, GObject)

PracticeContainer *practice_container_new (PracticeStore *store,
                                           JsonNode *pod,
                                           const char *name,
                                           const char *program,
                                           PracticeNetwork *network,
                                           const char *name_server,
                                           GError **error);
void practice_container_start_async (PracticeContainer *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
practice_container_start_finish (PracticeContainer *self, GAsyncResult *result, GError **error);
PracticeProcess *practice_container_run (PracticeContainer *self,
                                         const char *const *argv,
                                         gboolean has_input,
                                         gboolean has_terminal,
                                         GError **error);
/* (transfer none): the container's variables. */
GStrv practice_container_get_environment (PracticeContainer *self);

/* The same where the pod has no network. */
PracticeContainer *practice_container_new_plain (
  PracticeStore *store, JsonNode *pod, const char *name, PracticePlainPod *plain, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-dialer.h"
#include "practice-fabric.h"
#include "practice-sandbox.h"

G_BEGIN_DECLS

/* A pod for programs where this computer refuses networks of their own: they run confined, beside
 * us, and reach the cluster as the pod by a proxy that their curl knows of. */
#define PRACTICE_TYPE_PLAIN_POD (practice_plain_pod_get_type ())
G_DECLARE_FINAL_TYPE (PracticePlainPod, practice_plain_pod, PRACTICE, PLAIN_POD, GObject)

/* What plain pods are made with. */
typedef struct {
  PracticeDialer *dialer; /* the jumpserver's */
  const char *folder;     /* the user's alone */
  const char *program;    /* ourselves */
  const char *ca_bundle;
} PracticePlainPodSpec;

PracticePlainPod *practice_plain_pod_new (PracticeFabric *fabric,
                                          PracticeHttpHandler *outbound,
                                          JsonNode *pod,
                                          const PracticePlainPodSpec *spec,
                                          GError **error);
/* (transfer full) (nullable): for the programs of one container; G_IO_ERROR_NOT_SUPPORTED where
 * they could not be confined. */
PracticeSandbox *practice_plain_pod_new_sandbox (PracticePlainPod *self, GError **error);
/* Changes what a container's programs have in their environment. */
GStrv practice_plain_pod_adapt (PracticePlainPod *self, GStrv environment);
/* (transfer none): where they may write, and start. */
const char *practice_plain_pod_get_folder (PracticePlainPod *self);
/* (transfer none): connects as the pod. */
PracticeDialer *practice_plain_pod_get_dialer (PracticePlainPod *self);
void practice_plain_pod_stop (PracticePlainPod *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-runtime.h"
#include "practice-workloads.h"

G_BEGIN_DECLS

typedef enum {
  PRACTICE_PROBE_STARTUP,
  PRACTICE_PROBE_READINESS,
  PRACTICE_PROBE_LIVENESS,
  PRACTICE_N_PROBES,
} PracticeProbeKind;

/* The kubelet's probes of all pods. */
#define PRACTICE_TYPE_PROBER (practice_prober_get_type ())
G_DECLARE_FINAL_TYPE (PracticeProber, practice_prober, PRACTICE, PROBER, GObject)

/* @runtime (nullable): where programs really run. */
PracticeProber *practice_prober_new (PracticeStore *store,
                                     PracticeWorkloads *workloads,
                                     PracticeContainerRuntime *runtime);
/* The containers of @pod that run are asked from now on, others no longer. */
void practice_prober_follow (PracticeProber *self, JsonNode *pod);
void practice_prober_forget (PracticeProber *self, const char *namespace_, const char *pod);
void practice_prober_forget_all (PracticeProber *self);
/* Whether the container is ready by its probes; one without any is. */
gboolean
practice_prober_is_ready (PracticeProber *self, const char *pod_uid, const char *container);
/* Whether it failed so often that it has to be started again. */
gboolean
practice_prober_has_failed (PracticeProber *self, const char *pod_uid, const char *container);
/* Signal "changed" (const char *namespace, const char *pod): one of the two is another. */

G_END_DECLS

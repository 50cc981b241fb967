/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-admission.h"

#include "base-json.h"
#include "practice-account-admission.h"
#include "practice-limit-ranger.h"
#include "practice-pod-defaults.h"
#include "practice-sidecar-injector.h"

/**
 * practice_pod_admission_admit:
 * @store: the cluster's objects
 * @pod: a new pod, changed in place
 * @error: return location
 *
 * Does what the admission controllers of a cluster do to a new pod before it has its defaults.
 *
 * Returns: %FALSE with a Status where the pod is refused
 */
gboolean
practice_pod_admission_admit (PracticeStore *store, JsonNode *pod, GError **error)
{
  JsonNode *spec = base_json_get (pod, "spec", NULL);

  if (!practice_account_admission_admit (store, pod, error))
    return FALSE;
  practice_sidecar_injector_inject (store, pod);
  /* What is limited is asked for, too, before anybody else may say something. */
  if (spec != NULL && JSON_NODE_HOLDS_OBJECT (spec)) {
    practice_pod_defaults_apply (spec);
    practice_limit_ranger_set_defaults (store, pod);
  }

  return TRUE;
}

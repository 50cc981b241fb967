/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-stage.h"

#include <glib/gi18n-lib.h>

/* Ids stand in files and reports, labels on the screen. */
static const struct {
  const char *id;
  const char *label;
} texts[] = {
  /* Translators: the cluster's API server answers */
  [COURSE_STAGE_API] = { "api", N_ ("API server") },
  [COURSE_STAGE_NAMESPACE] = { "namespace", N_ ("Namespace") },
  /* Translators: a namespace takes objects */
  [COURSE_STAGE_ACTIVE] = { "active", N_ ("Active") },
  /* Translators: a node has made itself known to the cluster */
  [COURSE_STAGE_JOINED] = { "joined", N_ ("Joined") },
  /* Translators: the cluster hears from a node how it is */
  [COURSE_STAGE_REPORTS] = { "reports", N_ ("Reports") },
  [COURSE_STAGE_SERVICE] = { "service", N_ ("Service") },
  /* Translators: a load balancer has got an IP address */
  [COURSE_STAGE_ADDRESS] = { "address", N_ ("Address") },
  /* Translators: a load balancer has got a host name */
  [COURSE_STAGE_HOST_NAME] = { "host-name", N_ ("Host name") },
  /* Translators: a host name can be looked up */
  [COURSE_STAGE_DNS] = { "dns", N_ ("DNS") },
  [COURSE_STAGE_PORT] = { "port", N_ ("Port open") },
  /* Translators: no connection can be made, as it should be */
  [COURSE_STAGE_BLOCKED] = { "blocked", N_ ("Blocked") },
  /* Translators: the answer is the expected one */
  [COURSE_STAGE_ANSWER] = { "answer", N_ ("Answer") },
  /* Translators: requests are split among versions as expected */
  [COURSE_STAGE_SPLIT] = { "split", N_ ("Split") },
  [COURSE_STAGE_POD] = { "pod", N_ ("Pod") },
  /* Translators: a pod was given a node to run on */
  [COURSE_STAGE_NODE] = { "node", N_ ("Node found") },
  [COURSE_STAGE_RUNNING] = { "running", N_ ("Running") },
  /* Translators: a pod has got the mesh's container */
  [COURSE_STAGE_SIDECAR] = { "sidecar", N_ ("Sidecar") },
  [COURSE_STAGE_ENDPOINTS] = { "endpoints", N_ ("Endpoints") },
  /* Translators: a Service leads to a pod, be it ready or not */
  [COURSE_STAGE_SELECTED] = { "selected", N_ ("Pod found") },
  [COURSE_STAGE_READY] = { "ready", N_ ("Ready") },
  [COURSE_STAGE_DEPLOYMENT] = { "deployment", N_ ("Deployment") },
  /* Translators: a Deployment has made its pods */
  [COURSE_STAGE_REPLICAS] = { "replicas", N_ ("Pods made") },
  [COURSE_STAGE_AVAILABLE] = { "available", N_ ("Available") },
  /* Translators: a kind of object was defined in the cluster */
  [COURSE_STAGE_DEFINITION] = { "definition", N_ ("Definition") },
  /* Translators: the cluster answers requests for a kind of object */
  [COURSE_STAGE_SERVED] = { "served", N_ ("Served") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (texts) == COURSE_N_STAGES);

/**
 * course_stage_get_id:
 *
 * Returns: what it is called in files and reports, such as "host-name"
 */
const char *
course_stage_get_id (CourseStage stage)
{
  g_return_val_if_fail (stage < COURSE_N_STAGES, NULL);

  return texts[stage].id;
}

/**
 * course_stage_get_label:
 *
 * Returns: what it is called for readers, in few words
 */
const char *
course_stage_get_label (CourseStage stage)
{
  g_return_val_if_fail (stage < COURSE_N_STAGES, NULL);

  return _ (texts[stage].label);
}

/**
 * course_stage_find:
 * @id: (nullable): as of course_stage_get_id()
 * @stage: (out): set where there is one
 *
 * Returns: whether there is such a stage
 */
gboolean
course_stage_find (const char *id, CourseStage *stage)
{
  for (guint i = 0; i < COURSE_N_STAGES; i++) {
    if (g_strcmp0 (texts[i].id, id) != 0)
      continue;
    *stage = (CourseStage)i;
    return TRUE;
  }
  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-stages.h"

#include "session-object-trouble.h"
#include "session-service-trouble.h"

static gboolean
has_stage (SessionChain *chain, CourseStage stage)
{
  for (guint i = 0; i < session_chain_get_n_stages (chain); i++)
    if (session_chain_get_stage (chain, i) == stage)
      return TRUE;
  return FALSE;
}

/* Pods that are counted may be made by a Deployment, which is known only when it is there. */
static gboolean
are_made (SessionChain *chain, CourseCheck *check, SessionSight *sight, const char *namespace_)
{
  const char *selector = course_check_get_selector (check);

  if (!course_check_counts_objects (check) || selector == NULL)
    return FALSE;
  if (!session_sight_knows (sight, "deployments", namespace_))
    return has_stage (chain, COURSE_STAGE_REPLICAS);
  return session_object_find_deployment (sight, selector, namespace_) != NULL;
}

static CourseStage
get_stage (const GArray *stages, guint index)
{
  return g_array_index (stages, CourseStage, MIN (index, stages->len - 1));
}

/* Nothing of what the check is about is there: what comes before it may be.
 * @is_known: (out): whether that has been seen */
static guint
count_before_objects (const GArray *stages,
                      SessionSight *sight,
                      const char *namespace_,
                      gboolean *is_known)
{
  guint n = 0;

  *is_known = TRUE;
  if (stages->len > 1 && get_stage (stages, 0) == COURSE_STAGE_NAMESPACE) {
    *is_known = session_sight_knows (sight, "namespaces", NULL);
    if (!*is_known || session_sight_find (sight, "namespaces", NULL, namespace_) == NULL)
      return 0;
    n++;
  }
  /* of a Deployment's pods it is there already */
  if (get_stage (stages, n) == COURSE_STAGE_DEPLOYMENT && stages->len == n + 2 &&
      get_stage (stages, n + 1) == COURSE_STAGE_REPLICAS)
    n++;
  return n;
}

static void
tell_missing (SessionChain *chain,
              CourseCheck *check,
              const GArray *stages,
              SessionSight *sight,
              const char *namespace_,
              GPtrArray *objects)
{
  gboolean is_known = TRUE;
  guint index = objects->len > 0 ? course_stage_count_reached (stages, objects)
                                 : count_before_objects (stages, sight, namespace_, &is_known);
  CourseStage stage = get_stage (stages, index);
  guint n = 0;
  guint of = course_stage_count (check, stage, objects, index + 1 == stages->len, &n);

  session_chain_fail (chain, stage, is_known ? stage : get_stage (stages, index + 1),
                      g_get_monotonic_time ());
  session_chain_set_count (chain, stage, n, of);
}

/**
 * session_stages_tell_objects:
 * @chain: (nullable): of @check
 * @check: a check of objects
 * @namespace_: (nullable): that it looks in
 * @objects: (element-type JsonNode): those that it singles out
 * @passed: whether they are as it wants them
 */
void
session_stages_tell_objects (SessionChain *chain,
                             CourseCheck *check,
                             SessionSight *sight,
                             const char *namespace_,
                             GPtrArray *objects,
                             gboolean passed)
{
  g_autoptr (GArray) stages = NULL;

  if (chain == NULL)
    return;
  if (passed) {
    session_chain_pass_all (chain, g_get_monotonic_time ());
    return;
  }
  stages = course_stage_list (check, are_made (chain, check, sight, namespace_)
                                       ? COURSE_STAGES_BY_DEPLOYMENT
                                       : COURSE_STAGES_PLAIN);
  session_chain_set_stages (chain, stages);
  tell_missing (chain, check, stages, sight, namespace_, objects);
}

/* The first stage that may not be so, and the last one that may be the first that is not. */
static void
find_stages (SessionSight *sight,
             const char *namespace_,
             const char *service,
             CourseStage *first,
             CourseStage *last)
{
  JsonNode *object = session_sight_find (sight, "services", namespace_, service);
  g_autoptr (GPtrArray) pods = session_service_list_pods (sight, object);

  *last = COURSE_STAGE_ANSWER;
  if (!session_sight_knows (sight, "services", namespace_))
    *first = COURSE_STAGE_API;
  else if (object == NULL)
    *first = *last = COURSE_STAGE_SERVICE;
  else if (pods == NULL)
    *first = COURSE_STAGE_SELECTED;
  else if (pods->len == 0)
    *first = *last = COURSE_STAGE_SELECTED;
  else if (!session_service_is_served (sight, namespace_, service))
    *first = *last = COURSE_STAGE_READY;
  else
    *first = COURSE_STAGE_ANSWER;
}

/**
 * session_stages_tell_service:
 * @chain: (nullable): of a check that asks through the API server
 * @namespace_: of the Service
 * @service: its name
 * @passed: whether the answer is as it should be; else there was another one, or none
 */
void
session_stages_tell_service (SessionChain *chain,
                             SessionSight *sight,
                             const char *namespace_,
                             const char *service,
                             gboolean passed)
{
  CourseStage first, last;

  if (chain == NULL)
    return;
  if (passed) {
    session_chain_pass_all (chain, g_get_monotonic_time ());
    return;
  }
  find_stages (sight, namespace_, service, &first, &last);
  session_chain_fail (chain, first, last, g_get_monotonic_time ());
}

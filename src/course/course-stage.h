/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

/* What a check waits for, one after the other. Of those that one check has, each comes only when
 * all with a lower number are so. */
typedef enum {
  COURSE_STAGE_API, /* answers, where it asks a Service itself */
  /* of what is in one */
  COURSE_STAGE_NAMESPACE,
  COURSE_STAGE_ACTIVE,
  /* of a kind that is defined in the cluster */
  COURSE_STAGE_DEFINITION,
  COURSE_STAGE_SERVED,
  /* of nodes */
  COURSE_STAGE_JOINED,
  COURSE_STAGE_REPORTS,
  /* of a Deployment */
  COURSE_STAGE_DEPLOYMENT,
  COURSE_STAGE_REPLICAS,
  COURSE_STAGE_SERVICE,
  /* of pods */
  COURSE_STAGE_POD,
  COURSE_STAGE_NODE, /* it has one */
  COURSE_STAGE_RUNNING,
  COURSE_STAGE_SIDECAR,
  /* of a Service's Endpoints */
  COURSE_STAGE_ENDPOINTS,
  COURSE_STAGE_SELECTED, /* a pod, ready or not */
  /* of pods, nodes, Endpoints */
  COURSE_STAGE_READY,
  COURSE_STAGE_AVAILABLE,
  /* of a Service that is tried */
  COURSE_STAGE_ADDRESS,   /* a number */
  COURSE_STAGE_HOST_NAME, /* in its place, where the load balancer has a name */
  COURSE_STAGE_DNS,       /* the name resolves */
  COURSE_STAGE_PORT,
  COURSE_STAGE_BLOCKED,
  COURSE_STAGE_ANSWER, /* as expected */
  COURSE_STAGE_SPLIT,  /* the answers' shares are */
  COURSE_N_STAGES,
} CourseStage;

const char *course_stage_get_id (CourseStage stage);
const char *course_stage_get_label (CourseStage stage);
gboolean course_stage_find (const char *id, CourseStage *stage);

/* What is found out only when there are objects. */
typedef enum {
  COURSE_STAGES_PLAIN = 0,
  COURSE_STAGES_BY_NUMBER = 1 << 0,     /* the load balancer has an IP address: nothing resolves */
  COURSE_STAGES_BY_DEPLOYMENT = 1 << 1, /* a Deployment makes the pods that are counted */
} CourseStageVariant;

GArray *course_stage_list (CourseCheck *check, CourseStageVariant variant);
guint course_stage_count (
  CourseCheck *check, CourseStage stage, GPtrArray *nodes, gboolean is_last, guint *n);
guint course_stage_count_reached (const GArray *stages, GPtrArray *nodes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

/* What a check waits for, one after the other. Of those that one check has, each comes only when
 * all with a lower number are so. */
typedef enum {
  /* of a Service that is tried */
  COURSE_STAGE_SERVICE,
  COURSE_STAGE_ADDRESS,   /* a number */
  COURSE_STAGE_HOST_NAME, /* in its place, where the load balancer has a name */
  COURSE_STAGE_DNS,       /* the name resolves */
  COURSE_STAGE_PORT,
  COURSE_STAGE_BLOCKED,
  COURSE_STAGE_ANSWER, /* as expected */
  COURSE_STAGE_SPLIT,  /* the answers' shares are */
  /* of pods */
  COURSE_STAGE_POD,
  COURSE_STAGE_NODE, /* it has one */
  COURSE_STAGE_RUNNING,
  /* of a Service's Endpoints */
  COURSE_STAGE_ENDPOINTS,
  COURSE_STAGE_SELECTED, /* a pod, ready or not */
  /* of both */
  COURSE_STAGE_READY,
  /* of a Deployment */
  COURSE_STAGE_DEPLOYMENT,
  COURSE_STAGE_REPLICAS,
  COURSE_STAGE_AVAILABLE,
  /* of a kind that is defined in the cluster */
  COURSE_STAGE_DEFINITION,
  COURSE_STAGE_SERVED,
  COURSE_N_STAGES,
} CourseStage;

const char *course_stage_get_id (CourseStage stage);
const char *course_stage_get_label (CourseStage stage);
gboolean course_stage_find (const char *id, CourseStage *stage);

GArray *course_stage_list (CourseCheck *check, gboolean by_number);
guint course_stage_count_reached (const GArray *stages, GPtrArray *nodes);

G_END_DECLS

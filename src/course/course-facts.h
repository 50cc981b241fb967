/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a condition is judged on; NULL where unknown. */
typedef struct {
  const char *kubernetes;       /* "v1.15.2" */
  const char *istio;            /* "1.3.3" */
  const char *place;            /* "practice", "ssh", "local" */
  const char *const *apis;      /* what the cluster serves: "v1", "apps", "apps/v1", and where known
                                 * "apps/v1/deployments" */
  const char *const *addresses; /* of the Services that are asked for, as conditions name them, and
                                 * where known: "redis=10.0.0.1" */
  const char *jumpserver;       /* its address */
  const char *user;             /* on it */
  const char *student;          /* as the class's sheet has them */
} CourseFacts;

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-doors.h"
#include "practice-route.h"

G_BEGIN_DECLS

/* A request or a connection on its way through the cluster, as data of the task that returns the
 * answer. */

/* What it may end at. */
typedef struct {
  PracticeDoors *doors;
  PracticeNetwork *network; /* (nullable): for connections that are not HTTP */
} PracticeCrossingWays;

/* Takes @route and @request (nullable): NULL for a connection. */
void practice_crossing_init (GTask *task, PracticeRoute *route, PracticeHttpRequest *request);
const PracticeRoute *practice_crossing_get_route (GTask *task);
/* Nothing is in the way: ends @task with what is at the end of it. */
void practice_crossing_go (GTask *task, const PracticeCrossingWays *ways);
void practice_crossing_return_refused (GTask *task);

G_END_DECLS

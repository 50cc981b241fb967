/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-stage.h"

G_BEGIN_DECLS

/* How a check was waited for: its stages, and after what time each was so. */
#define COURSE_TYPE_WAIT (course_wait_get_type ())
typedef struct _CourseWait CourseWait;

GType course_wait_get_type (void);
CourseWait *course_wait_new (const char *says);
CourseWait *course_wait_copy (const CourseWait *self);
void course_wait_free (CourseWait *self);
void course_wait_add (CourseWait *self, CourseStage stage, gint64 ms);
const char *course_wait_get_says (const CourseWait *self);
guint course_wait_get_n_stages (const CourseWait *self);
CourseStage course_wait_get_stage (const CourseWait *self, guint index);
gint64 course_wait_get_ms (const CourseWait *self, guint index);
char *course_wait_dup_text (const CourseWait *self);
char *course_wait_dup_total (const CourseWait *self);
char *course_wait_dup_time (gint64 ms);

/* The waits of a step (element-type CourseWait). */
GPtrArray *course_waits_new (void);
const CourseWait *course_waits_find (GPtrArray *waits, const char *says);
JsonNode *course_waits_to_json (GPtrArray *waits);
GPtrArray *course_waits_new_from_json (JsonNode *json);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseWait, course_wait_free)

G_END_DECLS

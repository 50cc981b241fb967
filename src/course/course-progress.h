/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"
#include "course-wait.h"

G_BEGIN_DECLS

/* Which steps a student has done, and when; one file per course, place and student, written
 * atomically (0600). Signal "changed" (section id, step id). */
#define COURSE_TYPE_PROGRESS (course_progress_get_type ())
G_DECLARE_FINAL_TYPE (CourseProgress, course_progress, COURSE, PROGRESS, GObject)

/* @path NULL: kept in memory only (rehearsal). A file that cannot be read is set aside, not lost.
 */
CourseProgress *course_progress_new (const char *path);
char *
course_progress_dup_default_path (const char *course_id, const char *place_id, const char *student);
gint64 course_progress_get_done_at (CourseProgress *self,
                                    const char *section,
                                    const char *step); /* Unix seconds, 0: not done */
void
course_progress_mark_done (CourseProgress *self, const char *section, const char *step, gint64 at);
void course_progress_mark_done_after (
  CourseProgress *self, const char *section, const char *step, gint64 at, GPtrArray *waits);
GPtrArray *course_progress_get_waits (CourseProgress *self, const char *section, const char *step);
gboolean course_progress_is_put_back (CourseProgress *self, const char *section, const char *step);
void course_progress_reset (CourseProgress *self,
                            const char *section,
                            const char *step); /* step NULL: the section; both NULL: all */
/* (nullable): why the last change is not on disk, as property "error" too; it is saved with the
 * next one, or by course_progress_save(). */
const GError *course_progress_get_error (CourseProgress *self);
void course_progress_save (CourseProgress *self);
guint course_progress_count_done (CourseProgress *self, CourseSection *section);

G_END_DECLS

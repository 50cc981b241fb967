/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-wait.h"

G_BEGIN_DECLS

/* Which steps were done, when (Unix seconds) and after what waits, as a file keeps it: a table of
 * section id to a table of step id. */
GHashTable *course_progress_table_new (void);
gint64
course_progress_table_get (GHashTable *table, const char *section, const char *step); /* 0: not */
GPtrArray *course_progress_table_get_waits (GHashTable *table,
                                            const char *section,
                                            const char *step); /* (nullable) of CourseWait */
void course_progress_table_set (
  GHashTable *table, const char *section, const char *step, gint64 at, GPtrArray *waits);
gboolean
course_progress_table_is_put_back (GHashTable *table, const char *section, const char *step);
/* What was done is put back. @section NULL: all; @step NULL: the whole section */
void course_progress_table_forget (GHashTable *table, const char *section, const char *step);

/* Called for every step of which two tables do not say the same. */
typedef void (*CourseProgressDifference) (const char *section,
                                          const char *step,
                                          gpointer user_data);
void course_progress_table_compare (GHashTable *a,
                                    GHashTable *b,
                                    CourseProgressDifference difference,
                                    gpointer user_data);

/* (transfer full) (nullable): NULL where @path is not what was once written */
GHashTable *course_progress_table_read (const char *path);
/* Another process reads all of the old or all of the new. */
gboolean course_progress_table_write (GHashTable *table, const char *path, GError **error);

G_END_DECLS

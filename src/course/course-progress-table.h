/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Which steps were done, and when (Unix seconds), as a file keeps it: a table of section id to a
 * table of step id to gint64. */
GHashTable *course_progress_table_new (void);
gint64
course_progress_table_get (GHashTable *table, const char *section, const char *step); /* 0: not */
void
course_progress_table_set (GHashTable *table, const char *section, const char *step, gint64 at);
/* @section NULL: all; @step NULL: the whole section */
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* When a CronJob is due: five fields as those of cron, or "@hourly", "@every 1h30m" and the like.
 */
typedef struct _PracticeCronSchedule PracticeCronSchedule;

/* G_IO_ERROR_INVALID_ARGUMENT in a real server's words. */
PracticeCronSchedule *practice_cron_schedule_parse (const char *text, GError **error);
void practice_cron_schedule_free (PracticeCronSchedule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCronSchedule, practice_cron_schedule_free)

/* The first time after @time, both in seconds since 1970; -1: never. */
gint64 practice_cron_schedule_get_next (PracticeCronSchedule *self, gint64 time);
/* The last one after @start and not after @now; -1: none. */
gint64 practice_cron_schedule_get_latest (PracticeCronSchedule *self, gint64 start, gint64 now);

G_END_DECLS

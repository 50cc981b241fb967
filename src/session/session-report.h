/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What became of the steps of a rehearsal, as JUnit XML. */
typedef struct _SessionReport SessionReport;

SessionReport *session_report_new (void);
void session_report_free (SessionReport *self);
/* @reason (nullable): why it failed; @waits (nullable): what its checks waited for; @output
 * (nullable): what the terminal showed; @picture (nullable): a file with a picture of that. The
 * texts are rid of secrets. */
void session_report_add (SessionReport *self,
                         const char *section,
                         const char *step,
                         double seconds,
                         const char *reason,
                         const char *waits,
                         const char *output,
                         const char *picture);
/* A step that is not played. @reason: in plain English */
void session_report_add_skipped (SessionReport *self,
                                 const char *section,
                                 const char *step,
                                 const char *reason);
guint session_report_get_n_failures (SessionReport *self);
char *session_report_dup_junit (SessionReport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionReport, session_report_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "5m10s" as kubectl's columns have it. */
char *practice_age_format (gint64 seconds);
/* Since an RFC 3339 time; "<unknown>" for none, "<invalid>" for what is none. */
char *practice_age_dup_since (const char *time);
/* The present as RFC 3339, in whole seconds. */
char *practice_age_dup_now (void);

G_END_DECLS

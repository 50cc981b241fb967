/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *lab_age_dup_text (gint64 seconds);
char *lab_age_dup_ago (gint64 seconds);
char *lab_age_dup_duration (gint64 seconds);

G_END_DECLS

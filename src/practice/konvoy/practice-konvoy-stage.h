/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How `konvoy` reports: stages, lines with a verdict at their end, and at last the portal. */
void practice_konvoy_stage_begin (const char *name);
void practice_konvoy_stage_provision (void);
void practice_konvoy_stage_print (const char *what, gboolean is_good);
/* A stage of what the owner says of nodes or add-ons: complaints are added to @complaints. */
gboolean practice_konvoy_stage_check (const char *name,
                                      const char *op,
                                      const char *const *wanted,
                                      GPtrArray *complaints,
                                      GError **error);
gboolean practice_konvoy_stage_print_portal (GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-api-gate.h"
#include "practice-cluster.h"
#include "practice-snapshots.h"

G_BEGIN_DECLS

/* The commands for drills: fault, snapshot, restore, reset. */
#define PRACTICE_TYPE_DRILLS (practice_drills_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDrills, practice_drills, PRACTICE, DRILLS, GObject)

gboolean practice_drills_is_command (const char *name);
/* Whether a command makes sense, as far as its words tell: G_IO_ERROR_INVALID_ARGUMENT or
 * G_IO_ERROR_INVALID_FILENAME. */
gboolean practice_drills_check (const char *const *argv, GError **error);
/* Whether a command is about a cluster that runs. */
gboolean practice_drills_needs_owner (const char *const *argv);
gboolean practice_drills_renews (const char *const *argv);

PracticeDrills *practice_drills_new (PracticeStore *store,
                                     PracticeApiGate *gate,
                                     PracticeCluster *cluster,
                                     PracticeSnapshots *snapshots);
char *practice_drills_run (PracticeDrills *self, const char *const *argv, GError **error);

G_END_DECLS

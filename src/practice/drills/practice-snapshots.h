/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* States of a cluster by name: its objects, and what the student has written into cluster.yaml. */
#define PRACTICE_TYPE_SNAPSHOTS (practice_snapshots_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSnapshots, practice_snapshots, PRACTICE, SNAPSHOTS, GObject)

gboolean practice_snapshots_check_name (const char *name, GError **error);

PracticeSnapshots *
practice_snapshots_new (PracticeStore *store, const char *folder, const char *home, GError **error);
gboolean practice_snapshots_save (PracticeSnapshots *self, const char *name, GError **error);
gboolean practice_snapshots_restore (PracticeSnapshots *self, const char *name, GError **error);
gboolean practice_snapshots_reset (PracticeSnapshots *self, GError **error);
char *practice_snapshots_dup_list (PracticeSnapshots *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-store.h"

G_BEGIN_DECLS

/* What is on PersistentVolumes: a folder for each, which goes with it. */
#define PRACTICE_TYPE_DISKS (practice_disks_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDisks, practice_disks, PRACTICE, DISKS, GObject)

PracticeDisks *practice_disks_new (PracticeStore *store, const char *folder);
/* (transfer full) (nullable): the folder of a PersistentVolume, which is made where it is missing.
 */
char *practice_disks_dup_path (PracticeDisks *self, const char *volume, GError **error);
/* Empties it. */
void practice_disks_scrub (PracticeDisks *self, const char *volume);

G_END_DECLS

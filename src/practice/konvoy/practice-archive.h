/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A .tar.gz of files that are built into the program. */
typedef struct _PracticeArchive PracticeArchive;

PracticeArchive *practice_archive_new (void);
void practice_archive_free (PracticeArchive *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeArchive, practice_archive_free)

/* All below @folder, which ends on a slash, under @name in the archive. */
gboolean practice_archive_add_folder (
  PracticeArchive *self, GResource *resource, const char *folder, const char *name, GError **error);
gboolean practice_archive_add_file (
  PracticeArchive *self, GResource *resource, const char *file, const char *name, GError **error);
/* (transfer full) (nullable) */
GBytes *practice_archive_compress (PracticeArchive *self, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folder that a practice cluster keeps everything in, and the lock that says who owns it. */
#define PRACTICE_TYPE_FOLDER (practice_folder_get_type ())
G_DECLARE_FINAL_TYPE (PracticeFolder, practice_folder, PRACTICE, FOLDER, GObject)

PracticeFolder *practice_folder_new (const char *path, GError **error);
const char *practice_folder_get_path (PracticeFolder *self);
char *practice_folder_dup_file (PracticeFolder *self, const char *name);
char *practice_folder_dup_store (PracticeFolder *self);

gboolean practice_folder_lock (PracticeFolder *self, GError **error);
gboolean practice_folder_publish (PracticeFolder *self, const char *sockets, GError **error);
char *practice_folder_dup_published (PracticeFolder *self);
char *practice_folder_dup_sockets (PracticeFolder *self, GError **error);

G_END_DECLS

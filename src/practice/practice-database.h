/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The file in which the store keeps its objects and settings: SQLite. */
typedef struct _PracticeDatabase PracticeDatabase;

typedef gboolean (*PracticeDatabaseFunc) (const char *resource,
                                          const char *key,
                                          const char *json,
                                          gsize length,
                                          gpointer data,
                                          GError **error);

PracticeDatabase *practice_database_new (const char *path, GError **error);
void practice_database_free (PracticeDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeDatabase, practice_database_free)

gboolean practice_database_load (PracticeDatabase *self,
                                 PracticeDatabaseFunc function,
                                 gpointer data,
                                 GError **error);
/* @json NULL removes the object. The setting is written together with it. */
gboolean practice_database_write (PracticeDatabase *self,
                                  const char *resource,
                                  const char *key,
                                  GBytes *json,
                                  const char *setting,
                                  const char *value,
                                  GError **error);
char *practice_database_dup_setting (PracticeDatabase *self, const char *key);
gboolean practice_database_set_setting (PracticeDatabase *self,
                                        const char *key,
                                        const char *value,
                                        GError **error);

G_END_DECLS

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

typedef void (*PracticeSettingFunc) (const char *key, const char *value, gpointer data);

PracticeDatabase *practice_database_new (const char *path, GError **error);
void practice_database_free (PracticeDatabase *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeDatabase, practice_database_free)

gboolean practice_database_check (PracticeDatabase *self, GError **error);

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
/* Writes that are all made, or none of them. */
gboolean practice_database_begin (PracticeDatabase *self, GError **error);
gboolean practice_database_put (
  PracticeDatabase *self, const char *resource, const char *key, GBytes *json, GError **error);
gboolean
practice_database_remove_settings (PracticeDatabase *self, const char *kept_prefix, GError **error);
gboolean practice_database_commit (PracticeDatabase *self, GError **error);
void practice_database_roll_back (PracticeDatabase *self);

gboolean practice_database_load_settings (PracticeDatabase *self,
                                          PracticeSettingFunc function,
                                          gpointer data,
                                          GError **error);
char *practice_database_dup_setting (PracticeDatabase *self, const char *key);
gboolean practice_database_set_setting (PracticeDatabase *self,
                                        const char *key,
                                        const char *value,
                                        GError **error);

G_END_DECLS

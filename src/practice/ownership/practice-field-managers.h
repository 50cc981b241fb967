/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-field-comparison.h"

G_BEGIN_DECLS

/* Who owns which fields of an object: metadata.managedFields. */
typedef struct {
  char *manager;
  gboolean applied; /* by a server-side apply, else by an update */
  char *api_version;
  char *time; /* (nullable) */
  PracticeFieldSet *fields;
} PracticeFieldManager;

typedef struct _PracticeFieldManagers PracticeFieldManagers;

PracticeFieldManagers *practice_field_managers_new (JsonNode *managed);
PracticeFieldManagers *practice_field_managers_copy (PracticeFieldManagers *self);
void practice_field_managers_free (PracticeFieldManagers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeFieldManagers, practice_field_managers_free)

guint practice_field_managers_get_length (PracticeFieldManagers *self);
PracticeFieldManager *practice_field_managers_get (PracticeFieldManagers *self, guint i);
PracticeFieldManager *practice_field_managers_find (PracticeFieldManagers *self,
                                                    const char *manager,
                                                    gboolean applied,
                                                    const char *api_version);
/* Sets what @manager owns, with the time now where that is new to it. Takes @fields. */
void practice_field_managers_set (PracticeFieldManagers *self,
                                  const char *manager,
                                  gboolean applied,
                                  const char *api_version,
                                  PracticeFieldSet *fields);
/* Drops those who own nothing, and puts the oldest together where they are many. */
void practice_field_managers_tidy (PracticeFieldManagers *self);
void practice_field_managers_sort_by_name (PracticeFieldManagers *self);
/* Writes them to @object's metadata. */
void practice_field_managers_store (PracticeFieldManagers *self, JsonNode *object);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Where every object is, and who is whose: by uid, since names come again. */
typedef struct _PracticeOwnerIndex PracticeOwnerIndex;

typedef struct {
  char *store_name;
  char *namespace_; /* (nullable) */
  char *name;
} PracticePlace;

PracticeOwnerIndex *practice_owner_index_new (void);
void practice_owner_index_free (PracticeOwnerIndex *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeOwnerIndex, practice_owner_index_free)

void
practice_owner_index_add_place (PracticeOwnerIndex *self, const char *store_name, JsonNode *object);
void practice_owner_index_remove_place (PracticeOwnerIndex *self, const char *uid);
const PracticePlace *practice_owner_index_find (PracticeOwnerIndex *self, const char *uid);

void practice_owner_index_add_owners (PracticeOwnerIndex *self, JsonNode *object);
void practice_owner_index_remove_owners (PracticeOwnerIndex *self, JsonNode *object);
/* (transfer full) (element-type utf8): uids */
GPtrArray *practice_owner_index_dup_dependents (PracticeOwnerIndex *self, const char *uid);

G_END_DECLS

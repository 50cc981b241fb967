/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-field-place.h"
#include "practice-field-set.h"

G_BEGIN_DECLS

/* What differs between two states of an object. */
typedef struct {
  PracticeFieldSet *changed; /* added or modified */
  PracticeFieldSet *removed;
} PracticeFieldComparison;

void practice_field_comparison_free (PracticeFieldComparison *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeFieldComparison, practice_field_comparison_free)

/* @old NULL: nothing was there. */
PracticeFieldComparison *
practice_field_comparison_new (const PracticeFieldPlace *root, JsonNode *old, JsonNode *new_);
/* The fields of @object. NULL with G_IO_ERROR_INVALID_DATA, in the words of a server-side apply. */
PracticeFieldSet *practice_field_comparison_collect (const PracticeFieldPlace *root,
                                                     JsonNode *object,
                                                     GError **error);

G_END_DECLS

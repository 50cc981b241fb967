/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A set of fields of an object, as metadata.managedFields keeps them: a tree, whose edges are
 * "f:NAME", "k:{KEYS}" and "v:VALUE". */
typedef struct _PracticeFieldSet PracticeFieldSet;

PracticeFieldSet *practice_field_set_new (void);
PracticeFieldSet *practice_field_set_copy (PracticeFieldSet *self);
void practice_field_set_free (PracticeFieldSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeFieldSet, practice_field_set_free)

/* Of metadata.managedFields[].fieldsV1. */
PracticeFieldSet *practice_field_set_new_from_node (JsonNode *fields);
JsonNode *practice_field_set_dup_node (PracticeFieldSet *self);

/* @path is of edges. The empty one, the whole object, is never in a set. */
void practice_field_set_insert (PracticeFieldSet *self, GPtrArray *path);
void practice_field_set_remove (PracticeFieldSet *self, GPtrArray *path);
/* (nullable) (transfer none): the part of @self below an edge. */
PracticeFieldSet *practice_field_set_descend (PracticeFieldSet *self, const char *edge);
/* Whether the field that @self is a part for is in the set itself. */
gboolean practice_field_set_is_member (PracticeFieldSet *self);
gboolean practice_field_set_is_empty (PracticeFieldSet *self);
gboolean practice_field_set_equal (PracticeFieldSet *a, PracticeFieldSet *b);

void practice_field_set_add (PracticeFieldSet *self, PracticeFieldSet *other);
void practice_field_set_subtract (PracticeFieldSet *self, PracticeFieldSet *other);
PracticeFieldSet *practice_field_set_intersect (PracticeFieldSet *a, PracticeFieldSet *b);

/* (element-type utf8) (transfer full): ".spec.replicas", sorted. */
GPtrArray *practice_field_set_dup_paths (PracticeFieldSet *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

/* A place in an object: what its type, or the schema of its definition, says of what is there.
 * All is borrowed. */
typedef struct {
  const PracticeType *type;   /* (nullable): of an object at this place */
  const PracticeField *field; /* (nullable): of a built-in kind */
  gboolean element;           /* one of the field's list or map */
  JsonNode *schema;           /* (nullable): of a custom resource */
  gboolean custom;
  const PracticeType *metadata; /* (nullable): at the root of a custom object */
} PracticeFieldPlace;

typedef enum {
  PRACTICE_OWNED_WHOLE,    /* a value, or what is owned as one */
  PRACTICE_OWNED_MEMBERS,  /* each member for itself */
  PRACTICE_OWNED_ELEMENTS, /* each object of a list, found by its keys */
  PRACTICE_OWNED_VALUES,   /* each value of a list */
} PracticeOwned;

void practice_field_place_init (PracticeFieldPlace *self,
                                const PracticeVersion *version,
                                PracticeSchema *schema);
PracticeOwned practice_field_place_classify (const PracticeFieldPlace *self, JsonNode *node);
/* FALSE: no such field is declared. */
gboolean practice_field_place_get_member (const PracticeFieldPlace *self,
                                          const char *name,
                                          PracticeFieldPlace *member);
void practice_field_place_get_element (const PracticeFieldPlace *self, PracticeFieldPlace *element);
/* Whether a new object here is noted itself beside what is in it. */
gboolean practice_field_place_is_noted (const PracticeFieldPlace *self);
/* The edge to an element; NULL with an error in the words of structured-merge-diff. */
char *practice_field_place_dup_edge (const PracticeFieldPlace *self,
                                     PracticeOwned owned,
                                     JsonNode *element,
                                     GError **error);

G_END_DECLS

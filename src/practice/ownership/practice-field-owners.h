/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-field-managers.h"

G_BEGIN_DECLS

/* What writes make of the owners of an object's fields, and server-side apply. Objects are in the
 * storage version, but for those of an apply. */

/* Notes that @manager has written @object. @given (nullable): the managedFields that came with it.
 */
void practice_field_owners_track (PracticeResource *resource,
                                  PracticeSchema *schema,
                                  const PracticeVersion *version,
                                  JsonNode *old,
                                  JsonNode *object,
                                  JsonNode *given,
                                  const char *manager);

typedef struct {
  PracticeResource *resource;
  PracticeSchema *schema;
  const PracticeVersion *version;
  const char *manager;
  gboolean force;
} PracticeFieldApply;

/* Lays @config over @live (nullable), both in the version of the apply. Returns (transfer full)
 * what is to be stored, with its managedFields; NULL with a Status. */
JsonNode *practice_field_owners_apply (const PracticeFieldApply *self,
                                       JsonNode *live,
                                       JsonNode *config,
                                       GError **error);

G_END_DECLS

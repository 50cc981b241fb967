/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What is wrong with an object, field by field, in the words of a Kubernetes API server. */
typedef struct _PracticeCauses PracticeCauses;

PracticeCauses *practice_causes_new (void);
void practice_causes_free (PracticeCauses *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCauses, practice_causes_free)

guint practice_causes_get_length (PracticeCauses *self);
/* "[a: Required value, b: ...]", or the one there is without brackets. */
char *practice_causes_dup_message (PracticeCauses *self);
/* The list of a Status' details.causes. */
JsonNode *practice_causes_dup_list (PracticeCauses *self);

void practice_causes_required (PracticeCauses *self, const char *field, const char *detail);
void practice_causes_invalid (PracticeCauses *self,
                              const char *field,
                              const char *value,
                              const char *detail);
void practice_causes_invalid_int (PracticeCauses *self,
                                  const char *field,
                                  gint64 value,
                                  const char *detail);
void practice_causes_invalid_literal (PracticeCauses *self,
                                      const char *field,
                                      const char *literal,
                                      const char *detail);
void practice_causes_invalid_node (PracticeCauses *self,
                                   const char *field,
                                   JsonNode *value,
                                   const char *detail);
void practice_causes_unsupported (PracticeCauses *self,
                                  const char *field,
                                  const char *value,
                                  const char *const *supported);
void practice_causes_unsupported_literal (PracticeCauses *self,
                                          const char *field,
                                          const char *literal,
                                          const char *const *supported);
void practice_causes_duplicate (PracticeCauses *self, const char *field, const char *value);
void practice_causes_duplicate_int (PracticeCauses *self, const char *field, gint64 value);
void
practice_causes_duplicate_literal (PracticeCauses *self, const char *field, const char *literal);
void practice_causes_forbidden (PracticeCauses *self, const char *field, const char *detail);
void practice_causes_too_long (PracticeCauses *self, const char *field, guint max_bytes);
void practice_causes_not_found (PracticeCauses *self, const char *field, const char *value);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What goes back for a request. */
typedef struct {
  guint status;
  const char *content_type;
  GPtrArray *body;     /* (element-type GBytes) */
  GPtrArray *warnings; /* (element-type utf8) */
} PracticeAnswer;

PracticeAnswer *practice_answer_new (guint status);
PracticeAnswer *practice_answer_new_node (guint status, JsonNode *node);
PracticeAnswer *practice_answer_new_text (guint status, const char *content_type, const char *text);
PracticeAnswer *practice_answer_new_error (const GError *error);
/* @bytes (transfer full) */
void practice_answer_take (PracticeAnswer *self, GBytes *bytes);
void practice_answer_free (PracticeAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeAnswer, practice_answer_free)

G_END_DECLS

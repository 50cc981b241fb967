/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What productpage got from one of the services behind it. */
typedef struct {
  guint status;
  JsonNode *content; /* (nullable): NULL: a success that is no JSON */
} PracticeBookAnswer;

void practice_book_answer_free (PracticeBookAnswer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeBookAnswer, practice_book_answer_free)

typedef enum {
  PRACTICE_BOOK_DETAILS,
  PRACTICE_BOOK_REVIEWS,
  PRACTICE_BOOK_RATINGS,
} PracticeBookPart;

/* (transfer full): name and port of the service. */
char *practice_book_part_dup_host (PracticeBookPart part, PracticeLaunch *launch);

void practice_book_call_async (PracticeProgram *program,
                               PracticeBookPart part,
                               const char *book,
                               PracticeHttpRequest *request,
                               const char *user,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
PracticeBookAnswer *practice_book_call_finish (GAsyncResult *result, GError **error);

G_END_DECLS

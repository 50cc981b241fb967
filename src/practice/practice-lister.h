/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-objects.h"
#include "practice-request.h"
#include "practice-selector.h"
#include "practice-view.h"

G_BEGIN_DECLS

/* What a list or a watch is to have: the selectors of its request. */
typedef struct {
  PracticeSelector *labels;
  PracticeSelector *fields;
} PracticeFilter;

/* FALSE with a Status. */
gboolean practice_filter_init (PracticeFilter *self,
                               PracticeResource *resource,
                               PracticeRequest *request,
                               GError **error);
void practice_filter_clear (PracticeFilter *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeFilter, practice_filter_clear)
gboolean practice_filter_matches (PracticeFilter *self, JsonNode *object);

/* Answers a list, in pages where the request has a limit. */
PracticeAnswer *practice_lister_list (PracticeStore *store,
                                      PracticeResource *resource,
                                      PracticeRequest *request,
                                      PracticeView *view,
                                      GError **error);
/* The version of a request, checked against the store's; 0: any. */
gboolean practice_lister_get_version (PracticeStore *store,
                                      PracticeRequest *request,
                                      guint64 *version,
                                      GError **error);

G_END_DECLS

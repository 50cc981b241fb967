/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-request.h"
#include "practice-store.h"
#include "practice-table.h"

G_BEGIN_DECLS

/* The form in which one request gets its objects: plain, as a Table, as metadata alone. Plain data;
 * what it points to must outlive it. */
typedef struct {
  PracticeStore *store;
  PracticeForm form;
  PracticeTable table;
} PracticeView;

void practice_view_init (PracticeView *self,
                         PracticeStore *store,
                         PracticeResource *resource,
                         const PracticeVersion *version,
                         PracticeRequest *request);
/* All take objects in the storage version. */
GBytes *practice_view_render (PracticeView *self, JsonNode *object);
/* @continue_token (nullable), @remaining -1: not said. (element-type GBytes) */
GPtrArray *practice_view_render_list (PracticeView *self,
                                      GPtrArray *objects,
                                      guint64 version,
                                      const char *continue_token,
                                      gint64 remaining);
/* A line of a watch. @first: a Table has its columns. */
GBytes *
practice_view_render_event (PracticeView *self, const char *type, JsonNode *object, gboolean first);
GBytes *practice_view_render_bookmark (PracticeView *self, guint64 version, gboolean initial_end);

G_END_DECLS

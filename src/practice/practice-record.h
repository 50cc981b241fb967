/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An object at one version with its JSON text: shared by the store's table, its history and events
 * on their way. */
typedef struct {
  grefcount count;
  GHashTable *index; /* (element-type JsonNode PracticeRecord): all that live, by their node */
  JsonNode *node;
  GBytes *text;
} PracticeRecord;

PracticeRecord *practice_record_new (GHashTable *index, JsonNode *node, GBytes *text);
PracticeRecord *practice_record_ref (PracticeRecord *self);
void practice_record_unref (PracticeRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeRecord, practice_record_unref)

G_END_DECLS

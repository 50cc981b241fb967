/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-record.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The last events of one resource, for watches that resume. */
typedef struct {
  GQueue events; /* (element-type PracticeHistoryEvent) */
  gsize bytes;   /* of their texts */
  guint64 from;  /* a watch can resume after this version or a later one */
} PracticeHistory;

typedef struct {
  PracticeEventType type;
  guint64 version;
  PracticeRecord *record;
  PracticeRecord *old; /* (nullable) */
} PracticeHistoryEvent;

void practice_history_init (PracticeHistory *self, guint64 from);
void practice_history_clear (PracticeHistory *self);
void practice_history_add (PracticeHistory *self,
                           PracticeEventType type,
                           guint64 version,
                           PracticeRecord *record,
                           PracticeRecord *old);
GPtrArray *
practice_history_dup_since (PracticeHistory *self, const char *resource, guint64 version);

G_END_DECLS

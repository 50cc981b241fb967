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

/* One state of an object. A tree of nodes takes ten times the room of its text, so that only the
 * last events have one: who has just written goes on with what it was handed. */
typedef struct {
  GBytes *text;           /* (nullable): there was none */
  PracticeRecord *record; /* (nullable): while it is one of the last */
} PracticeHistoryState;

typedef struct {
  PracticeEventType type;
  guint64 version;
  gint64 time; /* when it was added, monotonic */
  PracticeHistoryState object;
  PracticeHistoryState old;
} PracticeHistoryEvent;

void practice_history_init (PracticeHistory *self, guint64 from);
void practice_history_clear (PracticeHistory *self);
void practice_history_add (PracticeHistory *self,
                           PracticeEventType type,
                           guint64 version,
                           PracticeRecord *record,
                           PracticeRecord *old,
                           gint64 now);
/* Forgets what is old. Whether there is something that will be. */
gboolean practice_history_age (PracticeHistory *self, gint64 now);
gboolean practice_history_reaches (PracticeHistory *self, guint64 version);
GPtrArray *
practice_history_dup_since (PracticeHistory *self, const char *resource, guint64 version);

G_END_DECLS

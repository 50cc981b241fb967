/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-database.h"
#include "practice-history.h"
#include "practice-record.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The setting that is written with each object. */
#define PRACTICE_STORE_VERSION_SETTING "resourceVersion"

/* One resource: its objects by "namespace/name", in the order of a real server's lists. */
typedef struct {
  char *name;
  GQuark detail;
  GTree *objects; /* (element-type utf8 PracticeRecord) */
  PracticeHistory history;
} PracticeStoreResource;

struct _PracticeStore {
  GObject parent_instance;
  PracticeDatabase *database;
  GHashTable *resources; /* (element-type utf8 Resource) */
  GHashTable *records;   /* (element-type JsonNode PracticeRecord), neither owned */
  GQueue pending;        /* (element-type Pending) written, not yet told */
  gboolean telling;
  guint64 version;
  guint64 loaded_version;
  guint age_id; /* events get old */
};

/* (transfer full): "namespace/name". */
char *practice_store_make_key (const char *namespace_, const char *name);
PracticeStoreResource *practice_store_ensure_resource (PracticeStore *self, const char *name);
void practice_store_push (PracticeStore *self,
                          PracticeStoreResource *resource,
                          PracticeEventType type,
                          PracticeRecord *record,
                          PracticeRecord *old);
void practice_store_tell (PracticeStore *self);
/* There is an event that will be old. */
void practice_store_watch_age (PracticeStore *self);

G_END_DECLS

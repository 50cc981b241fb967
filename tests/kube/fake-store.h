/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Objects by resource, and what happened to them. */
typedef struct _FakeStore FakeStore;

typedef struct {
  guint64 version;
  char *type; /* ADDED, MODIFIED, DELETED */
  char *resource;
  char *namespace_; /* "" for none */
  char *object;
} FakeEvent;

FakeStore *fake_store_new (void);
void fake_store_free (FakeStore *self);
guint64 fake_store_get_version (FakeStore *self);
/* Events up to here are forgotten. */
guint64 fake_store_get_compacted (FakeStore *self);
void fake_store_compact (FakeStore *self);
/* Moves the version on, as changes of other resources do. */
void fake_store_advance (FakeStore *self);

/* (transfer none): stores a copy of @object; gives it a uid and a version */
const FakeEvent *fake_store_put (FakeStore *self, const char *resource, JsonNode *object);
/* NULL where there is none */
const FakeEvent *
fake_store_remove (FakeStore *self, const char *resource, const char *namespace_, const char *name);
JsonNode *
fake_store_get (FakeStore *self, const char *resource, const char *namespace_, const char *name);
/* (element-type JsonNode) in the order of etcd's keys; @namespace NULL: all */
GPtrArray *fake_store_list (FakeStore *self, const char *resource, const char *namespace_);
/* (element-type FakeEvent) those after @version */
GPtrArray *fake_store_events (FakeStore *self, guint64 version);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeStore, fake_store_free)

G_END_DECLS

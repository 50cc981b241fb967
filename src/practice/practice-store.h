/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The state of the cluster: every object, one counter for resourceVersion, kept in SQLite (WAL),
 * served from memory. Written to disk before a write returns. Used by the API server and, beside
 * it, by the controllers. Main thread only. */
#define PRACTICE_TYPE_STORE (practice_store_get_type ())
G_DECLARE_FINAL_TYPE (PracticeStore, practice_store, PRACTICE, STORE, GObject)

#define PRACTICE_STORE_ERROR (practice_store_error_quark ())
GQuark practice_store_error_quark (void);
typedef enum {
  PRACTICE_STORE_ERROR_NOT_FOUND,
  PRACTICE_STORE_ERROR_EXISTS,
  PRACTICE_STORE_ERROR_CONFLICT,
  PRACTICE_STORE_ERROR_IO,
  PRACTICE_STORE_ERROR_DAMAGED, /* the file is none of ours, or no longer */
} PracticeStoreError;

typedef enum {
  PRACTICE_EVENT_ADDED,
  PRACTICE_EVENT_MODIFIED,
  PRACTICE_EVENT_DELETED
} PracticeEventType;

PracticeStore *practice_store_new (const char *path, GError **error);

/* @resource is "group/plural", core is "/pods": "/services", "apps/deployments",
 * "networking.istio.io/virtualservices". Objects are stored once, in the storage version;
 * @namespace NULL for cluster-scoped ones and, in a list, for all. Nodes handed out are the store's
 * own: never change them, copy first (base_json_copy). */
JsonNode *practice_store_get (PracticeStore *self,
                              const char *resource,
                              const char *namespace_,
                              const char *name);
GPtrArray *practice_store_list (PracticeStore *self, const char *resource, const char *namespace_);
/* Only those whose names begin with @prefix. */
GPtrArray *practice_store_list_prefixed (PracticeStore *self,
                                         const char *resource,
                                         const char *namespace_,
                                         const char *prefix);
guint practice_store_count (PracticeStore *self, const char *resource);
/* Takes @object, sets uid, creationTimestamp and resourceVersion. Returns what is stored (transfer
 * none). */
JsonNode *
practice_store_create (PracticeStore *self, const char *resource, JsonNode *object, GError **error);
/* @expected_version nullable: else must equal the stored one. An update that changes nothing is no
 * event and no new version. */
JsonNode *practice_store_update (PracticeStore *self,
                                 const char *resource,
                                 JsonNode *object,
                                 const char *expected_version,
                                 GError **error);
gboolean practice_store_delete (PracticeStore *self,
                                const char *resource,
                                const char *namespace_,
                                const char *name,
                                GError **error);
guint64 practice_store_get_version (PracticeStore *self);

/* (transfer none) (nullable): the JSON text of an object that the store handed out. */
GBytes *practice_store_get_text (PracticeStore *self, JsonNode *object);

/* Signal "event" (PracticeEventType type, const char *resource, JsonNode *object, JsonNode *old
 * nullable), after the write is on disk, in order of resourceVersion. A DELETED object carries the
 * version of its deletion. Its detail is the resource: "event::/pods". */

/* Events after @version for a watch that resumes; NULL where they are no longer kept (410).
 * (element-type PracticeStoreEvent) */
typedef struct {
  PracticeEventType type;
  guint64 version;
  char *resource;
  JsonNode *object;
  JsonNode *old; /* nullable */
} PracticeStoreEvent;
void practice_store_event_free (PracticeStoreEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeStoreEvent, practice_store_event_free)
/* Whether they are kept. */
gboolean
practice_store_keeps_events_since (PracticeStore *self, const char *resource, guint64 version);
GPtrArray *
practice_store_dup_events_since (PracticeStore *self, const char *resource, guint64 version);

/* Forgets all events: who asks for those after an earlier version gets NULL. Signal "expired". */
void practice_store_expire (PracticeStore *self);

/* Small settings of ours beside the objects: certificates, token, addresses given out. */
char *practice_store_dup_setting (PracticeStore *self, const char *key);
gboolean practice_store_set_setting (PracticeStore *self,
                                     const char *key,
                                     const char *value,
                                     GError **error);

G_END_DECLS

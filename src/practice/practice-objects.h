/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-deletion.h"
#include "practice-registry.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What an API server does between a request and the store: defaults, validation, versions,
 * namespaces, deletion. Errors are Statuses. All objects are stored ones, in the storage version.
 */
#define PRACTICE_TYPE_OBJECTS (practice_objects_get_type ())
G_DECLARE_FINAL_TYPE (PracticeObjects, practice_objects, PRACTICE, OBJECTS, GObject)

typedef enum {
  PRACTICE_PART_WHOLE,
  PRACTICE_PART_STATUS,
  PRACTICE_PART_APPROVAL
} PracticePart;

/* How something is written. All zero, or a NULL for it: by one who need not be noted, as a whole.
 */
typedef struct {
  PracticePart part;
  gboolean dry_run;               /* nothing is to be stored */
  const char *manager;            /* (nullable): who is to own what changes */
  const PracticeVersion *version; /* in which; not NULL where there is a manager */
  gboolean applied;               /* the object says itself who owns what */
  const PracticeUser *user;       /* (nullable): who writes it */
} PracticeWrite;

PracticeObjects *practice_objects_new (PracticeStore *store, PracticeRegistry *registry);
PracticeStore *practice_objects_get_store (PracticeObjects *self);
PracticeRegistry *practice_objects_get_registry (PracticeObjects *self);

JsonNode *practice_objects_find (PracticeObjects *self,
                                 PracticeResource *resource,
                                 const char *namespace_,
                                 const char *name,
                                 GError **error);
/* @object (transfer full) is in a served version. Returns (transfer full). */
JsonNode *practice_objects_create (PracticeObjects *self,
                                   PracticeResource *resource,
                                   const char *namespace_,
                                   JsonNode *object,
                                   const PracticeWrite *write,
                                   GError **error);
JsonNode *practice_objects_update (PracticeObjects *self,
                                   PracticeResource *resource,
                                   const char *namespace_,
                                   const char *name,
                                   JsonNode *object,
                                   const PracticeWrite *write,
                                   GError **error);
/* Returns (transfer full) the object; @removed: it is gone, not only marked. */
JsonNode *practice_objects_delete (PracticeObjects *self,
                                   PracticeResource *resource,
                                   const char *namespace_,
                                   const char *name,
                                   const PracticeDeletion *deletion,
                                   gboolean *removed,
                                   GError **error);
/* (transfer full) both: a change as it is, of a controller. */
JsonNode *practice_objects_store (PracticeObjects *self,
                                  PracticeResource *resource,
                                  JsonNode *object,
                                  GError **error);

G_END_DECLS

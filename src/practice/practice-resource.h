/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-kind.h"
#include "practice-schema.h"

G_BEGIN_DECLS

/* One version in which a resource is served. */
typedef struct {
  char *name;
  char *api_version;        /* "apps/v1" */
  const PracticeType *type; /* (nullable): a custom resource has none */
  JsonNode *schema;         /* (nullable): openAPIV3Schema of a custom resource */
  GPtrArray *columns;       /* (nullable) (element-type PracticeCustomColumn) */
  gboolean has_status;
  JsonNode *scale; /* (nullable): the paths of a custom resource's scale */
} PracticeVersion;

/* A resource as requests name it: /apis/GROUP/VERSION/[namespaces/NAMESPACE/]PLURAL. Immutable,
 * reference counted, since a definition may go while a watch of it is open. */
typedef struct {
  gatomicrefcount count;
  char *group;
  char *plural;
  char *singular;
  char *kind;
  char *list_kind;
  char *store_name; /* of the store: "group/plural" */
  char *storage_api_version;
  GStrv short_names;
  GStrv categories;
  gboolean namespaced;
  gboolean prunes;     /* what the schema of a custom resource does not know is dropped */
  GPtrArray *versions; /* (element-type PracticeVersion) served, the preferred first */
  const PracticeKind *kind_class; /* (nullable): NULL for a custom resource */
} PracticeResource;

PracticeResource *practice_resource_new_builtin (const PracticeKind *kind, PracticeSchema *schema);
/* Of a CustomResourceDefinition in its storage version, v1. */
PracticeResource *practice_resource_new_custom (JsonNode *definition);
PracticeResource *practice_resource_ref (PracticeResource *self);
void practice_resource_unref (PracticeResource *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeResource, practice_resource_unref)

const PracticeVersion *practice_resource_find_version (PracticeResource *self, const char *name);
gboolean practice_resource_is_custom (PracticeResource *self);
/* "deployments.apps", "pods" */
char *practice_resource_dup_qualified (PracticeResource *self);
/* "Deployment.apps", "Pod" */
char *practice_resource_dup_qualified_kind (PracticeResource *self);

JsonNode *practice_resource_to_storage (PracticeResource *self, JsonNode *object);
JsonNode *practice_resource_from_storage (PracticeResource *self,
                                          const PracticeVersion *version,
                                          JsonNode *stored);

G_END_DECLS

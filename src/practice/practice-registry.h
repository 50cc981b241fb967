/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "practice-resource.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* Every resource that is served now: the server's own, and those that the
 * CustomResourceDefinitions in the store define. */
#define PRACTICE_TYPE_REGISTRY (practice_registry_get_type ())
G_DECLARE_FINAL_TYPE (PracticeRegistry, practice_registry, PRACTICE, REGISTRY, GObject)

#define PRACTICE_DEFINITIONS "apiextensions.k8s.io/customresourcedefinitions"

PracticeRegistry *practice_registry_new (PracticeStore *store);
PracticeStore *practice_registry_get_store (PracticeRegistry *self);
PracticeSchema *practice_registry_get_schema (PracticeRegistry *self);

/* (transfer none) (nullable): @version is set to the served version. */
PracticeResource *practice_registry_find (PracticeRegistry *self,
                                          const char *group,
                                          const char *version_name,
                                          const char *plural,
                                          const PracticeVersion **version);
PracticeResource *
practice_registry_find_kind (PracticeRegistry *self, const char *group, const char *kind);
/* The first that keeps its objects under @store_name. */
PracticeResource *practice_registry_find_stored (PracticeRegistry *self, const char *store_name);
/* (element-type PracticeResource): all, in the order of discovery. */
GPtrArray *practice_registry_get_resources (PracticeRegistry *self);

G_END_DECLS

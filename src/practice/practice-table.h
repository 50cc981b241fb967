/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

/* What goes with each row. */
typedef enum {
  PRACTICE_INCLUDE_METADATA,
  PRACTICE_INCLUDE_NONE,
  PRACTICE_INCLUDE_OBJECT,
} PracticeInclude;

/* How objects of one resource in one version become a meta.k8s.io Table. */
typedef struct {
  PracticeResource *resource;
  const PracticeVersion *version;
  const char *form_version;
  PracticeInclude include;
} PracticeTable;

/* @metadata (transfer full) is the list's; @objects (element-type JsonNode) are stored ones. */
JsonNode *practice_table_new_node (const PracticeTable *self,
                                   JsonNode *metadata,
                                   GPtrArray *objects,
                                   gboolean with_columns);
/* Of an object in the version asked for. */
JsonNode *practice_partial_metadata_new (JsonNode *object, const char *form_version);

G_END_DECLS

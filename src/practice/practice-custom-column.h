/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "base-json-path.h"

G_BEGIN_DECLS

/* A column that a CustomResourceDefinition adds to the table of its objects. */
typedef struct {
  char *name;
  char *type;
  char *format;
  char *description;
  gint64 priority;
  BaseJsonPath *path;
} PracticeCustomColumn;

/* (nullable) @columns: additionalPrinterColumns. Without any there is an Age, as a real server
 * adds it. */
GPtrArray *practice_custom_columns_new (JsonArray *columns);
/* The cell of @object: null where there is nothing. */
JsonNode *practice_custom_column_make_cell (PracticeCustomColumn *self, JsonNode *object);

G_END_DECLS

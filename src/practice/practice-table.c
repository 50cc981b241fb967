/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-table.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-custom-column.h"

/* What kinds without columns of their own show. */
static const PracticeColumn default_columns[] = {
  { "Name", "string", "name", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_column (JsonArray *array,
            const char *name,
            const char *type,
            const char *format,
            const char *description,
            gint64 priority)
{
  JsonObject *column = json_object_new ();

  json_object_set_string_member (column, "name", name);
  json_object_set_string_member (column, "type", type);
  json_object_set_string_member (column, "format", format != NULL ? format : "");
  json_object_set_string_member (column, "description", description != NULL ? description : "");
  json_object_set_int_member (column, "priority", priority);
  json_array_add_object_element (array, column);
}

static JsonArray *
make_columns (const PracticeTable *self)
{
  JsonArray *array = json_array_new ();
  const PracticeColumn *columns = default_columns;

  if (practice_resource_is_custom (self->resource)) {
    add_column (array, "Name", "string", "name", NULL, 0);
    for (guint i = 0; i < self->version->columns->len; i++) {
      PracticeCustomColumn *column = self->version->columns->pdata[i];

      add_column (array, column->name, column->type, column->format, column->description,
                  column->priority);
    }
    return array;
  }
  if (self->resource->kind_class->columns != NULL)
    columns = self->resource->kind_class->columns;
  for (guint i = 0; columns[i].name != NULL; i++)
    add_column (array, columns[i].name, columns[i].type, columns[i].format, NULL,
                columns[i].priority);
  return array;
}

static JsonArray *
make_cells (const PracticeTable *self, JsonNode *stored)
{
  JsonArray *cells = json_array_new ();
  const PracticeKind *kind = self->resource->kind_class;

  if (kind != NULL && kind->add_cells != NULL) {
    kind->add_cells (stored, cells);
    return cells;
  }
  json_array_add_string_element (cells, base_metadata_get_name (stored));
  if (kind != NULL) {
    g_autofree char *age =
      practice_age_dup_since (base_json_get_string (stored, "metadata", "creationTimestamp", NULL));

    json_array_add_string_element (cells, age);
    return cells;
  }
  for (guint i = 0; i < self->version->columns->len; i++)
    json_array_add_element (
      cells, practice_custom_column_make_cell (self->version->columns->pdata[i], stored));
  return cells;
}

static void
add_row (const PracticeTable *self, JsonArray *rows, JsonNode *stored)
{
  JsonObject *row = json_object_new ();

  json_object_set_array_member (row, "cells", make_cells (self, stored));
  if (self->include != PRACTICE_INCLUDE_NONE) {
    g_autoptr (JsonNode) object =
      practice_resource_from_storage (self->resource, self->version, stored);

    json_object_set_member (row, "object",
                            self->include == PRACTICE_INCLUDE_OBJECT
                              ? json_node_copy (object)
                              : practice_partial_metadata_new (object, self->form_version));
  }
  json_array_add_object_element (rows, row);
}

/**
 * practice_table_new_node:
 * @self: how rows are made
 * @metadata: (transfer full): that of the list
 * @objects: (element-type JsonNode): stored objects
 * @with_columns: whether it tells its columns, too
 *
 * Returns: (transfer full): the Table
 */
JsonNode *
practice_table_new_node (const PracticeTable *self,
                         JsonNode *metadata,
                         GPtrArray *objects,
                         gboolean with_columns)
{
  JsonObject *table = json_object_new ();
  JsonArray *rows = json_array_new ();
  g_autofree char *api_version = g_strconcat ("meta.k8s.io/", self->form_version, NULL);

  json_object_set_string_member (table, "kind", "Table");
  json_object_set_string_member (table, "apiVersion", api_version);
  json_object_set_member (table, "metadata", metadata);
  if (with_columns)
    json_object_set_array_member (table, "columnDefinitions", make_columns (self));
  else
    json_object_set_null_member (table, "columnDefinitions");
  for (guint i = 0; i < objects->len; i++)
    add_row (self, rows, objects->pdata[i]);
  json_object_set_array_member (table, "rows", rows);
  return base_json_take_object (table);
}

/**
 * practice_partial_metadata_new:
 * @object: an object in the version asked for
 * @form_version: "v1" or "v1beta1" of meta.k8s.io
 *
 * Returns: (transfer full): its PartialObjectMetadata; shares the metadata with @object
 */
JsonNode *
practice_partial_metadata_new (JsonNode *object, const char *form_version)
{
  JsonObject *partial = json_object_new ();
  g_autofree char *api_version = g_strconcat ("meta.k8s.io/", form_version, NULL);
  JsonNode *metadata = base_json_get (object, "metadata", NULL);

  json_object_set_string_member (partial, "kind", "PartialObjectMetadata");
  json_object_set_string_member (partial, "apiVersion", api_version);
  if (metadata != NULL)
    json_object_set_member (partial, "metadata", json_node_copy (metadata));
  return base_json_take_object (partial);
}

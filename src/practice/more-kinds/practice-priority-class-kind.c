/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Value", "string", "", 0 },
  { "Global-Default", "boolean", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_number (JsonArray *cells, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);

  json_array_add_string_element (cells, text);
}

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  add_number (cells, base_json_get_int (object, 0, "value", NULL));
  json_array_add_boolean_element (cells,
                                  base_json_get_boolean (object, FALSE, "globalDefault", NULL));
  practice_cells_add_age (cells, object);
}

const PracticeKind practice_priority_class_kind = {
  .group = "scheduling.k8s.io",
  .plural = "priorityclasses",
  .singular = "priorityclass",
  .kind = "PriorityClass",
  .versions = { "v1" },
  .types = { "PriorityClass" },
  .short_names = { "pc" },
  .columns = columns,
  .add_cells = add_cells,
};

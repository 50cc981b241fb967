/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"

/* How many ports and addresses are shown. */
#define MAX_SHOWN 3

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 }, { "AddressType", "string", "", 0 },
  { "Ports", "string", "", 0 },    { "Endpoints", "string", "", 0 },
  { "Age", "string", "", 0 },      { NULL },
};

static void
append (GString *text, guint *count, const char *value)
{
  if (++*count <= MAX_SHOWN)
    g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", value);
}

static void
add_text (JsonArray *cells, GString *text, guint count, const char *nothing)
{
  if (count > MAX_SHOWN)
    g_string_append_printf (text, " + %u more...", count - MAX_SHOWN);
  json_array_add_string_element (cells, count > 0 ? text->str : nothing);
}

static void
add_ports (JsonArray *cells, JsonNode *slice)
{
  JsonArray *ports = base_json_get_array (slice, "ports", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autofree char *number = g_strdup_printf (
      "%" G_GINT64_FORMAT, base_json_get_int (json_array_get_element (ports, i), 0, "port", NULL));

    append (text, &count, number);
  }
  add_text (cells, text, count, "<unset>");
}

static void
add_endpoints (JsonArray *cells, JsonNode *slice)
{
  JsonArray *endpoints = base_json_get_array (slice, "endpoints", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < base_json_get_length (endpoints); i++) {
    JsonArray *addresses =
      base_json_get_array (json_array_get_element (endpoints, i), "addresses", NULL);

    for (guint j = 0; j < base_json_get_length (addresses); j++)
      append (text, &count, json_array_get_string_element (addresses, j));
  }
  add_text (cells, text, count, "<unset>");
}

static void
add_cells (JsonNode *slice, JsonArray *cells)
{
  practice_cells_add_name (cells, slice);
  json_array_add_string_element (cells, base_json_get_string (slice, "addressType", NULL));
  add_ports (cells, slice);
  add_endpoints (cells, slice);
  practice_cells_add_age (cells, slice);
}

const PracticeKind practice_endpoint_slice_kind = {
  .group = "discovery.k8s.io",
  .plural = "endpointslices",
  .singular = "endpointslice",
  .kind = "EndpointSlice",
  .versions = { "v1" },
  .types = { "EndpointSlice" },
  .namespaced = TRUE,
  .has_generation = TRUE,
  .columns = columns,
  .add_cells = add_cells,
};

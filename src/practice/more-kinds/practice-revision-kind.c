/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Controller", "string", "", 0 },
  { "Revision", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

/* (nullable): "daemonset.apps/kube-proxy" */
static char *
dup_controller (JsonNode *revision)
{
  JsonArray *owners = base_json_get_array (revision, "metadata", "ownerReferences", NULL);

  for (guint i = 0; i < base_json_get_length (owners); i++) {
    JsonNode *owner = json_array_get_element (owners, i);
    const char *version = base_json_get_string (owner, "apiVersion", NULL);
    const char *kind = base_json_get_string (owner, "kind", NULL);
    const char *slash = version != NULL ? strchr (version, '/') : NULL;
    g_autofree char *lower = kind != NULL ? g_ascii_strdown (kind, -1) : NULL;

    if (lower != NULL && base_json_get_boolean (owner, FALSE, "controller", NULL))
      return g_strdup_printf (
        "%s%s%.*s/%s", lower, slash != NULL ? "." : "", slash != NULL ? (int)(slash - version) : 0,
        version != NULL ? version : "", base_json_get_string (owner, "name", NULL));
  }

  return NULL;
}

static void
add_cells (JsonNode *revision, JsonArray *cells)
{
  g_autofree char *controller = dup_controller (revision);
  g_autofree char *number =
    g_strdup_printf ("%" G_GINT64_FORMAT, base_json_get_int (revision, 0, "revision", NULL));

  practice_cells_add_name (cells, revision);
  practice_cells_add_or_none (cells, controller);
  json_array_add_string_element (cells, number);
  practice_cells_add_age (cells, revision);
}

static void
validate (JsonNode *revision, JsonNode *old, PracticeCauses *causes)
{
  practice_validation_not_negative (base_json_get_int (revision, 0, "revision", NULL), "revision",
                                    causes);
  if (old != NULL &&
      !base_json_equal (base_json_get (revision, "data", NULL), base_json_get (old, "data", NULL)))
    practice_causes_invalid_node (causes, "data", base_json_get (revision, "data", NULL),
                                  "field is immutable");
}

const PracticeKind practice_revision_kind = {
  .group = "apps",
  .plural = "controllerrevisions",
  .singular = "controllerrevision",
  .kind = "ControllerRevision",
  .versions = { "v1" },
  .types = { "ControllerRevision" },
  .namespaced = TRUE,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};

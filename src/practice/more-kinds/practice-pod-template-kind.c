/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-pod-defaults.h"
#include "practice-pod-validation.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Containers", "string", "", 0 },
  { "Images", "string", "", 0 },
  { "Pod Labels", "string", "", 0 },
  { NULL },
};

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  practice_cells_add_containers (cells, base_json_get (object, "template", "spec", NULL));
  practice_cells_add_labels (cells,
                             base_json_get_object (object, "template", "metadata", "labels", NULL));
}

static void
set_defaults (JsonNode *object)
{
  JsonNode *spec = base_json_get (object, "template", "spec", NULL);

  if (spec != NULL)
    practice_pod_defaults_apply (spec);
}

static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonNode *template_ = base_json_get (object, "template", NULL);

  practice_pod_validation_check_template (template_, "template", causes);
  if (base_json_get (template_, "spec", NULL) == NULL)
    practice_causes_required (causes, "template.spec.containers", NULL);
}

const PracticeKind practice_pod_template_kind = {
  .group = "",
  .plural = "podtemplates",
  .singular = "podtemplate",
  .kind = "PodTemplate",
  .versions = { "v1" },
  .types = { "PodTemplate" },
  .namespaced = TRUE,
  .has_generation = TRUE,
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};

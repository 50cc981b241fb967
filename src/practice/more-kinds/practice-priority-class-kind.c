/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

#define SYSTEM_PREFIX "system-"
/* What a person may ask for; above are the cluster's own classes. */
#define MAX_USER_VALUE 1000000000

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Value", "string", "", 0 },
  { "Global-Default", "boolean", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  practice_cells_add_number (cells, base_json_get_int (object, 0, "value", NULL));
  json_array_add_boolean_element (cells,
                                  base_json_get_boolean (object, FALSE, "globalDefault", NULL));
  practice_cells_add_age (cells, object);
}

/* (transfer full) (nullable): why @name is none of the classes that a cluster is born with */
static char *
dup_system_refusal (JsonNode *object, const char *name)
{
  static const struct {
    const char *name;
    gint64 value;
  } known[] = {
    { "system-node-critical", 2000001000 },
    { "system-cluster-critical", 2000000000 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++) {
    if (!g_str_equal (name, known[i].name))
      continue;
    if (base_json_get_int (object, 0, "value", NULL) != known[i].value)
      return g_strdup_printf ("value of %s PriorityClass must be %" G_GINT64_FORMAT, name,
                              known[i].value);
    if (base_json_get_boolean (object, FALSE, "globalDefault", NULL))
      return g_strdup_printf ("globalDefault of %s PriorityClass must be false", name);
    return NULL;
  }
  return g_strdup_printf ("%s is not a known system priority class", name);
}

static void
validate_system_name (JsonNode *object, const char *name, PracticeCauses *causes)
{
  g_autofree char *refusal = dup_system_refusal (object, name);
  g_autofree char *words = NULL;

  if (refusal == NULL)
    return;
  words = g_strdup_printf ("priority class names with '" SYSTEM_PREFIX
                           "' prefix are reserved for system use only. error: %s",
                           refusal);
  practice_causes_forbidden (causes, "metadata.name", words);
}

static void
validate_update (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  const char *policy = base_json_get_string (object, "preemptionPolicy", NULL);

  if (base_json_get_int (object, 0, "value", NULL) != base_json_get_int (old, 0, "value", NULL))
    practice_causes_forbidden (causes, "Value", "may not be changed in an update.");
  if (g_strcmp0 (policy, base_json_get_string (old, "preemptionPolicy", NULL)) != 0)
    practice_causes_invalid (causes, "preemptionPolicy", policy, "field is immutable");
}

/* k8s.io/kubernetes/pkg/apis/scheduling/validation: an update is looked at for what it changes. */
static void
validate (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  static const char *const policies[] = { "PreemptLowerPriority", "Never", NULL };
  const char *name = base_metadata_get_name (object);

  if (old != NULL) {
    validate_update (object, old, causes);
    return;
  }
  if (name != NULL && g_str_has_prefix (name, SYSTEM_PREFIX))
    validate_system_name (object, name, causes);
  else if (base_json_get_int (object, 0, "value", NULL) > MAX_USER_VALUE)
    practice_causes_forbidden (
      causes, "value",
      "maximum allowed value of a user defined priority is " G_STRINGIFY (MAX_USER_VALUE));
  practice_validation_one_of (base_json_get_string (object, "preemptionPolicy", NULL),
                              "preemptionPolicy", FALSE, policies, causes);
}

static void
set_defaults (JsonNode *object)
{
  JsonObject *members = json_node_get_object (object);

  if (!json_object_has_member (members, "preemptionPolicy"))
    json_object_set_string_member (members, "preemptionPolicy", "PreemptLowerPriority");
}

const PracticeKind practice_priority_class_kind = {
  .group = "scheduling.k8s.io",
  .plural = "priorityclasses",
  .singular = "priorityclass",
  .kind = "PriorityClass",
  .versions = { "v1" },
  .types = { "PriorityClass" },
  .short_names = { "pc" },
  .set_defaults = set_defaults,
  .validate = validate,
  .columns = columns,
  .add_cells = add_cells,
};

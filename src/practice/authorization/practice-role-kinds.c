/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-validation.h"

#define GROUP "rbac.authorization.k8s.io"

static const PracticeColumn role_columns[] = {
  { "Name", "string", "name", 0 },
  { "Created At", "date", "", 0 },
  { NULL },
};

static const PracticeColumn binding_columns[] = {
  { "Name", "string", "name", 0 },
  { "Role", "string", "", 0 },
  { "Age", "string", "", 0 },
  { "Users", "string", "", 1 },
  { "Groups", "string", "", 1 },
  { "ServiceAccounts", "string", "", 1 },
  { NULL },
};

static void
add_role_cells (JsonNode *object, JsonArray *cells)
{
  practice_cells_add_name (cells, object);
  practice_cells_add_created (cells, object);
}

/* The subjects of one kind, "a, b". */
static void
add_subjects (JsonNode *object, const char *kind, JsonArray *cells)
{
  JsonArray *subjects = base_json_get_array (object, "subjects", NULL);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (subjects); i++) {
    JsonNode *subject = json_array_get_element (subjects, i);
    const char *namespace_ = base_json_get_string (subject, "namespace", NULL);

    if (g_strcmp0 (base_json_get_string (subject, "kind", NULL), kind) != 0)
      continue;
    if (list->len > 0)
      g_string_append (list, ", ");
    if (namespace_ != NULL && g_str_equal (kind, "ServiceAccount"))
      g_string_append_printf (list, "%s/", namespace_);
    g_string_append (list, base_json_get_string (subject, "name", NULL));
  }
  json_array_add_string_element (cells, list->str);
}

static void
add_binding_cells (JsonNode *object, JsonArray *cells)
{
  g_autofree char *role =
    g_strdup_printf ("%s/%s", base_json_get_string (object, "roleRef", "kind", NULL),
                     base_json_get_string (object, "roleRef", "name", NULL));

  practice_cells_add_name (cells, object);
  json_array_add_string_element (cells, role);
  practice_cells_add_age (cells, object);
  add_subjects (object, "User", cells);
  add_subjects (object, "Group", cells);
  add_subjects (object, "ServiceAccount", cells);
}

static gboolean
is_empty_list (JsonNode *rule, const char *member)
{
  JsonArray *array = base_json_get_array (rule, member, NULL);

  return base_json_get_length (array) == 0;
}

static void
require_list (
  JsonNode *rule, guint i, const char *member, const char *detail, PracticeCauses *causes)
{
  g_autofree char *field = practice_validation_field ("rules[%u].%s", i, member);

  if (is_empty_list (rule, member))
    practice_causes_required (causes, field, detail);
}

static void
validate_rule (JsonNode *rule, guint i, gboolean namespaced, PracticeCauses *causes)
{
  g_autofree char *urls = practice_validation_field ("rules[%u].nonResourceURLs", i);

  require_list (rule, i, "verbs", "verbs must contain at least one value", causes);
  if (!is_empty_list (rule, "nonResourceURLs")) {
    JsonNode *value = base_json_get (rule, "nonResourceURLs", NULL);

    if (namespaced)
      practice_causes_invalid_node (causes, urls, value,
                                    "namespaced rules cannot apply to non-resource URLs");
    if (!is_empty_list (rule, "apiGroups") || !is_empty_list (rule, "resources") ||
        !is_empty_list (rule, "resourceNames"))
      practice_causes_invalid_node (
        causes, urls, value, "rules cannot apply to both regular resources and non-resource URLs");
    return;
  }
  require_list (rule, i, "apiGroups", "resource rules must supply at least one api group", causes);
  require_list (rule, i, "resources", "resource rules must supply at least one resource", causes);
}

static void
validate_rules (JsonNode *object, gboolean namespaced, PracticeCauses *causes)
{
  JsonArray *rules = base_json_get_array (object, "rules", NULL);

  for (guint i = 0; i < base_json_get_length (rules); i++)
    validate_rule (json_array_get_element (rules, i), i, namespaced, causes);
}

static void
validate_role (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_rules (object, TRUE, causes);
}

static void
validate_cluster_role (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_rules (object, FALSE, causes);
}

/* https://github.com/kubernetes/kubernetes/blob/v1.20.2/pkg/apis/rbac/v1/defaults.go */
static void
set_role_defaults (JsonNode *object)
{
  JsonObject *role = json_node_get_object (object);

  /* Go writes a list that is not there as null, and null is what clients see. */
  if (!json_object_has_member (role, "rules"))
    json_object_set_null_member (role, "rules");
}

static void
set_group_default (JsonNode *node, const char *kind)
{
  const char *group = g_strcmp0 (kind, "ServiceAccount") == 0 ? NULL : GROUP;

  if (group != NULL && base_json_get_string (node, "apiGroup", NULL) == NULL)
    json_object_set_string_member (json_node_get_object (node), "apiGroup", group);
}

static void
set_binding_defaults (JsonNode *object)
{
  JsonArray *subjects = base_json_get_array (object, "subjects", NULL);
  JsonNode *role = base_json_get (object, "roleRef", NULL);

  if (role != NULL && JSON_NODE_HOLDS_OBJECT (role))
    set_group_default (role, NULL);
  for (guint i = 0; i < base_json_get_length (subjects); i++) {
    JsonNode *subject = json_array_get_element (subjects, i);

    set_group_default (subject, base_json_get_string (subject, "kind", NULL));
  }
}

static void
validate_subject (JsonNode *subject, guint i, gboolean namespaced, PracticeCauses *causes)
{
  static const char *const kinds[] = { "ServiceAccount", "User", "Group", NULL };
  g_autofree char *name_field = practice_validation_field ("subjects[%u].name", i);
  g_autofree char *kind_field = practice_validation_field ("subjects[%u].kind", i);
  g_autofree char *namespace_field = practice_validation_field ("subjects[%u].namespace", i);
  const char *name = base_json_get_string (subject, "name", NULL);
  const char *kind = base_json_get_string (subject, "kind", NULL);

  if (name == NULL)
    practice_causes_required (causes, name_field, NULL);
  if (kind == NULL || !g_strv_contains (kinds, kind))
    practice_causes_unsupported (causes, kind_field, kind != NULL ? kind : "", kinds);
  else if (g_str_equal (kind, "ServiceAccount") && !namespaced &&
           base_json_get_string (subject, "namespace", NULL) == NULL)
    practice_causes_required (causes, namespace_field, NULL);
}

static void
validate_role_reference (JsonNode *object, gboolean namespaced, PracticeCauses *causes)
{
  static const char *const all[] = { "Role", "ClusterRole", NULL };
  const char *const *kinds = namespaced ? all : all + 1;
  static const char *const groups[] = { GROUP, NULL };
  const char *kind = base_json_get_string (object, "roleRef", "kind", NULL);
  const char *group = base_json_get_string (object, "roleRef", "apiGroup", NULL);

  if (g_strcmp0 (group, GROUP) != 0)
    practice_causes_unsupported (causes, "roleRef.apiGroup", group != NULL ? group : "", groups);
  if (kind == NULL || !g_strv_contains (kinds, kind))
    practice_causes_unsupported (causes, "roleRef.kind", kind != NULL ? kind : "", kinds);
  if (base_json_get_string (object, "roleRef", "name", NULL) == NULL)
    practice_causes_required (causes, "roleRef.name", NULL);
}

static void
validate_any_binding (JsonNode *object, JsonNode *old, gboolean namespaced, PracticeCauses *causes)
{
  JsonArray *subjects = base_json_get_array (object, "subjects", NULL);

  validate_role_reference (object, namespaced, causes);
  for (guint i = 0; i < base_json_get_length (subjects); i++)
    validate_subject (json_array_get_element (subjects, i), i, namespaced, causes);
  if (old != NULL && !base_json_equal (base_json_get (object, "roleRef", NULL),
                                       base_json_get (old, "roleRef", NULL)))
    practice_causes_invalid_node (causes, "roleRef", base_json_get (object, "roleRef", NULL),
                                  "cannot change roleRef");
}

static void
validate_binding (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_any_binding (object, old, TRUE, causes);
}

static void
validate_cluster_binding (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  validate_any_binding (object, old, FALSE, causes);
}

const PracticeKind practice_role_kind = {
  .group = GROUP,
  .plural = "roles",
  .singular = "role",
  .kind = "Role",
  .versions = { "v1" },
  .types = { "Role" },
  .namespaced = TRUE,
  .set_defaults = set_role_defaults,
  .validate = validate_role,
  .columns = role_columns,
  .add_cells = add_role_cells,
};

const PracticeKind practice_role_binding_kind = {
  .group = GROUP,
  .plural = "rolebindings",
  .singular = "rolebinding",
  .kind = "RoleBinding",
  .versions = { "v1" },
  .types = { "RoleBinding" },
  .namespaced = TRUE,
  .set_defaults = set_binding_defaults,
  .validate = validate_binding,
  .columns = binding_columns,
  .add_cells = add_binding_cells,
};

const PracticeKind practice_cluster_role_kind = {
  .group = GROUP,
  .plural = "clusterroles",
  .singular = "clusterrole",
  .kind = "ClusterRole",
  .versions = { "v1" },
  .types = { "ClusterRole" },
  .set_defaults = set_role_defaults,
  .validate = validate_cluster_role,
  .columns = role_columns,
  .add_cells = add_role_cells,
};

const PracticeKind practice_cluster_role_binding_kind = {
  .group = GROUP,
  .plural = "clusterrolebindings",
  .singular = "clusterrolebinding",
  .kind = "ClusterRoleBinding",
  .versions = { "v1" },
  .types = { "ClusterRoleBinding" },
  .set_defaults = set_binding_defaults,
  .validate = validate_cluster_binding,
  .columns = binding_columns,
  .add_cells = add_binding_cells,
};

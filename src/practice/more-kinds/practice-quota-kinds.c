/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-json.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-quantity.h"
#include "practice-validation.h"

/*
 * LimitRange and ResourceQuota.
 */
static const PracticeColumn range_columns[] = {
  { "Name", "string", "name", 0 },
  { "Created At", "date", "", 0 },
  { NULL },
};

static const PracticeColumn quota_columns[] = {
  { "Name", "string", "name", 0 },
  { "Age", "string", "", 0 },
  { "Request", "string", "", 0 },
  { "Limit", "string", "", 0 },
  { NULL },
};

/* What a quota may name without a slash. */
static const char *const standard[] = {
  "configmaps",
  "cpu",
  "ephemeral-storage",
  "limits.cpu",
  "limits.ephemeral-storage",
  "limits.memory",
  "memory",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "requests.cpu",
  "requests.ephemeral-storage",
  "requests.memory",
  "requests.storage",
  "resourcequotas",
  "secrets",
  "services",
  "services.loadbalancers",
  "services.nodeports",
  NULL,
};

/* Of these there are whole numbers only. */
static const char *const counted[] = {
  "configmaps",
  "persistentvolumeclaims",
  "pods",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "services",
  "services.loadbalancers",
  "services.nodeports",
  NULL,
};

static const char *const scopes[] = { "BestEffort",    "NotBestEffort", "NotTerminating",
                                      "PriorityClass", "Terminating",   NULL };

static void
add_range_cells (JsonNode *range, JsonArray *cells)
{
  practice_cells_add_name (cells, range);
  practice_cells_add_created (cells, range);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static char *
dup_quantity (JsonNode *quantity)
{
  return practice_quantity_print (practice_quantity_read (quantity),
                                  practice_quantity_is_binary (quantity));
}

/* "requests.cpu: 100m/1, ..." */
static void
add_quota_cells (JsonNode *quota, JsonArray *cells)
{
  JsonObject *hard = base_json_get_object (quota, "status", "hard", NULL);
  g_autoptr (GList) names = hard != NULL ? json_object_get_members (hard) : NULL;
  g_autoptr (GString) requests = g_string_new (NULL);
  g_autoptr (GString) limits = g_string_new (NULL);

  names = g_list_sort (g_steal_pointer (&names), compare_names);
  for (GList *l = names; l != NULL; l = l->next) {
    GString *text = g_str_has_prefix (l->data, "limits.") ? limits : requests;
    g_autofree char *used = dup_quantity (base_json_get (quota, "status", "used", l->data, NULL));
    g_autofree char *most = dup_quantity (json_object_get_member (hard, l->data));

    g_string_append_printf (text, "%s%s: %s/%s", text->len > 0 ? ", " : "", (char *)l->data, used,
                            most);
  }
  practice_cells_add_name (cells, quota);
  practice_cells_add_age (cells, quota);
  json_array_add_string_element (cells, requests->str);
  json_array_add_string_element (cells, limits->str);
}

static void
fill_up (JsonNode *item, const char *member, const char *from)
{
  JsonObject *given = base_json_get_object (item, from, NULL);
  JsonObject *target;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (given == NULL)
    return;
  target = practice_object_ensure (item, member, NULL);
  json_object_iter_init (&iter, given);
  while (json_object_iter_next (&iter, &name, &value))
    if (!json_object_has_member (target, name))
      json_object_set_member (target, name, base_json_copy (value));
}

/* What may be used at most is given where nothing is said, and so on. */
static void
set_range_defaults (JsonNode *range)
{
  JsonArray *limits = base_json_get_array (range, "spec", "limits", NULL);

  for (guint i = 0; i < base_json_get_length (limits); i++) {
    JsonNode *item = json_array_get_element (limits, i);

    if (g_strcmp0 (base_json_get_string (item, "type", NULL), "Container") != 0)
      continue;
    fill_up (item, "default", "max");
    fill_up (item, "defaultRequest", "default");
    fill_up (item, "defaultRequest", "min");
  }
}

/* That one of two amounts is not greater than the other. */
static void
compare (JsonNode *item,
         const char *field,
         const char *lesser,
         const char *lesser_word,
         const char *greater,
         const char *greater_word,
         const char *blamed,
         PracticeCauses *causes)
{
  JsonObject *amounts = base_json_get_object (item, lesser, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (amounts == NULL)
    return;
  json_object_iter_init_ordered (&iter, amounts);
  while (json_object_iter_next_ordered (&iter, &name, &value)) {
    JsonNode *other = base_json_get (item, greater, name, NULL);
    g_autofree char *small = dup_quantity (value);
    g_autofree char *great = other != NULL ? dup_quantity (other) : NULL;
    g_autofree char *whole = g_strdup_printf ("%s.%s[%s]", field, blamed, name);
    g_autofree char *why = NULL;

    if (other == NULL || practice_quantity_read (value) <= practice_quantity_read (other))
      continue;
    why = g_strdup_printf ("%s value %s is greater than %s value %s", lesser_word, small,
                           greater_word, great);
    practice_causes_invalid (causes, whole, g_str_equal (blamed, lesser) ? small : great, why);
  }
}

static void
validate_item (JsonNode *item, const char *field, GHashTable *types, PracticeCauses *causes)
{
  static const char *const known[] = { "Container", "PersistentVolumeClaim", "Pod", NULL };
  g_autofree char *type_field = g_strconcat (field, ".type", NULL);
  g_autofree char *default_field = g_strconcat (field, ".default", NULL);
  g_autofree char *request_field = g_strconcat (field, ".defaultRequest", NULL);
  g_autofree char *limits_field = g_strconcat (field, ".limits", NULL);
  const char *type = base_json_get_string (item, "type", NULL);

  if (type == NULL)
    type = "";
  if (strchr (type, '/') == NULL && !g_strv_contains (known, type))
    practice_causes_invalid (causes, type_field, type,
                             "must be a standard limit type or fully qualified");
  if (!g_hash_table_add (types, (gpointer)type))
    practice_causes_duplicate (causes, type_field, type);
  if (g_str_equal (type, "Pod") && base_json_get (item, "default", NULL) != NULL)
    practice_causes_forbidden (causes, default_field, "may not be specified when `type` is 'Pod'");
  if (g_str_equal (type, "Pod") && base_json_get (item, "defaultRequest", NULL) != NULL)
    practice_causes_forbidden (causes, request_field, "may not be specified when `type` is 'Pod'");
  if (g_str_equal (type, "PersistentVolumeClaim") &&
      base_json_get (item, "min", "storage", NULL) == NULL &&
      base_json_get (item, "max", "storage", NULL) == NULL)
    practice_causes_required (
      causes, limits_field,
      "either minimum or maximum storage value is required, but neither was provided");
  compare (item, field, "min", "min", "max", "max", "min", causes);
  compare (item, field, "min", "min", "defaultRequest", "default request", "defaultRequest",
           causes);
  compare (item, field, "defaultRequest", "default request", "max", "max", "defaultRequest",
           causes);
  compare (item, field, "defaultRequest", "default request", "default", "default limit",
           "defaultRequest", causes);
  compare (item, field, "min", "min", "default", "default", "default", causes);
  compare (item, field, "default", "default", "max", "max", "default", causes);
}

static void
validate_range (JsonNode *range, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *limits = base_json_get_array (range, "spec", "limits", NULL);
  g_autoptr (GHashTable) types = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < base_json_get_length (limits); i++) {
    g_autofree char *field = g_strdup_printf ("spec.limits[%u]", i);

    validate_item (json_array_get_element (limits, i), field, types, causes);
  }
}

static void
validate_quota (JsonNode *quota, JsonNode *old, PracticeCauses *causes)
{
  JsonObject *hard = base_json_get_object (quota, "spec", "hard", NULL);
  JsonArray *given = base_json_get_array (quota, "spec", "scopes", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (hard != NULL) {
    json_object_iter_init_ordered (&iter, hard);
    while (json_object_iter_next_ordered (&iter, &name, &value)) {
      g_autofree char *field = g_strdup_printf ("spec.hard[%s]", name);
      g_autofree char *text = dup_quantity (value);

      if (strchr (name, '/') == NULL && !g_strv_contains (standard, name))
        practice_causes_invalid (causes, field, name, "must be a standard resource for quota");
      if (practice_quantity_read (value) < 0)
        practice_causes_invalid (causes, field, text, "must be greater than or equal to 0");
      if (g_strv_contains (counted, name) && practice_quantity_read (value) % 1000 != 0)
        practice_causes_invalid (causes, field, text, "must be an integer");
    }
  }
  for (guint i = 0; i < base_json_get_length (given); i++)
    if (!g_strv_contains (scopes, json_array_get_string_element (given, i)))
      practice_causes_invalid (causes, "spec.scopes", json_array_get_string_element (given, i),
                               "unsupported scope");
}

static void
prepare_quota (JsonNode *quota, JsonNode *old)
{
  if (old == NULL)
    json_object_set_object_member (json_node_get_object (quota), "status", json_object_new ());
}

const PracticeKind practice_limit_range_kind = {
  .group = "",
  .plural = "limitranges",
  .singular = "limitrange",
  .kind = "LimitRange",
  .versions = { "v1" },
  .types = { "LimitRange" },
  .short_names = { "limits" },
  .namespaced = TRUE,
  .set_defaults = set_range_defaults,
  .validate = validate_range,
  .columns = range_columns,
  .add_cells = add_range_cells,
};

const PracticeKind practice_resource_quota_kind = {
  .group = "",
  .plural = "resourcequotas",
  .singular = "resourcequota",
  .kind = "ResourceQuota",
  .versions = { "v1" },
  .types = { "ResourceQuota" },
  .short_names = { "quota" },
  .namespaced = TRUE,
  .has_status = TRUE,
  .prepare = prepare_quota,
  .validate = validate_quota,
  .columns = quota_columns,
  .add_cells = add_quota_cells,
};

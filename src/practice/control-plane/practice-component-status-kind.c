/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-kinds.h"
#include "practice-object.h"

#define PODS "/pods"
#define SYSTEM "kube-system"

/*
 * How the parts of the control plane are: an API server asks each when somebody looks, and keeps
 * nothing (k8s.io/kubernetes/pkg/registry/core/componentstatus). Here a part is well where one of
 * its pods is ready. The state is the API server's own, so what tells of it is there.
 */
static const struct {
  const char *name;
  const char *component; /* (nullable): the label of its pods */
  guint port;
  const char *well;
} parts[] = {
  { "controller-manager", "kube-controller-manager", 10252, "ok" },
  { "scheduler", "kube-scheduler", 10251, "ok" },
  { "etcd-0", NULL, 0, "{\"health\":\"true\"}" },
};

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },
  { "Status", "string", "", 0 },
  { "Message", "string", "", 0 },
  { "Error", "string", "", 0 },
  { NULL },
};

static gboolean
has_ready_pod (PracticeStore *store, const char *component)
{
  g_autoptr (GPtrArray) pods = practice_store_list_prefixed (store, PODS, SYSTEM, component);

  for (guint i = 0; i < pods->len; i++) {
    if (g_strcmp0 (base_metadata_get_label (pods->pdata[i], "component"), component) == 0 &&
        base_condition_is_true (pods->pdata[i], "Ready"))
      return TRUE;
  }
  return FALSE;
}

static JsonNode *
new_status (PracticeStore *store, guint part)
{
  JsonNode *node = practice_object_new ("v1", "ComponentStatus", NULL, parts[part].name);
  JsonArray *conditions = json_array_new ();
  JsonObject *condition = json_object_new ();
  gboolean well = parts[part].component == NULL || has_ready_pod (store, parts[part].component);

  json_object_set_null_member (base_json_get_object (node, "metadata", NULL), "creationTimestamp");
  json_object_set_string_member (condition, "type", "Healthy");
  json_object_set_string_member (condition, "status", well ? "True" : "False");
  if (well) {
    json_object_set_string_member (condition, "message", parts[part].well);
  } else {
    g_autofree char *message = g_strdup_printf (
      "Get \"http://127.0.0.1:%u/healthz\": dial tcp 127.0.0.1:%u: connect: connection refused",
      parts[part].port, parts[part].port);

    json_object_set_string_member (condition, "message", message);
  }
  json_array_add_object_element (conditions, condition);
  json_object_set_array_member (json_node_get_object (node), "conditions", conditions);
  return node;
}

static GPtrArray *
list_present (PracticeStore *store)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_ptr_array_add (all, new_status (store, i));
  return all;
}

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  JsonArray *conditions = base_json_get_array (object, "conditions", NULL);
  JsonNode *condition = json_array_get_element (conditions, 0);
  gboolean well = g_strcmp0 (base_json_get_string (condition, "status", NULL), "True") == 0;

  json_array_add_string_element (cells, base_metadata_get_name (object));
  json_array_add_string_element (cells, well ? "Healthy" : "Unhealthy");
  json_array_add_string_element (cells, base_json_get_string (condition, "message", NULL));
  json_array_add_string_element (cells, "");
}

const PracticeKind practice_component_status_kind = {
  .plural = "componentstatuses",
  .singular = "componentstatus",
  .kind = "ComponentStatus",
  .group = "",
  .versions = { "v1" },
  .types = { "ComponentStatus" },
  .short_names = { "cs" },
  .columns = columns,
  .add_cells = add_cells,
  .list_present = list_present,
};

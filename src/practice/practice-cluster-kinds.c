/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-cells.h"
#include "practice-kinds.h"
#include "practice-node-lease.h"
#include "practice-validation.h"

/*
 * Node, Namespace, Endpoints and Event.
 */
#define ROLE_PREFIX "node-role.kubernetes.io/"
#define ROLE_LABEL "kubernetes.io/role"

/* How many addresses of an Endpoints are shown. */
#define MAX_ENDPOINTS 3

static const PracticeColumn node_columns[] = {
  { "Name", "string", "name", 0 },
  { "Status", "string", "", 0 },
  { "Roles", "string", "", 0 },
  { "Age", "string", "", 0 },
  { "Version", "string", "", 0 },
  { "Internal-IP", "string", "", 1 },
  { "External-IP", "string", "", 1 },
  { "OS-Image", "string", "", 1 },
  { "Kernel-Version", "string", "", 1 },
  { "Container-Runtime", "string", "", 1 },
  { NULL },
};

static const PracticeColumn namespace_columns[] = {
  { "Name", "string", "name", 0 },
  { "Status", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const PracticeColumn endpoints_columns[] = {
  { "Name", "string", "name", 0 },
  { "Endpoints", "string", "", 0 },
  { "Age", "string", "", 0 },
  { NULL },
};

static const PracticeColumn event_columns[] = {
  { "Last Seen", "string", "", 0 },
  { "Type", "string", "", 0 },
  { "Reason", "string", "", 0 },
  { "Object", "string", "", 0 },
  { "Subobject", "string", "", 1 },
  { "Source", "string", "", 1 },
  { "Message", "string", "", 0 },
  { "First Seen", "string", "", 1 },
  { "Count", "string", "", 1 },
  { "Name", "string", "name", 1 },
  { NULL },
};

static const char *const node_fields[] = { "spec.unschedulable", NULL };
static const char *const namespace_fields[] = { "status.phase", NULL };
static const char *const namespace_subresources[] = { "finalize", NULL };
static const char *const event_fields[] = {
  "involvedObject.kind",
  "involvedObject.namespace",
  "involvedObject.name",
  "involvedObject.uid",
  "involvedObject.apiVersion",
  "involvedObject.resourceVersion",
  "involvedObject.fieldPath",
  "reason",
  "reportingComponent",
  "source",
  "type",
  NULL,
};

static void
add_node_status (JsonNode *node, JsonArray *cells)
{
  JsonArray *conditions = base_json_get_array (node, "status", "conditions", NULL);
  const char *word = "Unknown";
  g_autofree char *text = NULL;

  for (guint i = 0; i < base_json_get_length (conditions); i++) {
    JsonNode *condition = json_array_get_element (conditions, i);

    if (g_strcmp0 (base_json_get_string (condition, "type", NULL), "Ready") == 0)
      word = g_strcmp0 (base_json_get_string (condition, "status", NULL), "True") == 0 ? "Ready"
                                                                                       : "NotReady";
  }
  text = g_strconcat (
    word,
    base_json_get_boolean (node, FALSE, "spec", "unschedulable", NULL) ? ",SchedulingDisabled" : "",
    NULL);
  json_array_add_string_element (cells, text);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_node_roles (JsonNode *node, JsonArray *cells)
{
  JsonObject *labels = base_json_get_object (node, "metadata", "labels", NULL);
  g_autoptr (GPtrArray) roles = g_ptr_array_new ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (labels != NULL) {
    json_object_iter_init (&iter, labels);
    while (json_object_iter_next (&iter, &key, &value)) {
      if (g_str_has_prefix (key, ROLE_PREFIX) && key[strlen (ROLE_PREFIX)] != '\0')
        g_ptr_array_add (roles, (gpointer)(key + strlen (ROLE_PREFIX)));
      else if (g_str_equal (key, ROLE_LABEL) && *json_node_get_string (value) != '\0')
        g_ptr_array_add (roles, (gpointer)json_node_get_string (value));
    }
  }
  g_ptr_array_sort (roles, compare_names);
  g_ptr_array_add (roles, NULL);
  text = g_strjoinv (",", (GStrv)roles->pdata);
  practice_cells_add_or_none (cells, text);
}

static void
add_node_address (JsonNode *node, const char *type, JsonArray *cells)
{
  JsonArray *addresses = base_json_get_array (node, "status", "addresses", NULL);
  const char *found = NULL;

  for (guint i = 0; i < base_json_get_length (addresses) && found == NULL; i++) {
    JsonNode *address = json_array_get_element (addresses, i);

    if (g_strcmp0 (base_json_get_string (address, "type", NULL), type) == 0)
      found = base_json_get_string (address, "address", NULL);
  }
  practice_cells_add_or_none (cells, found);
}

static void
add_node_info (JsonNode *node, const char *member, JsonArray *cells)
{
  const char *text = base_json_get_string (node, "status", "nodeInfo", member, NULL);

  json_array_add_string_element (cells, text != NULL && *text != '\0' ? text : "<unknown>");
}

static void
add_node_cells (JsonNode *node, JsonArray *cells)
{
  const char *version = base_json_get_string (node, "status", "nodeInfo", "kubeletVersion", NULL);

  practice_cells_add_name (cells, node);
  add_node_status (node, cells);
  add_node_roles (node, cells);
  practice_cells_add_age (cells, node);
  json_array_add_string_element (cells, version != NULL ? version : "");
  add_node_address (node, "InternalIP", cells);
  add_node_address (node, "ExternalIP", cells);
  add_node_info (node, "osImage", cells);
  add_node_info (node, "kernelVersion", cells);
  add_node_info (node, "containerRuntimeVersion", cells);
}

static void
add_namespace_cells (JsonNode *namespace_, JsonArray *cells)
{
  practice_cells_add_name (cells, namespace_);
  json_array_add_string_element (cells, base_json_get_string (namespace_, "status", "phase", NULL));
  practice_cells_add_age (cells, namespace_);
}

/* A namespace stays until the garbage collector has emptied it and removes this. */
static void
prepare_namespace (JsonNode *namespace_, JsonNode *old)
{
  JsonObject *object = json_node_get_object (namespace_);
  JsonObject *spec, *status;
  JsonArray *finalizers;

  if (old != NULL) {
    JsonNode *kept = base_json_get (old, "spec", NULL);

    if (kept != NULL)
      json_object_set_member (object, "spec", base_json_copy (kept));
    return;
  }
  spec = json_object_new ();
  status = json_object_new ();
  finalizers = json_array_new ();
  json_array_add_string_element (finalizers, "kubernetes");
  json_object_set_array_member (spec, "finalizers", finalizers);
  json_object_set_object_member (object, "spec", spec);
  json_object_set_string_member (status, "phase", "Active");
  json_object_set_object_member (object, "status", status);
}

static void
append_endpoint (GString *text, guint *count, JsonNode *address, JsonNode *port)
{
  const char *ip = base_json_get_string (address, "ip", NULL);

  if (++*count > MAX_ENDPOINTS)
    return;
  if (text->len > 0)
    g_string_append_c (text, ',');
  g_string_append (text, ip != NULL ? ip : "");
  if (port != NULL)
    g_string_append_printf (text, ":%" G_GINT64_FORMAT, base_json_get_int (port, 0, "port", NULL));
}

static void
append_subset (GString *text, guint *count, JsonNode *subset)
{
  JsonArray *addresses = base_json_get_array (subset, "addresses", NULL);
  JsonArray *ports = base_json_get_array (subset, "ports", NULL);

  for (guint i = 0; base_json_get_length (ports) == 0 && i < base_json_get_length (addresses); i++)
    append_endpoint (text, count, json_array_get_element (addresses, i), NULL);
  for (guint i = 0; i < base_json_get_length (ports); i++) {
    for (guint j = 0; j < base_json_get_length (addresses); j++)
      append_endpoint (text, count, json_array_get_element (addresses, j),
                       json_array_get_element (ports, i));
  }
}

static void
add_endpoints_cells (JsonNode *endpoints, JsonArray *cells)
{
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < base_json_get_length (subsets); i++)
    append_subset (text, &count, json_array_get_element (subsets, i));
  if (count > MAX_ENDPOINTS)
    g_string_append_printf (text, " + %u more...", count - MAX_ENDPOINTS);
  practice_cells_add_name (cells, endpoints);
  practice_cells_add_or_none (cells, text->str);
  practice_cells_add_age (cells, endpoints);
}

static void
add_event_object (JsonNode *event, JsonArray *cells)
{
  const char *kind = base_json_get_string (event, "involvedObject", "kind", NULL);
  const char *name = base_json_get_string (event, "involvedObject", "name", NULL);
  g_autofree char *lower = g_ascii_strdown (kind != NULL ? kind : "", -1);
  g_autofree char *text = name != NULL ? g_strconcat (lower, "/", name, NULL) : g_strdup (lower);

  json_array_add_string_element (cells, text);
}

static void
add_event_source (JsonNode *event, JsonArray *cells)
{
  const char *component = base_json_get_string (event, "source", "component", NULL);
  const char *host = base_json_get_string (event, "source", "host", NULL);
  g_autofree char *text = g_strjoin (", ", component != NULL ? component : "", host, NULL);

  json_array_add_string_element (cells, text);
}

static void
add_event_time (JsonNode *event, const char *member, JsonArray *cells)
{
  const char *time = base_json_get_string (event, member, NULL);
  g_autofree char *age = NULL;

  if (time == NULL)
    time = base_json_get_string (event, "eventTime", NULL);
  age = practice_age_dup_since (time);
  json_array_add_string_element (cells, age);
}

static void
add_string (JsonArray *cells, const char *text)
{
  json_array_add_string_element (cells, text != NULL ? text : "");
}

static void
add_event_cells (JsonNode *event, JsonArray *cells)
{
  const char *message = base_json_get_string (event, "message", NULL);
  g_autofree char *stripped = g_strstrip (g_strdup (message != NULL ? message : ""));
  g_autofree char *count =
    g_strdup_printf ("%" G_GINT64_FORMAT, MAX (base_json_get_int (event, 1, "count", NULL), 1));

  add_event_time (event, "lastTimestamp", cells);
  add_string (cells, base_json_get_string (event, "type", NULL));
  add_string (cells, base_json_get_string (event, "reason", NULL));
  add_event_object (event, cells);
  add_string (cells, base_json_get_string (event, "involvedObject", "fieldPath", NULL));
  add_event_source (event, cells);
  add_string (cells, stripped);
  add_event_time (event, "firstTimestamp", cells);
  json_array_add_string_element (cells, count);
  practice_cells_add_name (cells, event);
}

static void
validate_event (JsonNode *event, JsonNode *old, PracticeCauses *causes)
{
  const char *own = base_metadata_get_namespace (event);
  const char *other = base_json_get_string (event, "involvedObject", "namespace", NULL);

  if (g_strcmp0 (own, other != NULL ? other : "default") != 0)
    practice_causes_invalid (causes, "involvedObject.namespace", other,
                             "does not match event.namespace");
}

const PracticeKind practice_node_kind = {
  .group = "",
  .plural = "nodes",
  .singular = "node",
  .kind = "Node",
  .versions = { "v1" },
  .types = { "Node" },
  .short_names = { "no" },
  .has_status = TRUE,
  .columns = node_columns,
  .add_cells = add_node_cells,
  .complete = practice_node_lease_complete_conditions,
  .selectable_fields = node_fields,
};

const PracticeKind practice_namespace_kind = {
  .group = "",
  .plural = "namespaces",
  .singular = "namespace",
  .kind = "Namespace",
  .versions = { "v1" },
  .types = { "Namespace" },
  .short_names = { "ns" },
  .has_status = TRUE,
  .prepare = prepare_namespace,
  .columns = namespace_columns,
  .add_cells = add_namespace_cells,
  .selectable_fields = namespace_fields,
  .subresources = namespace_subresources,
};

const PracticeKind practice_endpoints_kind = {
  .group = "",
  .plural = "endpoints",
  .singular = "endpoints",
  .kind = "Endpoints",
  .versions = { "v1" },
  .types = { "Endpoints" },
  .short_names = { "ep" },
  .namespaced = TRUE,
  .columns = endpoints_columns,
  .add_cells = add_endpoints_cells,
};

const PracticeKind practice_event_kind = {
  .group = "",
  .plural = "events",
  .singular = "event",
  .kind = "Event",
  .versions = { "v1" },
  .types = { "Event" },
  .short_names = { "ev" },
  .namespaced = TRUE,
  .validate = validate_event,
  .columns = event_columns,
  .add_cells = add_event_cells,
  .selectable_fields = event_fields,
};

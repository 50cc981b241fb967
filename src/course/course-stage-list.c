/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"
#include "course-check-private.h"
#include "course-kinds.h"
#include "course-stage.h"

static void
add (GArray *stages, CourseStage stage)
{
  g_array_append_val (stages, stage);
}

static void
list_reach (CourseCheck *check, gboolean by_number, GArray *stages)
{
  add (stages, COURSE_STAGE_SERVICE);
  add (stages, by_number ? COURSE_STAGE_ADDRESS : COURSE_STAGE_HOST_NAME);
  if (!by_number)
    add (stages, COURSE_STAGE_DNS);
  if (check->type == COURSE_CHECK_REACH && check->expect_blocked) {
    add (stages, COURSE_STAGE_BLOCKED);
    return;
  }
  add (stages, COURSE_STAGE_PORT);
  if (check->type == COURSE_CHECK_TRAFFIC)
    add (stages, COURSE_STAGE_SPLIT);
  else if (check->type == COURSE_CHECK_HTTP || check->send != NULL || check->reply != NULL)
    add (stages, COURSE_STAGE_ANSWER);
}

/* The API server asks a pod behind the Service itself. */
static void
list_proxy (GArray *stages)
{
  static const CourseStage all[] = { COURSE_STAGE_API, COURSE_STAGE_SERVICE, COURSE_STAGE_SELECTED,
                                     COURSE_STAGE_READY, COURSE_STAGE_ANSWER };

  g_array_append_vals (stages, all, G_N_ELEMENTS (all));
}

/* Objects that are waited for in stages, by what a check asks of them: its last stage. */
static const struct {
  const char *plural;
  const char *path;  /* its beginning */
  const char *end;   /* (nullable) */
  const char *value; /* (nullable): any */
  guint n_stages;
  CourseStage stages[4];
} objects[] = {
  { "services",
    "$.status.loadBalancer.ingress[0]",
    NULL,
    NULL,
    2,
    { COURSE_STAGE_SERVICE, COURSE_STAGE_ADDRESS } },
  { "pods",
    "$.status.phase",
    NULL,
    "Running",
    3,
    { COURSE_STAGE_POD, COURSE_STAGE_NODE, COURSE_STAGE_RUNNING } },
  { "pods",
    "$.status.conditions[?(@.type==\"Ready\")].status",
    NULL,
    "True",
    4,
    { COURSE_STAGE_POD, COURSE_STAGE_NODE, COURSE_STAGE_RUNNING, COURSE_STAGE_READY } },
  { "pods",
    "$.status.containerStatuses[",
    "].ready",
    "True",
    4,
    { COURSE_STAGE_POD, COURSE_STAGE_NODE, COURSE_STAGE_RUNNING, COURSE_STAGE_READY } },
  { "pods",
    "$.spec.containers[?(@.name==\"istio-proxy\")]",
    NULL,
    NULL,
    2,
    { COURSE_STAGE_POD, COURSE_STAGE_SIDECAR } },
  { "nodes",
    "$.status.conditions[?(@.type==\"Ready\")].status",
    NULL,
    "True",
    3,
    { COURSE_STAGE_JOINED, COURSE_STAGE_REPORTS, COURSE_STAGE_READY } },
  { "endpoints",
    "$.subsets[*].addresses[*]",
    NULL,
    NULL,
    3,
    { COURSE_STAGE_ENDPOINTS, COURSE_STAGE_SELECTED, COURSE_STAGE_READY } },
  { "deployments",
    "$.status.availableReplicas",
    NULL,
    NULL,
    3,
    { COURSE_STAGE_DEPLOYMENT, COURSE_STAGE_REPLICAS, COURSE_STAGE_AVAILABLE } },
  { "namespaces",
    "$.status.phase",
    NULL,
    "Active",
    2,
    { COURSE_STAGE_NAMESPACE, COURSE_STAGE_ACTIVE } },
  { "customresourcedefinitions",
    "$.status.conditions[?(@.type==\"Established\")].status",
    NULL,
    "True",
    2,
    { COURSE_STAGE_DEFINITION, COURSE_STAGE_SERVED } },
};

/* Objects whose being there is waited for, since others make them than who takes the step. */
static const struct {
  const char *plural;
  gboolean has_namespace;
  CourseStage stage;
} presences[] = {
  { "namespaces", FALSE, COURSE_STAGE_NAMESPACE },
  { "customresourcedefinitions", FALSE, COURSE_STAGE_DEFINITION },
  { "nodes", FALSE, COURSE_STAGE_JOINED },
  { "services", TRUE, COURSE_STAGE_SERVICE },
  { "deployments", TRUE, COURSE_STAGE_DEPLOYMENT },
  { "endpoints", TRUE, COURSE_STAGE_ENDPOINTS },
  { "pods", TRUE, COURSE_STAGE_POD },
};

static gboolean
expects (CourseCheck *check, const char *value)
{
  if (value == NULL)
    return check->match != COURSE_MATCH_ABSENT && check->match != COURSE_MATCH_COUNT;
  if (check->match != COURSE_MATCH_EQUALS)
    return FALSE;
  return g_strcmp0 (base_json_get_string (check->expected, NULL), value) == 0 ||
         (g_str_equal (value, "True") && base_json_get_boolean (check->expected, FALSE, NULL));
}

static gboolean
has_path (const char *path, const char *begin, const char *end)
{
  return g_str_has_prefix (path, begin) && (end == NULL || g_str_has_suffix (path, end));
}

static void
list_values (CourseCheck *check, const char *plural, GArray *stages)
{
  g_autofree char *path =
    g_strdelimit (g_strdup (base_json_path_get_expression (check->path)), "'", '"');

  for (guint i = 0; i < G_N_ELEMENTS (objects); i++) {
    if (g_str_equal (objects[i].plural, plural) &&
        has_path (path, objects[i].path, objects[i].end) && expects (check, objects[i].value)) {
      g_array_append_vals (stages, objects[i].stages, objects[i].n_stages);
      return;
    }
  }
}

/* So many pods, or more: a Deployment makes them, or whoever wants a single one. */
static void
list_count (gboolean by_deployment, GArray *stages)
{
  if (by_deployment)
    add (stages, COURSE_STAGE_DEPLOYMENT);
  add (stages, by_deployment ? COURSE_STAGE_REPLICAS : COURSE_STAGE_POD);
}

/* An object that a command makes in the course's own namespace is there when the command ends. */
static void
list_presence (CourseCheck *check, const char *plural, GArray *stages)
{
  for (guint i = 0; i < G_N_ELEMENTS (presences); i++)
    if (g_str_equal (presences[i].plural, plural) &&
        (!presences[i].has_namespace || check->namespace_ != NULL))
      add (stages, presences[i].stage);
}

static gboolean
is_for_some (CourseCheck *check)
{
  return check->match != COURSE_MATCH_ABSENT &&
         (check->match != COURSE_MATCH_COUNT || check->number > 0);
}

static gboolean
has_namespace (const char *plural)
{
  return !g_str_equal (plural, "namespaces") && !g_str_equal (plural, "nodes") &&
         !g_str_equal (plural, "customresourcedefinitions");
}

static void
list_objects (CourseCheck *check, gboolean by_deployment, GArray *stages)
{
  const char *plural = course_kinds_get_plural (check->resource);
  CourseStage namespace_ = COURSE_STAGE_NAMESPACE;

  if (plural == NULL || !is_for_some (check))
    return;
  if (check->path != NULL)
    list_values (check, plural, stages);
  else if (course_check_counts_objects (check) && g_str_equal (plural, "pods"))
    list_count (by_deployment, stages);
  else
    list_presence (check, plural, stages);
  if (stages->len > 0 && check->namespace_ != NULL && has_namespace (plural))
    g_array_prepend_val (stages, namespace_);
}

/**
 * course_stage_list:
 * @variant: what was found out of the objects
 *
 * Returns: (transfer full) (element-type CourseStage): the stages that @check waits for, in their
 *   order, the last of them what it asks for itself; empty where it is one look at an object, a
 *   file, or what a command has printed
 */
GArray *
course_stage_list (CourseCheck *check, CourseStageVariant variant)
{
  GArray *stages = g_array_new (FALSE, FALSE, sizeof (CourseStage));

  g_return_val_if_fail (COURSE_IS_CHECK (check), stages);

  if (check->type == COURSE_CHECK_RESOURCE)
    list_objects (check, (variant & COURSE_STAGES_BY_DEPLOYMENT) != 0, stages);
  else if (check->through_api)
    list_proxy (stages);
  else if (check->type != COURSE_CHECK_FILE && check->type != COURSE_CHECK_TERMINAL)
    list_reach (check, (variant & COURSE_STAGES_BY_NUMBER) != 0, stages);
  return stages;
}

/* https://kubernetes.io/docs/reference/kubernetes-api/service-resources/endpoints-v1/ */
static gboolean
leads_to_pod (JsonNode *endpoints)
{
  JsonArray *subsets = base_json_get_array (endpoints, "subsets", NULL);

  for (guint i = 0; i < base_json_get_length (subsets); i++) {
    JsonNode *subset = json_array_get_element (subsets, i);

    if (base_json_get_array (subset, "addresses", NULL) != NULL ||
        base_json_get_array (subset, "notReadyAddresses", NULL) != NULL)
      return TRUE;
  }
  return FALSE;
}

/* Of a stage that is not the last one, which the check judges itself. As a pod, a Deployment and a
 * node have it: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
static gboolean
is_reached (CourseStage stage, JsonNode *object)
{
  switch (stage) {
    case COURSE_STAGE_NODE:
      return base_json_get_string (object, "spec", "nodeName", NULL) != NULL;
    case COURSE_STAGE_RUNNING:
      return g_strcmp0 (base_json_get_string (object, "status", "phase", NULL), "Running") == 0;
    case COURSE_STAGE_REPLICAS:
      return base_json_get_int (object, 0, "status", "updatedReplicas", NULL) >=
             base_json_get_int (object, 1, "spec", "replicas", NULL);
    case COURSE_STAGE_SELECTED:
      return leads_to_pod (object);
    case COURSE_STAGE_REPORTS:
      /* it is "Unknown" once the node has gone silent
       * (https://kubernetes.io/docs/reference/node/node-status/#condition) */
      return base_condition_is_true (object, "Ready") ||
             g_strcmp0 (base_condition_get_status (object, "Ready"), "False") == 0;
    case COURSE_STAGE_NAMESPACE: /* it is there where an object of it is */
    case COURSE_STAGE_SERVICE:
    case COURSE_STAGE_POD:
    case COURSE_STAGE_ENDPOINTS:
    case COURSE_STAGE_DEPLOYMENT:
    case COURSE_STAGE_DEFINITION:
    case COURSE_STAGE_JOINED:
      return TRUE;
    case COURSE_STAGE_API:
    case COURSE_STAGE_ACTIVE:
    case COURSE_STAGE_SIDECAR:
    case COURSE_STAGE_ADDRESS:
    case COURSE_STAGE_HOST_NAME:
    case COURSE_STAGE_DNS:
    case COURSE_STAGE_PORT:
    case COURSE_STAGE_BLOCKED:
    case COURSE_STAGE_ANSWER:
    case COURSE_STAGE_SPLIT:
    case COURSE_STAGE_READY:
    case COURSE_STAGE_AVAILABLE:
    case COURSE_STAGE_SERVED:
    case COURSE_N_STAGES:
    default:
      return FALSE;
  }
}

static guint
count_in (CourseStage stage, GPtrArray *nodes)
{
  guint n = 0;

  for (guint i = 0; i < nodes->len; i++)
    n += is_reached (stage, g_ptr_array_index (nodes, i));
  return n;
}

/**
 * course_stage_count_reached:
 * @stages: (element-type CourseStage): of a check of objects
 * @nodes: (element-type JsonNode): the objects that the check singles out
 *
 * Returns: how many of the first @stages all of @nodes have come through; the last one is for the
 *   check itself to judge, and not counted
 */
guint
course_stage_count_reached (const GArray *stages, GPtrArray *nodes)
{
  guint n = 0;

  while (n + 1 < stages->len && nodes->len > 0 &&
         count_in (g_array_index (stages, CourseStage, n), nodes) == nodes->len)
    n++;
  return n;
}

/* Those that the check lets pass each by itself. */
static guint
count_passing (CourseCheck *check, GPtrArray *nodes)
{
  guint n = 0;

  for (guint i = 0; i < nodes->len; i++) {
    g_autoptr (GPtrArray) one = g_ptr_array_new ();

    g_ptr_array_add (one, g_ptr_array_index (nodes, i));
    n += course_check_judge (check, one, NULL);
  }
  return n;
}

/**
 * course_stage_count:
 * @check: a check of objects
 * @stage: that its objects have not all come through
 * @nodes: (element-type JsonNode): the objects
 * @is_last: whether @stage is what the check asks for itself
 * @n: (out): how many have
 *
 * Returns: how many there are, or should be; 0 or 1 where there is nothing to count
 */
guint
course_stage_count (
  CourseCheck *check, CourseStage stage, GPtrArray *nodes, gboolean is_last, guint *n)
{
  gboolean is_deployment =
    g_strcmp0 (course_kinds_get_plural (check->resource), "deployments") == 0;

  if (is_deployment && nodes->len == 1 &&
      (stage == COURSE_STAGE_REPLICAS || stage == COURSE_STAGE_AVAILABLE)) {
    JsonNode *deployment = g_ptr_array_index (nodes, 0);
    const char *key = stage == COURSE_STAGE_REPLICAS ? "updatedReplicas" : "availableReplicas";

    *n = (guint)CLAMP (base_json_get_int (deployment, 0, "status", key, NULL), 0, G_MAXINT);
    return (guint)CLAMP (base_json_get_int (deployment, 1, "spec", "replicas", NULL), 0, G_MAXINT);
  }
  if (is_last && course_check_counts_objects (check)) {
    *n = nodes->len;
    return (guint)check->number;
  }
  *n = is_last ? count_passing (check, nodes) : count_in (stage, nodes);
  return nodes->len;
}

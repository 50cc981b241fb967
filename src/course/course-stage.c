/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-stage.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-check-private.h"
#include "course-kinds.h"

/* Ids stand in files and reports, labels on the screen. */
static const struct {
  const char *id;
  const char *label;
} texts[] = {
  [COURSE_STAGE_SERVICE] = { "service", N_ ("Service") },
  /* Translators: a load balancer has got an IP address */
  [COURSE_STAGE_ADDRESS] = { "address", N_ ("Address") },
  /* Translators: a load balancer has got a host name */
  [COURSE_STAGE_HOST_NAME] = { "host-name", N_ ("Host name") },
  /* Translators: a host name can be looked up */
  [COURSE_STAGE_DNS] = { "dns", N_ ("DNS") },
  [COURSE_STAGE_PORT] = { "port", N_ ("Port open") },
  /* Translators: no connection can be made, as it should be */
  [COURSE_STAGE_BLOCKED] = { "blocked", N_ ("Blocked") },
  /* Translators: the answer is the expected one */
  [COURSE_STAGE_ANSWER] = { "answer", N_ ("Answer") },
  /* Translators: requests are split among versions as expected */
  [COURSE_STAGE_SPLIT] = { "split", N_ ("Split") },
  [COURSE_STAGE_POD] = { "pod", N_ ("Pod") },
  /* Translators: a pod was given a node to run on */
  [COURSE_STAGE_NODE] = { "node", N_ ("Node found") },
  [COURSE_STAGE_RUNNING] = { "running", N_ ("Running") },
  [COURSE_STAGE_ENDPOINTS] = { "endpoints", N_ ("Endpoints") },
  /* Translators: a Service leads to a pod, be it ready or not */
  [COURSE_STAGE_SELECTED] = { "selected", N_ ("Pod found") },
  [COURSE_STAGE_READY] = { "ready", N_ ("Ready") },
  [COURSE_STAGE_DEPLOYMENT] = { "deployment", N_ ("Deployment") },
  /* Translators: a Deployment has made its pods */
  [COURSE_STAGE_REPLICAS] = { "replicas", N_ ("Pods made") },
  [COURSE_STAGE_AVAILABLE] = { "available", N_ ("Available") },
  /* Translators: a kind of object was defined in the cluster */
  [COURSE_STAGE_DEFINITION] = { "definition", N_ ("Definition") },
  /* Translators: the cluster answers requests for a kind of object */
  [COURSE_STAGE_SERVED] = { "served", N_ ("Served") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (texts) == COURSE_N_STAGES);

/**
 * course_stage_get_id:
 *
 * Returns: what it is called in files and reports, such as "host-name"
 */
const char *
course_stage_get_id (CourseStage stage)
{
  g_return_val_if_fail (stage < COURSE_N_STAGES, NULL);

  return texts[stage].id;
}

/**
 * course_stage_get_label:
 *
 * Returns: what it is called for readers, in few words
 */
const char *
course_stage_get_label (CourseStage stage)
{
  g_return_val_if_fail (stage < COURSE_N_STAGES, NULL);

  return _ (texts[stage].label);
}

/**
 * course_stage_find:
 * @id: (nullable): as of course_stage_get_id()
 * @stage: (out): set where there is one
 *
 * Returns: whether there is such a stage
 */
gboolean
course_stage_find (const char *id, CourseStage *stage)
{
  for (guint i = 0; i < COURSE_N_STAGES; i++) {
    if (g_strcmp0 (texts[i].id, id) != 0)
      continue;
    *stage = (CourseStage)i;
    return TRUE;
  }
  return FALSE;
}

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

/* Not a file, what a command has printed, or what the API server is asked for. */
static gboolean
goes_to_address (CourseCheck *check)
{
  return check->type != COURSE_CHECK_FILE && check->type != COURSE_CHECK_TERMINAL &&
         !check->through_api;
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
  { "customresourcedefinitions",
    "$.status.conditions[?(@.type==\"Established\")].status",
    NULL,
    "True",
    2,
    { COURSE_STAGE_DEFINITION, COURSE_STAGE_SERVED } },
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
list_objects (CourseCheck *check, GArray *stages)
{
  const char *plural = course_kinds_get_plural (check->resource);
  g_autofree char *path = NULL;

  if (check->path == NULL || plural == NULL)
    return;
  path = g_strdelimit (g_strdup (base_json_path_get_expression (check->path)), "'", '"');
  for (guint i = 0; i < G_N_ELEMENTS (objects); i++) {
    if (g_str_equal (objects[i].plural, plural) &&
        has_path (path, objects[i].path, objects[i].end) && expects (check, objects[i].value)) {
      g_array_append_vals (stages, objects[i].stages, objects[i].n_stages);
      return;
    }
  }
}

/**
 * course_stage_list:
 * @by_number: of a Service whose load balancer has an IP address: it has no name that resolves
 *
 * Returns: (transfer full) (element-type CourseStage): the stages that @check waits for, in their
 *   order, the last of them what it asks for itself; empty where it is one look at an object
 */
GArray *
course_stage_list (CourseCheck *check, gboolean by_number)
{
  GArray *stages = g_array_new (FALSE, FALSE, sizeof (CourseStage));

  g_return_val_if_fail (COURSE_IS_CHECK (check), stages);

  if (check->type == COURSE_CHECK_RESOURCE)
    list_objects (check, stages);
  else if (goes_to_address (check))
    list_reach (check, by_number, stages);
  return stages;
}

/* https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ and
 * deployment-v1/ */
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
    case COURSE_STAGE_SERVICE:
    case COURSE_STAGE_POD:
    case COURSE_STAGE_ENDPOINTS:
    case COURSE_STAGE_DEPLOYMENT:
    case COURSE_STAGE_DEFINITION:
      return TRUE;
    case COURSE_STAGE_SELECTED:
      return leads_to_pod (object);
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

static gboolean
all_reached (CourseStage stage, GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    if (!is_reached (stage, g_ptr_array_index (nodes, i)))
      return FALSE;
  return nodes->len > 0;
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

  while (n + 1 < stages->len && all_reached (g_array_index (stages, CourseStage, n), nodes))
    n++;
  return n;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-metadata.h"
#include "practice-horizontal-scaler-conversion.h"
#include "test-cluster-objects.h"

#define TARGET "'scaleTargetRef':{'apiVersion':'apps/v1','kind':'Deployment','name':'web'}"

/* Of each kind of metric one, as a real server has shown them. */
#define OTHERS_V2                                                                                  \
  "{'type':'Resource','resource':{'name':'memory','target':{'averageValue':'500Mi','type':"        \
  "'AverageValue'}}},{'type':'Pods','pods':{'metric':{'name':'pps'},'target':{'averageValue':"     \
  "'1k','type':'AverageValue'}}},{'type':'Object','object':{'describedObject':{'kind':'Ingress',"  \
  "'name':'main'},'metric':{'name':'rps'},'target':{'value':'10k','type':'Value'}}},{'type':"      \
  "'External','external':{'metric':{'name':'q','selector':{'matchLabels':{'a':'b'}}},'target':{"   \
  "'averageValue':'30','type':'AverageValue'}}}"
#define CPU_V2                                                                                     \
  "{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization',"                    \
  "'averageUtilization':70}}}"
#define OTHERS_BETA                                                                                \
  "{'type':'Resource','resource':{'name':'memory','targetAverageValue':'500Mi'}},{'type':'Pods',"  \
  "'pods':{'metricName':'pps','targetAverageValue':'1k'}},{'type':'Object','object':{'target':{"   \
  "'kind':'Ingress','name':'main'},'metricName':'rps','targetValue':'10k'}},{'type':'External',"   \
  "'external':{'metricName':'q','metricSelector':{'matchLabels':{'a':'b'}},'targetAverageValue':"  \
  "'30'}}"

#define V2                                                                                         \
  "{'apiVersion':'autoscaling/v2','metadata':{'name':'h'},'spec':{" TARGET                         \
  ",'maxReplicas':7,'metrics':[" OTHERS_V2 "," CPU_V2                                              \
  "],'behavior':{'scaleUp':{'stabilizationWindowSeconds':0,'selectPolicy':'Max','policies':[{"     \
  "'type':'Pods','value':4,'periodSeconds':15}]},'scaleDown':{'selectPolicy':'Max','policies':[{"  \
  "'type':'Percent','value':10,'periodSeconds':60}]}}},'status':{'currentReplicas':1,"             \
  "'conditions':[{'type':'AbleToScale','status':'True'}]}}"

static const char *
get_note (JsonNode *scaler, const char *name)
{
  g_autofree char *note = g_strconcat ("autoscaling.alpha.kubernetes.io/", name, NULL);

  return base_metadata_get_annotation (scaler, note);
}

static void
assert_note (JsonNode *scaler, const char *name, const char *expected)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (expected), "'", '"');

  g_assert_cmpstr (get_note (scaler, name), ==, quoted);
}

/* What v1 has no field for is in its annotations, in the words of a real server. */
static void
test_v1 (void)
{
  g_autoptr (JsonNode) v1 =
    practice_horizontal_scaler_conversion_from_v2 (test_json (V2), "autoscaling/v1");
  g_autoptr (JsonNode) back = NULL;

  g_assert_cmpstr (base_json_get_string (v1, "apiVersion", NULL), ==, "autoscaling/v1");
  g_assert_cmpint (base_json_get_int (v1, 0, "spec", "targetCPUUtilizationPercentage", NULL), ==,
                   70);
  g_assert_null (base_json_get (v1, "spec", "metrics", NULL));
  g_assert_null (base_json_get (v1, "spec", "behavior", NULL));
  g_assert_null (base_json_get (v1, "status", "conditions", NULL));
  assert_note (v1, "metrics", "[" OTHERS_BETA "]");
  assert_note (
    v1, "behavior",
    "{'ScaleUp':{'StabilizationWindowSeconds':0,'SelectPolicy':'Max','Policies':[{'Type':'Pods',"
    "'Value':4,'PeriodSeconds':15}]},'ScaleDown':{'StabilizationWindowSeconds':null,"
    "'SelectPolicy':'Max','Policies':[{'Type':'Percent','Value':10,'PeriodSeconds':60}]}}");
  assert_note (v1, "conditions", "[{'type':'AbleToScale','status':'True'}]");
  back = practice_horizontal_scaler_conversion_to_v2 (base_json_copy (v1));
  test_json_assert_equal (back, V2);
}

static void
test_v2beta1 (void)
{
  g_autoptr (JsonNode) beta =
    practice_horizontal_scaler_conversion_from_v2 (test_json (V2), "autoscaling/v2beta1");
  g_autoptr (JsonNode) metrics = base_json_copy (base_json_get (beta, "spec", "metrics", NULL));
  g_autoptr (JsonNode) back = NULL;

  test_json_assert_equal (
    metrics, "[" OTHERS_BETA
             ",{'type':'Resource','resource':{'name':'cpu','targetAverageUtilization':70}}]");
  g_assert_nonnull (get_note (beta, "behavior"));
  g_assert_null (get_note (beta, "metrics"));
  back = practice_horizontal_scaler_conversion_to_v2 (base_json_copy (beta));
  test_json_assert_equal (back, V2);
}

static void
test_v2beta2 (void)
{
  g_autoptr (JsonNode) beta =
    practice_horizontal_scaler_conversion_from_v2 (test_json (V2), "autoscaling/v2beta2");
  g_autoptr (JsonNode) back = NULL;

  g_assert_cmpstr (base_json_get_string (beta, "apiVersion", NULL), ==, "autoscaling/v2beta2");
  json_object_set_null_member (base_json_get_object (beta, "status", NULL), "currentMetrics");
  back = practice_horizontal_scaler_conversion_to_v2 (base_json_copy (beta));
  test_json_assert_equal (back, V2);
}

/* Notes that somebody has spoiled are left out; of two shares of the CPU the first counts in v1. */
static void
test_odd (void)
{
  g_autoptr (JsonNode) spoiled = practice_horizontal_scaler_conversion_to_v2 (test_json (
    "{'apiVersion':'autoscaling/v1','metadata':{'name':'h','annotations':{'a':'b',"
    "'autoscaling.alpha.kubernetes.io/metrics':'{','autoscaling.alpha.kubernetes.io/behavior':"
    "'[]','autoscaling.alpha.kubernetes.io/conditions':'7'}},'spec':{'maxReplicas':2}}"));
  g_autoptr (JsonNode) two = practice_horizontal_scaler_conversion_from_v2 (
    test_json ("{'apiVersion':'autoscaling/v2','metadata':{},'spec':{'metrics':[" CPU_V2
               ",{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization',"
               "'averageUtilization':9}}}]}}"),
    "autoscaling/v1");

  test_json_assert_equal (spoiled, "{'apiVersion':'autoscaling/v2','metadata':{'name':'h',"
                                   "'annotations':{'a':'b'}},'spec':{'maxReplicas':2}}");
  test_json_assert_equal (two, "{'apiVersion':'autoscaling/v1','metadata':{},'spec':{"
                               "'targetCPUUtilizationPercentage':70}}");
}

static char *
dup_targets (TestObjects *fixture, JsonNode *stored)
{
  PracticeResource *resource =
    practice_registry_find_kind (fixture->registry, "autoscaling", "HorizontalPodAutoscaler");
  g_autoptr (JsonArray) cells = json_array_new ();

  resource->kind_class->add_cells (stored, cells);
  return g_strdup (json_array_get_string_element (cells, 2));
}

/* Whatever version it is written in, it is one object; what was stored before there was a v2 is
 * shown in all of them, too. */
static void
test_objects (TestObjects *fixture, gconstpointer data)
{
  static const struct {
    const char *version;
    const char *spec;
    const char *targets;
  } cases[] = {
    { "v1", "'maxReplicas':3", "<unknown>/80%" },
    { "v1", "'maxReplicas':3,'targetCPUUtilizationPercentage':60", "<unknown>/60%" },
    { "v2", "'maxReplicas':3", "<unknown>/80%" },
    { "v2", "'maxReplicas':3,'metrics':[" OTHERS_V2 "," CPU_V2 "]",
      "<unknown>/500Mi, <unknown>/1k + 3 more..." },
    { "v2beta1",
      "'maxReplicas':3,'metrics':[{'type':'External','external':{'metricName':'q',"
      "'targetAverageValue':'30'}}]",
      "<unknown>/30 (avg)" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
      g_strdup_printf ("{'apiVersion':'autoscaling/%s','kind':'HorizontalPodAutoscaler','metadata':"
                       "{'name':'h%u'},'spec':{" TARGET ",%s}}",
                       cases[i].version, i, cases[i].spec);
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) stored = test_objects_create (fixture, text, &error);
    g_autofree char *targets = NULL;

    g_assert_no_error (error);
    targets = dup_targets (fixture, stored);
    g_assert_cmpstr (targets, ==, cases[i].targets);
    g_assert_cmpint (base_json_get_int (stored, 0, "spec", "minReplicas", NULL), ==, 1);
  }
}

static void
test_stored_before (TestObjects *fixture, gconstpointer data)
{
  g_autoptr (JsonNode) stored =
    test_json ("{'apiVersion':'autoscaling/v1','kind':'HorizontalPodAutoscaler','metadata':{'name':"
               "'old'},'spec':{" TARGET ",'maxReplicas':3,'targetCPUUtilizationPercentage':40}}");
  PracticeResource *resource =
    practice_registry_find_kind (fixture->registry, "autoscaling", "HorizontalPodAutoscaler");
  const PracticeVersion *version = practice_resource_find_version (resource, "v2beta1");
  g_autoptr (JsonNode) shown = practice_resource_from_storage (resource, version, stored);
  g_autofree char *targets = dup_targets (fixture, stored);

  g_assert_cmpstr (targets, ==, "<unknown>/40%");
  g_assert_cmpint (base_json_get_int (json_array_get_element (
                                        base_json_get_array (shown, "spec", "metrics", NULL), 0),
                                      0, "resource", "targetAverageUtilization", NULL),
                   ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/horizontal-scaler/v1", test_v1);
  g_test_add_func ("/practice/horizontal-scaler/v2beta1", test_v2beta1);
  g_test_add_func ("/practice/horizontal-scaler/v2beta2", test_v2beta2);
  g_test_add_func ("/practice/horizontal-scaler/odd", test_odd);
  g_test_add ("/practice/horizontal-scaler/objects", TestObjects, NULL, test_objects_set_up,
              test_objects, test_objects_tear_down);
  g_test_add ("/practice/horizontal-scaler/stored-before", TestObjects, NULL, test_objects_set_up,
              test_stored_before, test_objects_tear_down);
  return g_test_run ();
}

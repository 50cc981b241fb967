/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-condition.h"

static void
test_evaluate (void)
{
  const CourseFacts facts = { .kubernetes = "v1.22.3+k3s1", .istio = "1.10.0", .place = "ssh" };
  static const struct {
    const char *when;
    CourseConditionResult result;
  } cases[] = {
    { "kubernetes<1.22", COURSE_CONDITION_FALSE },
    { "kubernetes<=1.22", COURSE_CONDITION_TRUE },
    { "kubernetes>1.22", COURSE_CONDITION_FALSE },
    { "kubernetes>=1.22", COURSE_CONDITION_TRUE },
    { "kubernetes = 1.22", COURSE_CONDITION_TRUE },
    { "kubernetes==1.22.3", COURSE_CONDITION_TRUE },
    { "kubernetes!=1.22.4", COURSE_CONDITION_TRUE },
    { "kubernetes<v1.22.10", COURSE_CONDITION_TRUE },
    { "kubernetes>=2", COURSE_CONDITION_FALSE },
    { "kubernetes>1", COURSE_CONDITION_FALSE },
    { "istio>=1.5", COURSE_CONDITION_TRUE },
    { "istio>1.9", COURSE_CONDITION_TRUE },
    { "place=ssh", COURSE_CONDITION_TRUE },
    { "place!=ssh", COURSE_CONDITION_FALSE },
    { "place=practice", COURSE_CONDITION_FALSE },
    { "place=ssh, istio>=1.5", COURSE_CONDITION_TRUE },
    { "place=ssh,istio<1.5", COURSE_CONDITION_FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].when);
    g_assert_cmpint (course_condition_evaluate (cases[i].when, &facts), ==, cases[i].result);
  }
}

/* What the cluster serves: groups, their versions, and the resources that were read. */
static void
test_api (void)
{
  const char *const apis[] = { "apps",
                               "apps/v1",
                               "extensions",
                               "extensions/v1beta1",
                               "networking.k8s.io",
                               "networking.k8s.io/v1",
                               "networking.k8s.io/v1/networkpolicies",
                               "networking.k8s.io/v1beta1",
                               "networking.k8s.io/v1beta1/ingresses",
                               "v1",
                               NULL };
  const CourseFacts facts = { .apis = apis };
  static const struct {
    const char *when;
    CourseConditionResult result;
  } cases[] = {
    { "api=networking.k8s.io/v1", COURSE_CONDITION_TRUE },
    { "api!=networking.k8s.io/v1", COURSE_CONDITION_FALSE },
    { "api == networking.k8s.io", COURSE_CONDITION_TRUE },
    { "api=v1", COURSE_CONDITION_TRUE },
    { "api=networking.k8s", COURSE_CONDITION_FALSE },
    { "api=networking.istio.io", COURSE_CONDITION_FALSE },
    { "api!=networking.istio.io/v1", COURSE_CONDITION_TRUE },
    /* Version v1 had no Ingress before Kubernetes 1.19. */
    { "api=networking.k8s.io/v1/ingresses", COURSE_CONDITION_FALSE },
    { "api!=networking.k8s.io/v1/ingresses", COURSE_CONDITION_TRUE },
    { "api=networking.k8s.io/v1beta1/ingresses", COURSE_CONDITION_TRUE },
    { "api=networking.k8s.io/v1/networkpolicies", COURSE_CONDITION_TRUE },
    { "api=networking.istio.io/v1/gateways", COURSE_CONDITION_FALSE },
    { "api=apps/v1/deployments", COURSE_CONDITION_UNKNOWN },
    { "api!=apps/v1/deployments", COURSE_CONDITION_UNKNOWN },
    { "api=apps/v1, api!=extensions/v1beta1", COURSE_CONDITION_FALSE },
    { "api=apps/v1/deployments, api!=v1", COURSE_CONDITION_FALSE },
    { "api=apps/v1, place=ssh", COURSE_CONDITION_UNKNOWN },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].when);
    g_assert_true (course_condition_validate (cases[i].when, NULL));
    g_assert_cmpint (course_condition_evaluate (cases[i].when, &facts), ==, cases[i].result);
  }
}

/* Of a Service's address from outside: what it is, and not where the cluster is. */
static void
test_address (void)
{
  const char *const addresses[] = { "redis=a1.elb.amazonaws.com", "mesh/gateway=10.0.0.7",
                                    "six=fd00::1", NULL };
  const CourseFacts facts = { .addresses = addresses, .place = "local" };
  static const struct {
    const char *when;
    CourseConditionResult result;
  } cases[] = {
    { "address:redis=name", COURSE_CONDITION_TRUE },
    { "address:redis=number", COURSE_CONDITION_FALSE },
    { "address:redis!=number", COURSE_CONDITION_TRUE },
    { "address:mesh/gateway=number", COURSE_CONDITION_TRUE },
    { "address:mesh/gateway = name", COURSE_CONDITION_FALSE },
    { "address:six=number, place=local", COURSE_CONDITION_TRUE },
    { "address:gateway=number", COURSE_CONDITION_UNKNOWN },
    { "address:redi=name", COURSE_CONDITION_UNKNOWN },
  };
  g_auto (GStrv) names =
    course_condition_list_services ("address:redis=name, place=ssh,address:mesh/gateway!=name");
  g_auto (GStrv) none = course_condition_list_services (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].when);
    g_assert_true (course_condition_validate (cases[i].when, NULL));
    g_assert_cmpint (course_condition_evaluate (cases[i].when, &facts), ==, cases[i].result);
  }
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "redis");
  g_assert_cmpstr (names[1], ==, "mesh/gateway");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
}

static void
test_unknown (void)
{
  const CourseFacts facts = { .place = "practice", .kubernetes = "who knows" };

  g_assert_cmpint (course_condition_evaluate ("istio>=1.5", &facts), ==, COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("kubernetes>=1", &facts), ==,
                   COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("api!=apps/v1", &facts), ==,
                   COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("place=practice", NULL), ==,
                   COURSE_CONDITION_UNKNOWN);
  g_assert_cmpint (course_condition_evaluate ("istio>=1.5,place=practice", &facts), ==,
                   COURSE_CONDITION_UNKNOWN);
  /* One that does not hold decides. */
  g_assert_cmpint (course_condition_evaluate ("istio>=1.5,place=ssh", &facts), ==,
                   COURSE_CONDITION_FALSE);
}

static void
test_validate (void)
{
  static const char *const wrong[] = {
    "",
    "kubernetes",
    "kubernetes<",
    "kubernetes<new",
    "moon=1",
    "place<ssh",
    "place=",
    "<1.2",
    "istio>=1.5,",
    ",",
    "kubernetes~1.2",
    "1.22>kubernetes",
    "api",
    "api=",
    "api>apps/v1",
    "api=Apps/v1",
    "api=apps/",
    "api=apps/new",
    "api=/v1",
    "api=apps//deployments",
    "api=apps/v1/",
    "api=apps/v1/deployments/scale",
    "api=v1/pods",
    "api=apps/v1 deployments",
    "!extensions/v1beta1",
    "address=number",
    "address:=number",
    "address:redis=10.0.0.1",
    "address:redis<number",
    "address:a/b/c=name",
    "address:Redis=name",
    "address:-a=name",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", wrong[i]);
    g_assert_false (course_condition_validate (wrong[i], &error));
    g_assert_nonnull (error);
    g_assert_cmpint (course_condition_evaluate (wrong[i], NULL), ==, COURSE_CONDITION_FALSE);
  }
  g_assert_true (course_condition_validate ("kubernetes>=1.19,place!=local", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/course/condition/evaluate", test_evaluate);
  g_test_add_func ("/course/condition/api", test_api);
  g_test_add_func ("/course/condition/address", test_address);
  g_test_add_func ("/course/condition/unknown", test_unknown);
  g_test_add_func ("/course/condition/validate", test_validate);

  return g_test_run ();
}

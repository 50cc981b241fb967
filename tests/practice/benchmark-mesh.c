/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <math.h>
#include <stdlib.h>

#include "test-mesh-pods.h"

#define REQUESTS 10000
#define ROUNDS 20

/* 99.9 % of a normal distribution lie within so many standard deviations. */
#define BAND 3.2905

/* How exact splits, delays and timeouts of sidecars are, and how many requests they take. No seed:
 * each run is another sample. */

static void
apply_rule (TestPods *pods, const char *rule)
{
  g_autofree char *yaml = g_strdup_printf (
    "{kind: VirtualService, metadata: {name: reviews}, spec: {hosts: [reviews], http: [%s]}}",
    rule);

  test_mesh_apply (&pods->mesh, yaml);
}

static gboolean
measure_split (TestPods *pods, guint share)
{
  g_autofree char *rule = g_strdup_printf (
    "{route: [{destination: {host: reviews, subset: v1}, weight: %u}, {destination: {host: "
    "reviews, subset: v3}, weight: %u}]}",
    share, 100 - share);
  double expected = REQUESTS * share / 100.0;
  double band = BAND * sqrt (expected * (100 - share) / 100.0);
  guint before = pods->reviews[0]->n_requests;
  gint64 start = g_get_monotonic_time ();
  double seconds;
  guint found;

  apply_rule (pods, rule);
  for (guint i = 0; i < REQUESTS; i++)
    g_free (test_pods_get (pods, "reviews:9080", "/reviews/0"));
  seconds = (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  found = pods->reviews[0]->n_requests - before;
  g_print ("split of %u/%u: %u of %u\n", share, 100 - share, found, REQUESTS);
  g_print ("band of 99.9 %%: %.0f to %.0f\n", expected - band, expected + band);
  g_print ("requests through a sidecar: %.0f a second\n", REQUESTS / seconds);
  return fabs (found - expected) <= band;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

static gboolean
measure_wait (TestPods *pods, const char *name, const char *rule, double expected)
{
  double times[ROUNDS];
  double median;

  apply_rule (pods, rule);
  for (guint i = 0; i < ROUNDS; i++) {
    gint64 start = g_get_monotonic_time ();

    g_free (test_pods_get (pods, "reviews:9080", "/reviews/0"));
    times[i] = (double)(g_get_monotonic_time () - start) / 1000;
  }
  qsort (times, ROUNDS, sizeof *times, compare);
  median = (times[ROUNDS / 2 - 1] + times[ROUNDS / 2]) / 2;
  g_print ("%s of %.0f ms: %.1f ms\n", name, expected, median);
  return fabs (median - expected) <= 30;
}

int
main (int argc, char *argv[])
{
  TestPods pods;
  gboolean is_good;

  test_pods_set_up (&pods, NULL);
  test_wait_finalize (g_steal_pointer (&pods.sidecar), 30);
  pods.sidecar = practice_sidecar_new (pods.mesh.store, pods.fabric, 0);
  practice_mesh_set_propagation (practice_sidecar_get_mesh (pods.sidecar), 0, 0);
  test_mesh_apply (&pods.mesh, TEST_REVIEWS_RULE);

  is_good = measure_split (&pods, 90);
  is_good = measure_split (&pods, 50) && is_good;
  is_good = measure_wait (&pods, "delay",
                          "{fault: {delay: {percent: 100, fixedDelay: 200ms}}, route: [{"
                          "destination: {host: reviews, subset: v1}}]}",
                          200) &&
            is_good;
  pods.reviews[0]->is_silent = TRUE;
  is_good =
    measure_wait (&pods, "timeout",
                  "{timeout: 0.2s, route: [{destination: {host: reviews, subset: v1}}]}", 200) &&
    is_good;
  test_pods_tear_down (&pods, NULL);
  return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}

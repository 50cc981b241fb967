/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-history.h"

static void
add (MeshHistory *history, gint64 asked_at, const char *version, guint latency)
{
  MeshAnswer answer = { .asked_at = asked_at,
                        .latency_ms = latency,
                        .status = 200,
                        .outcome =
                          *version != '\0' ? MESH_OUTCOME_REVIEWS : MESH_OUTCOME_REVIEWS_ERROR };

  g_strlcpy (answer.version, version, sizeof answer.version);
  mesh_history_add (history, &answer);
}

static void
changed_cb (MeshHistory *history, guint *n)
{
  (*n)++;
}

static void
test_counts (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  guint n_changed = 0, n_counts = 0;
  const MeshCount *counts;

  g_signal_connect (history, "changed", G_CALLBACK (changed_cb), &n_changed);
  add (history, 1, "v1", 10);
  add (history, 2, "v3", 30);
  add (history, 3, "v3", 20);
  add (history, 4, "", 40);
  g_assert_cmpuint (n_changed, ==, 4);
  g_assert_cmpuint (mesh_history_get_n (history), ==, 4);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 4);
  g_assert_cmpuint (mesh_history_get_n_errors (history), ==, 1);
  g_assert_cmpuint (mesh_history_get_n_told (history), ==, 3);
  g_assert_cmpuint (mesh_history_get_count (history, "v3"), ==, 2);
  g_assert_cmpuint (mesh_history_get_count (history, "v2"), ==, 0);
  counts = mesh_history_get_counts (history, &n_counts);
  g_assert_cmpuint (n_counts, ==, 2);
  g_assert_cmpstr (counts[0].version, ==, "v1");
  g_assert_cmpuint (mesh_history_get_latency (history, 0.5), ==, 20);
  g_assert_cmpuint (mesh_history_get_latency (history, 0.95), ==, 40);
  for (guint i = 0; i <= 4; i++)
    g_assert_false (mesh_history_is_marked (history, i));

  mesh_history_clear (history);
  g_assert_cmpuint (mesh_history_get_n (history), ==, 0);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 0);
  g_assert_cmpuint (mesh_history_get_latency (history, 0.5), ==, 0);
}

/* The ring forgets the oldest; the counts do not. */
static void
test_ring (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();

  for (guint i = 0; i < 250; i++)
    add (history, i, i % 2 == 0 ? "v1" : "v3", i);
  g_assert_cmpuint (mesh_history_get_n (history), ==, MESH_HISTORY_SIZE);
  g_assert_cmpuint (mesh_history_get (history, 0)->latency_ms, ==, 150);
  g_assert_cmpuint (mesh_history_get (history, 99)->latency_ms, ==, 249);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 250);
  g_assert_cmpuint (mesh_history_get_count (history, "v1"), ==, 125);
  /* of the hundred that are kept, from 150 to 249 */
  g_assert_cmpuint (mesh_history_get_latency (history, 0.95), ==, 244);
}

static void
assert_order (MeshHistory *history, const guint *latencies, guint n)
{
  g_assert_cmpuint (mesh_history_get_n (history), ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (mesh_history_get (history, i)->latency_ms, ==, latencies[i]);
}

/* What was asked before the new settings stands before the mark, also where it comes late. */
static void
test_mark (void)
{
  static const guint order[] = { 1, 2, 4, 3, 5 };
  g_autoptr (MeshHistory) history = mesh_history_new ();

  add (history, 10, "v1", 1);
  mesh_history_mark (history, 20);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 0);
  g_assert_true (mesh_history_is_marked (history, 1));
  add (history, 19, "v1", 2);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 0);
  g_assert_cmpuint (mesh_history_get_latency (history, 0.5), ==, 0);
  add (history, 20, "v3", 3);
  add (history, 15, "v1", 4);
  add (history, 21, "v3", 5);
  assert_order (history, order, G_N_ELEMENTS (order));
  g_assert_false (mesh_history_is_marked (history, 2));
  g_assert_true (mesh_history_is_marked (history, 3));
  g_assert_false (mesh_history_is_marked (history, 4));
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 2);
  g_assert_cmpuint (mesh_history_get_count (history, "v1"), ==, 0);
  g_assert_cmpuint (mesh_history_get_count (history, "v3"), ==, 2);
}

/* A drag is many changes; they are one mark until an answer comes. */
static void
test_marks_in_a_row (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  guint n_marks = 0;

  add (history, 1, "v1", 1);
  for (guint i = 0; i < 12; i++)
    mesh_history_mark (history, 100 + i);
  add (history, 105, "v1", 2);
  add (history, 111, "v3", 3);
  mesh_history_mark (history, 50);
  add (history, 112, "v3", 4);
  for (guint i = 0; i <= mesh_history_get_n (history); i++)
    n_marks += mesh_history_is_marked (history, i) ? 1 : 0;
  g_assert_cmpuint (n_marks, ==, 2);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 1);
}

/* The oldest go, with their marks, also where late ones are put in. */
static void
test_mark_in_ring (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();

  for (guint i = 0; i < 130; i++)
    add (history, i, "v1", i);
  mesh_history_mark (history, 1000);
  for (guint i = 0; i < 99; i++)
    add (history, 1000 + i, "v3", 1000 + i);
  g_assert_true (mesh_history_is_marked (history, 1));
  add (history, 130, "v1", 130);
  g_assert_cmpuint (mesh_history_get (history, 0)->latency_ms, ==, 130);
  g_assert_cmpuint (mesh_history_get (history, 1)->latency_ms, ==, 1000);
  add (history, 2000, "v3", 2000);
  g_assert_cmpuint (mesh_history_get (history, 0)->latency_ms, ==, 1000);
  for (guint i = 0; i <= MESH_HISTORY_SIZE; i++)
    g_assert_false (mesh_history_is_marked (history, i));
  /* too late to be shown at all */
  add (history, 131, "v1", 131);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 100);
}

/* More versions than can be shown are still counted as answers. */
static void
test_many_versions (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  guint n_counts;

  for (guint i = 0; i < 20; i++) {
    g_autofree char *version = g_strdup_printf ("v%u", i);

    add (history, i, version, i);
  }
  mesh_history_get_counts (history, &n_counts);
  g_assert_cmpuint (n_counts, ==, MESH_HISTORY_VERSIONS);
  g_assert_cmpuint (mesh_history_get_n_counted (history), ==, 20);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/mesh/history/counts", test_counts);
  g_test_add_func ("/mesh/history/ring", test_ring);
  g_test_add_func ("/mesh/history/mark", test_mark);
  g_test_add_func ("/mesh/history/marks-in-a-row", test_marks_in_a_row);
  g_test_add_func ("/mesh/history/mark-in-ring", test_mark_in_ring);
  g_test_add_func ("/mesh/history/many-versions", test_many_versions);

  return g_test_run ();
}

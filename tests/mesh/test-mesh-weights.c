/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "mesh-undo.h"
#include "mesh-merge.h"
#include "mesh-weights.h"

static void
assert_values (MeshWeights *weights, const int *expected, gsize n_expected)
{
  g_assert_cmpuint (mesh_weights_get_n (weights), ==, n_expected);
  for (gsize i = 0; i < n_expected; i++)
    g_assert_cmpint (mesh_weights_get (weights, i), ==, expected[i]);
}

#define ASSERT_VALUES(weights, ...)                                                                \
  G_STMT_START                                                                                     \
  {                                                                                                \
    const int expected_[] = { __VA_ARGS__ };                                                       \
    assert_values (weights, expected_, G_N_ELEMENTS (expected_));                                  \
  }                                                                                                \
  G_STMT_END

static MeshWeights *
make (const int *values, gsize n_values)
{
  return mesh_weights_new (values, n_values);
}

#define MAKE(...)                                                                                  \
  make ((const int[]){ __VA_ARGS__ }, sizeof ((const int[]){ __VA_ARGS__ }) / sizeof (int))

static void
count_cb (MeshWeights *weights, guint *count)
{
  *count += 1;
}

static void
assert_sum (MeshWeights *weights)
{
  int sum = 0;

  for (gsize i = 0; i < mesh_weights_get_n (weights); i++) {
    int value = mesh_weights_get (weights, i);

    g_assert_cmpint (value, >=, 0);
    g_assert_cmpint (value, <=, 100);
    sum += value;
  }
  g_assert_cmpint (sum, ==, 100);
}

static void
test_new (void)
{
  g_autoptr (MeshWeights) kept = MAKE (80, 20);
  g_autoptr (MeshWeights) scaled = MAKE (1, 1, 1);
  g_autoptr (MeshWeights) large = MAKE (G_MAXINT, G_MAXINT);
  g_autoptr (MeshWeights) zeros = MAKE (0, 0, 0);
  g_autoptr (MeshWeights) negative = MAKE (-25, 125);
  g_autoptr (MeshWeights) none = mesh_weights_new (NULL, 0);

  ASSERT_VALUES (kept, 80, 20);
  ASSERT_VALUES (scaled, 34, 33, 33);
  ASSERT_VALUES (large, 50, 50);
  ASSERT_VALUES (zeros, 34, 33, 33);
  ASSERT_VALUES (negative, 0, 100);
  g_assert_cmpuint (mesh_weights_get_n (none), ==, 0);
}

static void
test_move (void)
{
  MeshWeights *weights = MAKE (100, 0);
  guint changes = 0;

  g_signal_connect (weights, "changed", G_CALLBACK (count_cb), &changes);
  mesh_weights_move (weights, 1, 30);
  ASSERT_VALUES (weights, 70, 30);
  g_assert_cmpuint (changes, ==, 1);
  mesh_weights_move (weights, 1, 30);
  g_assert_cmpuint (changes, ==, 1);
  mesh_weights_move (weights, 1, 1000);
  ASSERT_VALUES (weights, 0, 100);
  mesh_weights_move (weights, 1, -1000);
  ASSERT_VALUES (weights, 100, 0);
  g_assert_cmpuint (changes, ==, 3);
  g_assert_finalize_object (weights);
}

static void
test_alone (void)
{
  g_autoptr (MeshWeights) weights = MAKE (40);

  ASSERT_VALUES (weights, 100);
  mesh_weights_move (weights, 0, 10);
  ASSERT_VALUES (weights, 100);
}

static void
test_proportions (void)
{
  g_autoptr (MeshWeights) weights = MAKE (20, 60, 20);

  mesh_weights_begin_drag (weights);
  mesh_weights_move (weights, 0, 60);
  ASSERT_VALUES (weights, 60, 30, 10);
  mesh_weights_move (weights, 0, 100);
  ASSERT_VALUES (weights, 100, 0, 0);
  mesh_weights_move (weights, 0, 21);
  ASSERT_VALUES (weights, 21, 59, 20);
  mesh_weights_move (weights, 0, 20);
  ASSERT_VALUES (weights, 20, 60, 20);
  mesh_weights_end_drag (weights);
}

/* Keys have no drag around them: there and back with one destination restores the others, too. */
static void
test_keys (void)
{
  g_autoptr (MeshWeights) weights = MAKE (20, 60, 20);

  for (int value = 21; value <= 100; value++)
    mesh_weights_move (weights, 0, value);
  ASSERT_VALUES (weights, 100, 0, 0);
  for (int value = 99; value >= 20; value--)
    mesh_weights_move (weights, 0, value);
  ASSERT_VALUES (weights, 20, 60, 20);
  mesh_weights_move (weights, 1, 0);
  ASSERT_VALUES (weights, 50, 0, 50);
}

static void
test_drags_are_apart (void)
{
  g_autoptr (MeshWeights) weights = MAKE (20, 60, 20);

  mesh_weights_begin_drag (weights);
  mesh_weights_move (weights, 0, 100);
  mesh_weights_end_drag (weights);
  mesh_weights_begin_drag (weights);
  mesh_weights_move (weights, 0, 20);
  mesh_weights_end_drag (weights);
  /* Nothing tells any more how the others were shared out. */
  ASSERT_VALUES (weights, 20, 40, 40);
}

static void
test_append (void)
{
  g_autoptr (MeshWeights) weights = MAKE (80, 20);
  g_autoptr (MeshWeights) first = mesh_weights_new (NULL, 0);
  guint changes = 0;

  g_signal_connect (weights, "changed", G_CALLBACK (count_cb), &changes);
  mesh_weights_append (weights);
  ASSERT_VALUES (weights, 80, 20, 0);
  g_assert_cmpuint (changes, ==, 1);
  mesh_weights_move (weights, 2, 50);
  ASSERT_VALUES (weights, 40, 10, 50);
  mesh_weights_append (first);
  ASSERT_VALUES (first, 100);
}

static void
test_sum_always_holds (void)
{
  for (gsize n = 1; n <= 6; n++) {
    int values[6];
    g_autoptr (MeshWeights) weights = NULL;

    for (gsize i = 0; i < n; i++)
      values[i] = g_test_rand_int_range (0, 200);
    weights = mesh_weights_new (values, n);
    assert_sum (weights);
    for (guint move = 0; move < 10000; move++) {
      gsize index = g_test_rand_int_range (0, n);

      if (g_test_rand_bit ())
        mesh_weights_begin_drag (weights);
      mesh_weights_move (weights, index, g_test_rand_int_range (-50, 151));
      assert_sum (weights);
      if (g_test_rand_bit ())
        mesh_weights_end_drag (weights);
    }
  }
}

static void
test_going_back_restores (void)
{
  for (guint round = 0; round < 1000; round++) {
    int values[4];
    int before[4];
    g_autoptr (MeshWeights) weights = NULL;
    gsize index = g_test_rand_int_range (0, G_N_ELEMENTS (values));

    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
      values[i] = g_test_rand_int_range (0, 100);
    weights = mesh_weights_new (values, G_N_ELEMENTS (values));
    for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
      before[i] = mesh_weights_get (weights, i);
    mesh_weights_begin_drag (weights);
    for (guint move = 0; move < 10; move++)
      mesh_weights_move (weights, index, g_test_rand_int_range (0, 101));
    mesh_weights_move (weights, index, before[index]);
    mesh_weights_end_drag (weights);
    assert_values (weights, before, G_N_ELEMENTS (before));
  }
}

static void
test_locks (void)
{
  g_autoptr (MeshWeights) weights = MAKE (20, 50, 30);
  g_autoptr (MeshWeights) two = MAKE (20, 80);

  mesh_weights_set_locked (weights, 1, TRUE);
  g_assert_true (mesh_weights_get_locked (weights, 1));
  mesh_weights_move (weights, 0, 40);
  ASSERT_VALUES (weights, 40, 50, 10);
  mesh_weights_move (weights, 0, 90);
  ASSERT_VALUES (weights, 50, 50, 0);
  mesh_weights_move (weights, 1, 10);
  ASSERT_VALUES (weights, 50, 50, 0);
  mesh_weights_split_evenly (weights);
  ASSERT_VALUES (weights, 25, 50, 25);
  /* nobody to share with is left */
  mesh_weights_set_locked (weights, 2, TRUE);
  g_assert_false (mesh_weights_can_move (weights, 0));
  mesh_weights_move (weights, 0, 90);
  ASSERT_VALUES (weights, 25, 50, 25);
  mesh_weights_set_locked (weights, 0, TRUE);
  mesh_weights_split_evenly (weights);
  ASSERT_VALUES (weights, 25, 50, 25);
  mesh_weights_set_locked (weights, 1, FALSE);
  mesh_weights_set_locked (weights, 2, FALSE);
  mesh_weights_move (weights, 2, 75);
  ASSERT_VALUES (weights, 25, 0, 75);
  /* of two there is nothing to lock */
  mesh_weights_set_locked (two, 0, TRUE);
  g_assert_false (mesh_weights_get_locked (two, 0));
}

static void
test_even (void)
{
  g_autoptr (MeshWeights) three = MAKE (1, 2, 97);
  g_autoptr (MeshWeights) seven = MAKE (100, 0, 0, 0, 0, 0, 0);
  g_autoptr (MeshWeights) none = mesh_weights_new (NULL, 0);
  guint changes = 0;

  mesh_weights_split_evenly (none);
  mesh_weights_split_evenly (seven);
  ASSERT_VALUES (seven, 15, 15, 14, 14, 14, 14, 14);
  g_signal_connect (three, "changed", G_CALLBACK (count_cb), &changes);
  mesh_weights_split_evenly (three);
  ASSERT_VALUES (three, 34, 33, 33);
  mesh_weights_split_evenly (three);
  g_assert_cmpuint (changes, ==, 1);
}

/* A VirtualService with these weights. */
static JsonNode *
new_object (MeshWeights *weights)
{
  g_autoptr (GString) text = g_string_new ("{\"metadata\":{\"name\":\"a\"},\"spec\":{\"http\":["
                                           "{\"route\":[");
  JsonNode *object;

  for (gsize i = 0; i < mesh_weights_get_n (weights); i++)
    g_string_append_printf (text,
                            "%s{\"destination\":{\"host\":\"a\",\"subset\":\"v%" G_GSIZE_FORMAT
                            "\"},\"weight\":%d}",
                            i > 0 ? "," : "", i, mesh_weights_get (weights, i));
  g_string_append (text, "]}]}}");
  object = base_json_parse (text->str, -1, NULL);
  g_assert_nonnull (object);
  return object;
}

static void
move_at_random (MeshWeights *weights)
{
  gsize index = g_test_rand_int_range (0, mesh_weights_get_n (weights));

  switch (g_test_rand_int_range (0, 8)) {
    case 0:
      mesh_weights_begin_drag (weights);
      break;
    case 1:
      mesh_weights_end_drag (weights);
      break;
    case 2:
      mesh_weights_set_locked (weights, index, g_test_rand_bit ());
      break;
    case 3:
      mesh_weights_split_evenly (weights);
      break;
    default:
      mesh_weights_move (weights, index, g_test_rand_int_range (-50, 151));
      break;
  }
}

/* Whatever is done, it sums to 100, and taking all of it back leads to where it began. */
static void
test_random_sequence (void)
{
  for (gsize n = 2; n <= 5; n++) {
    const int values[] = { 10, 20, 30, 25, 15 };
    g_autoptr (MeshWeights) weights = mesh_weights_new (values, n);
    g_autoptr (MeshUndo) history = mesh_undo_new ();
    g_autoptr (JsonNode) start = new_object (weights);
    g_autoptr (JsonNode) now = json_node_ref (start);

    for (guint move = 0; move < 10000; move++) {
      move_at_random (weights);
      assert_sum (weights);
      if (move % 10 == 0) {
        g_autoptr (JsonNode) next = new_object (weights);

        mesh_undo_record (history, now, next);
        json_node_unref (now);
        now = g_steal_pointer (&next);
      }
    }
    while (mesh_undo_can (history, MESH_UNDO_BACK)) {
      g_autoptr (JsonNode) from = NULL;
      g_autoptr (JsonNode) to = NULL;
      JsonNode *back;

      mesh_undo_get_step (history, MESH_UNDO_BACK, &from, &to);
      back = mesh_merge (from, to, now, MESH_MERGE_CAREFUL, NULL);
      g_assert_nonnull (back);
      json_node_unref (now);
      now = back;
      mesh_undo_move (history, MESH_UNDO_BACK);
    }
    g_assert_true (base_json_equal (now, start));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/weights/new", test_new);
  g_test_add_func ("/mesh/weights/move", test_move);
  g_test_add_func ("/mesh/weights/alone", test_alone);
  g_test_add_func ("/mesh/weights/proportions", test_proportions);
  g_test_add_func ("/mesh/weights/keys", test_keys);
  g_test_add_func ("/mesh/weights/drags-are-apart", test_drags_are_apart);
  g_test_add_func ("/mesh/weights/append", test_append);
  g_test_add_func ("/mesh/weights/sum-always-holds", test_sum_always_holds);
  g_test_add_func ("/mesh/weights/going-back-restores", test_going_back_restores);
  g_test_add_func ("/mesh/weights/locks", test_locks);
  g_test_add_func ("/mesh/weights/even", test_even);
  g_test_add_func ("/mesh/weights/random-sequence", test_random_sequence);
  return g_test_run ();
}

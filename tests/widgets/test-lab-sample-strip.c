/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-sample-strip.h"
#include "lab-star.h"
#include "lab-traffic-lane.h"
#include "lab-traffic-observer.h"

static void
add (MeshHistory *history, MeshOutcome outcome, MeshStars stars, guint latency)
{
  MeshAnswer answer = { .asked_at = g_get_monotonic_time (),
                        .status = 200,
                        .outcome = outcome,
                        .stars = stars,
                        .latency_ms = latency };

  g_strlcpy (answer.version, stars == MESH_STARS_RED ? "v3" : "v1", sizeof answer.version);
  mesh_history_add (history, &answer);
}

static void
fill (MeshHistory *history, guint n)
{
  for (guint i = 0; i < n; i++)
    add (history, MESH_OUTCOME_REVIEWS, i % 3 == 0 ? MESH_STARS_RED : MESH_STARS_NONE, i * 10);
}

static void
press (LabSampleStrip *strip, guint key)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (strip));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

    if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
      g_signal_emit_by_name (controller, "key-pressed", key, 0, 0, &handled);
  }
}

static gboolean
draws_something (LabSampleStrip *strip)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  gboolean is_drawn;

  GTK_WIDGET_GET_CLASS (strip)->snapshot (GTK_WIDGET (strip), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  is_drawn = node != NULL;
  g_clear_pointer (&node, gsk_render_node_unref);
  return is_drawn;
}

/* A hundred answers, marks among them, and more than that. */
static void
test_draw (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  LabSampleStrip *strip = g_object_ref_sink (LAB_SAMPLE_STRIP (lab_sample_strip_new ()));
  GtkWindow *window = lab_test_show (GTK_WIDGET (strip));

  lab_sample_strip_set_history (strip, history);
  g_assert_false (draws_something (strip));
  fill (history, 60);
  mesh_history_mark (history, g_get_monotonic_time ());
  add (history, MESH_OUTCOME_REVIEWS_ERROR, MESH_STARS_UNKNOWN, 6000);
  add (history, MESH_OUTCOME_REVIEWS, MESH_STARS_BLACK, 2000);
  add (history, MESH_OUTCOME_REVIEWS, MESH_STARS_UNKNOWN, 20);
  g_assert_true (draws_something (strip));
  fill (history, 333);
  g_assert_true (draws_something (strip));
  mesh_history_clear (history);
  g_assert_false (draws_something (strip));
  lab_sample_strip_set_history (strip, NULL);
  gtk_window_set_child (window, NULL);
  gtk_window_destroy (window);
  g_assert_finalize_object (strip);
}

/* Without a pointer: the arrow keys go from answer to answer, Escape leaves. */
static void
test_keys (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  g_autoptr (LabSampleStrip) strip = g_object_ref_sink (LAB_SAMPLE_STRIP (lab_sample_strip_new ()));
  GtkWindow *window = lab_test_show (GTK_WIDGET (strip));

  lab_sample_strip_set_history (strip, history);
  press (strip, GDK_KEY_Left);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, -1);
  fill (history, 10);
  press (strip, GDK_KEY_Left);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 9);
  press (strip, GDK_KEY_Left);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 8);
  press (strip, GDK_KEY_Home);
  press (strip, GDK_KEY_Left);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 0);
  press (strip, GDK_KEY_Right);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 1);
  press (strip, GDK_KEY_End);
  press (strip, GDK_KEY_Right);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 9);
  /* what is chosen is an answer, not a place: it moves on with it, and goes with it */
  fill (history, 95);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, 4);
  fill (history, 20);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, -1);
  press (strip, GDK_KEY_Left);
  press (strip, GDK_KEY_Escape);
  g_assert_cmpint (lab_sample_strip_get_chosen (strip), ==, -1);
  gtk_window_destroy (window);
}

/* Each is another picture, not only another colour. */
static void
test_shapes (void)
{
  LabStarColors same = { { 0, 0, 0, 1 }, { 0, 0, 0, 1 } };
  guchar pixels[LAB_N_STARS][16 * 16 * 4];

  for (guint i = 0; i < LAB_N_STARS; i++) {
    g_autoptr (GdkTexture) texture = lab_star_new_texture (i, &same, 16);

    gdk_texture_download (texture, pixels[i], 16 * 4);
    for (guint j = 0; j < i; j++) {
      guint n_different = 0;

      for (guint k = 3; k < sizeof pixels[i]; k += 4)
        n_different += ABS (pixels[i][k] - pixels[j][k]) > 128 ? 1 : 0;
      g_assert_cmpuint (n_different, >, 8);
    }
  }
}

static void
test_observer (void)
{
  LabFixture fixture;
  LabTrafficObserver *observer =
    g_object_ref_sink (LAB_TRAFFIC_OBSERVER (lab_traffic_observer_new ()));
  GtkWindow *window = lab_test_show (GTK_WIDGET (observer));
  GtkWidget *button = lab_test_find (GTK_WIDGET (observer), GTK_TYPE_BUTTON, "Start");

  g_assert_nonnull (button);
  g_assert_false (gtk_widget_is_sensitive (button));
  lab_fixture_set_up (&fixture);
  lab_traffic_observer_set_shown (observer, fixture.lab, NULL, NULL);
  g_assert_true (gtk_widget_is_sensitive (button));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Start observing");
  g_signal_emit_by_name (button, "clicked");
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Pause observing");
  /* out of sight, nothing is asked */
  gtk_window_set_child (window, NULL);
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL, "Start observing");
  lab_traffic_observer_set_shown (observer, NULL, NULL, NULL);
  g_assert_false (gtk_widget_is_sensitive (button));
  gtk_window_destroy (window);
  g_assert_finalize_object (observer);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  g_test_add_func ("/lab/sample-strip/draw", test_draw);
  g_test_add_func ("/lab/sample-strip/keys", test_keys);
  g_test_add_func ("/lab/sample-strip/shapes", test_shapes);
  g_test_add_func ("/lab/sample-strip/observer", test_observer);

  return g_test_run ();
}

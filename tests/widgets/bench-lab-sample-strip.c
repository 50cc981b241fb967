/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "lab-fixture.h"
#include "lab-sample-strip.h"

/* What the strips of two lanes cost the main thread in a frame, with all that the toolkit does for
 * it, while answers come at the highest rate: 20 a second for each, at 60 frames a second. */

#define FRAMES 600
#define FRAMES_AN_ANSWER 3

typedef struct {
  MeshHistory *histories[2];
  GtkWidget *strips[2];
  guint n_frames;
  double start;
  double times[FRAMES]; /* milliseconds of processor */
} Bench;

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void
add (MeshHistory *history, guint i)
{
  MeshAnswer answer = { .asked_at = i,
                        .status = 200,
                        .outcome = i % 11 == 0 ? MESH_OUTCOME_REVIEWS_ERROR : MESH_OUTCOME_REVIEWS,
                        .stars = 1 + i % 3,
                        .latency_ms = i * 37 % 4000 };

  if (i % 40 == 0)
    mesh_history_mark (history, i);
  mesh_history_add (history, &answer);
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *self)
{
  self->start = get_cpu_ms ();
  for (guint i = 0; i < 2; i++) {
    if (self->n_frames % FRAMES_AN_ANSWER == i)
      add (self->histories[i], self->n_frames);
    gtk_widget_queue_draw (self->strips[i]);
  }
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *self)
{
  if (self->n_frames < FRAMES)
    self->times[self->n_frames++] = get_cpu_ms () - self->start;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

int
main (int argc, char **argv)
{
  Bench self = { 0 };
  GtkWidget *box;
  GtkWindow *window;
  GdkFrameClock *clock;

  if (!gtk_init_check ()) {
    g_print ("no display\n");
    return 77;
  }
  adw_init ();
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  for (guint i = 0; i < 2; i++) {
    self.histories[i] = mesh_history_new ();
    self.strips[i] = lab_sample_strip_new ();
    lab_sample_strip_set_history (LAB_SAMPLE_STRIP (self.strips[i]), self.histories[i]);
    for (guint j = 0; j < MESH_HISTORY_SIZE; j++)
      add (self.histories[i], j);
    gtk_box_append (GTK_BOX (box), self.strips[i]);
  }
  window = lab_test_show (box);
  clock = gtk_widget_get_frame_clock (box);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), &self);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &self);
  gdk_frame_clock_begin_updating (clock);
  while (self.n_frames < FRAMES)
    g_main_context_iteration (NULL, TRUE);
  gdk_frame_clock_end_updating (clock);

  qsort (self.times, FRAMES, sizeof *self.times, compare);
  g_print ("main thread a frame, median: %.2f ms\n", self.times[FRAMES / 2]);
  g_print ("main thread a frame, p99: %.2f ms\n", self.times[FRAMES * 99 / 100]);
  gtk_window_destroy (window);
  for (guint i = 0; i < 2; i++)
    g_object_unref (self.histories[i]);
  return self.times[FRAMES * 99 / 100] <= 16 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lab-block-list.h"
#include "lab-fixture.h"
#include "lab-panel-stack.h"
#include "lab-section-page.h"
#include "lab-window.h"

/* What a reader waits for: the first screen of a course, of its own size and of the largest, and
 * then each frame while the page is scrolled and sections are switched. Processor time of the main
 * thread, since the machine may have other work. */

#define PIXELS_A_FRAME 60
#define N_FRAMES 400
#define FRAMES_A_SECTION 12

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

/* A window, and what its frames cost. */
typedef struct {
  GtkWidget *window;
  LabBlockList *list;
  GtkAdjustment *adjustment;
  GArray *costs; /* of double: ms, from one painted frame to the next */
  double last;
  guint wanted;
  guint ticks;
  double step; /* pixels of the page a frame; 0: sections are switched */
} Bench;

static void
after_paint_cb (GdkFrameClock *frame_clock, Bench *bench)
{
  double now = get_cpu_ms ();
  double cost = now - bench->last;

  bench->last = now;
  g_array_append_val (bench->costs, cost);
}

static void
move (Bench *bench)
{
  double value = gtk_adjustment_get_value (bench->adjustment);
  double end =
    gtk_adjustment_get_upper (bench->adjustment) - gtk_adjustment_get_page_size (bench->adjustment);

  if (bench->step != 0) {
    if ((bench->step > 0 && value >= end) || (bench->step < 0 && value <= 0))
      bench->step = -bench->step;
    gtk_adjustment_set_value (bench->adjustment, value + bench->step);
  } else if (bench->ticks++ % FRAMES_A_SECTION == 0) {
    gboolean forward = bench->ticks / FRAMES_A_SECTION % 18 < 9;

    gtk_widget_activate_action (bench->window,
                                forward ? "win.next-section" : "win.previous-section", NULL);
  }
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  Bench *bench = user_data;

  if (bench->costs->len >= bench->wanted)
    return G_SOURCE_REMOVE;
  move (bench);
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static gboolean
has_all (gpointer data)
{
  const Bench *bench = data;

  return bench->costs->len >= bench->wanted;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;

  return difference < 0 ? -1 : difference > 0;
}

static void
measure_frames (Bench *bench, const char *name, double step)
{
  GdkFrameClock *frame_clock = gtk_widget_get_frame_clock (bench->window);

  bench->costs = g_array_new (FALSE, FALSE, sizeof (double));
  bench->wanted = N_FRAMES;
  bench->step = step;
  bench->last = get_cpu_ms ();
  g_signal_connect (frame_clock, "after-paint", G_CALLBACK (after_paint_cb), bench);
  gtk_widget_add_tick_callback (bench->window, tick_cb, bench, NULL);
  test_wait_until (has_all, bench, 120, name);
  g_signal_handlers_disconnect_by_func (frame_clock, after_paint_cb, bench);

  g_array_sort (bench->costs, compare);
  printf ("%s-p50: %.1f ms\n", name, g_array_index (bench->costs, double, N_FRAMES / 2));
  printf ("%s-p99: %.1f ms\n", name, g_array_index (bench->costs, double, N_FRAMES * 99 / 100));
  printf ("%s-max: %.1f ms\n", name, g_array_index (bench->costs, double, bench->costs->len - 1));
  g_clear_pointer (&bench->costs, g_array_unref);
}

static gboolean
is_painted (gpointer data)
{
  const Bench *bench = data;

  return bench->costs->len > 0;
}

static gboolean
is_finished (gpointer window)
{
  return lab_test_find (window, LAB_TYPE_PANEL_STACK, NULL) != NULL;
}

/* Opens the course at @path until its first screen is there. */
static void
open_window (Bench *bench, LabFixture *fixture, const char *name, const char *path)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = NULL;
  double start = get_cpu_ms ();
  double loaded;

  course = course_course_load (path, &error);
  g_assert_no_error (error);
  loaded = get_cpu_ms ();
  bench->window = lab_window_new (NULL, settings, scale);
  bench->costs = g_array_new (FALSE, FALSE, sizeof (double));
  gtk_window_set_default_size (GTK_WINDOW (bench->window), 1280, 800);
  lab_window_open (LAB_WINDOW (bench->window), course, fixture->place, NULL, NULL);
  gtk_window_present (GTK_WINDOW (bench->window));
  g_signal_connect (gtk_widget_get_frame_clock (bench->window), "after-paint",
                    G_CALLBACK (after_paint_cb), bench);
  test_wait_until (is_painted, bench, 60, "the first screen");
  printf ("%s-read: %.0f ms\n", name, loaded - start);
  printf ("%s-first-screen: %.0f ms\n", name, bench->last - loaded);
  g_signal_handlers_disconnect_by_func (gtk_widget_get_frame_clock (bench->window), after_paint_cb,
                                        bench);
  g_clear_pointer (&bench->costs, g_array_unref);

  test_wait_until (is_finished, bench->window, 60, "the panels");
  bench->list = LAB_BLOCK_LIST (lab_test_find (bench->window, LAB_TYPE_BLOCK_LIST, NULL));
  bench->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (
    gtk_widget_get_ancestor (GTK_WIDGET (bench->list), GTK_TYPE_SCROLLED_WINDOW)));
}

static void
close_window (Bench *bench)
{
  gtk_window_destroy (GTK_WINDOW (bench->window));
}

static void
measure_course (LabFixture *fixture, const char *path)
{
  Bench bench = { 0 };

  open_window (&bench, fixture, "course", path);
  measure_frames (&bench, "course-scroll", PIXELS_A_FRAME);
  measure_frames (&bench, "course-first-switch", 0);
  /* all panels have been made by now */
  measure_frames (&bench, "course-switch", 0);
  close_window (&bench);
}

static void
measure_text (LabFixture *fixture, const char *name, GString *text)
{
  g_autofree char *path = lab_fixture_dup_path (fixture, "large.md");
  g_autofree char *scroll = g_strconcat (name, "-scroll", NULL);
  g_autofree char *jump = g_strconcat (name, "-jump", NULL);
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  g_file_set_contents (path, text->str, (gssize)text->len, &error);
  g_assert_no_error (error);
  open_window (&bench, fixture, name, path);
  measure_frames (&bench, scroll, PIXELS_A_FRAME);
  measure_frames (&bench, jump, gtk_adjustment_get_upper (bench.adjustment) / 50);
  close_window (&bench);
}

static void
measure_large (LabFixture *fixture)
{
  g_autoptr (GString) manual = g_string_new ("# Manual\n\n");
  g_autoptr (GString) fences = g_string_new ("# Fences\n\n");

  for (guint i = 0; manual->len < 2000 * 1024; i++)
    g_string_append_printf (manual,
                            "## Part %u\n\nSome *words* on [what](https://example.org) `kubectl` "
                            "does, and why that is so. They fill a line or two, as sentences do."
                            "\n\n- one\n- two\n\n```bash\nkubectl get pods -n n%u\n```\n\n"
                            "```output\nNAME READY\n```\n\n",
                            i, i);
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (fences, "```bash\nkubectl get pods -n n%u\n```\n\n", i);
  measure_text (fixture, "manual-2mb", manual);
  measure_text (fixture, "fences-10000", fences);
}

int
main (int argc, char **argv)
{
  LabFixture fixture = { 0 };

  if (argc < 2 || !gtk_init_check ()) {
    printf ("benchmark-lab-page COURSE needs a display\n");
    return 77;
  }
  adw_init ();
  lab_fixture_set_up (&fixture);
  g_setenv ("SHELL", "/bin/sh", TRUE);
  measure_course (&fixture, argv[1]);
  measure_large (&fixture);
  lab_fixture_tear_down (&fixture);

  return 0;
}

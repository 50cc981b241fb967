/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lab-block-group.h"
#include "lab-block-list.h"
#include "lab-fixture.h"
#include "lab-panel-stack.h"
#include "lab-section-page.h"
#include "lab-window.h"

/* What a reader waits for: the first screen of a course, of its own size and of the largest, and
 * then each frame while the window opens, the page is scrolled, dragged far and searched, and
 * sections are switched. Processor time of the main thread, since the machine may have other work.
 *
 * "whole" counts the frames from a leap until all of the viewport is filled: a frame that is quick
 * because it shows nothing is of no use. */

#define PIXELS_A_FRAME 60
#define N_FRAMES 400
#define FRAMES_A_SECTION 12
#define FRAMES_A_LEAP 12
#define SEED 7

/* Pixels that no row takes: what is between two of them, and around all. */
#define GAP 12
#define MARGIN 36

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

typedef struct _Bench Bench;
typedef void (*MoveFunc) (Bench *self);

/* A window, and what its frames cost. */
struct _Bench {
  GtkWidget *window;
  LabSectionPage *page;
  LabBlockList *list;
  GtkAdjustment *adjustment;
  GRand *random;
  GArray *costs; /* of double: ms, from one painted frame to the next */
  GArray *waits; /* of double: frames from a leap until the viewport was whole */
  double last;
  guint wanted;
  guint ticks;
  guint waiting; /* frames since a leap; 0: the viewport is whole */
  MoveFunc move;
  double step;    /* pixels of the page a frame, where it is scrolled */
  guint n_blocks; /* of the section, where there is one only */
  guint n_sections;
  guint n_switches; /* of sections, till now */
};

/* Where the rows in @group end that stand side by side from @top on; the list's rows are in groups
 * of groups. */
static double
find_end (Bench *bench, GtkWidget *group, double top)
{
  for (GtkWidget *child = gtk_widget_get_first_child (group); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    graphene_rect_t place;

    if (LAB_IS_BLOCK_GROUP (child))
      top = find_end (bench, child, top);
    else if (gtk_widget_get_mapped (child) &&
             gtk_widget_compute_bounds (child, GTK_WIDGET (bench->list), &place) &&
             place.origin.y <= top + GAP && place.origin.y + place.size.height > top)
      top = place.origin.y + place.size.height;
  }

  return top;
}

/* Whether rows stand side by side from the upper to the lower edge of the viewport. */
static gboolean
is_whole (Bench *bench)
{
  double top = MAX (gtk_adjustment_get_value (bench->adjustment), MARGIN);
  double bottom =
    gtk_adjustment_get_value (bench->adjustment) + gtk_adjustment_get_page_size (bench->adjustment);

  bottom = MIN (bottom, gtk_widget_get_height (GTK_WIDGET (bench->list)) - MARGIN);

  return find_end (bench, GTK_WIDGET (bench->list), top) + GAP >= bottom;
}

/* A leap that is not whole when the next begins counts with the frames that it had. */
static void
end_wait (Bench *bench)
{
  double frames = bench->waiting;

  if (bench->waiting > 0)
    g_array_append_val (bench->waits, frames);
  bench->waiting = 0;
}

static void
begin_wait (Bench *bench)
{
  end_wait (bench);
  bench->waiting = 1;
}

static void
after_paint_cb (GdkFrameClock *frame_clock, Bench *bench)
{
  double now = get_cpu_ms ();
  double cost = now - bench->last;

  g_array_append_val (bench->costs, cost);
  if (bench->waiting > 0 && is_whole (bench))
    end_wait (bench);
  else if (bench->waiting > 0)
    bench->waiting++;
  bench->last = get_cpu_ms ();
}

static void
scroll (Bench *bench)
{
  double value = gtk_adjustment_get_value (bench->adjustment);
  double end =
    gtk_adjustment_get_upper (bench->adjustment) - gtk_adjustment_get_page_size (bench->adjustment);

  if ((bench->step > 0 && value >= end) || (bench->step < 0 && value <= 0))
    bench->step = -bench->step;
  gtk_adjustment_set_value (bench->adjustment, value + bench->step);
}

/* What the window does by itself once its first screen is there. */
static void
rest (Bench *bench)
{
}

/* As by the End key, or a click beside the scrollbar's handle. */
static void
leap (Bench *bench)
{
  if (bench->ticks % FRAMES_A_LEAP != 0)
    return;
  begin_wait (bench);
  gtk_adjustment_set_value (
    bench->adjustment,
    g_rand_double_range (bench->random, 0, gtk_adjustment_get_upper (bench->adjustment)));
}

/* As by a click on what was found. */
static void
find (Bench *bench)
{
  if (bench->ticks % FRAMES_A_LEAP != 0)
    return;
  begin_wait (bench);
  lab_section_page_show_block (bench->page,
                               g_rand_int_range (bench->random, 0, (gint32)bench->n_blocks));
}

/* To the last section and back. */
static void
switch_section (Bench *bench)
{
  guint n_forward = bench->n_sections - 1;
  gboolean forward = bench->n_switches % (2 * n_forward) < n_forward;

  if (bench->ticks % FRAMES_A_SECTION != 0)
    return;
  begin_wait (bench);
  bench->n_switches++;
  gtk_widget_activate_action (bench->window, forward ? "win.next-section" : "win.previous-section",
                              NULL);
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  Bench *bench = user_data;

  bench->move (bench);
  bench->ticks++;
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

/* Not below @fraction of them. */
static double
get_quantile (GArray *figures, double fraction)
{
  guint index = MIN ((guint)(figures->len * fraction), figures->len - 1);

  return g_array_index (figures, double, index);
}

static void
report (GArray *figures, const char *name, const char *unit)
{
  g_array_sort (figures, compare);
  printf ("%s-p50: %.1f %s\n", name, get_quantile (figures, 0.5), unit);
  printf ("%s-p99: %.1f %s\n", name, get_quantile (figures, 0.99), unit);
  printf ("%s-max: %.1f %s\n", name, get_quantile (figures, 1), unit);
}

static void
measure_frames (Bench *bench, const char *course, const char *name, MoveFunc move, guint n_frames)
{
  GdkFrameClock *frame_clock = gtk_widget_get_frame_clock (bench->window);
  g_autofree char *costs_name = g_strconcat (course, "-", name, NULL);
  g_autofree char *waits_name = g_strconcat (costs_name, "-whole", NULL);
  guint tick;

  bench->costs = g_array_new (FALSE, FALSE, sizeof (double));
  bench->waits = g_array_new (FALSE, FALSE, sizeof (double));
  bench->wanted = n_frames;
  bench->move = move;
  bench->ticks = 0;
  bench->waiting = 0;
  bench->last = get_cpu_ms ();
  g_signal_connect (frame_clock, "after-paint", G_CALLBACK (after_paint_cb), bench);
  tick = gtk_widget_add_tick_callback (bench->window, tick_cb, bench, NULL);
  test_wait_until (has_all, bench, 120, costs_name);
  gtk_widget_remove_tick_callback (bench->window, tick);
  g_signal_handlers_disconnect_by_func (frame_clock, after_paint_cb, bench);

  report (bench->costs, costs_name, "ms");
  if (bench->waits->len > 0)
    report (bench->waits, waits_name, "frames");
  g_clear_pointer (&bench->costs, g_array_unref);
  g_clear_pointer (&bench->waits, g_array_unref);
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
  g_autoptr (CourseSection) first = NULL;
  double start = get_cpu_ms ();
  double loaded;

  course = course_course_load (path, &error);
  g_assert_no_error (error);
  loaded = get_cpu_ms ();
  first = g_list_model_get_item (course_course_get_sections (course), 0);
  bench->n_blocks = course_section_get_blocks (first)->len;
  bench->n_sections = g_list_model_get_n_items (course_course_get_sections (course));
  bench->random = g_rand_new_with_seed (SEED);
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
  bench->page = LAB_SECTION_PAGE (lab_test_find (bench->window, LAB_TYPE_SECTION_PAGE, NULL));
  bench->list = LAB_BLOCK_LIST (lab_test_find (bench->window, LAB_TYPE_BLOCK_LIST, NULL));
  bench->adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (
    gtk_widget_get_ancestor (GTK_WIDGET (bench->list), GTK_TYPE_SCROLLED_WINDOW)));
}

static void
close_window (Bench *bench)
{
  gtk_window_destroy (GTK_WINDOW (bench->window));
  g_clear_pointer (&bench->random, g_rand_free);
}

static void
measure_course (LabFixture *fixture, const char *path)
{
  Bench bench = { 0 };

  open_window (&bench, fixture, "course", path);
  measure_frames (&bench, "course", "opening", rest, FRAMES_A_SECTION);
  bench.step = PIXELS_A_FRAME;
  measure_frames (&bench, "course", "scroll", scroll, N_FRAMES);
  /* each section once; a first visit makes the panel, too */
  measure_frames (&bench, "course", "first-switch", switch_section,
                  (bench.n_sections - 1) * FRAMES_A_SECTION);
  measure_frames (&bench, "course", "switch", switch_section, N_FRAMES);
  close_window (&bench);
}

static void
measure_text (LabFixture *fixture, const char *name, GString *text)
{
  g_autofree char *path = lab_fixture_dup_path (fixture, "large.md");
  g_autoptr (GError) error = NULL;
  Bench bench = { 0 };

  g_file_set_contents (path, text->str, (gssize)text->len, &error);
  g_assert_no_error (error);
  open_window (&bench, fixture, name, path);
  measure_frames (&bench, name, "opening", rest, FRAMES_A_SECTION);
  bench.step = PIXELS_A_FRAME;
  measure_frames (&bench, name, "scroll", scroll, N_FRAMES);
  bench.step = gtk_adjustment_get_upper (bench.adjustment) / 50;
  measure_frames (&bench, name, "jump", scroll, N_FRAMES);
  measure_frames (&bench, name, "leap", leap, N_FRAMES);
  measure_frames (&bench, name, "find", find, N_FRAMES);
  close_window (&bench);
}

/* What each part of a manual has: a heading, text, a list, a step and what it prints. */
static GString *
new_manual (void)
{
  GString *manual = g_string_new ("# Manual\n\n");

  for (guint i = 0; manual->len < 2000 * 1024; i++)
    g_string_append_printf (manual,
                            "## Part %u\n\nSome *words* on [what](https://example.org) `kubectl` "
                            "does, and why that is so. They fill a line or two, as sentences do."
                            "\n\n- one\n- two\n\n```bash\nkubectl get pods -n n%u\n```\n\n"
                            "```output\nNAME READY\n```\n\n",
                            i, i);

  return manual;
}

static GString *
new_fences (void)
{
  GString *fences = g_string_new ("# Fences\n\n");

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (fences, "```bash\nkubectl get pods -n n%u\n```\n\n", i);

  return fences;
}

/* All, or the one that was asked for. */
static void
measure (LabFixture *fixture, const char *path, const char *only)
{
  g_autoptr (GString) manual = new_manual ();
  g_autoptr (GString) fences = new_fences ();

  if (only == NULL || g_str_equal (only, "course"))
    measure_course (fixture, path);
  if (only == NULL || g_str_equal (only, "manual-2mb"))
    measure_text (fixture, "manual-2mb", manual);
  if (only == NULL || g_str_equal (only, "fences-10000"))
    measure_text (fixture, "fences-10000", fences);
}

int
main (int argc, char **argv)
{
  LabFixture fixture = { 0 };

  if (argc < 2 || !gtk_init_check ()) {
    printf ("benchmark-lab-page COURSE [course|manual-2mb|fences-10000] needs a display\n");
    return 77;
  }
  adw_init ();
  lab_fixture_set_up (&fixture);
  g_setenv ("SHELL", "/bin/sh", TRUE);
  measure (&fixture, argv[1], argc > 2 ? argv[2] : NULL);
  lab_fixture_tear_down (&fixture);

  return 0;
}

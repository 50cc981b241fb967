/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib-unix.h>
#include <sys/wait.h>
#include <time.h>

#include "kube-client.h"
#include "traffic-fixture.h"

#define N_CHANGES 40
#define QUIET_MS 150
#define N_EVENTS 360 /* six seconds of a pointer */

typedef struct {
  TrafficFixture fixture;
  GArray *frames; /* of double: ms of the main thread between two frames */
  gint64 frame_at;
  guint n_events;
} Bench;

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *)a, second = *(const double *)b;

  return first < second ? -1 : first > second;
}

static double
get_part (GArray *values, double part)
{
  g_array_sort (values, compare);
  return g_array_index (values, double, (guint)(part * (values->len - 1)));
}

static void
move (Bench *bench, const char *name, int weight)
{
  GtkWidget *row = GTK_WIDGET (traffic_fixture_find_row (bench->fixture.page, name));

  gtk_range_set_value (GTK_RANGE (lab_test_find (row, GTK_TYPE_SCALE, NULL)), weight);
}

static gboolean
is_saving (gpointer data)
{
  Bench *bench = data;

  return lab_test_find (bench->fixture.page, GTK_TYPE_LABEL, "Saving…") != NULL;
}

static gboolean
is_saved (gpointer data)
{
  return !is_saving (data);
}

/* From the request, which goes out after 150 ms of quiet, to what the watch has shown. */
static void
bench_confirmation (Bench *bench)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_CHANGES; i++) {
    gint64 begun_at;
    double ms;

    begun_at = g_get_monotonic_time ();
    move (bench, "v1", 41 + (int)i);
    test_wait_until (is_saved, bench, TRAFFIC_WAIT, "the watch");
    ms = (double)(g_get_monotonic_time () - begun_at) / 1000 - QUIET_MS;
    g_array_append_val (times, ms);
  }
  g_print ("traffic-page sent to confirmed by the watch, median: %.1f ms\n", get_part (times, 0.5));
}

static gint64
get_thread_time (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * G_USEC_PER_SEC + time.tv_nsec / 1000;
}

/* All between two frames: events, requests, what the watch brings, layout and drawing. */
static gboolean
frame_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = get_thread_time ();
  double ms = (double)(now - bench->frame_at) / 1000;

  g_array_append_val (bench->frames, ms);
  bench->frame_at = now;
  move (bench, "v1", (int)(bench->n_events++ % 100));
  return G_SOURCE_CONTINUE;
}

static gboolean
is_dragged (gpointer data)
{
  return ((Bench *)data)->n_events >= N_EVENTS;
}

static void
bench_drag (Bench *bench)
{
  LabTrafficRow *row = traffic_fixture_find_row (bench->fixture.page, "v1");
  guint tick;

  bench->frames = g_array_new (FALSE, FALSE, sizeof (double));
  bench->n_events = 0;
  g_signal_emit_by_name (row, "drag-begin");
  bench->frame_at = get_thread_time ();
  tick = gtk_widget_add_tick_callback (bench->fixture.page, frame_cb, bench, NULL);
  test_wait_until (is_dragged, bench, TRAFFIC_WAIT * 3, "the drag");
  gtk_widget_remove_tick_callback (bench->fixture.page, tick);
  g_signal_emit_by_name (row, "drag-end");
  test_wait_until (is_saved, bench, TRAFFIC_WAIT, "the watch");
  g_print ("traffic-page main thread a frame while dragging, p99: %.1f ms\n",
           get_part (bench->frames, 0.99));
  g_print ("traffic-page main thread a frame while dragging, median: %.1f ms\n",
           get_part (bench->frames, 0.5));
  g_array_unref (bench->frames);
}

static gboolean
quit_cb (int fd, GIOCondition condition, gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* The server, in a process of its own; it ends with @until. */
static void
serve (int out, int until)
{
  TrafficFixture fixture = { 0 };
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *kubeconfig = NULL;

  traffic_fixture_start (&fixture, TRAFFIC_REVIEWS ("", TRAFFIC_SPLIT));
  kubeconfig = fake_api_server_dup_kubeconfig (fixture.server, NULL, NULL);
  g_assert_cmpint (write (out, kubeconfig, strlen (kubeconfig)), ==, (int)strlen (kubeconfig));
  close (out);
  g_unix_fd_add (until, G_IO_HUP, quit_cb, loop);
  g_main_loop_run (loop);
  g_clear_object (&fixture.server);
}

static char *
read_all (int fd)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  gssize n;

  while ((n = read (fd, buffer, sizeof (buffer))) > 0)
    g_string_append_len (text, buffer, n);
  close (fd);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

int
main (int argc, char **argv)
{
  g_autofree char *kubeconfig = NULL;
  Bench bench = { 0 };
  int said[2], life[2];
  pid_t server;

  kube_client_init_process ();
  g_assert_true (g_unix_open_pipe (said, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_open_pipe (life, FD_CLOEXEC, NULL));
  server = fork ();
  if (server == 0) {
    close (said[0]);
    close (life[1]);
    serve (said[1], life[0]);
    return 0;
  }
  close (said[1]);
  close (life[0]);
  kubeconfig = read_all (said[0]);
  if (!lab_test_init (&argc, &argv))
    return 0;
  traffic_fixture_open (&bench.fixture, kubeconfig);
  bench_confirmation (&bench);
  bench_drag (&bench);
  traffic_fixture_tear_down (&bench.fixture);
  close (life[1]);
  waitpid (server, NULL, 0);
  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "jump-practice.h"
#include "lab-fixture.h"
#include "lab-window.h"

#define WAIT 20

/* A window at a practice cluster whose program is a script: it tells how often it was started, and
 * what it was told to do. */
typedef struct {
  LabFixture base;
  GtkWidget *window;
  char *progress; /* path of its file */
} Fixture;

static void
write_file (Fixture *fixture, const char *name, const char *text)
{
  g_autofree char *path = lab_fixture_dup_path (&fixture->base, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_cmpint (g_chmod (path, 0755), ==, 0);
}

static JumpPlace *
new_practice (Fixture *fixture)
{
  g_autofree char *program = lab_fixture_dup_path (&fixture->base, "program");
  g_autofree char *text = g_strdup_printf (
    "#!/bin/sh\n"
    "here=%s\n"
    "[ \"$3\" = reset ] && . $here/reset\n"
    "[ \"$3\" = -- ] && exec sleep 60\n"
    "echo start >> $here/starts\n"
    "printf '{\"kubeconfig\": \"%%s\", \"api\": \"https://127.0.0.1:1\", \"socket\": \"%%s\", "
    "\"terminal\": [\"sleep\", \"60\"]}\\n' $here/kubeconfig $here/socket\n"
    "cat\n",
    fixture->base.dir);

  write_file (fixture, "program", text);
  return g_object_new (JUMP_TYPE_PRACTICE, "program", program, "directory", fixture->base.dir,
                       NULL);
}

static guint
count_starts (Fixture *fixture)
{
  g_autofree char *path = lab_fixture_dup_path (&fixture->base, "starts");
  g_autofree char *text = NULL;
  gsize length = 0;

  return g_file_get_contents (path, &text, &length, NULL) ? length / strlen ("start\n") : 0;
}

static gboolean
is_started (gpointer data)
{
  return count_starts (data) == 1;
}

static gboolean
is_started_again (gpointer data)
{
  return count_starts (data) == 2;
}

/* Whether the one step of the second section is, for whoever opens the course next. */
static gboolean
is_done (Fixture *fixture)
{
  g_autoptr (CourseProgress) progress = course_progress_new (fixture->progress);

  return course_progress_get_done_at (progress, "second", "three") == 1;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());
  g_autoptr (JumpPlace) place = NULL;
  g_autoptr (CourseProgress) progress = NULL;

  lab_fixture_set_up (&fixture->base);
  place = new_practice (fixture);
  fixture->progress = course_progress_dup_default_path (course_course_get_id (fixture->base.course),
                                                        jump_place_get_id (place), NULL);
  progress = course_progress_new (fixture->progress);
  course_progress_mark_done (progress, "second", "three", 1);
  g_assert_true (is_done (fixture));
  fixture->window = lab_window_new (NULL, settings, scale);
  lab_window_open (LAB_WINDOW (fixture->window), fixture->base.course, place, NULL, NULL);
  g_assert_true (lab_window_open_section (LAB_WINDOW (fixture->window), "second"));
  gtk_window_present (GTK_WINDOW (fixture->window));
  test_wait_until (is_started, fixture, WAIT, "the cluster");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  lab_fixture_tear_down (&fixture->base);
  g_remove (fixture->progress);
  g_clear_pointer (&fixture->progress, g_free);
}

/* (nullable) */
static GtkWidget *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++) {
    g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

    if (ADW_IS_MESSAGE_DIALOG (window) && gtk_widget_get_mapped (window))
      return window;
  }
  return NULL;
}

static gboolean
has_dialog (gpointer data)
{
  return find_dialog () != NULL;
}

static gboolean
has_no_dialog (gpointer data)
{
  return find_dialog () == NULL;
}

/* Answers the question, with a mark in the box or without one. */
static void
answer (Fixture *fixture, const char *label, gboolean is_course_too)
{
  GtkWidget *check, *button;

  gtk_widget_activate_action (fixture->window, "win.renew-practice", NULL);
  test_wait_until (has_dialog, NULL, WAIT, "the question");
  check = lab_test_find (find_dialog (), GTK_TYPE_CHECK_BUTTON, "Begin the c_ourse anew too");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_course_too);
  button = lab_test_find (find_dialog (), GTK_TYPE_BUTTON, label);
  g_signal_emit_by_name (button, "clicked");
  test_wait_until (has_no_dialog, NULL, WAIT, "the question to go");
}

static const char *
get_title (Fixture *fixture)
{
  return gtk_window_get_title (GTK_WINDOW (fixture->window));
}

/* Nothing is done before the user has agreed; then the cluster begins anew, and the course. */
static void
test_renew (Fixture *fixture, gconstpointer data)
{
  write_file (fixture, "reset", "exit 0\n");
  answer (fixture, "_Cancel", TRUE);
  g_assert_cmpuint (count_starts (fixture), ==, 1);
  g_assert_true (is_done (fixture));
  answer (fixture, "_Make a new one", TRUE);
  test_wait_until (is_started_again, fixture, WAIT, "the cluster to be connected again");
  g_assert_false (is_done (fixture));
  g_assert_cmpstr (get_title (fixture), ==, "1 First – Test course");
}

static void
test_keep_course (Fixture *fixture, gconstpointer data)
{
  write_file (fixture, "reset", "exit 0\n");
  answer (fixture, "_Make a new one", FALSE);
  test_wait_until (is_started_again, fixture, WAIT, "the cluster to be connected again");
  g_assert_true (is_done (fixture));
  g_assert_cmpstr (get_title (fixture), ==, "Second – Test course");
}

/* Where it cannot be, the reason is told and all stays as it is. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  write_file (fixture, "reset", "echo >&2 'konvoy-practice: The disk is full.'; exit 1\n");
  answer (fixture, "_Make a new one", TRUE);
  test_wait_until (has_dialog, NULL, WAIT, "the reason");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ())),
                            "The disk is full."));
  g_signal_emit_by_name (lab_test_find (find_dialog (), GTK_TYPE_BUTTON, "_Close"), "clicked");
  test_wait_until (has_no_dialog, NULL, WAIT, "the reason to go");
  g_assert_cmpuint (count_starts (fixture), ==, 1);
  g_assert_true (is_done (fixture));
  g_assert_cmpstr (get_title (fixture), ==, "Second – Test course");
}

/* Where a damaged state is kept is told, and stays to be read. */
static void
test_set_aside (Fixture *fixture, gconstpointer data)
{
  write_file (fixture, "reset", "echo Done.; echo 'It is kept as “/x/cluster.db.old”.'; exit 0\n");
  answer (fixture, "_Make a new one", FALSE);
  test_wait_until (has_dialog, NULL, WAIT, "the sentence");
  g_assert_nonnull (strstr (adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (find_dialog ())),
                            "It is kept as “/x/cluster.db.old”."));
  g_signal_emit_by_name (lab_test_find (find_dialog (), GTK_TYPE_BUTTON, "_Close"), "clicked");
  test_wait_until (has_no_dialog, NULL, WAIT, "the sentence to go");
  test_wait_until (is_started_again, fixture, WAIT, "the cluster to be connected again");
}

/* Elsewhere there is nothing to begin anew. */
static void
test_elsewhere (Fixture *fixture, gconstpointer data)
{
  lab_window_open (LAB_WINDOW (fixture->window), fixture->base.course, fixture->base.place, NULL,
                   NULL);
  gtk_widget_activate_action (fixture->window, "win.renew-practice", NULL);
  g_assert_null (find_dialog ());
}

#define ADD(name, func)                                                                            \
  g_test_add ("/lab/window-renew/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *state = g_dir_make_tmp ("lab-state-XXXXXX", NULL);

  g_setenv ("XDG_STATE_HOME", state, TRUE);
  g_setenv ("XDG_DATA_HOME", state, TRUE);
  if (!lab_test_init (&argc, &argv))
    return 0;
  ADD ("renew", test_renew);
  ADD ("keep-course", test_keep_course);
  ADD ("failure", test_failure);
  ADD ("set-aside", test_set_aside);
  ADD ("elsewhere", test_elsewhere);
  return g_test_run ();
}

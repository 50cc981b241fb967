/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-rehearse.h"

#include <fcntl.h>
#include <ftw.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "jump-practice.h"
#include "lab-camera.h"
#include "session-rehearsal.h"

/* The cluster's program ends within 2 s of being left alone. */
#define END_TIMEOUT_MS 5000
#define END_POLL_MS 50

typedef struct {
  const LabOptions *options;
  GMainLoop *loop;
  GCancellable *cancellable;
  char *temporary; /* (nullable): folder of a practice cluster that is removed after */
  int waited_ms;
  int status;
} Rehearse;

static int
remove_cb (const char *path, const struct stat *info, int type, struct FTW *position)
{
  return remove (path);
}

/* The owner of a practice cluster holds a lock on its folder until it has ended. */
static gboolean
is_left (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "lock", NULL);
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gboolean left;

  if (fd < 0)
    return TRUE;
  left = flock (fd, LOCK_EX | LOCK_NB) == 0;
  close (fd);

  return left;
}

/* A shell of the sandbox may still write its history: what is not empty yet is tried again. */
static gboolean
remove_when_left_cb (gpointer user_data)
{
  Rehearse *self = user_data;
  gboolean removed = FALSE;

  self->waited_ms += END_POLL_MS;
  if (is_left (self->temporary))
    removed = nftw (self->temporary, remove_cb, 16, FTW_DEPTH | FTW_PHYS) == 0;
  if (!removed && self->waited_ms < END_TIMEOUT_MS)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (self->loop);

  return G_SOURCE_REMOVE;
}

static void
remove_temporary (Rehearse *self)
{
  if (self->temporary == NULL)
    return;

  g_timeout_add (END_POLL_MS, remove_when_left_cb, self);
  g_main_loop_run (self->loop);
}

static gboolean
signal_cb (gpointer user_data)
{
  Rehearse *self = user_data;

  g_cancellable_cancel (self->cancellable);

  return G_SOURCE_CONTINUE;
}

static void
line_cb (SessionRehearsal *rehearsal, const char *line, gpointer user_data)
{
  g_print ("%s\n", line);
  fflush (stdout);
}

/* Beside the report, under its name: servers that take the report want whole paths. */
static char *
dup_pictures_folder (const char *report)
{
  g_autofree char *path = g_canonicalize_filename (report, NULL);

  if (g_str_has_suffix (path, ".xml"))
    path[strlen (path) - strlen (".xml")] = '\0';
  return g_strconcat (path, "-pictures", NULL);
}

static void
write_report (Rehearse *self, SessionRehearsal *rehearsal)
{
  g_autofree char *xml = NULL;
  g_autoptr (GError) error = NULL;

  if (self->options->report == NULL)
    return;

  xml = session_rehearsal_dup_junit (rehearsal);
  if (!g_file_set_contents (self->options->report, xml, -1, &error)) {
    g_printerr ("%s\n", error->message);
    self->status = EXIT_FAILURE;
  }
}

static void
run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Rehearse *self = user_data;
  SessionRehearsal *rehearsal = SESSION_REHEARSAL (source);
  g_autoptr (GError) error = NULL;

  self->status = EXIT_FAILURE;
  if (session_rehearsal_run_finish (rehearsal, result, &error))
    self->status = EXIT_SUCCESS;
  if (error != NULL)
    g_printerr ("%s\n", error->message);
  write_report (self, rehearsal);
  g_main_loop_quit (self->loop);
}

/* A student's own practice cluster is rehearsed on only where its folder is named. */
static JumpPlace *
create_place (Rehearse *self, GError **error)
{
  const LabOptions *options = self->options;
  gboolean is_elsewhere = options->roster != NULL || options->jumpserver != NULL ||
                          options->kubeconfig != NULL ||
                          (options->context != NULL && !options->practice);

  if (is_elsewhere || options->practice_dir != NULL)
    return lab_options_create_place (options, error);

  self->temporary = g_dir_make_tmp ("konvoy-lab-XXXXXX", error);

  return self->temporary != NULL ? jump_practice_new (self->temporary) : NULL;
}

static void
rehearse (Rehearse *self, CourseCourse *course, JumpPlace *place)
{
  g_autoptr (CourseProgress) progress = course_progress_new (NULL);
  g_autoptr (SessionLab) lab = session_lab_new (course, place, progress, self->options->context);
  g_autoptr (SessionRehearsal) rehearsal = session_rehearsal_new (lab, self->options->section);
  guint interrupt = g_unix_signal_add (SIGINT, signal_cb, self);
  guint terminate = g_unix_signal_add (SIGTERM, signal_cb, self);

  if (self->options->report != NULL) {
    g_autofree char *pictures = dup_pictures_folder (self->options->report);
    g_autoptr (LabCamera) camera = lab_camera_new (lab);

    session_rehearsal_set_pictures (rehearsal, pictures, SESSION_CAMERA (camera));
  }
  session_rehearsal_set_absent (rehearsal, (const char *const *)self->options->without);
  g_signal_connect (rehearsal, "line", G_CALLBACK (line_cb), NULL);
  session_rehearsal_run_async (rehearsal, self->cancellable, run_cb, self);
  g_main_loop_run (self->loop);
  session_lab_disconnect (lab);
  g_source_remove (interrupt);
  g_source_remove (terminate);
}

/**
 * lab_rehearse_run:
 * @options: the command line
 *
 * Plays the course through at the place that @options name, prints a line for each step, and
 * touches no student's progress. Needs no display.
 *
 * Returns: the exit status: 0 only where every step passed
 */
int
lab_rehearse_run (const LabOptions *options)
{
  Rehearse self = { .options = options, .status = EXIT_FAILURE };
  g_autoptr (GError) error = NULL;
  g_autoptr (CourseCourse) course = lab_options_load_course (options, &error);
  g_autoptr (JumpPlace) place = NULL;

  if (course != NULL && options->section != NULL &&
      course_course_find_section (course, options->section) == NULL) {
    g_printerr (_ ("The course has no section “%s”\n"), options->section);
    return EXIT_FAILURE;
  }
  if (course != NULL)
    place = create_place (&self, &error);
  if (place == NULL) {
    g_printerr ("%s\n", error->message);
    return EXIT_FAILURE;
  }

  self.loop = g_main_loop_new (NULL, FALSE);
  self.cancellable = g_cancellable_new ();
  rehearse (&self, course, place);
  g_clear_object (&place);
  remove_temporary (&self);
  g_clear_pointer (&self.loop, g_main_loop_unref);
  g_clear_object (&self.cancellable);
  g_clear_pointer (&self.temporary, g_free);

  return self.status;
}

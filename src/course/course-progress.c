/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>

#include "course-progress-table.h"
#include "course-progress.h"
#include "course-section.h"

/**
 * CourseProgress:
 *
 * Several windows may keep the progress of one student in the same file. So each keeps in mind what
 * it has changed, and makes these changes to what the file says by then.
 */
struct _CourseProgress {
  GObject parent_instance;

  char *path;            /* (nullable): kept in memory only */
  GHashTable *done;      /* as of CourseProgressTable */
  GPtrArray *unsaved;    /* of Change: that the file does not know yet, in their order */
  GError *error;         /* (nullable): why the last change is not on disk */
  GFileMonitor *monitor; /* (nullable) */
};

#define MAX_NAME 80
/* How soon another window's work is seen at the latest. */
#define WATCH_MS 200

typedef struct {
  char *section;    /* (nullable): all */
  char *step;       /* (nullable): the whole section */
  gint64 at;        /* 0: forgotten */
  GPtrArray *waits; /* (nullable) */
} Change;

enum {
  PROP_0,
  PROP_ERROR,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CourseProgress, course_progress, G_TYPE_OBJECT)

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->section);
  g_free (change->step);
  g_clear_pointer (&change->waits, g_ptr_array_unref);
  g_free (change);
}

/* A step that was done before keeps its time. */
static void
apply (GHashTable *table, const Change *change)
{
  if (change->at == 0)
    course_progress_table_forget (table, change->section, change->step);
  else if (course_progress_table_get (table, change->section, change->step) == 0)
    course_progress_table_set (table, change->section, change->step, change->at, change->waits);
}

/* Takes @error (nullable). */
static void
take_error (CourseProgress *self, GError *error)
{
  gboolean changed = self->error != NULL || error != NULL;

  g_clear_error (&self->error);
  self->error = error;
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ERROR]);
}

/* What cannot be read may still be mended by hand, so it is kept beside the new file. */
static void
set_aside (CourseProgress *self)
{
  g_autofree char *aside =
    g_strdup_printf ("%s.unreadable-%" G_GINT64_FORMAT, self->path, g_get_real_time ());
  int saved_errno;

  if (g_rename (self->path, aside) == 0)
    return;
  saved_errno = errno;
  take_error (self, g_error_new_literal (G_FILE_ERROR, g_file_error_from_errno (saved_errno),
                                         g_strerror (saved_errno)));
  g_clear_pointer (&self->path, g_free);
}

static void
difference_cb (const char *section, const char *step, gpointer user_data)
{
  GPtrArray *steps = user_data;

  g_ptr_array_add (steps, g_strdup (section));
  g_ptr_array_add (steps, g_strdup (step));
}

/* Takes @table, which may have in it what another window has done. */
static void
take_table (CourseProgress *self, GHashTable *table)
{
  g_autoptr (GHashTable) old = g_steal_pointer (&self->done);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (g_free);

  self->done = table;
  course_progress_table_compare (old, table, difference_cb, steps);
  for (guint i = 0; i < steps->len; i += 2)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0, g_ptr_array_index (steps, i),
                   g_ptr_array_index (steps, i + 1));
}

/* (transfer full) (nullable): what the file says */
static GHashTable *
read_file (CourseProgress *self)
{
  GHashTable *table = NULL;

  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return NULL;
  table = course_progress_table_read (self->path);
  if (table == NULL)
    set_aside (self);
  return table;
}

/* Two windows must not both read, and then both write. The lock is the folder's, so that nothing is
 * left behind; it goes with the descriptor, and so with a program that is killed. */
static int
lock_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd;

  g_mkdir_with_parents (folder, 0700);
  fd = g_open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  if (fd >= 0)
    flock (fd, LOCK_EX);
  return fd;
}

static void
save (CourseProgress *self)
{
  g_autoptr (GHashTable) table = NULL;
  GError *error = NULL;
  int lock;

  if (self->path == NULL)
    return;
  lock = lock_folder (self->path);
  table = read_file (self);
  if (table == NULL)
    table = g_hash_table_ref (self->done);
  for (guint i = 0; i < self->unsaved->len; i++)
    apply (table, g_ptr_array_index (self->unsaved, i));
  if (self->path != NULL && course_progress_table_write (table, self->path, &error))
    g_ptr_array_set_size (self->unsaved, 0);
  if (lock >= 0)
    close (lock);
  if (self->path != NULL)
    take_error (self, error);
  if (self->unsaved->len == 0)
    take_table (self, g_steal_pointer (&table));
}

/* What is kept in memory only needs no list of what to save. */
static void
change (CourseProgress *self, const char *section, const char *step, gint64 at, GPtrArray *waits)
{
  Change *one = g_new0 (Change, 1);

  one->section = g_strdup (section);
  one->step = g_strdup (step);
  one->at = at;
  one->waits = waits != NULL ? g_ptr_array_ref (waits) : NULL;
  apply (self->done, one);
  if (self->path != NULL)
    g_ptr_array_add (self->unsaved, one);
  else
    change_free (one);
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, section != NULL ? section : "",
                 step != NULL ? step : "");
}

/* Another window has written, or we have. */
static void
file_changed_cb (CourseProgress *self)
{
  GHashTable *table = NULL;

  if (self->path == NULL || self->unsaved->len > 0)
    return;
  table = course_progress_table_read (self->path);
  if (table != NULL)
    take_table (self, table);
}

static void
watch (CourseProgress *self)
{
  g_autoptr (GFile) file = g_file_new_for_path (self->path);
  g_autofree char *folder = g_path_get_dirname (self->path);

  /* A folder that is not there would be looked for again and again. */
  g_mkdir_with_parents (folder, 0700);
  self->monitor = g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (self->monitor == NULL)
    return;
  g_file_monitor_set_rate_limit (self->monitor, WATCH_MS);
  g_signal_connect_object (self->monitor, "changed", G_CALLBACK (file_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
load (CourseProgress *self)
{
  GHashTable *table = read_file (self);

  if (table != NULL)
    take_table (self, table);
  if (self->path != NULL)
    watch (self);
}

static void
course_progress_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_ERROR:
      g_value_set_boxed (value, COURSE_PROGRESS (object)->error);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
course_progress_finalize (GObject *object)
{
  CourseProgress *self = COURSE_PROGRESS (object);

  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->done, g_hash_table_unref);
  g_clear_pointer (&self->unsaved, g_ptr_array_unref);
  g_clear_object (&self->monitor);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (course_progress_parent_class)->finalize (object);
}

static void
course_progress_class_init (CourseProgressClass *klass)
{
  G_OBJECT_CLASS (klass)->get_property = course_progress_get_property;
  G_OBJECT_CLASS (klass)->finalize = course_progress_finalize;

  /* Why the last change is not on disk; it is kept in memory, and saved with the next one. */
  properties[PROP_ERROR] =
    g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR,
                        G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  /**
   * CourseProgress::changed:
   * @self: the progress
   * @section: id of a section; empty where all was forgotten
   * @step: id of a step; empty where a whole section, or all, was forgotten
   *
   * Something was done, or forgotten.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed", COURSE_TYPE_PROGRESS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
course_progress_init (CourseProgress *self)
{
  self->done = course_progress_table_new ();
  self->unsaved = g_ptr_array_new_with_free_func (change_free);
}

/* A name that a file can have whatever a course or a roster says. */
static char *
dup_file_name (const char *text)
{
  g_autofree char *escaped = g_uri_escape_string (text, NULL, FALSE);

  if (strlen (escaped) > MAX_NAME)
    return g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return escaped[0] == '.' || escaped[0] == '\0' ? g_strconcat ("_", escaped, NULL)
                                                 : g_steal_pointer (&escaped);
}

/**
 * course_progress_new:
 * @path: (nullable): where to keep it; %NULL to keep it in memory only
 *
 * Reads the progress kept in @path. A file that cannot be read is set aside under another name,
 * and a new one begun.
 *
 * Returns: (transfer full): the progress
 */
CourseProgress *
course_progress_new (const char *path)
{
  CourseProgress *self = g_object_new (COURSE_TYPE_PROGRESS, NULL);

  self->path = g_strdup (path);
  if (path != NULL)
    load (self);
  return self;
}

/**
 * course_progress_dup_default_path:
 * @course_id: id of the course
 * @place_id: id of the place
 * @student: (nullable): name of the student, where several use this computer
 *
 * Returns: (transfer full): where progress is kept: a file of its own for each course, place and
 *   student, under XDG_STATE_HOME
 */
char *
course_progress_dup_default_path (const char *course_id, const char *place_id, const char *student)
{
  g_autofree char *course = NULL;
  g_autofree char *place = NULL;
  g_autofree char *name = NULL;
  g_autofree char *file = NULL;

  g_return_val_if_fail (course_id != NULL, NULL);
  g_return_val_if_fail (place_id != NULL, NULL);

  course = dup_file_name (course_id);
  place = dup_file_name (place_id);
  name = student != NULL ? dup_file_name (student) : NULL;
  file =
    name != NULL ? g_strdup_printf ("%s@%s.json", place, name) : g_strdup_printf ("%s.json", place);
  return g_build_filename (g_get_user_state_dir (), "konvoy-lab", "progress", course, file, NULL);
}

/**
 * course_progress_get_done_at:
 * @self: the progress
 * @section: id of a section
 * @step: id of a step
 *
 * Returns: when the step was done, in seconds since 1970; 0 where it was not
 */
gint64
course_progress_get_done_at (CourseProgress *self, const char *section, const char *step)
{
  g_return_val_if_fail (COURSE_IS_PROGRESS (self), 0);

  return course_progress_table_get (self->done, section, step);
}

/**
 * course_progress_mark_done:
 * @self: the progress
 * @section: id of a section
 * @step: id of a step
 * @at: when, in seconds since 1970
 *
 * Notes that a step was done, and saves. One that was done before keeps its time.
 */
void
course_progress_mark_done (CourseProgress *self, const char *section, const char *step, gint64 at)
{
  course_progress_mark_done_after (self, section, step, at, NULL);
}

/**
 * course_progress_mark_done_after:
 * @waits: (nullable) (element-type CourseWait): how its checks were waited for
 *
 * As course_progress_mark_done().
 */
void
course_progress_mark_done_after (
  CourseProgress *self, const char *section, const char *step, gint64 at, GPtrArray *waits)
{
  g_return_if_fail (COURSE_IS_PROGRESS (self));
  g_return_if_fail (section != NULL && step != NULL);
  g_return_if_fail (at > 0);

  if (course_progress_get_done_at (self, section, step) == 0)
    change (self, section, step, at, waits);
}

/**
 * course_progress_get_waits:
 *
 * Returns: (nullable) (transfer none) (element-type CourseWait): how the checks of a step that was
 *   done were waited for, where that is known
 */
GPtrArray *
course_progress_get_waits (CourseProgress *self, const char *section, const char *step)
{
  g_return_val_if_fail (COURSE_IS_PROGRESS (self), NULL);

  return course_progress_table_get_waits (self->done, section, step);
}

/**
 * course_progress_is_put_back:
 * @self: the progress
 * @section: id of a section
 * @step: id of a step
 *
 * Returns: whether the step was done once, is not now, and was not again since
 *   course_progress_reset()
 */
gboolean
course_progress_is_put_back (CourseProgress *self, const char *section, const char *step)
{
  g_return_val_if_fail (COURSE_IS_PROGRESS (self), FALSE);

  return course_progress_table_is_put_back (self->done, section, step);
}

/**
 * course_progress_reset:
 * @self: the progress
 * @section: (nullable): id of a section; %NULL for all
 * @step: (nullable): id of a step; %NULL for the whole section
 *
 * Forgets that steps were done, and saves. That they were once is kept for
 * course_progress_is_put_back().
 */
void
course_progress_reset (CourseProgress *self, const char *section, const char *step)
{
  g_return_if_fail (COURSE_IS_PROGRESS (self));
  g_return_if_fail (section != NULL || step == NULL);

  change (self, section, step, 0, NULL);
}

/**
 * course_progress_get_error:
 * @self: the progress
 *
 * Returns: (nullable): the system's reason why the last change is not on disk
 */
const GError *
course_progress_get_error (CourseProgress *self)
{
  g_return_val_if_fail (COURSE_IS_PROGRESS (self), NULL);

  return self->error;
}

/**
 * course_progress_save:
 * @self: the progress
 *
 * Tries again to save what could not be.
 */
void
course_progress_save (CourseProgress *self)
{
  g_return_if_fail (COURSE_IS_PROGRESS (self));

  if (self->error != NULL)
    save (self);
}

/**
 * course_progress_count_done:
 * @self: the progress
 * @section: a section
 *
 * Returns: how many of the steps of @section were done
 */
guint
course_progress_count_done (CourseProgress *self, CourseSection *section)
{
  GPtrArray *steps;
  guint count = 0;

  g_return_val_if_fail (COURSE_IS_PROGRESS (self), 0);
  g_return_val_if_fail (COURSE_IS_SECTION (section), 0);

  steps = course_section_get_steps (section);
  for (guint i = 0; i < steps->len; i++)
    if (course_progress_get_done_at (self, course_section_get_id (section),
                                     course_step_get_id (g_ptr_array_index (steps, i))) != 0)
      count++;
  return count;
}

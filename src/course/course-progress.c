/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "base-json.h"
#include "course-progress.h"
#include "course-section.h"

struct _CourseProgress {
  GObject parent_instance;

  char *path;       /* (nullable): kept in memory only */
  GHashTable *done; /* of section id to a table of step id to gint64 */
  GError *error;    /* (nullable): why the last change is not on disk */
};

#define VERSION 1
#define MAX_BYTES (1024 * 1024)
#define MAX_NAME 80

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

static GHashTable *
get_steps (CourseProgress *self, const char *section)
{
  GHashTable *steps = g_hash_table_lookup (self->done, section);

  if (steps == NULL) {
    steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (self->done, g_strdup (section), steps);
  }
  return steps;
}

static void
read_document (CourseProgress *self, JsonNode *document)
{
  JsonObject *done = base_json_get_object (document, "done", NULL);
  JsonObjectIter sections;
  const char *section;
  JsonNode *node;

  if (done == NULL)
    return;
  json_object_iter_init (&sections, done);
  while (json_object_iter_next (&sections, &section, &node)) {
    JsonObject *steps = base_json_get_object (node, NULL);
    JsonObjectIter iter;
    const char *step;
    JsonNode *at;

    if (steps == NULL)
      continue;
    json_object_iter_init (&iter, steps);
    while (json_object_iter_next (&iter, &step, &at)) {
      gint64 time = base_json_get_int (at, 0, NULL);

      if (time > 0)
        g_hash_table_insert (get_steps (self, section), g_strdup (step),
                             g_memdup2 (&time, sizeof time));
    }
  }
}

/* (transfer full) (nullable): the document, %NULL where the file is not what we once wrote */
static JsonNode *
read_file (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) document = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_BYTES)
    return NULL;
  document = base_json_parse (text, length, NULL);
  if (base_json_get_int (document, 0, "version", NULL) != VERSION ||
      base_json_get_object (document, "done", NULL) == NULL)
    return NULL;
  return g_steal_pointer (&document);
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
load (CourseProgress *self)
{
  g_autoptr (JsonNode) document = NULL;

  if (!g_file_test (self->path, G_FILE_TEST_EXISTS))
    return;
  document = read_file (self->path);
  if (document != NULL)
    read_document (self, document);
  else
    set_aside (self);
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static JsonNode *
write_document (CourseProgress *self)
{
  JsonObject *root = json_object_new ();
  JsonObject *done = json_object_new ();
  g_autoptr (GList) sections = g_list_sort (g_hash_table_get_keys (self->done), compare_keys);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (GList *l = sections; l != NULL; l = l->next) {
    GHashTable *table = g_hash_table_lookup (self->done, l->data);
    g_autoptr (GList) steps = g_list_sort (g_hash_table_get_keys (table), compare_keys);
    JsonObject *object = json_object_new ();

    for (GList *s = steps; s != NULL; s = s->next)
      json_object_set_int_member (object, s->data, *(gint64 *)g_hash_table_lookup (table, s->data));
    json_object_set_object_member (done, l->data, object);
  }
  json_object_set_int_member (root, "version", VERSION);
  json_object_set_object_member (root, "done", done);
  json_node_take_object (node, root);
  return node;
}

static void
save (CourseProgress *self)
{
  g_autoptr (JsonNode) document = NULL;
  GError *error = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;

  if (self->path == NULL)
    return;
  folder = g_path_get_dirname (self->path);
  g_mkdir_with_parents (folder, 0700);
  document = write_document (self);
  text = base_json_write (document, TRUE);
  g_file_set_contents_full (self->path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error);
  take_error (self, error);
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
  self->done =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
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
  GHashTable *steps;
  gint64 *at;

  g_return_val_if_fail (COURSE_IS_PROGRESS (self), 0);

  steps = g_hash_table_lookup (self->done, section);
  at = steps != NULL ? g_hash_table_lookup (steps, step) : NULL;
  return at != NULL ? *at : 0;
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
  g_return_if_fail (COURSE_IS_PROGRESS (self));
  g_return_if_fail (section != NULL && step != NULL);
  g_return_if_fail (at > 0);

  if (course_progress_get_done_at (self, section, step) != 0)
    return;
  g_hash_table_insert (get_steps (self, section), g_strdup (step), g_memdup2 (&at, sizeof at));
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, section, step);
}

/**
 * course_progress_reset:
 * @self: the progress
 * @section: (nullable): id of a section; %NULL for all
 * @step: (nullable): id of a step; %NULL for the whole section
 *
 * Forgets that steps were done, and saves.
 */
void
course_progress_reset (CourseProgress *self, const char *section, const char *step)
{
  GHashTable *steps;

  g_return_if_fail (COURSE_IS_PROGRESS (self));
  g_return_if_fail (section != NULL || step == NULL);

  if (section == NULL) {
    g_hash_table_remove_all (self->done);
  } else if (step == NULL) {
    g_hash_table_remove (self->done, section);
  } else {
    steps = g_hash_table_lookup (self->done, section);
    if (steps != NULL)
      g_hash_table_remove (steps, step);
  }
  save (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, section != NULL ? section : "",
                 step != NULL ? step : "");
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

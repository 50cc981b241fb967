/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-watch.h"

/* An editor writes a file in several steps, and an author saves several files. */
#define QUIET_MS 300

/* Folders of pictures beside the text. */
#define MAX_FOLDERS 32

struct _CourseWatch {
  GObject parent_instance;

  GPtrArray *monitors; /* of GFileMonitor */
  guint quiet_source;
};

G_DEFINE_FINAL_TYPE (CourseWatch, course_watch, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
course_watch_finalize (GObject *object)
{
  CourseWatch *self = COURSE_WATCH (object);

  g_clear_handle_id (&self->quiet_source, g_source_remove);
  g_clear_pointer (&self->monitors, g_ptr_array_unref);

  G_OBJECT_CLASS (course_watch_parent_class)->finalize (object);
}

static void
course_watch_class_init (CourseWatchClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_watch_finalize;

  signals[CHANGED] = g_signal_new ("changed", COURSE_TYPE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
course_watch_init (CourseWatch *self)
{
  self->monitors = g_ptr_array_new_with_free_func (g_object_unref);
}

static gboolean
quiet_cb (gpointer user_data)
{
  CourseWatch *self = COURSE_WATCH (user_data);

  self->quiet_source = 0;
  g_signal_emit (self, signals[CHANGED], 0);

  return G_SOURCE_REMOVE;
}

static void
changed_cb (CourseWatch *self)
{
  g_clear_handle_id (&self->quiet_source, g_source_remove);
  self->quiet_source = g_timeout_add (QUIET_MS, quiet_cb, self);
}

static void
add (CourseWatch *self, const char *path, gboolean is_folder)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileMonitor) monitor =
    is_folder ? g_file_monitor_directory (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL)
              : g_file_monitor_file (file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);

  /* where the system has no more, the author opens the course again */
  if (monitor == NULL)
    return;
  g_signal_connect_object (monitor, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_ptr_array_add (self->monitors, g_steal_pointer (&monitor));
}

/* The folders that have the pictures of @section. */
static void
find_folders (CourseSection *section, GHashTable *folders)
{
  GPtrArray *blocks = course_section_get_blocks (section);

  for (guint i = 0; i < blocks->len && g_hash_table_size (folders) < MAX_FOLDERS; i++) {
    const CourseBlock *block = g_ptr_array_index (blocks, i);

    if (block->type == COURSE_BLOCK_IMAGE)
      g_hash_table_add (folders, g_path_get_dirname (block->path));
  }
}

/**
 * course_watch_new:
 * @course: a course
 *
 * Watches the folder of @course, or its file where it is one file, and the folders of its pictures.
 *
 * Returns: (transfer full): a watch; it does not keep @course
 */
CourseWatch *
course_watch_new (CourseCourse *course)
{
  CourseWatch *self;
  GListModel *sections;
  const char *path;
  g_autoptr (GHashTable) folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer folder;
  gboolean is_folder;

  g_return_val_if_fail (COURSE_IS_COURSE (course), NULL);

  self = g_object_new (COURSE_TYPE_WATCH, NULL);
  path = course_course_get_path (course);
  is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);
  add (self, path, is_folder);
  sections = course_course_get_sections (course);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    find_folders (section, folders);
  }
  g_hash_table_iter_init (&iter, folders);
  while (g_hash_table_iter_next (&iter, &folder, NULL)) {
    if (!is_folder || g_strcmp0 (folder, path) != 0)
      add (self, folder, TRUE);
  }
  return self;
}

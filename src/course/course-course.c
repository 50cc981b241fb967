/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-course-private.h"
#include "course-loader.h"
#include "course-manifest.h"
#include "course-report.h"
#include "course-section-private.h"

G_DEFINE_QUARK (course_error, course_error)
G_DEFINE_FINAL_TYPE (CourseCourse, course_course, G_TYPE_OBJECT)

static void
course_course_finalize (GObject *object)
{
  CourseCourse *self = COURSE_COURSE (object);

  g_clear_pointer (&self->id, g_free);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->namespace_, g_free);
  g_clear_object (&self->sections);
  g_clear_pointer (&self->by_id, g_hash_table_unref);
  g_clear_pointer (&self->messages, g_ptr_array_unref);

  G_OBJECT_CLASS (course_course_parent_class)->finalize (object);
}

static void
course_course_class_init (CourseCourseClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = course_course_finalize;
}

static void
course_course_init (CourseCourse *self)
{
  self->namespace_ = g_strdup (COURSE_DEFAULT_NAMESPACE);
  self->within = COURSE_DEFAULT_WITHIN;
  self->sections = g_list_store_new (COURSE_TYPE_SECTION);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->messages = course_messages_new ();
}

static CourseCourse *
course_new (const char *path)
{
  CourseCourse *self = g_object_new (COURSE_TYPE_COURSE, NULL);
  g_autofree char *base = g_path_get_basename (path);

  self->path =
    strcmp (base, COURSE_MANIFEST_FILE) == 0 ? g_path_get_dirname (path) : g_strdup (path);
  return self;
}

/**
 * course_course_load:
 * @path: a folder with a course.yaml, that file, a folder of Markdown files, or one such file
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Reads a course. What is wrong in parts of it becomes a message, see
 * course_course_get_messages(), and leaves the rest usable.
 *
 * Returns: (transfer full) (nullable): the course; %NULL where there is nothing to show
 */
CourseCourse *
course_course_load (const char *path, GError **error)
{
  g_autoptr (CourseCourse) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = course_new (path);
  if (!course_loader_load (self, error)) {
    g_prefix_error (error, _ ("“%s” cannot be opened as a course: "), path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * course_lint:
 * @path: a folder with a course.yaml, that file, a folder of Markdown files, or one such file
 * @messages: (out) (transfer full) (element-type CourseMessage): what is wrong or doubtful with it
 *
 * Reads a course for what its author should know of it.
 *
 * Returns: whether there is no error among @messages
 */
gboolean
course_lint (const char *path, GPtrArray **messages)
{
  g_autoptr (CourseCourse) self = NULL;
  g_autoptr (GError) error = NULL;
  CourseReport report = { .file = path };
  gboolean is_right = TRUE;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (messages != NULL, FALSE);

  self = course_new (path);
  report.messages = self->messages;
  if (!course_loader_load (self, &error))
    course_report_error (&report, 0, _ ("This cannot be opened as a course: %s"), error->message);
  *messages = g_ptr_array_ref (self->messages);
  for (guint i = 0; i < self->messages->len; i++) {
    const CourseMessage *message = g_ptr_array_index (self->messages, i);

    is_right = is_right && !message->is_error;
  }
  return is_right;
}

/**
 * course_course_get_id:
 * @self: a course
 *
 * Returns: its id, the same whenever it is read, to keep progress by
 */
const char *
course_course_get_id (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return self->id;
}

/**
 * course_course_get_title:
 * @self: a course
 *
 * Returns: its title
 */
const char *
course_course_get_title (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return self->title;
}

/**
 * course_course_get_path:
 * @self: a course
 *
 * Returns: its folder, or its file where it is one file
 */
const char *
course_course_get_path (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return self->path;
}

/**
 * course_course_get_namespace:
 * @self: a course
 *
 * Returns: the namespace of the checks that name none
 */
const char *
course_course_get_namespace (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return self->namespace_;
}

/**
 * course_course_get_sections:
 * @self: a course
 *
 * Returns: (transfer none): its sections, of #CourseSection, in order
 */
GListModel *
course_course_get_sections (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return G_LIST_MODEL (self->sections);
}

/**
 * course_course_find_section:
 * @self: a course
 * @id: an id
 *
 * Returns: (transfer none) (nullable): the section with @id
 */
CourseSection *
course_course_find_section (CourseCourse *self, const char *id)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  g_return_val_if_fail (id != NULL, NULL);
  return g_hash_table_lookup (self->by_id, id);
}

/**
 * course_course_get_messages:
 * @self: a course
 *
 * Returns: (transfer none) (element-type CourseMessage): what was found wrong or doubtful, in
 *   order of file and line
 */
GPtrArray *
course_course_get_messages (CourseCourse *self)
{
  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  return self->messages;
}

/**
 * course_course_get_relative:
 * @self: a course
 * @file: the path of one of its files
 *
 * Returns: (transfer none): the part of @file that leads there from the course's folder
 */
const char *
course_course_get_relative (CourseCourse *self, const char *file)
{
  gsize length;

  g_return_val_if_fail (COURSE_IS_COURSE (self), NULL);
  g_return_val_if_fail (file != NULL, NULL);

  length = strlen (self->path);
  if (g_str_has_prefix (file, self->path)) {
    const char *rest = file + length;

    rest += strspn (rest, "/");
    if (*rest != '\0' && (file[length] == '/' || (length > 0 && self->path[length - 1] == '/')))
      return rest;
  }
  return strrchr (file, '/') != NULL ? strrchr (file, '/') + 1 : file;
}

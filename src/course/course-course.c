/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include <cmark.h>
#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-builder.h"
#include "course-course.h"
#include "course-file.h"
#include "course-front-matter.h"
#include "course-manifest.h"
#include "course-report.h"
#include "course-section-private.h"
#include "course-slug.h"
#include "course-yaml.h"

struct _CourseCourse {
  GObject parent_instance;

  char *id;
  char *title;
  char *path;
  char *namespace_;
  guint within;
  GListStore *sections;
  GHashTable *by_id; /* of id to (unowned) CourseSection */
  GPtrArray *messages;
};

/* All the text of a course, so that many files together stay within what one may take. */
#define MAX_TOTAL_BYTES (4 * 1024 * 1024)

/* A section while the course is read: links need all ids before the first page is built. */
typedef struct {
  char *file; /* as named in messages */
  CourseSource *source;
  CourseSection *section;
} Draft;

G_DEFINE_QUARK (course - error - quark, course_error)
G_DEFINE_FINAL_TYPE (CourseCourse, course_course, G_TYPE_OBJECT)

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->file);
  course_source_free (draft->source);
  g_clear_object (&draft->section);
  g_free (draft);
}

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

/* A course that gives itself no id is known by where it is. */
static char *
dup_id_of_path (const char *path)
{
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *stem = g_strndup (base, strcspn (base, "."));
  g_autofree char *slug = course_slug_new (stem);
  char *real = realpath (path, NULL);
  g_autofree char *sum =
    g_compute_checksum_for_string (G_CHECKSUM_SHA256, real != NULL ? real : path, -1);

  free (real);
  return g_strdup_printf ("%s-%.8s", slug, sum);
}

static void
add_section (CourseCourse *self, CourseSection *section)
{
  g_list_store_append (self->sections, section);
  g_hash_table_insert (self->by_id, section->id, section);
}

static cmark_node *
parse (CourseSource *source)
{
  return cmark_parse_document (source->text, strlen (source->text), CMARK_OPT_DEFAULT);
}

static gboolean
fill (CourseCourse *self, Draft *draft, CourseTargets *targets, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = draft->file };
  cmark_node *document = parse (draft->source);
  gboolean filled = course_builder_fill_section (draft->section, document, draft->source, targets,
                                                 self->within, &report, error);

  cmark_node_free (document);
  return filled;
}

/* (transfer full) (nullable): the section of @entry without its content */
static Draft *
draft_section (CourseCourse *self, const CourseManifestEntry *entry, const char *manifest_file)
{
  g_autofree char *file = g_build_filename (self->path, entry->file, NULL);
  g_autofree char *inside = course_file_resolve_inside (self->path, entry->file);
  CourseReport report = { .messages = self->messages, .file = file };
  CourseReport manifest_report = { .messages = self->messages, .file = manifest_file };
  g_autoptr (GError) error = NULL;
  CourseSource *source;
  Draft *draft;

  if (inside == NULL) {
    course_report_error (&manifest_report, entry->line,
                         _ ("There is no file “%s” in the course's folder"), entry->file);
    return NULL;
  }
  source = course_source_load (inside, &report, &error);
  if (source == NULL) {
    course_report_error (&report, 0, _ ("This file cannot be used: %s"), error->message);
    return NULL;
  }
  draft = g_new0 (Draft, 1);
  draft->file = g_steal_pointer (&file);
  draft->source = source;
  report.file = draft->file;
  draft->section = course_front_matter_read (source, entry->file, &report);
  draft->section->group = g_strdup (entry->group);
  return draft;
}

static GPtrArray *
draft_sections (CourseCourse *self, CourseManifest *manifest, const char *manifest_file)
{
  GPtrArray *drafts = g_ptr_array_new_with_free_func (draft_free);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  gsize bytes = 0;

  for (guint i = 0; i < manifest->entries->len; i++) {
    const CourseManifestEntry *entry = g_ptr_array_index (manifest->entries, i);
    Draft *draft = draft_section (self, entry, manifest_file);
    CourseReport report = { .messages = self->messages };

    if (draft == NULL)
      continue;
    report.file = draft->file;
    bytes += strlen (draft->source->text);
    if (bytes > MAX_TOTAL_BYTES) {
      course_report_error (&report, 0, _ ("The sections together are larger than %d KiB"),
                           MAX_TOTAL_BYTES / 1024);
      draft_free (draft);
      break;
    }
    if (!g_hash_table_add (ids, draft->section->id)) {
      course_report_error (&report, 1, _ ("Another section has the id “%s”"), draft->section->id);
      draft_free (draft);
      continue;
    }
    g_ptr_array_add (drafts, draft);
  }
  return drafts;
}

static void
check_needs (CourseCourse *self, const Draft *draft)
{
  CourseReport report = { .messages = self->messages, .file = draft->file };

  for (guint i = 0; draft->section->needs[i] != NULL; i++)
    if (!g_hash_table_contains (self->by_id, draft->section->needs[i]))
      course_report_error (&report, course_yaml_find_key (draft->source->front_text, 2, "needs"),
                           _ ("No section has the id “%s”"), draft->section->needs[i]);
}

static gboolean
load_folder (CourseCourse *self, GError **error)
{
  g_autofree char *manifest_file = g_build_filename (self->path, COURSE_MANIFEST_FILE, NULL);
  CourseReport report = { .messages = self->messages, .file = manifest_file };
  g_autoptr (CourseManifest) manifest = course_manifest_load (self->path, &report, error);
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autoptr (GPtrArray) drafts = NULL;

  if (manifest == NULL)
    return FALSE;
  self->id = manifest->id != NULL ? g_strdup (manifest->id) : dup_id_of_path (self->path);
  self->title =
    manifest->title != NULL ? g_strdup (manifest->title) : g_path_get_basename (self->path);
  g_free (self->namespace_);
  self->namespace_ = g_strdup (manifest->namespace_);
  self->within = manifest->within;

  drafts = draft_sections (self, manifest, manifest_file);
  for (guint i = 0; i < drafts->len; i++) {
    const Draft *draft = g_ptr_array_index (drafts, i);
    g_autofree char *name = g_path_get_basename (draft->file);

    course_targets_add (targets, draft->section->id, name);
  }
  for (guint i = 0; i < drafts->len; i++) {
    Draft *draft = g_ptr_array_index (drafts, i);
    g_autoptr (GError) local_error = NULL;

    report.file = draft->file;
    if (fill (self, draft, targets, &local_error))
      add_section (self, draft->section);
    else
      course_report_error (&report, 0, _ ("This file cannot be used: %s"), local_error->message);
  }
  for (guint i = 0; i < drafts->len; i++)
    check_needs (self, g_ptr_array_index (drafts, i));
  return TRUE;
}

/* A file in our own format: one section, with front matter. */
static gboolean
load_section_file (CourseCourse *self, CourseSource *source, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = self->path };
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autofree char *name = g_path_get_basename (self->path);
  g_autoptr (CourseSection) section = course_front_matter_read (source, name, &report);
  Draft draft = { .file = self->path, .source = source, .section = section };

  course_targets_add (targets, section->id, name);
  if (!fill (self, &draft, targets, error))
    return FALSE;
  self->title = g_strdup (section->title);
  add_section (self, section);
  return TRUE;
}

/* Any text is Markdown, but one without a heading and without a step is no lab. */
static gboolean
is_lab (CourseOutline *outline, GPtrArray *sections)
{
  for (guint i = 0; i < sections->len; i++) {
    CourseSection *section = g_ptr_array_index (sections, i);

    if (section->steps->len > 0)
      return TRUE;
  }
  return outline->title != NULL || outline->entries->len > 0;
}

/* A lab as people write them for a browser. */
static gboolean
load_lab (CourseCourse *self, CourseSource *source, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = self->path };
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autoptr (CourseOutline) outline = NULL;
  g_autoptr (GPtrArray) sections = NULL;
  cmark_node *document = parse (source);

  outline = course_outline_new (document, source, &report);
  for (guint i = 0; i < outline->entries->len; i++) {
    const CourseOutlineEntry *entry = g_ptr_array_index (outline->entries, i);

    course_targets_add (targets, entry->id, NULL);
  }
  sections =
    course_builder_import (outline, document, source, targets, self->within, &report, error);
  cmark_node_free (document);
  if (sections == NULL)
    return FALSE;
  if (!is_lab (outline, sections)) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("there is neither a heading nor a command in it"));
    return FALSE;
  }

  self->title =
    outline->title != NULL ? g_strdup (outline->title) : g_path_get_basename (self->path);
  for (guint i = 0; i < sections->len; i++)
    add_section (self, g_ptr_array_index (sections, i));
  return TRUE;
}

static gboolean
load_file (CourseCourse *self, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = self->path };
  g_autoptr (CourseSource) source = course_source_load (self->path, &report, error);

  if (source == NULL)
    return FALSE;
  self->id = dup_id_of_path (self->path);
  if (base_json_get_string (source->front, "id", NULL) != NULL)
    return load_section_file (self, source, error);
  return load_lab (self, source, error);
}

static gboolean
has_content (CourseCourse *self)
{
  guint n_sections = g_list_model_get_n_items (G_LIST_MODEL (self->sections));

  for (guint i = 0; i < n_sections; i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (G_LIST_MODEL (self->sections), i);

    if (section->blocks->len > 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
load (CourseCourse *self, GError **error)
{
  g_autofree char *manifest = g_build_filename (self->path, COURSE_MANIFEST_FILE, NULL);
  gboolean is_folder = g_file_test (self->path, G_FILE_TEST_IS_DIR);
  gboolean loaded;

  if (is_folder && !g_file_test (manifest, G_FILE_TEST_EXISTS)) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("there is no course.yaml in it"));
    return FALSE;
  }
  loaded = is_folder ? load_folder (self, error) : load_file (self, error);
  course_messages_sort (self->messages);
  if (loaded && !has_content (self)) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("there is nothing to read in it"));
    return FALSE;
  }
  return loaded;
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
 * @path: a folder with a course.yaml, that file, or one Markdown file
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
  if (!load (self, error)) {
    g_prefix_error (error, _ ("“%s” cannot be opened as a course: "), path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * course_lint:
 * @path: a folder with a course.yaml, that file, or one Markdown file
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
  if (!load (self, &error))
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

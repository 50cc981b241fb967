/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include <cmark.h>
#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-builder.h"
#include "course-course-private.h"
#include "course-file.h"
#include "course-front-matter.h"
#include "course-loader.h"
#include "course-manifest.h"
#include "course-report.h"
#include "course-section-private.h"
#include "course-slug.h"
#include "course-yaml.h"

/* All the text of a course, so that many files together stay within what one may take. */
#define MAX_TOTAL_BYTES (4 * 1024 * 1024)

/* A section while the course is read: links need all ids before the first page is built. */
typedef struct {
  char *file; /* as named in messages */
  CourseSource *source;
  CourseSection *section;
} Draft;

static void
draft_free (gpointer data)
{
  Draft *draft = data;

  g_free (draft->file);
  course_source_free (draft->source);
  g_clear_object (&draft->section);
  g_free (draft);
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

/* What undoes a check comes later. Sections may be done in any order, though: a step of another one
 * has only to exist, and a file that is read by itself does not know of others. */
static gboolean
is_later (
  CourseCourse *self, CourseSection *section, CourseStep *step, CourseCheck *check, gboolean alone)
{
  g_autofree char *step_id = NULL;
  g_autofree char *section_id = course_check_dup_until (check, section->id, &step_id);
  CourseSection *other = NULL;
  CourseStep *until = NULL;

  if (section_id == NULL)
    return TRUE;
  other = g_hash_table_lookup (self->by_id, section_id);
  if (other == NULL)
    return alone;
  until = course_section_find_step (other, step_id);
  return until != NULL &&
         (other != section || course_step_get_line (until) > course_step_get_line (step));
}

static void
check_until (CourseCourse *self, const Draft *draft, gboolean alone)
{
  GPtrArray *steps = course_section_get_steps (draft->section);
  CourseReport report = { .messages = self->messages, .file = draft->file };

  for (guint i = 0; i < steps->len; i++) {
    CourseStep *step = g_ptr_array_index (steps, i);
    GPtrArray *checks = course_step_get_checks (step);

    for (guint j = 0; j < checks->len; j++) {
      CourseCheck *check = g_ptr_array_index (checks, j);

      if (!is_later (self, draft->section, step, check, alone))
        course_report_error (&report, course_check_get_line (check),
                             _ ("“until” names a later step, as STEP or SECTION/STEP"));
    }
  }
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
  for (guint i = 0; i < drafts->len; i++)
    check_until (self, g_ptr_array_index (drafts, i), FALSE);
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
  check_until (self, &draft, TRUE);
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

/**
 * course_loader_load:
 * @self: a course that has its path, and nothing else yet
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Fills @self from its folder or file. What is wrong in parts of it becomes a message.
 *
 * Returns: whether there is anything to show
 */
gboolean
course_loader_load (CourseCourse *self, GError **error)
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include <cmark.h>
#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-builder.h"
#include "course-course-private.h"
#include "course-file.h"
#include "course-listing.h"
#include "course-loader.h"
#include "course-manifest.h"
#include "course-page.h"
#include "course-report.h"
#include "course-section-private.h"
#include "course-slug.h"
#include "course-yaml.h"

/* All the text of a course, so that many files together stay within what one may take. */
#define MAX_TOTAL_BYTES (4 * 1024 * 1024)

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

static gboolean
fill (CourseCourse *self, CoursePage *page, CourseTargets *targets, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = page->file };

  return course_page_fill (page, targets, self->within, &report, error);
}

/* (transfer full) (nullable): the section of @entry without its content */
static CoursePage *
load_page (CourseCourse *self,
           const CourseManifestEntry *entry,
           gboolean is_listing,
           const CourseReport *manifest_report)
{
  g_autofree char *file = g_build_filename (self->path, entry->file, NULL);
  g_autofree char *inside = course_file_resolve_inside (self->path, entry->file);
  CourseReport report = { .messages = self->messages, .file = file };
  g_autoptr (GError) error = NULL;
  CourseSource *source;
  CoursePage *page;

  if (inside == NULL) {
    course_report_error (manifest_report, entry->line,
                         _ ("There is no file “%s” in the course's folder"), entry->file);
    return NULL;
  }
  source = course_source_load (inside, &report, &error);
  if (source == NULL) {
    course_report_error (&report, 0, _ ("This file cannot be used: %s"), error->message);
    return NULL;
  }
  page = course_page_new (source, file, is_listing, &report);
  page->section->group = g_strdup (entry->group);
  return page;
}

/* Whether the id of @page is one of its own now. */
static gboolean
take_id (CoursePage *page, GHashTable *taken, const CourseReport *report)
{
  CourseSection *section = page->section;
  char *id;

  if (!page->is_plain && g_hash_table_contains (taken, section->id)) {
    course_report_error (report, 1, _ ("Another section has the id “%s”"), section->id);
    return FALSE;
  }
  id = course_slug_unique (section->id, taken);
  g_free (section->id);
  section->id = id;
  return TRUE;
}

static GPtrArray *
load_pages (CourseCourse *self, CourseManifest *manifest, const CourseReport *manifest_report)
{
  GPtrArray *pages = g_ptr_array_new_with_free_func ((GDestroyNotify)course_page_free);
  g_autoptr (GHashTable) taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gsize bytes = 0;

  for (guint i = 0; i < manifest->entries->len; i++) {
    g_autoptr (CoursePage) page = load_page (self, g_ptr_array_index (manifest->entries, i),
                                             manifest->is_listing, manifest_report);
    CourseReport report = { .messages = self->messages };

    if (page == NULL)
      continue;
    report.file = page->file;
    bytes += strlen (page->source->text);
    if (bytes > MAX_TOTAL_BYTES) {
      course_report_error (&report, 0, _ ("The sections together are larger than %d KiB"),
                           MAX_TOTAL_BYTES / 1024);
      break;
    }
    if (take_id (page, taken, &report))
      g_ptr_array_add (pages, g_steal_pointer (&page));
  }
  return pages;
}

static void
check_needs (CourseCourse *self, const CoursePage *page)
{
  CourseReport report = { .messages = self->messages, .file = page->file };

  for (guint i = 0; page->section->needs[i] != NULL; i++)
    if (!g_hash_table_contains (self->by_id, page->section->needs[i]))
      course_report_error (&report, course_yaml_find_key (page->source->front_text, 2, "needs"),
                           _ ("No section has the id “%s”"), page->section->needs[i]);
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
check_until (CourseCourse *self, const CoursePage *page, gboolean alone)
{
  GPtrArray *steps = course_section_get_steps (page->section);
  CourseReport report = { .messages = self->messages, .file = page->file };

  for (guint i = 0; i < steps->len; i++) {
    CourseStep *step = g_ptr_array_index (steps, i);
    GPtrArray *checks = course_step_get_checks (step);

    for (guint j = 0; j < checks->len; j++) {
      CourseCheck *check = g_ptr_array_index (checks, j);

      if (!is_later (self, page->section, step, check, alone))
        course_report_error (&report, course_check_get_line (check),
                             _ ("“until” names a later step, as STEP or SECTION/STEP"));
    }
  }
}

/* Also what leads to others: links and what is needed. Where a section is missing, nobody knows
 * whether its id is; that it is missing has been said. */
static void
fill_all (CourseCourse *self, GPtrArray *pages, gboolean complete)
{
  g_autoptr (CourseTargets) targets = course_targets_new ();

  for (guint i = 0; i < pages->len; i++) {
    CoursePage *page = g_ptr_array_index (pages, i);
    g_autofree char *name = g_path_get_basename (page->file);

    course_targets_add (targets, page->section->id, name);
  }
  for (guint i = 0; i < pages->len; i++) {
    CoursePage *page = g_ptr_array_index (pages, i);
    CourseReport report = { .messages = self->messages, .file = page->file };
    g_autoptr (GError) error = NULL;

    if (fill (self, page, targets, &error)) {
      add_section (self, page->section);
    } else {
      course_report_error (&report, 0, _ ("This file cannot be used: %s"), error->message);
      complete = FALSE;
    }
  }
  for (guint i = 0; complete && i < pages->len; i++)
    check_needs (self, g_ptr_array_index (pages, i));
  for (guint i = 0; i < pages->len; i++)
    check_until (self, g_ptr_array_index (pages, i), !complete);
}

/* Where the course does not say, it is named after the page that is about all of it. */
static char *
dup_title (CourseCourse *self, CourseManifest *manifest, GPtrArray *pages)
{
  g_autofree char *absolute = NULL;

  if (manifest->title != NULL)
    return g_strdup (manifest->title);
  if (manifest->has_front_page && pages->len > 0)
    return g_strdup (((const CoursePage *)g_ptr_array_index (pages, 0))->section->title);
  absolute = g_canonicalize_filename (self->path, NULL);
  return g_path_get_basename (absolute);
}

static void
load_sections (CourseCourse *self, CourseManifest *manifest, const CourseReport *report)
{
  g_autoptr (GPtrArray) pages = NULL;

  self->id = manifest->id != NULL ? g_strdup (manifest->id) : dup_id_of_path (self->path);
  g_free (self->namespace_);
  self->namespace_ = g_strdup (manifest->namespace_);
  self->within = manifest->within;
  pages = load_pages (self, manifest, report);
  self->title = dup_title (self, manifest, pages);
  fill_all (self, pages, pages->len == manifest->entries->len);
}

/* A file in our own format: one section, with front matter. */
static gboolean
load_section_file (CourseCourse *self, CourseSource *source, const char *path, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = path };
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (CoursePage) page = course_page_new (source, path, FALSE, &report);

  course_targets_add (targets, page->section->id, name);
  if (!fill (self, page, targets, error))
    return FALSE;
  self->title = g_strdup (page->section->title);
  add_section (self, page->section);
  check_until (self, page, TRUE);
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
load_lab (CourseCourse *self, CourseSource *source, const char *path, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = path };
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autoptr (CourseOutline) outline = NULL;
  g_autoptr (GPtrArray) sections = NULL;
  cmark_node *document =
    cmark_parse_document (source->text, strlen (source->text), CMARK_OPT_DEFAULT);

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

  self->title = outline->title != NULL ? g_strdup (outline->title) : g_path_get_basename (path);
  for (guint i = 0; i < sections->len; i++)
    add_section (self, g_ptr_array_index (sections, i));
  return TRUE;
}

static gboolean
load_file (CourseCourse *self, const char *path, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = path };
  g_autoptr (CourseSource) source = course_source_load (path, &report, error);

  if (source == NULL)
    return FALSE;
  self->id = dup_id_of_path (self->path);
  if (base_json_get_string (source->front, "id", NULL) != NULL)
    return load_section_file (self, g_steal_pointer (&source), path, error);
  return load_lab (self, source, path, error);
}

static gboolean
load_folder (CourseCourse *self, GError **error)
{
  g_autofree char *file = g_build_filename (self->path, COURSE_MANIFEST_FILE, NULL);
  CourseReport report = { .messages = self->messages, .file = file };
  g_autoptr (CourseManifest) manifest = course_manifest_load (self->path, &report, error);

  if (manifest == NULL)
    return FALSE;
  load_sections (self, manifest, &report);
  return TRUE;
}

/* One file alone is the whole lab, and has its sections in it. */
static gboolean
load_plain_folder (CourseCourse *self, GError **error)
{
  CourseReport report = { .messages = self->messages, .file = self->path };
  g_autoptr (CourseManifest) manifest = course_listing_read (self->path, &report, error);

  if (manifest == NULL)
    return FALSE;
  if (manifest->entries->len == 1) {
    const CourseManifestEntry *entry = g_ptr_array_index (manifest->entries, 0);
    g_autofree char *inside = course_file_resolve_inside (self->path, entry->file);
    g_autofree char *path = g_build_filename (self->path, entry->file, NULL);

    /* a link that leads elsewhere is told of below */
    if (inside != NULL)
      return load_file (self, path, error);
  }
  load_sections (self, manifest, &report);
  return TRUE;
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
  gboolean loaded;

  if (!g_file_test (self->path, G_FILE_TEST_IS_DIR))
    loaded = load_file (self, self->path, error);
  else if (g_file_test (manifest, G_FILE_TEST_EXISTS))
    loaded = load_folder (self, error);
  else
    loaded = load_plain_folder (self, error);
  course_messages_sort (self->messages);
  if (loaded && !has_content (self)) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("there is nothing to read in it"));
    return FALSE;
  }
  return loaded;
}

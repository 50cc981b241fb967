/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "course-builder.h"
#include "course-front-matter.h"
#include "course-outline.h"
#include "course-page.h"
#include "course-section-private.h"

/* Its front matter, where it has some, is that of a web site: a title is all that is taken. */
static CourseSection *
new_plain_section (CoursePage *self, const char *name)
{
  g_autofree char *id = course_front_matter_dup_id_of_file (name);
  g_autofree char *heading = course_outline_dup_first_heading (self->document);
  g_autofree char *stem = g_strndup (name, strrchr (name, '.') - name);
  const char *title = base_json_get_string (self->source->front, "title", NULL);

  if (title == NULL)
    title = heading != NULL ? heading : stem;
  return course_section_new (id, title);
}

/**
 * course_page_new:
 * @source: (transfer full): a file, whose name has a suffix
 * @file: its path, as named in messages
 * @may_be_plain: whether it need not be in our own format
 * @report: where to say what is wrong
 *
 * Returns: (transfer full): the page, with a section that has an id, a title, and nothing in it yet
 */
CoursePage *
course_page_new (CourseSource *source,
                 const char *file,
                 gboolean may_be_plain,
                 const CourseReport *report)
{
  CoursePage *self = g_new0 (CoursePage, 1);
  g_autofree char *name = g_path_get_basename (file);

  self->file = g_strdup (file);
  self->source = source;
  self->document = cmark_parse_document (source->text, strlen (source->text), CMARK_OPT_DEFAULT);
  self->is_plain = may_be_plain && base_json_get_string (source->front, "id", NULL) == NULL;
  self->section = self->is_plain ? new_plain_section (self, name)
                                 : course_front_matter_read (source, name, report);
  return self;
}

/**
 * course_page_free:
 * @self: (nullable): a page
 *
 * Frees @self.
 */
void
course_page_free (CoursePage *self)
{
  if (self == NULL)
    return;
  g_free (self->file);
  cmark_node_free (self->document);
  course_source_free (self->source);
  g_clear_object (&self->section);
  g_free (self);
}

/**
 * course_page_fill:
 * @self: a page
 * @targets: what links may lead to
 * @within: seconds for the checks that do not say
 * @report: where to say what is wrong
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Fills the page's section with all that stands in the file.
 *
 * Returns: whether the file is within the limits
 */
gboolean
course_page_fill (CoursePage *self,
                  CourseTargets *targets,
                  guint within,
                  const CourseReport *report,
                  GError **error)
{
  g_autoptr (CourseImporter) importer = self->is_plain ? course_importer_new () : NULL;

  return course_builder_fill_section (self->section, self->document, self->source, targets, within,
                                      importer, report, error);
}

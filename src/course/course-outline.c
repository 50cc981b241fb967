/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-markup.h"
#include "course-outline.h"
#include "course-slug.h"

#define SECTION_LEVEL 2
#define LOWEST_LEVEL 6
#define MAX_SECTIONS 200

static void
entry_free (gpointer data)
{
  CourseOutlineEntry *entry = data;

  g_free (entry->id);
  g_free (entry->title);
  g_free (entry);
}

static char *
dup_heading_text (cmark_node *node)
{
  g_autoptr (CourseTargets) targets = course_targets_new ();
  g_autoptr (GPtrArray) unused = course_messages_new ();
  CourseReport report = { .messages = unused, .file = "" };
  g_autoptr (CourseMarkup) markup = course_markup_new (node, targets, &report, 0);

  return g_strdup (markup->text->str);
}

static gboolean
is_heading (cmark_node *node, int level)
{
  return cmark_node_get_type (node) == CMARK_NODE_HEADING &&
         cmark_node_get_heading_level (node) <= level;
}

static guint
count_headings (cmark_node *first, int level)
{
  guint count = 0;

  for (cmark_node *node = first; node != NULL; node = cmark_node_next (node))
    count += is_heading (node, level);
  return count;
}

/* Up to which level headings begin a section. A list of very many sections helps nobody. */
static int
pick_level (cmark_node *first, const CourseReport *report)
{
  int level = SECTION_LEVEL;

  while (level > 0 && count_headings (first, level) > MAX_SECTIONS)
    level--;
  if (level < SECTION_LEVEL)
    course_report_warning (report, 0,
                           _ ("There are more than %d headings that could begin a section; those "
                              "of level %d do not"),
                           MAX_SECTIONS, level + 1);
  return level;
}

/**
 * course_outline_new:
 * @document: a parsed file; outlives the outline
 * @source: the file
 * @report: where to say what is wrong
 *
 * Finds the sections: the headings of the first two levels (fewer, where they are too many), but
 * for one of the first level that the file begins with, its title. Ids are the anchors that
 * Markdown viewers make.
 *
 * Returns: (transfer full): the outline
 */
CourseOutline *
course_outline_new (cmark_node *document, CourseSource *source, const CourseReport *report)
{
  CourseOutline *self = g_new0 (CourseOutline, 1);
  cmark_node *first = cmark_node_first_child (document);
  int level = pick_level (first, report);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->by_node = g_hash_table_new (NULL, NULL);
  self->taken = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (cmark_node *node = first; node != NULL; node = cmark_node_next (node)) {
    g_autofree char *title = NULL;
    guint line;

    if (!is_heading (node, node == first ? MAX (level, 1) : level))
      continue;
    title = dup_heading_text (node);
    line = course_source_get_line (source, cmark_node_get_start_line (node));
    if (g_str_has_prefix (title, "![")) {
      course_report_error (report, line, _ ("An image is written ![text](address)"));
    } else if (node == first && cmark_node_get_heading_level (node) == 1) {
      g_autofree char *slug = course_slug_new (title);

      g_free (course_slug_unique (slug, self->taken));
      self->title = g_steal_pointer (&title);
      self->title_node = node;
    } else {
      g_autofree char *slug = course_slug_new (title);
      CourseOutlineEntry *entry = g_new0 (CourseOutlineEntry, 1);

      entry->id = course_slug_unique (slug, self->taken);
      entry->title = g_steal_pointer (&title);
      g_ptr_array_add (self->entries, entry);
      g_hash_table_insert (self->by_node, node, entry);
    }
  }
  return self;
}

/**
 * course_outline_free:
 * @self: (nullable): an outline
 *
 * Frees @self.
 */
void
course_outline_free (CourseOutline *self)
{
  if (self == NULL)
    return;
  g_free (self->title);
  g_ptr_array_unref (self->entries);
  g_hash_table_unref (self->by_node);
  g_hash_table_unref (self->taken);
  g_free (self);
}

/**
 * course_outline_find:
 * @self: an outline
 * @node: a heading
 *
 * Returns: (transfer none) (nullable): the section that begins with @node
 */
const CourseOutlineEntry *
course_outline_find (CourseOutline *self, cmark_node *node)
{
  return g_hash_table_lookup (self->by_node, node);
}

/**
 * course_outline_dup_first_heading:
 * @document: a parsed file
 *
 * Returns: (transfer full) (nullable): the text of its first heading
 */
char *
course_outline_dup_first_heading (cmark_node *document)
{
  for (cmark_node *node = cmark_node_first_child (document); node != NULL;
       node = cmark_node_next (node)) {
    g_autofree char *text = is_heading (node, LOWEST_LEVEL) ? dup_heading_text (node) : NULL;

    if (text != NULL && *text != '\0' && !g_str_has_prefix (text, "!["))
      return g_steal_pointer (&text);
  }
  return NULL;
}

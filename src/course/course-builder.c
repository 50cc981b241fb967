/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-builder.h"
#include "course-file.h"
#include "course-markup.h"
#include "course-picture.h"
#include "course-section-private.h"
#include "course-step-reader.h"
#include "course-table.h"

#define MAX_NODES 100000
#define MAX_DEPTH 32
#define MAX_FENCES 25000
#define MAX_FENCE_BYTES (64 * 1024)
#define MAX_IMAGES 200

typedef struct {
  gboolean ordered;
  guint number; /* of the next item */
} List;

/* A walk through a document. */
typedef struct {
  CourseSource *source;
  CourseTargets *targets;
  const CourseReport *report;
  CourseOutline *outline; /* (nullable): of a plain lab */
  GPtrArray *sections;    /* (nullable): of a plain lab */
  CourseSection *section; /* (nullable): that blocks go to */
  CourseStepReader steps;
  GArray *lists; /* of List, outermost first */
  guint quotes;
  char *marker;       /* (nullable): of the item whose first block is still to come */
  gboolean announced; /* the paragraph just read says that output follows */
  guint nodes;
  guint fences;
  guint images;
  guint depth;
} Builder;

static guint
get_line (Builder *self, cmark_node *node)
{
  return course_source_get_line (self->source, cmark_node_get_start_line (node));
}

static void
begin_section (Builder *self, const char *id, const char *title)
{
  CourseSection *section = course_section_new (id, title);

  g_ptr_array_add (self->sections, section);
  self->section = section;
  course_step_reader_begin (&self->steps, section);
}

/* What a plain lab says before its first section stands in one of its own. Where there is no other,
 * that is the lab. */
static CourseSection *
get_section (Builder *self)
{
  if (self->section == NULL) {
    gboolean is_all = self->outline->entries->len == 0 && self->outline->title != NULL;

    begin_section (self, "introduction-of-the-course",
                   is_all ? self->outline->title : _ ("Introduction"));
  }
  return self->section;
}

static CourseBlock *
add_block (Builder *self, CourseBlockType type, const CourseMarkup *markup)
{
  CourseBlock *block = course_section_add_block (get_section (self), type);

  block->markup = g_strdup (markup->markup->str);
  block->text = g_strdup (markup->text->str);
  return block;
}

/* An image that is not there leaves its alternative text. In a sentence it has done so already. */
static void
add_missing_image (Builder *self, const CourseImage *image, gboolean in_sentence, guint line)
{
  CourseBlock *block;

  course_report_warning (self->report, line, _ ("There is no image “%s” in the course's folder"),
                         image->address);
  if (in_sentence || image->text[0] == '\0')
    return;
  block = course_section_add_block (get_section (self), COURSE_BLOCK_PARAGRAPH);
  block->text = g_strdup (image->text);
  block->markup = g_markup_printf_escaped ("<i>%s</i>", image->text);
}

static void
add_images (Builder *self, const CourseMarkup *markup, guint line)
{
  for (guint i = 0; i < markup->images->len && self->images <= MAX_IMAGES; i++) {
    const CourseImage *image = g_ptr_array_index (markup->images, i);
    g_autofree char *path = course_file_resolve_inside (self->source->folder, image->address);
    CourseBlock *block;

    self->images++;
    if (path == NULL) {
      add_missing_image (self, image, !markup->only_image, line);
      continue;
    }
    block = course_section_add_block (get_section (self), COURSE_BLOCK_IMAGE);
    block->text = g_strdup (image->text);
    block->markup = g_markup_escape_text (image->text, -1);
    course_picture_read_size (path, &block->width, &block->height);
    block->path = g_steal_pointer (&path);
  }
}

static void
add_heading (Builder *self, cmark_node *node)
{
  guint line = get_line (self, node);
  g_autoptr (CourseMarkup) markup = course_markup_new (node, self->targets, self->report, line);
  CourseBlock *block;

  /* The first heading of a section's file is its title once more, for other viewers. */
  if (self->outline == NULL && cmark_node_previous (node) == NULL &&
      cmark_node_get_heading_level (node) == 1)
    return;
  block = add_block (self, COURSE_BLOCK_HEADING, markup);
  block->level = cmark_node_get_heading_level (node);
  add_images (self, markup, line);
}

static void
take_heading (Builder *self, cmark_node *node)
{
  const CourseOutlineEntry *entry =
    self->outline != NULL ? course_outline_find (self->outline, node) : NULL;

  if (entry != NULL)
    begin_section (self, entry->id, entry->title);
  else if (self->outline == NULL || node != self->outline->title_node)
    add_heading (self, node);
}

static gboolean
is_table (Builder *self, cmark_node *node)
{
  int start = cmark_node_get_start_line (node);

  return cmark_node_get_type (cmark_node_parent (node)) == CMARK_NODE_DOCUMENT && start > 0 &&
         cmark_node_get_end_line (node) > start &&
         strchr (self->source->lines[start - 1], '|') != NULL &&
         course_table_is_delimiter (self->source->lines[start]);
}

/* A cell is a document of its own: a paragraph at most. */
static void
append_cell (Builder *self, CourseMarkup *row, const char *cell, guint line)
{
  cmark_node *document = cmark_parse_document (cell, strlen (cell), CMARK_OPT_DEFAULT);
  cmark_node *paragraph = cmark_node_first_child (document);

  if (paragraph != NULL && cmark_node_get_type (paragraph) == CMARK_NODE_PARAGRAPH) {
    g_autoptr (CourseMarkup) markup =
      course_markup_new (paragraph, self->targets, self->report, line);

    g_string_append (row->markup, markup->markup->str);
    g_string_append (row->text, markup->text->str);
  } else {
    g_autofree char *escaped = g_markup_escape_text (cell, -1);

    g_string_append (row->markup, escaped);
    g_string_append (row->text, cell);
  }
  cmark_node_free (document);
}

static void
add_table (Builder *self, cmark_node *node)
{
  int start = cmark_node_get_start_line (node);
  int end = cmark_node_get_end_line (node);

  for (int i = start; i <= end; i++) {
    g_auto (GStrv) cells = NULL;
    g_autoptr (CourseMarkup) row = NULL;
    CourseBlock *block;

    if (i == start + 1)
      continue;
    row = course_markup_new_empty ();
    cells = course_table_split_row (self->source->lines[i - 1]);
    for (guint j = 0; cells[j] != NULL; j++) {
      if (j > 0) {
        g_string_append_c (row->markup, '\t');
        g_string_append_c (row->text, '\t');
      }
      append_cell (self, row, cells[j], course_source_get_line (self->source, i));
    }
    block = add_block (self, COURSE_BLOCK_TABLE_ROW, row);
    block->level = i == start ? 1 : 0;
  }
}

static void
add_paragraph (Builder *self, cmark_node *node)
{
  guint line = get_line (self, node);
  g_autoptr (CourseMarkup) markup = course_markup_new (node, self->targets, self->report, line);
  CourseBlock *block;

  if (self->steps.importer != NULL)
    self->announced = course_importer_announces_output (self->steps.importer, markup->text->str);
  if (markup->only_image) {
    add_images (self, markup, line);
    return;
  }
  if (self->lists->len > 0) {
    block = add_block (self, COURSE_BLOCK_LIST_ITEM, markup);
    block->level = self->lists->len;
    block->marker = self->marker != NULL ? g_steal_pointer (&self->marker) : g_strdup ("");
  } else {
    block =
      add_block (self, self->quotes > 0 ? COURSE_BLOCK_QUOTE : COURSE_BLOCK_PARAGRAPH, markup);
    block->level = self->quotes;
  }
  add_images (self, markup, line);
}

/* More than a label can lay out in a frame, and than anybody reads: its beginning stands for it. */
static void
add_long_code (Builder *self, const char *code, guint line)
{
  CourseBlock *block = course_section_add_block (get_section (self), COURSE_BLOCK_CODE);
  const char *end = g_strrstr_len (code, MAX_FENCE_BYTES, "\n");
  g_autofree char *beginning = g_strndup (code, end != NULL ? end - code : MAX_FENCE_BYTES);
  g_autofree char *valid = g_utf8_make_valid (beginning, -1);

  course_report_error (self->report, line,
                       _ ("This fence is longer than %d KiB: its beginning is shown, and it is not "
                          "run"),
                       MAX_FENCE_BYTES / 1024);
  block->text = g_strconcat (valid, "\n…", NULL);
  block->language = g_strdup ("");
}

static void
take_code (Builder *self, cmark_node *node)
{
  const char *info = cmark_node_get_fence_info (node);
  const char *code = cmark_node_get_literal (node);
  guint line = get_line (self, node);

  get_section (self);
  self->fences++;
  if (strlen (code) > MAX_FENCE_BYTES)
    add_long_code (self, code, line);
  else
    course_step_reader_take (&self->steps, info != NULL ? info : "", code, line, self->announced);
}

static void
take_html (Builder *self, cmark_node *node)
{
  if (!g_str_has_prefix (cmark_node_get_literal (node), "<!--"))
    course_report_warning (self->report, get_line (self, node), _ ("HTML is not shown"));
}

static void
enter_list (Builder *self, cmark_node *node)
{
  List list = {
    .ordered = cmark_node_get_list_type (node) == CMARK_ORDERED_LIST,
    .number = cmark_node_get_list_start (node),
  };

  g_array_append_val (self->lists, list);
}

static void
enter_item (Builder *self)
{
  List *list = &g_array_index (self->lists, List, self->lists->len - 1);

  g_free (self->marker);
  self->marker = list->ordered ? g_strdup_printf ("%u.", list->number++) : g_strdup ("•");
}

/* Returns whether @node is a block whose content has been dealt with. */
static gboolean
enter_node (Builder *self, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);
  gboolean was_announced = self->announced;

  if (type == CMARK_NODE_PARAGRAPH) {
    self->announced = FALSE;
    if (is_table (self, node))
      add_table (self, node);
    else
      add_paragraph (self, node);
    return TRUE;
  }
  if (type == CMARK_NODE_CODE_BLOCK)
    take_code (self, node);
  else if (type == CMARK_NODE_HEADING)
    take_heading (self, node);
  else if (type == CMARK_NODE_HTML_BLOCK)
    take_html (self, node);
  else if (type == CMARK_NODE_THEMATIC_BREAK)
    course_section_add_block (get_section (self), COURSE_BLOCK_RULE);
  else if (type == CMARK_NODE_BLOCK_QUOTE)
    self->quotes++;
  else if (type == CMARK_NODE_LIST)
    enter_list (self, node);
  else if (type == CMARK_NODE_ITEM)
    enter_item (self);

  self->announced = was_announced && type == CMARK_NODE_ITEM;
  return type == CMARK_NODE_HEADING;
}

static void
exit_node (Builder *self, cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  if (type == CMARK_NODE_BLOCK_QUOTE)
    self->quotes--;
  else if (type == CMARK_NODE_LIST)
    g_array_set_size (self->lists, self->lists->len - 1);
}

static gboolean
is_container (cmark_node *node)
{
  cmark_node_type type = cmark_node_get_type (node);

  return type == CMARK_NODE_DOCUMENT || type == CMARK_NODE_BLOCK_QUOTE || type == CMARK_NODE_LIST ||
         type == CMARK_NODE_ITEM;
}

static gboolean
check_limits (Builder *self, guint line, GError **error)
{
  if (self->nodes > MAX_NODES)
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("it has more than %d paragraphs and lists up to line %u"), MAX_NODES, line);
  else if (self->fences > MAX_FENCES)
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("it has more than %d fences up to line %u"), MAX_FENCES, line);
  else if (self->images > MAX_IMAGES)
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("it has more than %d images up to line %u"), MAX_IMAGES, line);
  else if (self->depth > MAX_DEPTH)
    g_set_error (error, COURSE_ERROR, COURSE_ERROR_TOO_LARGE,
                 _ ("quotes and lists on line %u are nested deeper than %d"), line, MAX_DEPTH);
  else
    return TRUE;
  return FALSE;
}

static gboolean
walk (Builder *self, cmark_node *document, GError **error)
{
  cmark_iter *iter = cmark_iter_new (document);
  gboolean within_limits = TRUE;
  cmark_event_type event;

  while (within_limits && (event = cmark_iter_next (iter)) != CMARK_EVENT_DONE) {
    cmark_node *node = cmark_iter_get_node (iter);

    if (event == CMARK_EVENT_EXIT) {
      self->depth -= is_container (node);
      exit_node (self, node);
      continue;
    }
    self->nodes++;
    self->depth += is_container (node);
    /* Inlines are dealt with by the block around them. */
    if (enter_node (self, node))
      cmark_iter_reset (iter, node, CMARK_EVENT_EXIT);
    within_limits = check_limits (self, get_line (self, node), error);
  }
  cmark_iter_free (iter);
  return within_limits;
}

static gboolean
build (Builder *self, cmark_node *document, GError **error)
{
  gboolean built;

  self->lists = g_array_new (FALSE, FALSE, sizeof (List));
  built = walk (self, document, error);
  g_clear_pointer (&self->lists, g_array_unref);
  g_clear_pointer (&self->marker, g_free);
  course_step_reader_clear (&self->steps);
  return built;
}

/**
 * course_builder_fill_section:
 * @section: a section with nothing in it yet
 * @document: its parsed file
 * @source: its file
 * @targets: what links may lead to
 * @within: seconds for the checks that do not say
 * @importer: (nullable): tells what a fence is, where the file was not written for this program
 * @report: where to say what is wrong
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Fills @section with all that stands in its file.
 *
 * Returns: whether the file is within the limits
 */
gboolean
course_builder_fill_section (CourseSection *section,
                             cmark_node *document,
                             CourseSource *source,
                             CourseTargets *targets,
                             guint within,
                             CourseImporter *importer,
                             const CourseReport *report,
                             GError **error)
{
  Builder builder = {
    .source = source,
    .targets = targets,
    .report = report,
    .section = section,
    .steps = { .report = report, .within = within, .importer = importer },
  };

  course_step_reader_begin (&builder.steps, section);
  return build (&builder, document, error);
}

/**
 * course_builder_import:
 * @outline: the sections of a plain lab
 * @document: its parsed file
 * @source: its file
 * @targets: what links may lead to
 * @within: seconds for the checks that do not say
 * @report: where to say what is wrong
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Makes sections of a Markdown file that was not written for this program.
 *
 * Returns: (transfer full) (nullable) (element-type CourseSection): the sections; %NULL where the
 *   file is not within the limits
 */
GPtrArray *
course_builder_import (CourseOutline *outline,
                       cmark_node *document,
                       CourseSource *source,
                       CourseTargets *targets,
                       guint within,
                       const CourseReport *report,
                       GError **error)
{
  g_autoptr (GPtrArray) sections = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (CourseImporter) importer = course_importer_new ();
  Builder builder = {
    .source = source,
    .targets = targets,
    .report = report,
    .outline = outline,
    .sections = sections,
    .steps = { .report = report, .within = within, .importer = importer },
  };

  return build (&builder, document, error) ? g_steal_pointer (&sections) : NULL;
}

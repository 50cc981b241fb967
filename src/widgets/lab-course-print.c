/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-course-print.h"

#include <glib/gi18n-lib.h>

#include "base-hidden.h"
#include "lab-form-text.h"
#include "lab-picture.h"
#include "lab-syntax.h"

/* A course on paper: what the page shows, but for what only a screen can. */

#define INDENT 18
#define MAX_INDENTS 5

/* Pictures are as large as on a screen of 96 dots an inch, and drawn finer. */
#define POINTS_A_PIXEL 0.75
#define FINENESS 3

static const LabPrintStyle title_style = { .size = 20, .bold = TRUE, .keep = TRUE };
static const LabPrintStyle heading_styles[] = {
  { .size = 16, .before = 18, .bold = TRUE, .keep = TRUE },
  { .size = 13, .before = 16, .bold = TRUE, .keep = TRUE },
  { .size = 11, .before = 12, .bold = TRUE, .keep = TRUE },
  { .size = 10, .before = 10, .bold = TRUE, .keep = TRUE },
};
static const LabPrintStyle text_style = { .size = 10, .before = 7 };
static const LabPrintStyle note_style = { .size = 9, .before = 4, .gray = 0x5555 };
static const LabPrintStyle kept_note_style = {
  .size = 9, .before = 6, .gray = 0x5555, .keep = TRUE
};
static const LabPrintStyle step_style = { .size = 10, .before = 12, .bold = TRUE, .keep = TRUE };
static const LabPrintStyle code_style = {
  .size = 8.5, .before = 4, .monospace = TRUE, .framed = TRUE
};
static const LabPrintStyle output_style = {
  .size = 8, .before = 2, .indent = INDENT, .monospace = TRUE, .gray = 0x4444
};
static const LabPrintStyle check_style = { .size = 9, .before = 3 };

/* Links are underlined, and say where they lead unless their text does. */
static char *
dup_print_markup (const char *markup)
{
  static const char open[] = "<a href=\"", close[] = "</a>";
  GString *printed = g_string_new (NULL);
  const char *p = markup;
  const char *link;

  while ((link = strstr (p, open)) != NULL) {
    const char *address = link + strlen (open);
    const char *text = strchr (address, '>');
    const char *end = text != NULL ? strstr (text, close) : NULL;
    g_autofree char *shown = NULL;

    if (end == NULL)
      break;
    shown = g_strndup (address, (gsize)(text - address) - 1);
    g_string_append_len (printed, p, link - p);
    g_string_append_printf (printed, "<u>%.*s</u>", (int)(end - text - 1), text + 1);
    if (*shown != '#' && strncmp (shown, text + 1, strlen (shown)) != 0)
      g_string_append_printf (printed, " (%s)", shown);
    p = end + strlen (close);
  }
  g_string_append (printed, p);

  return g_string_free (printed, FALSE);
}

static void
add_markup (LabPrintFlow *flow,
            const char *marker,
            const char *markup,
            const LabPrintStyle *style,
            double indent)
{
  g_autofree char *printed = dup_print_markup (markup);
  LabPrintStyle indented = *style;

  indented.indent += indent;
  lab_print_flow_add_markup (flow, marker, printed, &indented);
}

static void
add_code (LabPrintFlow *flow, const char *code, const char *language, const LabPrintStyle *style)
{
  g_autofree char *visible = base_hidden_dup_visible (code);
  g_autoptr (PangoAttrList) colours = lab_syntax_highlight (visible, language, FALSE);

  lab_print_flow_add_text (flow, visible, colours, style);
}

static void
add_picture (LabPrintFlow *flow, const CourseBlock *block)
{
  LabPictureSize size;
  g_autoptr (GdkPixbuf) picture = lab_picture_decode (block->path, FINENESS, &size, NULL, NULL);

  if (picture != NULL)
    lab_print_flow_add_picture (flow, picture, size.width * POINTS_A_PIXEL);
  else
    lab_print_flow_add_text (flow, block->text, NULL, &note_style);
}

static void
add_table_row (LabPrintFlow *flow, const CourseBlock *block)
{
  g_auto (GStrv) cells = g_strsplit (block->markup, "\t", -1);
  LabPrintStyle style = text_style;

  for (gsize i = 0; cells[i] != NULL; i++) {
    char *printed = dup_print_markup (cells[i]);

    g_free (cells[i]);
    cells[i] = printed;
  }
  style.size = 9;
  style.before = 4;
  style.bold = block->level > 0;
  lab_print_flow_add_row (flow, (const char *const *)cells, &style);
}

static void
add_inputs (LabPrintFlow *flow, CourseStep *step)
{
  GPtrArray *inputs = course_step_get_inputs (step);

  for (guint i = 0; i < inputs->len; i++) {
    g_autofree char *text = lab_input_dup_text (g_ptr_array_index (inputs, i));

    lab_print_flow_add_text (flow, text, NULL, &note_style);
  }
}

static void
add_edit (LabPrintFlow *flow, const CourseEdit *edit)
{
  g_autofree char *text = NULL;

  if (edit == NULL)
    return;
  /* Translators: a step changes a file; %s is its path */
  text = g_strdup_printf (_ ("Changes in %s:"), edit->file);
  lab_print_flow_add_text (flow, text, NULL, &kept_note_style);
  add_code (flow, edit->patch, "yaml", &code_style);
}

static void
add_step (LabPrintFlow *flow, CourseStep *step, const CourseFacts *facts)
{
  const CourseForm *form = course_step_pick_form (step, facts);
  GPtrArray *checks = course_step_get_checks (step);
  g_autofree char *title = NULL;

  if (course_step_get_runnable (step))
    /* Translators: heading of a command to run */
    title = g_strdup_printf (_ ("Step %u"), course_step_get_number (step));
  else
    title = g_strdup (_ ("Example"));
  lab_print_flow_add_text (flow, title, NULL, &step_style);
  add_code (flow, form->text, form->language, &code_style);
  add_inputs (flow, step);
  add_edit (flow, course_step_pick_edit (step, facts));
  if (form->output != NULL) {
    lab_print_flow_add_text (flow, _ ("Expected output"), NULL, &kept_note_style);
    lab_print_flow_add_text (flow, form->output, NULL, &output_style);
  }
  for (guint i = 0; i < checks->len; i++) {
    CourseCheck *check = g_ptr_array_index (checks, i);
    g_autofree char *says = g_markup_escape_text (course_check_get_says (check), -1);

    if (!course_check_is_needed (check, facts))
      continue;
    lab_print_flow_add_markup (flow, "☐", says, &check_style);
  }
}

/**
 * lab_course_print_begin:
 * @flow: pages
 * @section: a section
 *
 * Begins a page with the head of @section: its title, how long it takes, what it teaches.
 */
void
lab_course_print_begin (LabPrintFlow *flow, CourseSection *section)
{
  const char *const *objectives = course_section_get_objectives (section);
  guint minutes = course_section_get_minutes (section);

  lab_print_flow_begin_page (flow);
  lab_print_flow_add_text (flow, course_section_get_title (section), NULL, &title_style);
  if (minutes > 0) {
    /* Translators: how long a section takes */
    g_autofree char *text =
      g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", minutes), minutes);

    lab_print_flow_add_text (flow, text, NULL, &note_style);
  }
  for (gsize i = 0; objectives != NULL && objectives[i] != NULL; i++) {
    g_autofree char *markup = g_markup_escape_text (objectives[i], -1);

    lab_print_flow_add_markup (flow, "•", markup, &text_style);
  }
}

/**
 * lab_course_print_block:
 * @flow: pages
 * @block: of a section
 * @facts: what is known of the cluster, which picks the form of a step
 *
 * Adds @block as it stands on paper.
 */
void
lab_course_print_block (LabPrintFlow *flow, const CourseBlock *block, const CourseFacts *facts)
{
  guint level = MAX (block->level, 1);

  switch (block->type) {
    case COURSE_BLOCK_HEADING:
      add_markup (flow, NULL, block->markup,
                  &heading_styles[MIN (level, G_N_ELEMENTS (heading_styles)) - 1], 0);
      break;
    case COURSE_BLOCK_LIST_ITEM:
      add_markup (flow, block->marker, block->markup, &text_style,
                  INDENT * MIN (level - 1, MAX_INDENTS));
      break;
    case COURSE_BLOCK_QUOTE:
      add_markup (flow, NULL, block->markup, &text_style, INDENT);
      break;
    case COURSE_BLOCK_IMAGE:
      add_picture (flow, block);
      break;
    case COURSE_BLOCK_CODE:
      add_code (flow, block->text, block->language, &code_style);
      break;
    case COURSE_BLOCK_TABLE_ROW:
      add_table_row (flow, block);
      break;
    case COURSE_BLOCK_RULE:
      lab_print_flow_add_rule (flow);
      break;
    case COURSE_BLOCK_STEP:
      add_step (flow, block->step, facts);
      break;
    case COURSE_BLOCK_PARAGRAPH:
    default:
      add_markup (flow, NULL, block->markup, &text_style, 0);
      break;
  }
}

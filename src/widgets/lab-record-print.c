/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-record-print.h"

#include <glib/gi18n-lib.h>

#include "course-record.h"
#include "lab-pdf.h"
#include "lab-print-flow.h"

#define COLUMN_GAP 18

/* A record is one page: as many columns of as large letters as fit. */
static const struct {
  guint columns;
  double size;
} layouts[] = { { 1, 10 }, { 2, 9 }, { 2, 8 }, { 2, 7 }, { 3, 7 }, { 3, 6 }, { 4, 5 } };

/* What is written, and how. */
typedef struct {
  const CourseRecordSpec *spec;
  LabPrintFlow *flow;
  double size;
} Record;

static void
add (Record *self, const char *marker, const char *markup, LabPrintStyle style)
{
  style.size *= self->size;
  style.before *= self->size;
  lab_print_flow_add_markup (self->flow, marker, markup, &style);
}

static void
add_head (Record *self)
{
  g_autofree char *now = course_record_dup_time (g_get_real_time () / G_USEC_PER_SEC);
  g_autofree char *title = g_markup_escape_text (course_course_get_title (self->spec->course), -1);
  g_autofree char *facts =
    self->spec->student != NULL
      ? g_markup_printf_escaped ("<b>%s</b> · %s · %s", self->spec->student, self->spec->place, now)
      : g_markup_printf_escaped ("%s · %s", self->spec->place, now);

  add (self, NULL, title, (LabPrintStyle){ .size = 1.8, .bold = TRUE, .keep = TRUE });
  add (self, NULL, facts, (LabPrintStyle){ .size = 1, .before = 0.3 });
}

/* @wait: (nullable): there is room for how long it took, and not for its stages */
static void
add_check (Record *self, CourseCheck *check, const CourseWait *wait)
{
  g_autofree char *time = wait != NULL ? course_wait_dup_total (wait) : NULL;
  g_autofree char *markup =
    time != NULL ? g_markup_printf_escaped ("%s · %s", course_check_get_says (check), time)
                 : g_markup_escape_text (course_check_get_says (check), -1);

  add (self, NULL, markup, (LabPrintStyle){ .size = 0.9, .indent = 18, .gray = 0x6666 });
}

static void
add_step (Record *self, CourseSection *section, CourseStep *step)
{
  gint64 done_at = course_progress_get_done_at (
    self->spec->progress, course_section_get_id (section), course_step_get_id (step));
  g_autofree char *outcome = course_record_dup_outcome (self->spec, section, step);
  g_autofree char *number = g_strdup_printf (_ ("Step %u"), course_step_get_number (step));
  g_autofree char *markup =
    g_markup_printf_escaped ("%s (%s) · %s", number, course_step_get_id (step), outcome);
  g_autoptr (GPtrArray) checks = course_step_list_checks (step, self->spec->facts);
  GPtrArray *waits = course_progress_get_waits (
    self->spec->progress, course_section_get_id (section), course_step_get_id (step));
  guint16 gray = done_at != 0 ? 0 : 0x6666;

  add (self, done_at != 0 ? "✓" : "–", markup,
       (LabPrintStyle){ .size = 1, .before = 0.25, .gray = gray });
  for (guint i = 0; i < checks->len; i++) {
    CourseCheck *check = g_ptr_array_index (checks, i);

    add_check (self, check, course_waits_find (waits, course_check_get_says (check)));
  }
}

static void
add_section (Record *self, CourseSection *section)
{
  GPtrArray *steps = course_section_get_steps (section);
  g_autofree char *count =
    /* Translators: steps that are done, and all of them */
    g_strdup_printf (_ ("%u of %u"), course_progress_count_done (self->spec->progress, section),
                     steps->len);
  g_autofree char *markup =
    g_markup_printf_escaped ("%s: %s", course_section_get_title (section), count);

  add (self, NULL, markup,
       (LabPrintStyle){ .size = 1.15, .before = 0.9, .bold = TRUE, .keep = TRUE });
  for (guint i = 0; i < steps->len; i++)
    add_step (self, section, g_ptr_array_index (steps, i));
}

static void
write_record (Record *self)
{
  GListModel *sections = course_course_get_sections (self->spec->course);

  add_head (self);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    if (course_section_get_steps (section)->len > 0)
      add_section (self, section);
  }
}

/* Each column is a page of the flow. What does not fit even in the smallest letters (a course of
 * many hundred steps) takes more pages. */
static void
draw (Record *self, LabPdf *pdf, guint columns, double column_width)
{
  cairo_t *cairo = lab_pdf_get_cairo (pdf);
  guint n_pages = lab_print_flow_get_n_pages (self->flow);

  for (guint i = 0; i < n_pages; i++) {
    cairo_save (cairo);
    cairo_translate (cairo, (i % columns) * (column_width + COLUMN_GAP), 0);
    lab_print_flow_draw_page (self->flow, cairo, i);
    cairo_restore (cairo);
    if (i % columns == columns - 1 || i == n_pages - 1)
      lab_pdf_end_page (pdf);
  }
}

/**
 * lab_record_print_save_pdf:
 * @spec: what it is of
 * @path: a file
 * @error: return location for a #GError, of the system
 *
 * Writes the record of course_record_dup_html() as a PDF file of one page.
 *
 * Returns: whether it is written
 */
gboolean
lab_record_print_save_pdf (const CourseRecordSpec *spec, const char *path, GError **error)
{
  Record record = { .spec = spec };
  g_autoptr (LabPdf) pdf = NULL;
  double width = 0;
  gsize i;

  g_return_val_if_fail (COURSE_IS_COURSE (spec->course), FALSE);
  g_return_val_if_fail (COURSE_IS_PROGRESS (spec->progress), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  pdf = lab_pdf_new (course_course_get_title (spec->course));
  for (i = 0; i < G_N_ELEMENTS (layouts); i++) {
    guint columns = layouts[i].columns;

    width = (lab_pdf_get_width (pdf) - (columns - 1) * COLUMN_GAP) / columns;
    g_clear_object (&record.flow);
    record.flow =
      lab_print_flow_new (lab_pdf_get_context (pdf), width, lab_pdf_get_height (pdf), NULL);
    record.size = layouts[i].size;
    write_record (&record);
    if (lab_print_flow_get_n_pages (record.flow) <= columns)
      break;
  }
  draw (&record, pdf, layouts[MIN (i, G_N_ELEMENTS (layouts) - 1)].columns, width);
  g_clear_object (&record.flow);

  return lab_pdf_save (pdf, path, error);
}

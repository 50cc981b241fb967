/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-record.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"

#define STYLE                                                                                      \
  "body{font:15px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222;"         \
  "background:#fff}h1{margin-bottom:0}h2{margin:1.5em 0 .3em;font-size:1.15em}"                    \
  "table{border-collapse:collapse;width:100%}td{border-top:1px solid #ddd;padding:.35em .6em;"     \
  "vertical-align:top}td:first-child{width:2em}td:last-child{white-space:nowrap;text-align:right}" \
  "ul{margin:0;padding-left:1.2em;color:#555}.todo{color:#777}"                                    \
  "@media print{body{margin:0;font-size:11pt}h2{break-after:avoid}tr{break-inside:avoid}}"

typedef struct {
  const CourseRecordSpec *spec;
  GString *html;
} Page;

static char *
dup_utc (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time);

  return utc != NULL ? g_date_time_format_iso8601 (utc) : NULL;
}

/**
 * course_record_dup_time:
 * @time: Unix seconds
 *
 * Returns: (transfer full): date and time as they stand in a record for readers
 */
char *
course_record_dup_time (gint64 time)
{
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time);

  /* Translators: date and time in a record, see g_date_time_format() */
  return local != NULL ? g_date_time_format (local, _ ("%e %B %Y, %H:%M")) : g_strdup ("");
}

static gint64
get_done_at (CourseProgress *progress, CourseSection *section, CourseStep *step)
{
  return course_progress_get_done_at (progress, course_section_get_id (section),
                                      course_step_get_id (step));
}

static gboolean
has_fallen (const CourseRecordSpec *spec, CourseStep *step)
{
  return spec->fallen != NULL && g_hash_table_contains (spec->fallen, step);
}

/**
 * course_record_dup_outcome:
 * @spec: what a record is of
 * @section: a section of its course
 * @step: a step of @section
 *
 * Returns: (transfer full): when @step was done, and whether it was seen to be so no longer, as it
 *   stands in a record for readers
 */
char *
course_record_dup_outcome (const CourseRecordSpec *spec, CourseSection *section, CourseStep *step)
{
  gint64 done_at = get_done_at (spec->progress, section, step);
  g_autofree char *time = NULL;

  if (done_at == 0)
    return g_strdup (_ ("not done"));
  time = course_record_dup_time (done_at);
  /* Translators: when a step was done, in a record; something has undone it since */
  return has_fallen (spec, step) ? g_strdup_printf (_ ("%s, no longer so"), time)
                                 : g_steal_pointer (&time);
}

static void
add_checks (JsonBuilder *builder, const CourseRecordSpec *spec, CourseStep *step)
{
  g_autoptr (GPtrArray) checks = course_step_list_checks (step, spec->facts);

  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < checks->len; i++)
    json_builder_add_string_value (builder, course_check_get_says (g_ptr_array_index (checks, i)));
  json_builder_end_array (builder);
}

/* As progress keeps them. */
static void
add_waits (JsonBuilder *builder, GPtrArray *waits)
{
  if (waits == NULL)
    return;
  json_builder_set_member_name (builder, "waits");
  json_builder_add_value (builder, course_waits_to_json (waits));
}

static GPtrArray *
get_waits (CourseProgress *progress, CourseSection *section, CourseStep *step)
{
  return course_progress_get_waits (progress, course_section_get_id (section),
                                    course_step_get_id (step));
}

static void
add_step (JsonBuilder *builder,
          const CourseRecordSpec *spec,
          CourseSection *section,
          CourseStep *step)
{
  gint64 done_at = get_done_at (spec->progress, section, step);
  g_autofree char *time = done_at != 0 ? dup_utc (done_at) : NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, course_step_get_id (step));
  json_builder_set_member_name (builder, "done");
  json_builder_add_boolean_value (builder, done_at != 0);
  if (time != NULL) {
    json_builder_set_member_name (builder, "doneAt");
    json_builder_add_string_value (builder, time);
  }
  if (has_fallen (spec, step)) {
    json_builder_set_member_name (builder, "noLongerSo");
    json_builder_add_boolean_value (builder, TRUE);
  }
  add_checks (builder, spec, step);
  add_waits (builder, get_waits (spec->progress, section, step));
  json_builder_end_object (builder);
}

static void
add_section (JsonBuilder *builder, const CourseRecordSpec *spec, CourseSection *section)
{
  GPtrArray *steps = course_section_get_steps (section);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_string_value (builder, course_section_get_id (section));
  json_builder_set_member_name (builder, "title");
  json_builder_add_string_value (builder, course_section_get_title (section));
  json_builder_set_member_name (builder, "steps");
  json_builder_begin_array (builder);
  for (guint i = 0; i < steps->len; i++)
    add_step (builder, spec, section, g_ptr_array_index (steps, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

/**
 * course_record_dup_json:
 * @spec: what it is of
 *
 * Returns: (transfer full): the record for programs, times as of RFC 3339
 */
char *
course_record_dup_json (const CourseRecordSpec *spec)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  GListModel *sections = course_course_get_sections (spec->course);
  g_autofree char *now = dup_utc (g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (JsonNode) root = NULL;

  g_return_val_if_fail (COURSE_IS_COURSE (spec->course), NULL);
  g_return_val_if_fail (COURSE_IS_PROGRESS (spec->progress), NULL);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "course");
  json_builder_add_string_value (builder, course_course_get_title (spec->course));
  json_builder_set_member_name (builder, "place");
  json_builder_add_string_value (builder, spec->place);
  if (spec->student != NULL) {
    json_builder_set_member_name (builder, "student");
    json_builder_add_string_value (builder, spec->student);
  }
  json_builder_set_member_name (builder, "writtenAt");
  json_builder_add_string_value (builder, now);
  json_builder_set_member_name (builder, "sections");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    add_section (builder, spec, section);
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);

  root = json_builder_get_root (builder);
  return base_json_write (root, TRUE);
}

static void G_GNUC_PRINTF (2, 3) append (Page *page, const char *format, ...)
{
  g_autofree char *markup = NULL;
  va_list args;

  va_start (args, format);
  markup = g_markup_vprintf_escaped (format, args);
  va_end (args);
  g_string_append (page->html, markup);
}

/* @wait: (nullable) */
static void
write_check (Page *page, CourseCheck *check, const CourseWait *wait)
{
  append (page, "<li>%s", course_check_get_says (check));
  if (wait != NULL) {
    g_autofree char *text = course_wait_dup_text (wait);

    append (page, "<br><small>%s</small>", text);
  }
  append (page, "</li>");
}

static void
write_step (Page *page, CourseSection *section, CourseStep *step)
{
  gint64 done_at = get_done_at (page->spec->progress, section, step);
  g_autofree char *outcome = course_record_dup_outcome (page->spec, section, step);
  g_autoptr (GPtrArray) checks = course_step_list_checks (step, page->spec->facts);
  GPtrArray *waits = get_waits (page->spec->progress, section, step);

  append (page, "<tr class='%s'><td>%s</td><td>", done_at != 0 ? "done" : "todo",
          done_at != 0 ? "✓" : "–");
  append (page, _ ("Step %u"), course_step_get_number (step));
  append (page, " (%s)<ul>", course_step_get_id (step));
  for (guint i = 0; i < checks->len; i++) {
    CourseCheck *check = g_ptr_array_index (checks, i);

    write_check (page, check, course_waits_find (waits, course_check_get_says (check)));
  }
  append (page, "</ul></td><td>%s</td></tr>\n", outcome);
}

static void
write_section (Page *page, CourseSection *section)
{
  GPtrArray *steps = course_section_get_steps (section);

  append (page, "<h2>%s: ", course_section_get_title (section));
  /* Translators: steps that are done, and all of them */
  append (page, _ ("%u of %u"), course_progress_count_done (page->spec->progress, section),
          steps->len);
  append (page, "</h2>\n<table>\n");
  for (guint i = 0; i < steps->len; i++)
    write_step (page, section, g_ptr_array_index (steps, i));
  append (page, "</table>\n");
}

/**
 * course_record_dup_html:
 * @spec: what it is of
 *
 * Returns: (transfer full): the record as a page that needs nothing else, to be read or printed
 */
char *
course_record_dup_html (const CourseRecordSpec *spec)
{
  Page page = { .spec = spec };
  GListModel *sections = course_course_get_sections (spec->course);
  g_autofree char *now = course_record_dup_time (g_get_real_time () / G_USEC_PER_SEC);

  g_return_val_if_fail (COURSE_IS_COURSE (spec->course), NULL);
  g_return_val_if_fail (COURSE_IS_PROGRESS (spec->progress), NULL);

  page.html = g_string_new ("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n");
  append (&page, "<title>%s</title>\n", course_course_get_title (spec->course));
  g_string_append (page.html, "<style>" STYLE "</style></head>\n<body>\n");
  append (&page, "<h1>%s</h1>\n<p>", course_course_get_title (spec->course));
  if (spec->student != NULL)
    append (&page, "<strong>%s</strong> · ", spec->student);
  append (&page, "%s · %s</p>\n", spec->place, now);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) section = g_list_model_get_item (sections, i);

    if (course_section_get_steps (section)->len > 0)
      write_section (&page, section);
  }
  g_string_append (page.html, "</body></html>\n");

  return g_string_free (page.html, FALSE);
}

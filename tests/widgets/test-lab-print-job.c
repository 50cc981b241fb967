/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"
#include "lab-pdf.h"
#include "lab-print-job.h"
#include "lab-record-print.h"

static const CourseFacts no_facts = { 0 };

static guint
count_pages (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &bytes, &length, &error);
  g_assert_no_error (error);
  return lab_pdf_count_pages (bytes, length);
}

/* Each section begins a page. */
static void
test_save (void)
{
  LabFixture fixture = { 0 };
  g_autoptr (LabPrintJob) whole = NULL;
  g_autoptr (LabPrintJob) single = NULL;
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "print.pdf");
  whole = lab_print_job_new (fixture.course, NULL, &no_facts);
  lab_print_job_save_pdf (whole, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_pages (path), ==, 2);

  single =
    lab_print_job_new (fixture.course, lab_fixture_get_section (&fixture, "second"), &no_facts);
  name = lab_print_job_dup_name (single);
  g_assert_cmpstr (name, ==, "Test course – Second");
  lab_print_job_save_pdf (single, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_pages (path), ==, 1);

  g_assert_false (lab_print_job_save_pdf (single, "/nowhere/print.pdf", &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  lab_fixture_tear_down (&fixture);
}

/* A record is one page, however many steps of an ordinary course it has. */
static void
test_record (void)
{
  LabFixture fixture = { 0 };
  g_autofree char *path = NULL;
  g_autofree char *course_path = NULL;
  GString *text = g_string_new ("# Long\n\n");
  g_autoptr (CourseCourse) course = NULL;
  g_autoptr (GPtrArray) waits = course_waits_new ();
  CourseWait *wait = course_wait_new ("There is a service");
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&fixture);
  path = lab_fixture_dup_path (&fixture, "record.pdf");
  course_path = lab_fixture_dup_path (&fixture, "long.md");
  course_wait_add (wait, COURSE_STAGE_SERVICE, 2100);
  g_ptr_array_add (waits, wait);
  course_progress_mark_done_after (fixture.progress, "first", "one", 1600000000, waits);
  lab_record_print_save_pdf (
    &(CourseRecordSpec){ fixture.course, fixture.progress, NULL, "Here", "<Ann>", NULL }, path,
    &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_pages (path), ==, 1);

  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "## Part %u\n\n```bash\nls %u\n```\n\n", i, i);
  g_file_set_contents (course_path, text->str, -1, &error);
  g_assert_no_error (error);
  g_string_free (text, TRUE);
  course = course_course_load (course_path, &error);
  g_assert_no_error (error);
  lab_record_print_save_pdf (
    &(CourseRecordSpec){ course, fixture.progress, NULL, "Here", NULL, NULL }, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_pages (path), ==, 1);
  lab_fixture_tear_down (&fixture);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/print-job/save", test_save);
  g_test_add_func ("/lab/print-job/record", test_record);

  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "course-course.h"

G_BEGIN_DECLS

/* Sections of a course on their way to paper, or to a PDF file. Signal "failed" (string): why
 * nothing is printed. */
#define LAB_TYPE_PRINT_JOB (lab_print_job_get_type ())
G_DECLARE_FINAL_TYPE (LabPrintJob, lab_print_job, LAB, PRINT_JOB, GObject)

LabPrintJob *
lab_print_job_new (CourseCourse *course, CourseSection *section, const CourseFacts *facts);
char *lab_print_job_dup_name (LabPrintJob *self);
void lab_print_job_print (LabPrintJob *self, GtkWindow *parent);
gboolean lab_print_job_save_pdf (LabPrintJob *self, const char *path, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-print-job.h"

#include <glib/gi18n-lib.h>

#include "lab-course-print.h"
#include "lab-pdf.h"

/* Blocks that are laid out before the window is looked after again. */
#define BLOCKS_AT_ONCE 100

struct _LabPrintJob {
  GObject parent_instance;

  CourseCourse *course;
  GPtrArray *sections; /* of CourseSection: what is printed */
  char *kubernetes;    /* (nullable): facts that pick the forms of steps */
  char *istio;         /* (nullable) */
  char *place;         /* (nullable) */
  char **apis;         /* (nullable) */
  char **addresses;    /* (nullable) */

  LabPrintFlow *flow; /* (nullable): while it is printed */
  guint section;      /* the next to be laid out */
  guint block;
};

G_DEFINE_FINAL_TYPE (LabPrintJob, lab_print_job, G_TYPE_OBJECT)

enum {
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
lab_print_job_finalize (GObject *object)
{
  LabPrintJob *self = LAB_PRINT_JOB (object);

  g_clear_object (&self->flow);
  g_clear_pointer (&self->sections, g_ptr_array_unref);
  g_clear_object (&self->course);
  g_clear_pointer (&self->kubernetes, g_free);
  g_clear_pointer (&self->istio, g_free);
  g_clear_pointer (&self->place, g_free);
  g_clear_pointer (&self->apis, g_strfreev);
  g_clear_pointer (&self->addresses, g_strfreev);

  G_OBJECT_CLASS (lab_print_job_parent_class)->finalize (object);
}

static void
lab_print_job_class_init (LabPrintJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = lab_print_job_finalize;

  signals[FAILED] = g_signal_new ("failed", LAB_TYPE_PRINT_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lab_print_job_init (LabPrintJob *self)
{
  self->sections = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
begin (LabPrintJob *self, PangoContext *context, double width, double height)
{
  g_autofree char *name = lab_print_job_dup_name (self);

  g_clear_object (&self->flow);
  self->flow = lab_print_flow_new (context, width, height, name);
  self->section = 0;
  self->block = 0;
}

/* Lays some blocks out; %TRUE when there are no more */
static gboolean
lay_out (LabPrintJob *self, guint at_once)
{
  const CourseFacts facts = { .kubernetes = self->kubernetes,
                              .istio = self->istio,
                              .place = self->place,
                              .apis = (const char *const *)self->apis,
                              .addresses = (const char *const *)self->addresses };

  for (guint i = 0; i < at_once && self->section < self->sections->len; i++) {
    CourseSection *section = g_ptr_array_index (self->sections, self->section);
    GPtrArray *blocks = course_section_get_blocks (section);

    if (self->block == 0)
      lab_course_print_begin (self->flow, section);
    if (self->block < blocks->len)
      lab_course_print_block (self->flow, g_ptr_array_index (blocks, self->block), &facts);
    if (++self->block >= blocks->len) {
      self->block = 0;
      self->section++;
    }
  }

  return self->section >= self->sections->len;
}

static void
begin_print_cb (LabPrintJob *self, GtkPrintContext *context)
{
  PangoContext *text = gtk_print_context_create_pango_context (context);

  begin (self, text, gtk_print_context_get_width (context), gtk_print_context_get_height (context));
  g_clear_object (&text);
}

static gboolean
paginate_cb (LabPrintJob *self, GtkPrintContext *context, GtkPrintOperation *operation)
{
  gboolean complete = lay_out (self, BLOCKS_AT_ONCE);

  if (complete)
    gtk_print_operation_set_n_pages (operation, (int)lab_print_flow_get_n_pages (self->flow));

  return complete;
}

static void
draw_page_cb (LabPrintJob *self, GtkPrintContext *context, int page)
{
  lab_print_flow_draw_page (self->flow, gtk_print_context_get_cairo_context (context), (guint)page);
}

static void
done_cb (LabPrintJob *self, GtkPrintOperationResult result, GtkPrintOperation *operation)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->flow);
  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;
  /* only to be asked where there is one */
  gtk_print_operation_get_error (operation, &error);
  g_signal_emit (self, signals[FAILED], 0, error != NULL ? error->message : "");
}

/**
 * lab_print_job_new:
 * @course: a course
 * @section: (nullable): the only section that is wanted
 * @facts: what is known of the cluster
 *
 * Returns: (transfer full): a job that is not begun
 */
LabPrintJob *
lab_print_job_new (CourseCourse *course, CourseSection *section, const CourseFacts *facts)
{
  LabPrintJob *self;
  GListModel *sections;

  g_return_val_if_fail (COURSE_IS_COURSE (course), NULL);
  g_return_val_if_fail (section == NULL || COURSE_IS_SECTION (section), NULL);
  g_return_val_if_fail (facts != NULL, NULL);

  self = g_object_new (LAB_TYPE_PRINT_JOB, NULL);
  self->course = g_object_ref (course);
  self->kubernetes = g_strdup (facts->kubernetes);
  self->istio = g_strdup (facts->istio);
  self->place = g_strdup (facts->place);
  self->apis = g_strdupv ((char **)facts->apis);
  self->addresses = g_strdupv ((char **)facts->addresses);
  sections = course_course_get_sections (course);
  for (guint i = 0; i < g_list_model_get_n_items (sections); i++) {
    g_autoptr (CourseSection) item = g_list_model_get_item (sections, i);

    if (section == NULL || item == section)
      g_ptr_array_add (self->sections, g_steal_pointer (&item));
  }

  return self;
}

/**
 * lab_print_job_dup_name:
 * @self: a job
 *
 * Returns: (transfer full): what is printed, for readers
 */
char *
lab_print_job_dup_name (LabPrintJob *self)
{
  g_return_val_if_fail (LAB_IS_PRINT_JOB (self), NULL);

  if (self->sections->len == 1)
    return g_strdup_printf ("%s – %s", course_course_get_title (self->course),
                            course_section_get_title (g_ptr_array_index (self->sections, 0)));

  return g_strdup (course_course_get_title (self->course));
}

/**
 * lab_print_job_print:
 * @self: a job
 * @parent: the window that asks
 *
 * Asks for a printer, and prints. The job stays alive until then.
 */
void
lab_print_job_print (LabPrintJob *self, GtkWindow *parent)
{
  g_autoptr (GtkPrintOperation) operation = gtk_print_operation_new ();
  g_autofree char *name = NULL;

  g_return_if_fail (LAB_IS_PRINT_JOB (self));

  name = lab_print_job_dup_name (self);
  gtk_print_operation_set_job_name (operation, name);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_allow_async (operation, TRUE);
  gtk_print_operation_set_show_progress (operation, TRUE);
  g_signal_connect_object (operation, "begin-print", G_CALLBACK (begin_print_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "paginate", G_CALLBACK (paginate_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "draw-page", G_CALLBACK (draw_page_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (operation, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (operation), "job", g_object_ref (self), g_object_unref);
  /* what goes wrong is said by "done" */
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent, NULL);
}

/**
 * lab_print_job_save_pdf:
 * @self: a job
 * @path: a file
 * @error: return location for a #GError, of the system
 *
 * Draws what would be printed into a file.
 *
 * Returns: whether it is written
 */
gboolean
lab_print_job_save_pdf (LabPrintJob *self, const char *path, GError **error)
{
  g_autofree char *name = NULL;
  g_autoptr (LabPdf) pdf = NULL;

  g_return_val_if_fail (LAB_IS_PRINT_JOB (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  name = lab_print_job_dup_name (self);
  pdf = lab_pdf_new (name);
  begin (self, lab_pdf_get_context (pdf), lab_pdf_get_width (pdf), lab_pdf_get_height (pdf));
  lay_out (self, G_MAXUINT);
  for (guint i = 0; i < lab_print_flow_get_n_pages (self->flow); i++) {
    lab_print_flow_draw_page (self->flow, lab_pdf_get_cairo (pdf), i);
    lab_pdf_end_page (pdf);
  }
  g_clear_object (&self->flow);

  return lab_pdf_save (pdf, path, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-notice.h"

struct _LabTrafficNotice {
  AdwBin parent_instance;

  GtkImage *icon;
  GtkLabel *label;
  GtkWidget *buttons;
  GtkButton *first;
  GtkButton *second;
};

G_DEFINE_FINAL_TYPE (LabTrafficNotice, lab_traffic_notice, ADW_TYPE_BIN)

enum {
  ANSWERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (LabTrafficNotice *self, GtkButton *button)
{
  g_signal_emit (self, signals[ANSWERED], 0, button == self->first ? 0 : 1);
}

static void
lab_traffic_notice_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_TRAFFIC_NOTICE);

  G_OBJECT_CLASS (lab_traffic_notice_parent_class)->dispose (object);
}

static void
lab_traffic_notice_class_init (LabTrafficNoticeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_notice_dispose;

  signals[ANSWERED] = g_signal_new ("answered", LAB_TYPE_TRAFFIC_NOTICE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-notice.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficNotice, icon);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficNotice, label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficNotice, buttons);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficNotice, first);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficNotice, second);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
lab_traffic_notice_init (LabTrafficNotice *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_button (GtkButton *button, const char *label)
{
  gtk_widget_set_visible (GTK_WIDGET (button), label != NULL);
  gtk_button_set_label (button, label != NULL ? label : "");
}

/**
 * lab_traffic_notice_show:
 * @self: a notice
 * @icon_name: of a symbolic icon, beside the sentence and not instead of it
 * @text: a sentence
 * @first_button: (nullable): a label
 * @second_button: (nullable): a label
 */
void
lab_traffic_notice_show (LabTrafficNotice *self,
                         const char *icon_name,
                         const char *text,
                         const char *first_button,
                         const char *second_button)
{
  g_return_if_fail (LAB_IS_TRAFFIC_NOTICE (self));
  g_return_if_fail (text != NULL);

  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_label_set_label (self->label, text);
  show_button (self->first, first_button);
  show_button (self->second, second_button);
  gtk_widget_set_visible (self->buttons, first_button != NULL || second_button != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
}

/**
 * lab_traffic_notice_hide:
 * @self: a notice
 */
void
lab_traffic_notice_hide (LabTrafficNotice *self)
{
  g_return_if_fail (LAB_IS_TRAFFIC_NOTICE (self));

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  /* older GTK leaves what is hidden to screen readers */
  gtk_label_set_label (self->label, "");
}

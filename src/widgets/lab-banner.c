/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-banner.h"

#include "lab-button-names.h"

struct _LabBanner {
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (LabBanner, lab_banner, GTK_TYPE_WIDGET)

enum {
  CLICKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (LabBanner *self)
{
  g_signal_emit (self, signals[CLICKED], 0);
}

static void
lab_banner_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_BANNER);

  G_OBJECT_CLASS (lab_banner_parent_class)->dispose (object);
}

static void
lab_banner_class_init (LabBannerClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_banner_dispose;

  signals[CLICKED] = g_signal_new ("clicked", LAB_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, LabBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, LabBanner, label);
  gtk_widget_class_bind_template_child (widget_class, LabBanner, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
}

static void
lab_banner_init (LabBanner *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_banner_show:
 * @self: a banner
 * @text: the sentence
 * @button_label: (nullable): what can be done about it, with an underlined mnemonic
 */
void
lab_banner_show (LabBanner *self, const char *text, const char *button_label)
{
  g_return_if_fail (LAB_IS_BANNER (self));
  g_return_if_fail (text != NULL);

  gtk_label_set_label (self->label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button_label != NULL);
  if (button_label != NULL) {
    gtk_button_set_label (self->button, button_label);
    lab_button_names_mend (GTK_WIDGET (self->button));
  }
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
}

/**
 * lab_banner_hide:
 * @self: a banner
 */
void
lab_banner_hide (LabBanner *self)
{
  g_return_if_fail (LAB_IS_BANNER (self));

  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

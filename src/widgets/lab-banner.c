/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-banner.h"

#include "lab-button-names.h"

struct _LabBanner {
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkButton *button;
  GtkButton *dismiss_button;
};

G_DEFINE_FINAL_TYPE (LabBanner, lab_banner, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_DISMISSIBLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  CLICKED,
  DISMISSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
clicked_cb (LabBanner *self)
{
  g_signal_emit (self, signals[CLICKED], 0);
}

static void
dismissed_cb (LabBanner *self)
{
  lab_banner_hide (self);
  g_signal_emit (self, signals[DISMISSED], 0);
}

static void
lab_banner_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LabBanner *self = LAB_BANNER (object);

  if (id == PROP_DISMISSIBLE)
    g_value_set_boolean (value, gtk_widget_get_visible (GTK_WIDGET (self->dismiss_button)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
lab_banner_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LabBanner *self = LAB_BANNER (object);

  if (id == PROP_DISMISSIBLE)
    gtk_widget_set_visible (GTK_WIDGET (self->dismiss_button), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
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

  G_OBJECT_CLASS (klass)->get_property = lab_banner_get_property;
  G_OBJECT_CLASS (klass)->set_property = lab_banner_set_property;
  G_OBJECT_CLASS (klass)->dispose = lab_banner_dispose;

  properties[PROP_DISMISSIBLE] = g_param_spec_boolean ("dismissible", NULL, NULL, FALSE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  signals[CLICKED] = g_signal_new ("clicked", LAB_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[DISMISSED] = g_signal_new ("dismissed", LAB_TYPE_BANNER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-banner.ui");
  gtk_widget_class_bind_template_child (widget_class, LabBanner, revealer);
  gtk_widget_class_bind_template_child (widget_class, LabBanner, label);
  gtk_widget_class_bind_template_child (widget_class, LabBanner, button);
  gtk_widget_class_bind_template_child (widget_class, LabBanner, dismiss_button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, dismissed_cb);
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-place-button.h"

#include <glib/gi18n-lib.h>

struct _LabPlaceButton {
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *label;

  GSignalGroup *lab_signals;
  GSignalGroup *place_signals;
};

G_DEFINE_FINAL_TYPE (LabPlaceButton, lab_place_button, GTK_TYPE_WIDGET)

static const char *
get_state_text (SessionLabState state, gboolean troubled)
{
  if (troubled)
    return _ ("no answer");
  switch (state) {
    case SESSION_LAB_CONNECTING:
      return _ ("connecting");
    case SESSION_LAB_ONLINE:
      return _ ("connected");
    case SESSION_LAB_OFFLINE:
    default:
      return _ ("not connected");
  }
}

static void
update (LabPlaceButton *self)
{
  g_autoptr (SessionLab) lab = g_signal_group_dup_target (self->lab_signals);
  SessionLabState state;
  gboolean troubled, live;
  g_autofree char *title = NULL;
  g_autofree char *description = NULL;

  if (lab == NULL)
    return;

  state = session_lab_get_state (lab);
  troubled = session_lab_get_trouble (lab) != NULL;
  live = state == SESSION_LAB_ONLINE && !troubled;
  g_object_get (session_lab_get_place (lab), "title", &title, NULL);
  gtk_label_set_label (self->label, title);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), state == SESSION_LAB_CONNECTING);
  gtk_spinner_set_spinning (self->spinner, state == SESSION_LAB_CONNECTING);
  gtk_widget_set_visible (GTK_WIDGET (self->icon), state != SESSION_LAB_CONNECTING);
  gtk_image_set_from_icon_name (self->icon, live ? "lab-live-symbolic" : "lab-unknown-symbolic");
  if (live)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), "success");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "success");

  /* Translators: a place such as "Practice cluster", and "connected" or the like */
  description = g_strdup_printf (_ ("%s, %s"), title, get_state_text (state, troubled));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description, -1);
}

static void
lab_place_button_dispose (GObject *object)
{
  LabPlaceButton *self = LAB_PLACE_BUTTON (object);

  g_clear_object (&self->lab_signals);
  g_clear_object (&self->place_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_PLACE_BUTTON);

  G_OBJECT_CLASS (lab_place_button_parent_class)->dispose (object);
}

static void
lab_place_button_class_init (LabPlaceButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_place_button_dispose;

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-place-button.ui");
  gtk_widget_class_bind_template_child (widget_class, LabPlaceButton, button);
  gtk_widget_class_bind_template_child (widget_class, LabPlaceButton, icon);
  gtk_widget_class_bind_template_child (widget_class, LabPlaceButton, spinner);
  gtk_widget_class_bind_template_child (widget_class, LabPlaceButton, label);
}

static void
lab_place_button_init (LabPlaceButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "notify::state", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::trouble", G_CALLBACK (update), self);
  self->place_signals = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->place_signals, "notify::title", G_CALLBACK (update), self);
}

/**
 * lab_place_button_set_lab:
 * @self: a button
 * @lab: whose place to show; not kept alive
 */
void
lab_place_button_set_lab (LabPlaceButton *self, SessionLab *lab)
{
  g_return_if_fail (LAB_IS_PLACE_BUTTON (self));
  g_return_if_fail (SESSION_IS_LAB (lab));

  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->place_signals, session_lab_get_place (lab));
  update (self);
}

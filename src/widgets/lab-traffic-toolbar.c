/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-toolbar.h"

#include <glib/gi18n-lib.h>

struct _LabTrafficToolbar {
  AdwBin parent_instance;

  GtkSpinner *spinner;
  GtkLabel *label;

  GSignalGroup *editor_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficToolbar, lab_traffic_toolbar, ADW_TYPE_BIN)

static void
update (LabTrafficToolbar *self)
{
  g_autoptr (MeshEditor) editor = g_signal_group_dup_target (self->editor_signals);
  gboolean pending = editor != NULL && mesh_editor_get_pending (editor);
  gboolean unsaved = editor != NULL && mesh_editor_get_unsaved (editor);

  gtk_spinner_set_spinning (self->spinner, pending && !unsaved);
  if (unsaved)
    gtk_label_set_label (self->label, _ ("Not saved"));
  else
    gtk_label_set_label (self->label, pending ? _ ("Saving…") : _ ("Saved"));
  gtk_widget_set_visible (GTK_WIDGET (self->label), editor != NULL);
}

static void
lab_traffic_toolbar_dispose (GObject *object)
{
  LabTrafficToolbar *self = LAB_TRAFFIC_TOOLBAR (object);

  g_clear_object (&self->editor_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_TOOLBAR);

  G_OBJECT_CLASS (lab_traffic_toolbar_parent_class)->dispose (object);
}

static void
lab_traffic_toolbar_class_init (LabTrafficToolbarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_toolbar_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-toolbar.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficToolbar, spinner);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficToolbar, label);
}

static void
lab_traffic_toolbar_init (LabTrafficToolbar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->editor_signals = g_signal_group_new (MESH_TYPE_EDITOR);
  g_signal_group_connect_swapped (self->editor_signals, "notify", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->editor_signals, "drafted", G_CALLBACK (update), self);
  update (self);
}

/**
 * lab_traffic_toolbar_set_editor:
 * @self: a toolbar
 * @editor: (nullable): whose changes it tells of
 */
void
lab_traffic_toolbar_set_editor (LabTrafficToolbar *self, MeshEditor *editor)
{
  g_return_if_fail (LAB_IS_TRAFFIC_TOOLBAR (self));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));

  g_signal_group_set_target (self->editor_signals, editor);
  update (self);
}

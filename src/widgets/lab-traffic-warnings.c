/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-warnings.h"

struct _LabTrafficWarnings {
  AdwBin parent_instance;

  GtkListBox *list;

  char *shown; /* the texts that are in the list */
};

G_DEFINE_FINAL_TYPE (LabTrafficWarnings, lab_traffic_warnings, ADW_TYPE_BIN)

static GtkWidget *
new_row (const MeshWarning *warning)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");
  g_autofree char *title = g_markup_escape_text (warning->text, -1);
  g_autofree char *subtitle = g_markup_escape_text (warning->advice, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);

  return row;
}

static char *
dup_texts (GPtrArray *warnings)
{
  g_autoptr (GString) texts = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++) {
    const MeshWarning *warning = g_ptr_array_index (warnings, i);

    g_string_append_printf (texts, "%s\n%s\n", warning->text, warning->advice);
  }

  return g_string_free (g_steal_pointer (&texts), FALSE);
}

static void
lab_traffic_warnings_dispose (GObject *object)
{
  LabTrafficWarnings *self = LAB_TRAFFIC_WARNINGS (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_WARNINGS);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (lab_traffic_warnings_parent_class)->dispose (object);
}

static void
lab_traffic_warnings_class_init (LabTrafficWarningsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_warnings_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-warnings.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficWarnings, list);
}

static void
lab_traffic_warnings_init (LabTrafficWarnings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_traffic_warnings_show:
 * @self: warnings
 * @virtual_service: (nullable): as it is to be
 * @surroundings: what is beside it
 */
void
lab_traffic_warnings_show (LabTrafficWarnings *self,
                           JsonNode *virtual_service,
                           const MeshSurroundings *surroundings)
{
  g_autoptr (GPtrArray) warnings = NULL;
  g_autofree char *texts = NULL;
  GtkWidget *child;

  g_return_if_fail (LAB_IS_TRAFFIC_WARNINGS (self));
  g_return_if_fail (surroundings != NULL);

  if (virtual_service != NULL)
    warnings = mesh_preflight (virtual_service, surroundings);
  texts = warnings != NULL ? dup_texts (warnings) : g_strdup ("");
  if (g_strcmp0 (texts, self->shown) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&texts);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);
  for (guint i = 0; warnings != NULL && i < warnings->len; i++)
    gtk_list_box_append (self->list, new_row (g_ptr_array_index (warnings, i)));
  gtk_widget_set_visible (GTK_WIDGET (self), warnings != NULL && warnings->len > 0);
}

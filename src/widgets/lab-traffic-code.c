/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-code.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "lab-button-names.h"
#include "lab-syntax.h"
#include "mesh-code.h"

/* Before each line, so that a change is told without colour. */
static const char *const signs[] = {
  [MESH_LINE_SAME] = "  ",
  [MESH_LINE_ADDED] = "+ ",
  [MESH_LINE_REMOVED] = "− ",
};

struct _LabTrafficCode {
  AdwBin parent_instance;

  GtkLabel *yaml_label;
  GtkLabel *command_label;

  JsonNode *server; /* (nullable): what the server has */
  JsonNode *draft;  /* (nullable): what it is to have */
  JsonNode *before; /* (nullable): what it had before the last change made here */
  gboolean
    is_under_way; /* that change goes on: what it has come to meanwhile is not its beginning */
  char *yaml;     /* of the draft, as it is copied */
};

G_DEFINE_FINAL_TYPE (LabTrafficCode, lab_traffic_code, ADW_TYPE_BIN)

static void
insert (PangoAttrList *attributes, PangoAttribute *attribute, guint start, guint end)
{
  attribute->start_index = start;
  attribute->end_index = end;
  pango_attr_list_insert (attributes, attribute);
}

static void
mark_line (PangoAttrList *attributes, MeshLineChange change, guint start, guint end)
{
  if (change == MESH_LINE_SAME)
    return;
  if (change == MESH_LINE_ADDED) {
    insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD), start, end);
    insert (attributes, pango_attr_background_new (0x2e2e, 0xc2c2, 0x7e7e), start, end);
  } else {
    insert (attributes, pango_attr_strikethrough_new (TRUE), start + 4, end);
    insert (attributes, pango_attr_background_new (0xe0e0, 0x1b1b, 0x2424), start, end);
  }
  insert (attributes, pango_attr_background_alpha_new (0x4000), start, end);
}

/* The colours of one line, moved to where it is. */
static void
paint_line (PangoAttrList *attributes, const char *text, guint start)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  g_autoptr (PangoAttrList) colors = lab_syntax_highlight (text, "yaml", dark);
  GSList *list = pango_attr_list_get_attributes (colors);

  for (GSList *l = list; l != NULL; l = l->next) {
    PangoAttribute *attribute = l->data;

    insert (attributes, attribute, attribute->start_index + start, attribute->end_index + start);
  }
  g_slist_free (list);
}

/* What a server counts by itself is no change. */
static void
copy_counts (JsonNode *from, JsonNode *to)
{
  static const char *const counts[] = { "resourceVersion", "generation" };
  JsonObject *metadata = base_json_get_object (to, "metadata", NULL);

  for (gsize i = 0; metadata != NULL && i < G_N_ELEMENTS (counts); i++) {
    JsonNode *value = base_json_get (from, "metadata", counts[i], NULL);

    if (value != NULL)
      json_object_set_member (metadata, counts[i], base_json_copy (value));
  }
}

/* (transfer full): what the lines are marked against; what is shown where nothing is changed */
static char *
dup_old_yaml (LabTrafficCode *self)
{
  g_autoptr (JsonNode) old = self->before != NULL ? base_json_copy (self->before) : NULL;

  if (old == NULL)
    return g_strdup (self->yaml);
  copy_counts (self->draft, old);
  return mesh_code_dup_yaml (old);
}

static void
show_yaml (LabTrafficCode *self)
{
  g_autofree char *old = NULL;
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GArray) lines = NULL;

  g_free (self->yaml);
  self->yaml = mesh_code_dup_yaml (self->draft);
  old = dup_old_yaml (self);
  lines = mesh_code_diff (old, self->yaml);
  for (guint i = 0; i < lines->len; i++) {
    MeshLine *line = &g_array_index (lines, MeshLine, i);
    guint start;

    if (i > 0)
      g_string_append_c (text, '\n');
    start = (guint)text->len;
    g_string_append (text, signs[line->change]);
    paint_line (attributes, line->text, (guint)text->len);
    g_string_append (text, line->text);
    mark_line (attributes, line->change, start, (guint)text->len);
  }
  if (g_strcmp0 (gtk_label_get_label (self->yaml_label), text->str) != 0)
    gtk_label_set_label (self->yaml_label, text->str);
  gtk_label_set_attributes (self->yaml_label, attributes);
}

static gboolean
same_spec (JsonNode *a, JsonNode *b)
{
  return a != NULL && b != NULL &&
         base_json_equal (base_json_get (a, "spec", NULL), base_json_get (b, "spec", NULL));
}

/* Marks and command are those of the change under way; once the server has it, of the change just
 * made, until somebody makes another. A drag is one change, however often it is written. */
static void
follow (LabTrafficCode *self, gboolean is_known, gboolean changing)
{
  if (!same_spec (self->server, self->draft) && !self->is_under_way) {
    g_clear_pointer (&self->before, json_node_unref);
    self->before = json_node_ref (self->server);
    self->is_under_way = TRUE;
  } else if (!is_known && same_spec (self->server, self->draft)) {
    g_clear_pointer (&self->before, json_node_unref);
  }
  self->is_under_way = self->is_under_way && changing;
}

static void
show_command (LabTrafficCode *self)
{
  g_autofree char *command = mesh_code_dup_kubectl (self->before, self->draft);

  if (g_strcmp0 (gtk_label_get_label (self->command_label), command) != 0)
    gtk_label_set_label (self->command_label, command);
}

/* What is not to be seen costs nothing. */
static void
update (LabTrafficCode *self)
{
  if (self->draft == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  show_yaml (self);
  show_command (self);
}

static void
lab_traffic_code_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_traffic_code_parent_class)->map (widget);
  update (LAB_TRAFFIC_CODE (widget));
}

static void
copy (LabTrafficCode *self, const char *text)
{
  if (text == NULL)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", _ ("Copied"));
}

static void
copy_yaml_cb (LabTrafficCode *self)
{
  copy (self, self->yaml);
}

static void
copy_command_cb (LabTrafficCode *self)
{
  copy (self, gtk_label_get_label (self->command_label));
}

static void
lab_traffic_code_dispose (GObject *object)
{
  LabTrafficCode *self = LAB_TRAFFIC_CODE (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_CODE);
  g_clear_pointer (&self->server, json_node_unref);
  g_clear_pointer (&self->draft, json_node_unref);
  g_clear_pointer (&self->before, json_node_unref);
  g_clear_pointer (&self->yaml, g_free);

  G_OBJECT_CLASS (lab_traffic_code_parent_class)->dispose (object);
}

static void
lab_traffic_code_class_init (LabTrafficCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_code_dispose;
  widget_class->map = lab_traffic_code_map;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-code.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCode, yaml_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCode, command_label);
  gtk_widget_class_bind_template_callback (widget_class, copy_yaml_cb);
  gtk_widget_class_bind_template_callback (widget_class, copy_command_cb);
}

static void
lab_traffic_code_init (LabTrafficCode *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self));
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark", G_CALLBACK (update),
                           self, G_CONNECT_SWAPPED);
}

/**
 * lab_traffic_code_show:
 * @self: a view of code
 * @server: the VirtualService as the server has it
 * @draft: as it is to be; @server where nothing is under way
 * @changing: whether the hand is on, or something is on its way
 */
void
lab_traffic_code_show (LabTrafficCode *self, JsonNode *server, JsonNode *draft, gboolean changing)
{
  gboolean is_known;

  g_return_if_fail (LAB_IS_TRAFFIC_CODE (self));
  g_return_if_fail (server != NULL && draft != NULL);

  /* whether what the server has is what was asked for here, or was here already */
  is_known = same_spec (self->draft, server);
  g_clear_pointer (&self->server, json_node_unref);
  g_clear_pointer (&self->draft, json_node_unref);
  self->server = json_node_ref (server);
  self->draft = json_node_ref (draft);
  follow (self, is_known, changing);
  update (self);
}

/**
 * lab_traffic_code_get_yaml:
 * @self: a view of code
 *
 * Returns: (nullable): the YAML without marks
 */
const char *
lab_traffic_code_get_yaml (LabTrafficCode *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_CODE (self), NULL);

  return self->yaml;
}

/**
 * lab_traffic_code_get_command:
 * @self: a view of code
 *
 * Returns: the line for kubectl
 */
const char *
lab_traffic_code_get_command (LabTrafficCode *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_CODE (self), NULL);

  return gtk_label_get_label (self->command_label);
}

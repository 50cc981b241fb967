/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-object-window.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-redactor.h"
#include "base-yaml.h"
#include "lab-button-names.h"
#include "lab-page-address.h"
#include "lab-syntax.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"
#define MASK "•••"

/* A label lays its whole text out; beyond this it would be felt. */
#define MAX_SHOWN (256 * 1024)

struct _LabObjectWindow {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkLabel *text;
  GtkButton *page_button;

  KubeObject *object;
};

G_DEFINE_FINAL_TYPE (LabObjectWindow, lab_object_window, ADW_TYPE_WINDOW)

static void
mask_members (JsonObject *object, const char *member)
{
  JsonObject *values;
  g_autoptr (GList) names = NULL;

  if (!json_object_has_member (object, member) ||
      !JSON_NODE_HOLDS_OBJECT (json_object_get_member (object, member)))
    return;

  values = json_object_get_object_member (object, member);
  names = json_object_get_members (values);
  for (GList *l = names; l != NULL; l = l->next) {
    g_autofree char *name = g_strdup (l->data);

    json_object_set_string_member (values, name, MASK);
  }
}

/**
 * lab_object_dup_yaml:
 * @object: an object of the API
 *
 * What a reader wants to see of it: without the server's book-keeping of field owners, the data of
 * a Secret (and what its annotation repeats of it) masked, and nothing else that looks like a
 * credential.
 *
 * Returns: (transfer full): YAML
 */
char *
lab_object_dup_yaml (JsonNode *object)
{
  g_autoptr (JsonNode) copy = NULL;
  g_autoptr (BaseRedactor) redactor = base_redactor_new ();
  g_autofree char *yaml = NULL;
  JsonObject *metadata;
  JsonObject *annotations;

  g_return_val_if_fail (object != NULL && JSON_NODE_HOLDS_OBJECT (object), NULL);

  copy = base_json_copy (object);
  metadata = base_json_get_object (copy, "metadata", NULL);
  annotations = base_json_get_object (copy, "metadata", "annotations", NULL);
  if (metadata != NULL && json_object_has_member (metadata, "managedFields"))
    json_object_remove_member (metadata, "managedFields");
  if (g_strcmp0 (base_json_get_string (copy, "kind", NULL), "Secret") == 0) {
    mask_members (json_node_get_object (copy), "data");
    mask_members (json_node_get_object (copy), "stringData");
    if (annotations != NULL && json_object_has_member (annotations, LAST_APPLIED))
      json_object_set_string_member (annotations, LAST_APPLIED, MASK);
  }
  yaml = base_yaml_write (copy);

  return base_redactor_redact (redactor, yaml);
}

static void
show_object (LabObjectWindow *self)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (self->object);
  g_autoptr (PangoAttrList) attributes = NULL;
  g_autofree char *yaml = NULL;
  g_autofree char *url = NULL;
  g_autofree char *via = NULL;
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  if (json == NULL)
    return;

  url = lab_page_address_dup (json, &via);
  gtk_widget_set_visible (GTK_WIDGET (self->page_button), url != NULL);
  yaml = lab_object_dup_yaml (json);
  if (strlen (yaml) > MAX_SHOWN) {
    char *end = g_utf8_find_prev_char (yaml, yaml + MAX_SHOWN);

    *end = '\0';
  }
  attributes = lab_syntax_highlight (yaml, "yaml", dark);
  if (g_strcmp0 (gtk_label_get_label (self->text), yaml) != 0)
    gtk_label_set_label (self->text, yaml);
  gtk_label_set_attributes (self->text, attributes);
}

static void
set_object (LabObjectWindow *self, KubeObject *object)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (object);
  const char *kind = base_json_get_string (json, "kind", NULL);

  self->object = g_object_ref (object);
  adw_window_title_set_title (self->title, kube_object_get_name (object));
  adw_window_title_set_subtitle (self->title, kind != NULL ? kind : "");
  gtk_window_set_title (GTK_WINDOW (self), kube_object_get_name (object));
  g_signal_connect_object (object, "changed", G_CALLBACK (show_object), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (show_object), self, G_CONNECT_SWAPPED);
  show_object (self);
}

static void
open_page_cb (LabObjectWindow *self)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (self->object);
  g_autofree char *via = NULL;
  g_autofree char *url = lab_page_address_dup (json, &via);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  if (url != NULL && parent != NULL)
    gtk_widget_activate_action (GTK_WIDGET (parent), "win.open-page", "(sms)", url, via);
}

static void
copy_cb (LabObjectWindow *self)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)),
                          gtk_label_get_label (self->text));
}

static void
lab_object_window_dispose (GObject *object)
{
  LabObjectWindow *self = LAB_OBJECT_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_OBJECT_WINDOW);
  g_clear_object (&self->object);

  G_OBJECT_CLASS (lab_object_window_parent_class)->dispose (object);
}

static void
lab_object_window_class_init (LabObjectWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_object_window_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-object-window.ui");
  gtk_widget_class_bind_template_child (widget_class, LabObjectWindow, title);
  gtk_widget_class_bind_template_child (widget_class, LabObjectWindow, text);
  gtk_widget_class_bind_template_child (widget_class, LabObjectWindow, page_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, open_page_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lab_object_window_init (LabObjectWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self));
}

/**
 * lab_object_window_new:
 * @parent: the window it belongs to
 * @object: what to show
 *
 * Returns: (transfer floating): a window that is not shown yet
 */
GtkWidget *
lab_object_window_new (GtkWindow *parent, KubeObject *object)
{
  LabObjectWindow *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (KUBE_IS_OBJECT (object), NULL);

  self = g_object_new (LAB_TYPE_OBJECT_WINDOW, "transient-for", parent, "application",
                       gtk_window_get_application (parent), NULL);
  set_object (self, object);

  return GTK_WIDGET (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-route-dialog.h"

#include <glib/gi18n-lib.h>

#include "lab-button-names.h"
#include "lab-field-row.h"
#include "lab-row-focus.h"

struct _LabRouteDialog {
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *apply_button;
  GtkLabel *error_label;
  AdwComboRow *match_row;
  AdwComboRow *subset_row;
  LabFieldRow *header_row;
  LabFieldRow *value_row;
  LabFieldRow *timeout_row;
  LabFieldRow *delay_row;
  LabFieldRow *delay_percentage_row;
  LabFieldRow *abort_status_row;
  LabFieldRow *abort_percentage_row;
  LabFieldRow *attempts_row;
  LabFieldRow *per_try_timeout_row;
  LabFieldRow *retry_on_row;
  GtkLabel *conflict_label;
  AdwPreferencesGroup *order_group;
  GtkButton *earlier_button;
  GtkButton *later_button;
  GtkButton *remove_button;

  MeshEditor *editor;
  MeshRouteForm *form;
  LabFieldRow *rows[MESH_N_FIELDS];
  gboolean is_touched[MESH_N_FIELDS];
};

G_DEFINE_FINAL_TYPE (LabRouteDialog, lab_route_dialog, ADW_TYPE_WINDOW)

static void
collect_rows (LabRouteDialog *self)
{
  LabFieldRow *const rows[MESH_N_FIELDS] = {
    [MESH_FIELD_HEADER] = self->header_row,
    [MESH_FIELD_VALUE] = self->value_row,
    [MESH_FIELD_TIMEOUT] = self->timeout_row,
    [MESH_FIELD_DELAY] = self->delay_row,
    [MESH_FIELD_DELAY_PERCENTAGE] = self->delay_percentage_row,
    [MESH_FIELD_ABORT_STATUS] = self->abort_status_row,
    [MESH_FIELD_ABORT_PERCENTAGE] = self->abort_percentage_row,
    [MESH_FIELD_ATTEMPTS] = self->attempts_row,
    [MESH_FIELD_PER_TRY_TIMEOUT] = self->per_try_timeout_row,
    [MESH_FIELD_RETRY_ON] = self->retry_on_row,
  };

  for (guint i = 0; i < MESH_N_FIELDS; i++)
    self->rows[i] = rows[i];
}

/* The rows from top to bottom. */
static guint
list_rows (LabRouteDialog *self, GtkWidget *rows[MESH_N_FIELDS + 2])
{
  guint n = 0;

  rows[n++] = GTK_WIDGET (self->match_row);
  for (guint i = 0; i < MESH_N_FIELDS; i++) {
    if (i == MESH_FIELD_TIMEOUT)
      rows[n++] = GTK_WIDGET (self->subset_row);
    rows[n++] = GTK_WIDGET (self->rows[i]);
  }
  return n;
}

static gboolean
move_focus (LabRouteDialog *self, int step)
{
  GtkWidget *rows[MESH_N_FIELDS + 2];
  guint n = list_rows (self, rows);

  return lab_row_focus_move (GTK_WINDOW (self), rows, n, step);
}

static gboolean
key_pressed_cb (LabRouteDialog *self, guint key, guint code, GdkModifierType state)
{
  if (key == GDK_KEY_ISO_Left_Tab || (key == GDK_KEY_Tab && (state & GDK_SHIFT_MASK) != 0))
    return move_focus (self, -1);
  return key == GDK_KEY_Tab && move_focus (self, 1);
}

/* What is wrong is said of a field that the user has written in; of all once they want to apply. */
static void
show_errors (LabRouteDialog *self)
{
  MeshMatchKind kind = mesh_route_form_get_match_kind (self->form);
  gboolean is_about_header = kind != MESH_MATCH_NONE && kind != MESH_MATCH_OTHER;

  for (guint i = 0; i < MESH_N_FIELDS; i++) {
    g_autofree char *error = self->is_touched[i] ? mesh_route_form_dup_error (self->form, i) : NULL;

    lab_field_row_set_error (self->rows[i], error);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->header_row), is_about_header);
  gtk_widget_set_visible (GTK_WIDGET (self->value_row), is_about_header);
  gtk_widget_set_visible (GTK_WIDGET (self->conflict_label),
                          mesh_route_form_ignores_timeout (self->form));
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), FALSE);
}

static void
field_changed_cb (LabRouteDialog *self, LabFieldRow *row)
{
  for (guint i = 0; self->form != NULL && i < MESH_N_FIELDS; i++) {
    if (self->rows[i] == row) {
      self->is_touched[i] = TRUE;
      mesh_route_form_set (self->form, i, lab_field_row_get_text (row));
    }
  }
}

/* The choices stand in the order of MeshMatchKind. */
static void
match_selected_cb (LabRouteDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->match_row);

  if (self->form != NULL && selected != GTK_INVALID_LIST_POSITION)
    mesh_route_form_set_match_kind (self->form, selected);
}

static void
subset_selected_cb (LabRouteDialog *self)
{
  GtkStringObject *item = adw_combo_row_get_selected_item (self->subset_row);

  if (self->form != NULL && item != NULL)
    mesh_route_form_set_subset (self->form, gtk_string_object_get_string (item));
}

static void
show_error (LabRouteDialog *self, const GError *error)
{
  gtk_label_set_label (self->error_label, error->message);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
}

static gboolean
focus_first_error (LabRouteDialog *self)
{
  for (guint i = 0; i < MESH_N_FIELDS; i++)
    self->is_touched[i] = TRUE;
  show_errors (self);
  for (guint i = 0; i < MESH_N_FIELDS; i++) {
    if (lab_field_row_get_error (self->rows[i]) != NULL) {
      gtk_widget_grab_focus (GTK_WIDGET (self->rows[i]));
      return TRUE;
    }
  }
  return FALSE;
}

/* Has @target written, and closes; takes both. */
static void
finish (LabRouteDialog *self, JsonNode *target, GError *error)
{
  g_autoptr (JsonNode) owned = target;
  g_autoptr (GError) owned_error = error;

  if (target == NULL) {
    show_error (self, error);
    return;
  }
  mesh_editor_apply (self->editor, target);
  gtk_window_close (GTK_WINDOW (self));
}

static void
apply_cb (LabRouteDialog *self)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (self->editor);
  GError *error = NULL;
  JsonNode *target = NULL;

  if (focus_first_error (self))
    return;
  target = mesh_route_form_apply (self->form, draft, &error);
  finish (self, target, error);
}

static void
move (LabRouteDialog *self, int step)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (self->editor);
  guint route = mesh_route_form_locate (self->form, draft);
  GError *error = NULL;
  JsonNode *target = mesh_edit_move_route (draft, route, route + (guint)step, &error);

  finish (self, target, error);
}

static void
earlier_cb (LabRouteDialog *self)
{
  move (self, -1);
}

static void
later_cb (LabRouteDialog *self)
{
  move (self, 1);
}

static void
remove_cb (LabRouteDialog *self)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (self->editor);
  GError *error = NULL;
  JsonNode *target =
    mesh_edit_remove_route (draft, mesh_route_form_locate (self->form, draft), &error);

  finish (self, target, error);
}

/* What can be done with the route's place, in the object as it is now. */
static void
update_order (LabRouteDialog *self)
{
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (self->editor);
  guint route = mesh_route_form_locate (self->form, draft);
  g_autoptr (JsonNode) removed = mesh_edit_remove_route (draft, route, NULL);

  gtk_widget_set_visible (GTK_WIDGET (self->order_group), !mesh_route_form_is_new (self->form));
  gtk_widget_set_sensitive (GTK_WIDGET (self->earlier_button),
                            mesh_edit_can_move_route (draft, route, route - 1));
  gtk_widget_set_sensitive (GTK_WIDGET (self->later_button),
                            mesh_edit_can_move_route (draft, route, route + 1));
  gtk_widget_set_sensitive (GTK_WIDGET (self->remove_button), removed != NULL);
}

static void
lab_route_dialog_dispose (GObject *object)
{
  LabRouteDialog *self = LAB_ROUTE_DIALOG (object);

  g_clear_object (&self->form);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_ROUTE_DIALOG);
  g_clear_object (&self->editor);

  G_OBJECT_CLASS (lab_route_dialog_parent_class)->dispose (object);
}

static void
bind_fields (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, match_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, subset_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, header_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, value_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, timeout_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, delay_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, delay_percentage_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, abort_status_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, abort_percentage_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, attempts_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, per_try_timeout_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, retry_on_row);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, conflict_label);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, match_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, subset_selected_cb);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-route-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, title);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, apply_button);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, order_group);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, earlier_button);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, later_button);
  gtk_widget_class_bind_template_child (widget_class, LabRouteDialog, remove_button);
  bind_fields (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, earlier_cb);
  gtk_widget_class_bind_template_callback (widget_class, later_cb);
  gtk_widget_class_bind_template_callback (widget_class, remove_cb);
}

static void
lab_route_dialog_class_init (LabRouteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_route_dialog_dispose;

  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lab_route_dialog_init (LabRouteDialog *self)
{
  g_type_ensure (LAB_TYPE_FIELD_ROW);
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self));
  collect_rows (self);
}

static void
show_form (LabRouteDialog *self, MeshRouteForm *form)
{
  const char *other = mesh_route_form_get_other_match (form);
  g_autoptr (GtkStringList) choices = gtk_string_list_new (NULL);

  gtk_string_list_append (choices, _ ("Everyone"));
  gtk_string_list_append (choices, _ ("A header is"));
  gtk_string_list_append (choices, _ ("A header starts with"));
  gtk_string_list_append (choices, _ ("A header fits an expression"));
  if (other != NULL)
    gtk_string_list_append (choices, other);
  adw_combo_row_set_model (self->match_row, G_LIST_MODEL (choices));
  adw_combo_row_set_selected (self->match_row, mesh_route_form_get_match_kind (form));
  for (guint i = 0; i < MESH_N_FIELDS; i++)
    lab_field_row_set_text (self->rows[i], mesh_route_form_get (form, i));
  for (guint i = 0; i < MESH_N_FIELDS; i++)
    self->is_touched[i] = FALSE;
  self->form = g_object_ref (form);
  g_signal_connect_object (form, "changed", G_CALLBACK (show_errors), self, G_CONNECT_SWAPPED);
  show_errors (self);
  update_order (self);
}

static LabRouteDialog *
create (GtkWindow *parent, MeshEditor *editor)
{
  LabRouteDialog *self =
    g_object_new (LAB_TYPE_ROUTE_DIALOG, "transient-for", parent, "application",
                  parent != NULL ? gtk_window_get_application (parent) : NULL, NULL);

  self->editor = g_object_ref (editor);
  g_signal_connect_object (editor, "drafted", G_CALLBACK (update_order), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * lab_route_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @editor: who writes what is applied
 * @route: an HTTP route of the editor's VirtualService
 * @minor: the minor number of the cluster's Istio (4 in 1.4); 0 where it is not known
 *
 * Returns: (transfer floating): a dialog that is not shown yet; NULL and an error of the mesh's
 *   domain where there is no such route
 */
GtkWidget *
lab_route_dialog_new (
  GtkWindow *parent, MeshEditor *editor, guint route, guint minor, GError **error)
{
  g_autoptr (JsonNode) draft = NULL;
  g_autoptr (MeshRouteForm) form = NULL;
  g_autofree char *title = NULL;
  LabRouteDialog *self = NULL;

  g_return_val_if_fail (MESH_IS_EDITOR (editor), NULL);

  draft = mesh_editor_ref_draft (editor);
  form = mesh_route_form_new (draft, route, minor, error);
  if (form == NULL)
    return NULL;
  self = create (parent, editor);
  /* Translators: the title of a dialog; a route's number, from 1 on */
  title = g_strdup_printf (_ ("Route %u"), route + 1);
  adw_window_title_set_title (self->title, title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_widget_set_visible (GTK_WIDGET (self->subset_row), FALSE);
  show_form (self, form);
  gtk_widget_grab_focus (GTK_WIDGET (self->match_row));
  return GTK_WIDGET (self);
}

/**
 * lab_route_dialog_new_for_new:
 * @parent: (nullable): the window it belongs to
 * @editor: who writes what is applied
 * @host: the service whose requests the route is for
 * @subsets: (array zero-terminated=1): its versions, at least one
 * @minor: the minor number of the cluster's Istio (4 in 1.4); 0 where it is not known
 *
 * Returns: (transfer floating): a dialog that is not shown yet; NULL and MESH_ERROR_INVALID where
 *   the object is no VirtualService
 */
GtkWidget *
lab_route_dialog_new_for_new (GtkWindow *parent,
                              MeshEditor *editor,
                              const char *host,
                              const char *const *subsets,
                              guint minor,
                              GError **error)
{
  g_autoptr (JsonNode) draft = NULL;
  g_autoptr (MeshRouteForm) form = NULL;
  g_autoptr (GtkStringList) names = NULL;
  LabRouteDialog *self = NULL;

  g_return_val_if_fail (MESH_IS_EDITOR (editor), NULL);
  g_return_val_if_fail (host != NULL && subsets != NULL && subsets[0] != NULL, NULL);

  draft = mesh_editor_ref_draft (editor);
  form = mesh_route_form_new_for_new (draft, host, subsets[0], minor, error);
  if (form == NULL)
    return NULL;
  self = create (parent, editor);
  adw_window_title_set_title (self->title, _ ("New route"));
  gtk_window_set_title (GTK_WINDOW (self), _ ("New route"));
  gtk_button_set_label (self->apply_button, _ ("_Add"));
  lab_button_names_mend (GTK_WIDGET (self->apply_button));
  names = gtk_string_list_new (subsets);
  adw_combo_row_set_model (self->subset_row, G_LIST_MODEL (names));
  show_form (self, form);
  gtk_widget_grab_focus (GTK_WIDGET (self->value_row));
  return GTK_WIDGET (self);
}

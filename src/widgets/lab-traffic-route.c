/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-route.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "lab-traffic-row.h"
#include "lab-wrap-box.h"
#include "mesh-route-text.h"
#include "mesh-weights.h"

/* Letters that have room before a slider. */
#define SHORT_NAME 4

struct _LabTrafficRoute {
  AdwBin parent_instance;

  GtkLabel *title_label;
  GtkButton *edit_button;
  GtkLabel *notes_label;
  GtkBox *rows_box;
  LabWrapBox *offers_box;
  GtkWidget *split_button; /* in offers_box */

  guint index;        /* in the VirtualService */
  MeshEditor *editor; /* (nullable): without one nothing can be moved */
  MeshVirtualService *service;
  MeshWeights *weights;
  GPtrArray *rows; /* of LabTrafficRow, owned by rows_box */
  GStrv subsets;   /* that a DestinationRule offers */
  guint n_server;  /* destinations that are in the object; rows beyond it are not written yet */
};

G_DEFINE_FINAL_TYPE (LabTrafficRoute, lab_traffic_route, ADW_TYPE_BIN)

static const char *
get_destination_name (MeshVirtualService *service, guint route, guint destination)
{
  const char *subset = mesh_virtual_service_get_destination_subset (service, route, destination);

  return subset != NULL ? subset
                        : mesh_virtual_service_get_destination_host (service, route, destination);
}

static const char *
row_name (LabTrafficRoute *self, guint i)
{
  return lab_traffic_row_get_name (g_ptr_array_index (self->rows, i));
}

/* A name that leaves the slider no room stands above it, and with it all of the route, so that the
 * sliders are as long as each other. */
static void
arrange_names (LabTrafficRoute *self)
{
  gboolean stacked = FALSE;

  for (guint i = 0; i < self->rows->len; i++)
    stacked = stacked || g_utf8_strlen (row_name (self, i), -1) > SHORT_NAME;
  for (guint i = 0; i < self->rows->len; i++)
    lab_traffic_row_set_stacked (g_ptr_array_index (self->rows, i), stacked);
}

static void
show_weights (LabTrafficRoute *self)
{
  for (guint i = 0; i < self->rows->len; i++) {
    LabTrafficRow *row = g_ptr_array_index (self->rows, i);

    lab_traffic_row_set_weight (row, mesh_weights_get (self->weights, i));
    lab_traffic_row_set_locked (row, mesh_weights_get_locked (self->weights, i));
  }
}

static gboolean
has_visible_offer (LabTrafficRoute *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->offers_box)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (gtk_widget_get_visible (child))
      return TRUE;
  }

  return FALSE;
}

/* One destination has all the traffic, and nothing to share it with; of two, one is what the other
 * leaves. */
static void
update_sensitive (LabTrafficRoute *self)
{
  gboolean open = self->editor != NULL;

  for (guint i = 0; i < self->rows->len; i++)
    lab_traffic_row_set_movable (g_ptr_array_index (self->rows, i),
                                 open && mesh_weights_can_move (self->weights, i),
                                 open && self->rows->len > 2);
  gtk_widget_set_sensitive (GTK_WIDGET (self->offers_box), open);
  gtk_widget_set_visible (self->split_button, self->rows->len > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->offers_box), has_visible_offer (self));
  gtk_widget_set_visible (GTK_WIDGET (self->edit_button), open);
}

static void
write_weights (LabTrafficRoute *self)
{
  g_autofree MeshWeight *weights = g_new0 (MeshWeight, self->rows->len);
  const char *host = mesh_virtual_service_get_destination_host (self->service, self->index, 0);

  for (guint i = 0; i < self->rows->len; i++) {
    gboolean known = i < self->n_server;

    weights[i].host =
      known ? mesh_virtual_service_get_destination_host (self->service, self->index, i) : host;
    weights[i].subset =
      known ? mesh_virtual_service_get_destination_subset (self->service, self->index, i)
            : row_name (self, i);
    weights[i].weight = mesh_weights_get (self->weights, i);
  }
  mesh_editor_set_weights (self->editor, self->index, weights, self->rows->len);
}

static void
moved_cb (LabTrafficRoute *self, int weight, LabTrafficRow *row)
{
  guint i;

  if (!g_ptr_array_find (self->rows, row, &i))
    return;

  if (self->editor != NULL)
    mesh_weights_move (self->weights, i, weight);
  /* assistive technology can set what is not sensitive, too: it goes back to the truth */
  show_weights (self);
  if (self->editor != NULL)
    write_weights (self);
}

static void
locked_cb (LabTrafficRoute *self, gboolean locked, LabTrafficRow *row)
{
  guint i;

  if (!g_ptr_array_find (self->rows, row, &i))
    return;

  mesh_weights_set_locked (self->weights, i, locked);
  update_sensitive (self);
}

static void
split_clicked_cb (LabTrafficRoute *self)
{
  if (self->editor == NULL)
    return;

  mesh_weights_split_evenly (self->weights);
  show_weights (self);
  write_weights (self);
}

static void
drag_begin_cb (LabTrafficRoute *self)
{
  mesh_weights_begin_drag (self->weights);
  if (self->editor != NULL)
    mesh_editor_begin_drag (self->editor);
}

static void
drag_end_cb (LabTrafficRoute *self)
{
  if (self->weights != NULL)
    mesh_weights_end_drag (self->weights);
  if (self->editor != NULL)
    mesh_editor_end_drag (self->editor);
}

static GtkWidget *
append_row (LabTrafficRoute *self, const char *name)
{
  g_autofree char *slider_name = NULL;
  GtkWidget *row;

  if (mesh_virtual_service_route_has_match (self->service, self->index))
    /* Translators: accessible name of a slider: a destination and the number of its route */
    slider_name = g_strdup_printf (_ ("Weight of %s, route %u"), name, self->index + 1);
  else
    /* Translators: accessible name of a slider; %s is a destination such as v1 */
    slider_name = g_strdup_printf (_ ("Weight of %s"), name);

  row = lab_traffic_row_new (name, slider_name);
  g_signal_connect_object (row, "moved", G_CALLBACK (moved_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "drag-begin", G_CALLBACK (drag_begin_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "drag-end", G_CALLBACK (drag_end_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "locked", G_CALLBACK (locked_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->rows_box, row);
  g_ptr_array_add (self->rows, row);
  arrange_names (self);

  return row;
}

static void
offer_clicked_cb (LabTrafficRoute *self, GtkButton *button)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "subset"));
  GtkWidget *row = NULL;

  mesh_weights_append (self->weights);
  row = append_row (self, name);
  show_weights (self);
  update_sensitive (self);
  gtk_widget_set_visible (GTK_WIDGET (button), FALSE);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
}

static gboolean
has_row (LabTrafficRoute *self, const char *name)
{
  for (guint i = 0; i < self->rows->len; i++) {
    if (g_str_equal (row_name (self, i), name))
      return TRUE;
  }

  return FALSE;
}

static void
rebuild_offers (LabTrafficRoute *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->offers_box))) != NULL)
    gtk_widget_unparent (child);
  self->split_button = gtk_button_new_with_label (_ ("Split evenly"));
  g_signal_connect_object (self->split_button, "clicked", G_CALLBACK (split_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  lab_wrap_box_append (self->offers_box, self->split_button);

  for (gsize i = 0; self->n_server > 0 && self->subsets[i] != NULL; i++) {
    g_autofree char *label = NULL;

    if (has_row (self, self->subsets[i]))
      continue;
    /* Translators: offers to share traffic with another subset, such as v2 */
    label = g_strdup_printf (_ ("Add %s"), self->subsets[i]);
    child = gtk_button_new_with_label (label);
    g_object_set_data_full (G_OBJECT (child), "subset", g_strdup (self->subsets[i]), g_free);
    gtk_widget_set_tooltip_text (child, _ ("Nothing is written until you give it a share"));
    g_signal_connect_object (child, "clicked", G_CALLBACK (offer_clicked_cb), self,
                             G_CONNECT_SWAPPED);
    lab_wrap_box_append (self->offers_box, child);
  }
}

static void
rebuild_rows (LabTrafficRoute *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->rows_box))) != NULL)
    gtk_box_remove (self->rows_box, child);
  g_ptr_array_set_size (self->rows, 0);

  for (guint i = 0; i < self->n_server; i++)
    append_row (self, get_destination_name (self->service, self->index, i));
}

/* Whether the first rows are the server's destinations still. */
static gboolean
has_same_destinations (LabTrafficRoute *self, MeshVirtualService *service)
{
  guint n = mesh_virtual_service_get_n_destinations (service, self->index);

  if (self->service == NULL || n != self->n_server || self->rows->len < n)
    return FALSE;

  for (guint i = 0; i < n; i++) {
    if (g_strcmp0 (row_name (self, i), get_destination_name (service, self->index, i)) != 0)
      return FALSE;
  }

  return mesh_virtual_service_route_has_match (service, self->index) ==
         mesh_virtual_service_route_has_match (self->service, self->index);
}

/* What the object says of the rows; rows beyond it have nothing. */
static MeshWeights *
new_weights (LabTrafficRoute *self)
{
  g_autofree int *values = g_new0 (int, self->rows->len);

  for (guint i = 0; i < self->n_server; i++)
    values[i] = mesh_virtual_service_get_weight (self->service, self->index, i);

  return mesh_weights_new (values, self->rows->len);
}

static gboolean
is_same_weights (MeshWeights *a, MeshWeights *b)
{
  gsize n = mesh_weights_get_n (a);

  if (n != mesh_weights_get_n (b))
    return FALSE;
  for (gsize i = 0; i < n; i++) {
    if (mesh_weights_get (a, i) != mesh_weights_get (b, i))
      return FALSE;
  }

  return TRUE;
}

/* Locks stay, and so does what an echo of the user's own moves brings: it must not become what the
 * others' shares follow. */
static void
load_weights (LabTrafficRoute *self, gboolean same_rows)
{
  g_autoptr (MeshWeights) weights = new_weights (self);

  if (self->weights != NULL && same_rows && is_same_weights (self->weights, weights))
    return;
  for (gsize i = 0; self->weights != NULL && same_rows && i < mesh_weights_get_n (weights); i++)
    mesh_weights_set_locked (weights, i, mesh_weights_get_locked (self->weights, i));
  g_set_object (&self->weights, weights);
  show_weights (self);
}

static void
lab_traffic_route_dispose (GObject *object)
{
  LabTrafficRoute *self = LAB_TRAFFIC_ROUTE (object);

  g_ptr_array_set_size (self->rows, 0);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_ROUTE);
  g_clear_object (&self->editor);
  g_clear_object (&self->service);
  g_clear_object (&self->weights);

  G_OBJECT_CLASS (lab_traffic_route_parent_class)->dispose (object);
}

static void
lab_traffic_route_finalize (GObject *object)
{
  LabTrafficRoute *self = LAB_TRAFFIC_ROUTE (object);

  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->subsets, g_strfreev);

  G_OBJECT_CLASS (lab_traffic_route_parent_class)->finalize (object);
}

static void
lab_traffic_route_class_init (LabTrafficRouteClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_route_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_traffic_route_finalize;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-route.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoute, title_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoute, edit_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoute, notes_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoute, rows_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRoute, offers_box);
}

static void
lab_traffic_route_init (LabTrafficRoute *self)
{
  self->rows = g_ptr_array_new ();
  self->subsets = g_new0 (char *, 1);
  g_type_ensure (LAB_TYPE_WRAP_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));
  rebuild_offers (self);
}

/**
 * lab_traffic_route_new:
 * @index: of the route in its VirtualService
 *
 * Returns: (transfer floating): a route without rows
 */
GtkWidget *
lab_traffic_route_new (guint index)
{
  LabTrafficRoute *self = g_object_new (LAB_TYPE_TRAFFIC_ROUTE, NULL);
  /* Translators: a button: a route's number, from 1 on */
  g_autofree char *edit = g_strdup_printf (_ ("Edit route %u"), index + 1);

  self->index = index;
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->edit_button), edit);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->edit_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  edit, -1);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->edit_button), "u", index);

  return GTK_WIDGET (self);
}

/**
 * lab_traffic_route_set_editor:
 * @self: a route
 * @editor: (nullable): who writes what the user moves
 */
void
lab_traffic_route_set_editor (LabTrafficRoute *self, MeshEditor *editor)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROUTE (self));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));

  /* a drag ends while its editor is still told of it */
  for (guint i = 0; editor == NULL && i < self->rows->len; i++)
    lab_traffic_row_set_movable (g_ptr_array_index (self->rows, i), FALSE, FALSE);
  g_set_object (&self->editor, editor);
  update_sensitive (self);
}

/**
 * lab_traffic_route_is_dragging:
 * @self: a route
 *
 * Returns: whether the pointer holds one of its sliders
 */
gboolean
lab_traffic_route_is_dragging (LabTrafficRoute *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_ROUTE (self), FALSE);

  for (guint i = 0; i < self->rows->len; i++) {
    if (lab_traffic_row_is_dragging (g_ptr_array_index (self->rows, i)))
      return TRUE;
  }

  return FALSE;
}

/* What the route does besides sharing out, and its name where it has one. */
static void
show_texts (LabTrafficRoute *self)
{
  JsonNode *node = mesh_virtual_service_get_route (self->service, self->index);
  g_autofree char *title = mesh_virtual_service_dup_route_title (self->service, self->index);
  g_autofree char *notes = mesh_route_text_dup_notes (node);
  const char *name = base_json_get_string (node, "name", NULL);
  g_autofree char *full = name != NULL ? g_strdup_printf ("%s (%s)", title, name) : NULL;

  gtk_label_set_label (self->title_label, full != NULL ? full : title);
  gtk_label_set_label (self->notes_label, notes != NULL ? notes : "");
  gtk_widget_set_visible (GTK_WIDGET (self->notes_label), notes != NULL);
}

/**
 * lab_traffic_route_show:
 * @self: a route
 * @service: what the user is to see
 * @subsets: that a DestinationRule defines for the route's host
 *
 * Shows these weights, but leaves a slider alone that the user holds. A row that was added here and
 * is not written yet stays.
 */
void
lab_traffic_route_show (LabTrafficRoute *self,
                        MeshVirtualService *service,
                        const char *const *subsets)
{
  gboolean same;

  g_return_if_fail (LAB_IS_TRAFFIC_ROUTE (self));
  g_return_if_fail (MESH_IS_VIRTUAL_SERVICE (service));
  g_return_if_fail (subsets != NULL);

  if (lab_traffic_route_is_dragging (self))
    return;

  same = has_same_destinations (self, service);
  g_set_object (&self->service, service);
  self->n_server = mesh_virtual_service_get_n_destinations (service, self->index);
  show_texts (self);
  if (!same)
    rebuild_rows (self);
  load_weights (self, same);

  if (!same || !g_strv_equal ((const char *const *)self->subsets, subsets)) {
    g_strfreev (self->subsets);
    self->subsets = g_strdupv ((char **)subsets);
    rebuild_offers (self);
  }
  update_sensitive (self);
}

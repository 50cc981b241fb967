/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-panel.h"

#include <glib/gi18n-lib.h>

#include "lab-cell.h"
#include "lab-clock.h"
#include "lab-freshness.h"
#include "lab-object-window.h"

#define HOME_NAMESPACE "default"

struct _LabPanel {
  AdwBin parent_instance;

  GtkSearchEntry *filter_entry;
  GtkToggleButton *all_button;
  GtkStack *stack;
  GtkColumnView *view;
  AdwStatusPage *placeholder;
  GtkButton *placeholder_button;
  LabFreshness *freshness;

  const LabPanelKind *kind; /* static */
  LabClock *clock;
  SessionResource *resource; /* (nullable) */
  gboolean held;
  GSignalGroup *resource_signals;
  GtkFilterListModel *filtered;
  GtkCustomFilter *filter;
  GtkColumnViewColumn *namespace_column; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (LabPanel, lab_panel, ADW_TYPE_BIN)

/* What to say instead of rows. */
typedef struct {
  const char *icon;
  const char *title;
  const char *description;
  const char *hint;   /* nullable: what to do */
  const char *button; /* nullable */
} Placeholder;

static KubeListState
get_state (LabPanel *self)
{
  return self->resource != NULL ? session_resource_get_state (self->resource) : KUBE_LIST_IDLE;
}

static gboolean
filter_cb (gpointer item, gpointer user_data)
{
  LabPanel *self = LAB_PANEL (user_data);
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
  const char *namespace_ = kube_object_get_namespace (item);

  if (namespace_ != NULL && !gtk_toggle_button_get_active (self->all_button) &&
      !g_str_equal (namespace_, HOME_NAMESPACE))
    return FALSE;

  return *text == '\0' || strcasestr (kube_object_get_name (item), text) != NULL;
}

static void
describe_state (LabPanel *self, Placeholder *out)
{
  const GError *error = self->resource != NULL ? session_resource_get_error (self->resource) : NULL;

  switch (get_state (self)) {
    case KUBE_LIST_ABSENT:
      *out = (Placeholder){ "dialog-question-symbolic", _ (self->kind->absent_title),
                            _ (self->kind->absent_hint), NULL, NULL };
      break;
    case KUBE_LIST_FORBIDDEN:
      *out = (Placeholder){ "changes-prevent-symbolic", _ ("No permission"),
                            error != NULL ? error->message : NULL,
                            _ ("Ask who runs the cluster to let you see it."), _ ("Try again") };
      break;
    case KUBE_LIST_UNAUTHORIZED:
      *out = (Placeholder){ "dialog-password-symbolic", _ ("Sign in again"),
                            error != NULL ? error->message : NULL, NULL, _ ("Try again") };
      break;
    case KUBE_LIST_STALE:
      *out = (Placeholder){ "network-server-symbolic", _ ("Connection lost"),
                            error != NULL ? error->message : NULL, NULL, _ ("Try again") };
      break;
    case KUBE_LIST_LIVE:
      *out = (Placeholder){ "view-list-symbolic", _ (self->kind->empty_title),
                            _ (self->kind->empty_hint), NULL, NULL };
      break;
    case KUBE_LIST_IDLE:
    case KUBE_LIST_LOADING:
    default:
      *out = (Placeholder){ "network-server-symbolic", _ ("Not connected"),
                            _ ("Rows appear once the cluster answers."), NULL, NULL };
      break;
  }
}

/* Nothing is left after filtering, though the cluster has rows. */
static void
describe_filtered (LabPanel *self, Placeholder *out)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));

  if (*text != '\0')
    *out = (Placeholder){ "system-search-symbolic", _ ("Nothing has this name"),
                          _ ("Change the filter to see more."), NULL, NULL };
  else
    *out = (Placeholder){ "view-list-symbolic", _ (self->kind->empty_title),
                          _ ("Other namespaces have some."), NULL, _ ("Show all namespaces") };
}

static void
update_page (LabPanel *self)
{
  Placeholder text = { 0 };
  g_autofree char *description = NULL;
  gboolean has_rows =
    self->resource != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->resource)) > 0;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) > 0) {
    gtk_stack_set_visible_child_name (self->stack, "list");
    return;
  }
  if (!has_rows && get_state (self) == KUBE_LIST_LOADING) {
    gtk_stack_set_visible_child_name (self->stack, "loading");
    return;
  }

  if (has_rows)
    describe_filtered (self, &text);
  else
    describe_state (self, &text);
  adw_status_page_set_icon_name (self->placeholder, text.icon);
  adw_status_page_set_title (self->placeholder, text.title);
  if (text.hint != NULL && text.description != NULL)
    description = g_strdup_printf ("%s\n%s", text.description, text.hint);
  adw_status_page_set_description (self->placeholder,
                                   description != NULL ? description : text.description);
  gtk_widget_set_visible (GTK_WIDGET (self->placeholder_button), text.button != NULL);
  if (text.button != NULL)
    gtk_button_set_label (self->placeholder_button, text.button);
  gtk_stack_set_visible_child_name (self->stack, "placeholder");
}

/* Rows that changed in place may belong elsewhere in the order. */
static void
updated_cb (LabPanel *self)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);

  if (sorter != NULL && gtk_sorter_get_order (sorter) == GTK_SORTER_ORDER_PARTIAL)
    gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

static void
filter_changed_cb (LabPanel *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  update_page (self);
}

static void
all_toggled_cb (LabPanel *self)
{
  if (self->namespace_column != NULL)
    gtk_column_view_column_set_visible (self->namespace_column,
                                        gtk_toggle_button_get_active (self->all_button));
  filter_changed_cb (self);
}

static void
stop_search_cb (LabPanel *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  gtk_widget_activate_action (GTK_WIDGET (self), "win.escape", NULL);
}

static void
placeholder_clicked_cb (LabPanel *self)
{
  KubeListState state = get_state (self);

  if (state == KUBE_LIST_LIVE)
    gtk_toggle_button_set_active (self->all_button, TRUE);
  else if (self->resource != NULL)
    session_resource_retry (self->resource);
}

static void
activate_cb (LabPanel *self, guint position)
{
  g_autoptr (KubeObject) object =
    g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (self->view)), position);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (object != NULL && GTK_IS_WINDOW (root))
    gtk_window_present (GTK_WINDOW (lab_object_window_new (GTK_WINDOW (root), object)));
}

static void
setup_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  LabPanel *self = LAB_PANEL (user_data);
  const LabColumn *column = g_object_get_data (G_OBJECT (factory), "column");

  gtk_list_item_set_child (item, lab_cell_new (column, self->clock));
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  lab_cell_set_object (LAB_CELL (gtk_list_item_get_child (item)), gtk_list_item_get_item (item));
}

static void
unbind_cell_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  lab_cell_set_object (LAB_CELL (gtk_list_item_get_child (item)), NULL);
}

static char *
sort_text_cb (KubeObject *object, gpointer user_data)
{
  return lab_column_dup_text (user_data, object);
}

static gint64
sort_age_cb (KubeObject *object, gpointer user_data)
{
  return -kube_object_get_created_at (object);
}

/* Through expressions, so that the sort model asks each row once, not at every comparison. */
static GtkSorter *
new_sorter (const LabColumn *column)
{
  GtkExpression *expression;

  if (column->is_age) {
    expression = gtk_cclosure_expression_new (G_TYPE_INT64, NULL, 0, NULL, G_CALLBACK (sort_age_cb),
                                              NULL, NULL);
    return GTK_SORTER (gtk_numeric_sorter_new (expression));
  }

  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (sort_text_cb),
                                            (gpointer)column, NULL);

  return GTK_SORTER (gtk_string_sorter_new (expression));
}

static void
append_column (LabPanel *self, const LabColumn *column)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkSorter) sorter = new_sorter (column);
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_object_set_data (G_OBJECT (factory), "column", (gpointer)column);
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cell_cb), self, 0);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cell_cb), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cell_cb), self, 0);

  view_column = gtk_column_view_column_new (_ (column->title), g_object_ref (factory));
  gtk_column_view_column_set_sorter (view_column, sorter);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column->expands);
  if (column->is_namespace) {
    gtk_column_view_column_set_visible (view_column, FALSE);
    g_set_object (&self->namespace_column, view_column);
  }
  gtk_column_view_append_column (self->view, view_column);
}

static void
set_up_kind (LabPanel *self, const LabPanelKind *kind)
{
  GtkSortListModel *sorted;
  g_autoptr (GtkSelectionModel) selection = NULL;

  self->kind = kind;
  for (gsize i = 0; i < kind->n_columns; i++)
    append_column (self, &kind->columns[i]);

  sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)),
                                    g_object_ref (gtk_column_view_get_sorter (self->view)));
  gtk_sort_list_model_set_incremental (sorted, TRUE);
  selection = GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (sorted)));
  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (selection), TRUE);
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (selection), GTK_INVALID_LIST_POSITION);
  gtk_column_view_set_model (self->view, selection);

  gtk_widget_set_visible (GTK_WIDGET (self->all_button), self->namespace_column != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ (kind->title), -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_entry),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ (kind->filter_label), -1);
}

static void
set_held (LabPanel *self, gboolean held)
{
  held = held && self->resource != NULL;
  if (held == self->held)
    return;

  self->held = held;
  if (held)
    session_resource_hold (self->resource);
  else
    session_resource_release (self->resource);
}

static void
lab_panel_map (GtkWidget *widget)
{
  LabPanel *self = LAB_PANEL (widget);

  GTK_WIDGET_CLASS (lab_panel_parent_class)->map (widget);
  set_held (self, TRUE);
  lab_clock_set_running (self->clock, TRUE);
  update_page (self);
}

static void
lab_panel_unmap (GtkWidget *widget)
{
  LabPanel *self = LAB_PANEL (widget);

  lab_clock_set_running (self->clock, FALSE);
  set_held (self, FALSE);
  GTK_WIDGET_CLASS (lab_panel_parent_class)->unmap (widget);
}

static void
lab_panel_dispose (GObject *object)
{
  LabPanel *self = LAB_PANEL (object);

  lab_panel_set_resource (self, NULL);
  g_clear_object (&self->resource_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_PANEL);
  g_clear_object (&self->filtered);
  g_clear_object (&self->filter);
  g_clear_object (&self->namespace_column);
  g_clear_object (&self->clock);

  G_OBJECT_CLASS (lab_panel_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, LabPanel, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, all_button);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, view);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, placeholder_button);
  gtk_widget_class_bind_template_child (widget_class, LabPanel, freshness);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, all_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, placeholder_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lab_panel_class_init (LabPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_panel_dispose;
  widget_class->map = lab_panel_map;
  widget_class->unmap = lab_panel_unmap;

  bind_template (widget_class);
}

static void
lab_panel_init (LabPanel *self)
{
  self->clock = lab_clock_new ();
  g_type_ensure (LAB_TYPE_FRESHNESS);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->resource_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->resource_signals, "notify::state", G_CALLBACK (update_page),
                                  self);
  g_signal_group_connect_swapped (self->resource_signals, "updated", G_CALLBACK (updated_cb), self);

  self->filter = gtk_custom_filter_new (filter_cb, self, NULL);
  self->filtered = gtk_filter_list_model_new (NULL, g_object_ref (GTK_FILTER (self->filter)));
  g_signal_connect_object (self->filtered, "items-changed", G_CALLBACK (update_page), self,
                           G_CONNECT_SWAPPED);
}

/**
 * lab_panel_new:
 * @kind: what to show; static data
 *
 * Returns: (transfer floating): a panel with nothing to show yet
 */
GtkWidget *
lab_panel_new (const LabPanelKind *kind)
{
  LabPanel *self;

  g_return_val_if_fail (kind != NULL, NULL);

  self = g_object_new (LAB_TYPE_PANEL, NULL);
  set_up_kind (self, kind);
  update_page (self);

  return GTK_WIDGET (self);
}

/**
 * lab_panel_set_resource:
 * @self: a panel
 * @resource: (nullable): the rows; watched only while the panel is mapped
 */
void
lab_panel_set_resource (LabPanel *self, SessionResource *resource)
{
  g_return_if_fail (LAB_IS_PANEL (self));
  g_return_if_fail (resource == NULL || SESSION_IS_RESOURCE (resource));

  if (self->resource == resource)
    return;

  set_held (self, FALSE);
  g_set_object (&self->resource, resource);
  g_signal_group_set_target (self->resource_signals, resource);
  if (self->freshness != NULL)
    lab_freshness_set_resource (self->freshness, resource);
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (resource));
  if (gtk_widget_get_mapped (GTK_WIDGET (self))) {
    set_held (self, TRUE);
    update_page (self);
  }
}

/**
 * lab_panel_focus_filter:
 * @self: a panel
 *
 * Puts the keyboard into the filter.
 */
void
lab_panel_focus_filter (LabPanel *self)
{
  g_return_if_fail (LAB_IS_PANEL (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->filter_entry));
}

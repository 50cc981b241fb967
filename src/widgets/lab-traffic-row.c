/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-row.h"

#include <glib/gi18n-lib.h>

struct _LabTrafficRow {
  AdwBin parent_instance;

  GtkLabel *name_label;
  GtkScale *scale;
  GtkSpinButton *spin;
  GtkAdjustment *adjustment;
  GtkToggleButton *lock;

  gboolean updating; /* the program moves it, not the user */
  gboolean dragging;
};

G_DEFINE_FINAL_TYPE (LabTrafficRow, lab_traffic_row, ADW_TYPE_BIN)

enum {
  MOVED,
  DRAG_BEGIN,
  DRAG_END,
  LOCKED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
value_changed_cb (LabTrafficRow *self)
{
  if (!self->updating)
    g_signal_emit (self, signals[MOVED], 0, lab_traffic_row_get_weight (self));
}

static void
lock_toggled_cb (LabTrafficRow *self)
{
  gboolean locked = gtk_toggle_button_get_active (self->lock);

  gtk_button_set_icon_name (GTK_BUTTON (self->lock),
                            locked ? "changes-prevent-symbolic" : "changes-allow-symbolic");
  if (!self->updating)
    g_signal_emit (self, signals[LOCKED], 0, locked);
}

/* Only watches: the slider itself handles the event. A gesture would compete with the slider's own
 * for the sequence. */
static gboolean
event_cb (GtkEventControllerLegacy *controller, GdkEvent *event, gpointer user_data)
{
  LabTrafficRow *self = LAB_TRAFFIC_ROW (user_data);
  GdkEventType type = gdk_event_get_event_type (event);

  if (type == GDK_BUTTON_PRESS || type == GDK_TOUCH_BEGIN)
    lab_traffic_row_set_dragging (self, TRUE);
  else if (type == GDK_BUTTON_RELEASE || type == GDK_TOUCH_END || type == GDK_TOUCH_CANCEL ||
           type == GDK_GRAB_BROKEN)
    lab_traffic_row_set_dragging (self, FALSE);

  return GDK_EVENT_PROPAGATE;
}

static void
lab_traffic_row_unmap (GtkWidget *widget)
{
  lab_traffic_row_set_dragging (LAB_TRAFFIC_ROW (widget), FALSE);

  GTK_WIDGET_CLASS (lab_traffic_row_parent_class)->unmap (widget);
}

static void
lab_traffic_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_TRAFFIC_ROW);

  G_OBJECT_CLASS (lab_traffic_row_parent_class)->dispose (object);
}

static void
lab_traffic_row_class_init (LabTrafficRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_row_dispose;
  widget_class->unmap = lab_traffic_row_unmap;

  signals[MOVED] = g_signal_new ("moved", LAB_TYPE_TRAFFIC_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[DRAG_BEGIN] = g_signal_new ("drag-begin", LAB_TYPE_TRAFFIC_ROW, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[DRAG_END] = g_signal_new ("drag-end", LAB_TYPE_TRAFFIC_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[LOCKED] = g_signal_new ("locked", LAB_TYPE_TRAFFIC_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-traffic-row.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRow, name_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRow, scale);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRow, spin);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRow, adjustment);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficRow, lock);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, lock_toggled_cb);
}

/* Whoever scrolls the page past a slider does not want to shift traffic. */
static void
ignore_wheel (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = g_list_model_get_n_items (controllers); i > 0; i--) {
    g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i - 1);

    if (GTK_IS_EVENT_CONTROLLER_SCROLL (controller))
      gtk_widget_remove_controller (widget, controller);
  }
}

/* Ctrl+Z takes the last change back, not the last digit: the field would keep it to itself. */
static GtkEventController *
new_shortcuts (void)
{
  static const char *const keys[][2] = {
    { "<Control>z", "traffic.undo" },
    { "<Control><Shift>z", "traffic.redo" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i][0]),
                        gtk_named_action_new (keys[i][1])));

  return controller;
}

static void
lab_traffic_row_init (LabTrafficRow *self)
{
  GtkEventController *controller;

  gtk_widget_init_template (GTK_WIDGET (self));

  controller = gtk_event_controller_legacy_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "event", G_CALLBACK (event_cb), self, 0);
  gtk_widget_add_controller (GTK_WIDGET (self->scale), controller);
  gtk_widget_add_controller (GTK_WIDGET (self), new_shortcuts ());
  ignore_wheel (GTK_WIDGET (self->scale));
  ignore_wheel (GTK_WIDGET (self->spin));
}

/**
 * lab_traffic_row_new:
 * @name: of the destination: "v1"
 * @slider_name: accessible name of the slider: "Weight of v1"
 *
 * Returns: (transfer floating): a row at 0 %
 */
GtkWidget *
lab_traffic_row_new (const char *name, const char *slider_name)
{
  LabTrafficRow *self;
  g_autofree char *spin_name = NULL;
  g_autofree char *lock_name = NULL;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (slider_name != NULL, NULL);

  self = g_object_new (LAB_TYPE_TRAFFIC_ROW, NULL);
  gtk_label_set_label (self->name_label, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  slider_name, -1);
  /* Translators: accessible name of a number field; %s is like "Weight of v1" */
  spin_name = g_strdup_printf (_ ("%s in percent"), slider_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spin_name, -1);
  /* Translators: accessible name of a button; %s is like "Weight of v1" */
  lock_name = g_strdup_printf (_ ("Lock %s"), slider_name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->lock), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  lock_name, -1);

  return GTK_WIDGET (self);
}

/**
 * lab_traffic_row_set_stacked:
 * @self: a row
 * @stacked: whether the name is above the slider, and not before it
 */
void
lab_traffic_row_set_stacked (LabTrafficRow *self, gboolean stacked)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROW (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (adw_bin_get_child (ADW_BIN (self))),
                                  stacked ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
}

/**
 * lab_traffic_row_set_weight:
 * @self: a row
 * @weight: 0 to 100
 *
 * Moves the slider without saying that the user did.
 */
void
lab_traffic_row_set_weight (LabTrafficRow *self, int weight)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROW (self));

  self->updating = TRUE;
  gtk_adjustment_set_value (self->adjustment, weight);
  self->updating = FALSE;
}

/**
 * lab_traffic_row_get_weight:
 * @self: a row
 *
 * Returns: 0 to 100
 */
int
lab_traffic_row_get_weight (LabTrafficRow *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_ROW (self), 0);

  return (int)(gtk_adjustment_get_value (self->adjustment) + 0.5);
}

/**
 * lab_traffic_row_get_name:
 * @self: a row
 *
 * Returns: the destination's name
 */
const char *
lab_traffic_row_get_name (LabTrafficRow *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_ROW (self), NULL);

  return gtk_label_get_label (self->name_label);
}

/**
 * lab_traffic_row_set_dragging:
 * @self: a row
 * @dragging: whether the pointer holds the slider
 *
 * The pointer takes hold of it, or lets it go.
 */
void
lab_traffic_row_set_dragging (LabTrafficRow *self, gboolean dragging)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROW (self));

  if (self->dragging == dragging)
    return;

  self->dragging = dragging;
  g_signal_emit (self, signals[dragging ? DRAG_BEGIN : DRAG_END], 0);
}

/**
 * lab_traffic_row_is_dragging:
 * @self: a row
 *
 * Returns: whether the pointer holds the slider
 */
gboolean
lab_traffic_row_is_dragging (LabTrafficRow *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_ROW (self), FALSE);

  return self->dragging;
}

/**
 * lab_traffic_row_set_locked:
 * @self: a row
 * @locked: whether it stays where others are moved
 *
 * Shows that without saying that the user did.
 */
void
lab_traffic_row_set_locked (LabTrafficRow *self, gboolean locked)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROW (self));

  self->updating = TRUE;
  gtk_toggle_button_set_active (self->lock, locked);
  self->updating = FALSE;
}

/**
 * lab_traffic_row_set_movable:
 * @self: a row
 * @movable: whether the user can move it
 * @lockable: whether there is something to lock it against
 */
void
lab_traffic_row_set_movable (LabTrafficRow *self, gboolean movable, gboolean lockable)
{
  g_return_if_fail (LAB_IS_TRAFFIC_ROW (self));

  gtk_widget_set_sensitive (GTK_WIDGET (self->scale), movable);
  gtk_widget_set_sensitive (GTK_WIDGET (self->spin), movable);
  gtk_widget_set_visible (GTK_WIDGET (self->lock), lockable);
  /* what is not sensitive does not see the button let go */
  if (!movable)
    lab_traffic_row_set_dragging (self, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-panel-stack.h"

#include <glib/gi18n-lib.h>

#include "lab-column.h"
#include "lab-panel.h"
#include "lab-traffic-page.h"
#include "lab-wrap-box.h"

#define TRAFFIC "traffic"

/* Frames in which a section that was switched to comes first. */
#define FRAMES_LATER 10
/* The last of them, each with work of its own. */
#define FRAMES_BUSY 4

#define TRAFFIC_RESOURCE "virtualservices"

struct _LabPanelStack {
  GtkWidget parent_instance;

  LabWrapBox *switcher;
  GtkStack *stack;

  SessionLab *lab;       /* (nullable) */
  LabSettings *settings; /* (nullable) */
  GHashTable *buttons;   /* panel name → GtkToggleButton, owned by the switcher */

  /* A panel that is to be shown, and is not made yet. */
  const char *wanted; /* (nullable) */
  GtkWidget *fresh;   /* (nullable) (owned): the panel, made and in no stack yet */
  guint tick;         /* until it is shown; 0: else */
  guint frames;       /* that are left until then */
};

G_DEFINE_FINAL_TYPE (LabPanelStack, lab_panel_stack, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_LAB,
  PROP_VISIBLE_PANEL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  BUSY,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
bind_traffic_page (LabPanelStack *self, LabTrafficPage *page)
{
  if (self->settings != NULL)
    lab_traffic_page_set_settings (page, self->settings);
  lab_traffic_page_set_lab (page, self->lab);
}

static void
bind_panel (LabPanelStack *self, const char *name, GtkWidget *panel)
{
  if (g_str_equal (name, TRAFFIC))
    bind_traffic_page (self, LAB_TRAFFIC_PAGE (panel));
  else
    lab_panel_set_resource (LAB_PANEL (panel),
                            self->lab != NULL ? session_lab_get_resource (self->lab, name) : NULL);
}

static GtkWidget *
new_panel (const char *name)
{
  return g_str_equal (name, TRAFFIC) ? lab_traffic_page_new ()
                                     : lab_panel_new (lab_panel_kind_lookup (name));
}

static GtkWidget *
ensure_panel (LabPanelStack *self, const char *name)
{
  GtkWidget *panel = gtk_stack_get_child_by_name (self->stack, name);

  if (panel != NULL)
    return panel;

  panel = new_panel (name);
  bind_panel (self, name, panel);
  gtk_stack_add_named (self->stack, panel, name);

  return panel;
}

static void
forget_wanted (LabPanelStack *self)
{
  if (self->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
  self->tick = 0;
  self->wanted = NULL;
  g_clear_object (&self->fresh);
}

static void
toggled_cb (GtkToggleButton *button, gpointer user_data)
{
  LabPanelStack *self = LAB_PANEL_STACK (user_data);
  const char *name = g_object_get_data (G_OBJECT (button), "panel");

  if (!gtk_toggle_button_get_active (button))
    return;

  forget_wanted (self);
  gtk_stack_set_visible_child (self->stack, ensure_panel (self, name));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VISIBLE_PANEL]);
}

/* To make a panel takes much of a frame, and so does to fill it, to style it and to show it: each
 * has one that others leave to it. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *frame_clock, gpointer user_data)
{
  LabPanelStack *self = LAB_PANEL_STACK (widget);

  self->frames--;
  if (self->frames > 0 && self->frames <= FRAMES_BUSY)
    g_signal_emit (self, signals[BUSY], 0);
  if (self->frames == 3) {
    self->fresh = g_object_ref_sink (new_panel (self->wanted));
  } else if (self->frames == 2) {
    bind_panel (self, self->wanted, self->fresh);
  } else if (self->frames == 1) {
    gtk_stack_add_named (self->stack, self->fresh, self->wanted);
  } else if (self->frames == 0) {
    self->tick = 0;
    gtk_toggle_button_set_active (g_hash_table_lookup (self->buttons, self->wanted), TRUE);
    return G_SOURCE_REMOVE;
  }

  return G_SOURCE_CONTINUE;
}

static void
show_later (LabPanelStack *self, const char *name) /* @name is static */
{
  forget_wanted (self);
  self->wanted = name;
  self->frames = FRAMES_LATER;
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
append_button (LabPanelStack *self, const char *name, const char *title) /* @name is static */
{
  GtkWidget *button = gtk_toggle_button_new_with_label (title);
  GtkWidget *first = gtk_widget_get_first_child (GTK_WIDGET (self->switcher));

  gtk_widget_add_css_class (button, "flat");
  g_object_set_data (G_OBJECT (button), "panel", (gpointer)name);
  if (first != NULL)
    gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
  lab_wrap_box_append (self->switcher, button);
  g_signal_connect_object (button, "toggled", G_CALLBACK (toggled_cb), self, 0);
  g_hash_table_insert (self->buttons, (gpointer)name, button);
}

static void
lab_panel_stack_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  LabPanelStack *self = LAB_PANEL_STACK (object);

  switch (property_id) {
    case PROP_LAB:
      g_value_set_object (value, self->lab);
      break;
    case PROP_VISIBLE_PANEL:
      g_value_set_string (value, lab_panel_stack_get_visible_panel (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_panel_stack_set_property (GObject *object,
                              guint property_id,
                              const GValue *value,
                              GParamSpec *pspec)
{
  LabPanelStack *self = LAB_PANEL_STACK (object);

  switch (property_id) {
    case PROP_LAB:
      lab_panel_stack_set_lab (self, g_value_get_object (value));
      break;
    case PROP_VISIBLE_PANEL:
      lab_panel_stack_show_panel (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_panel_stack_dispose (GObject *object)
{
  LabPanelStack *self = LAB_PANEL_STACK (object);

  forget_wanted (self);
  g_hash_table_remove_all (self->buttons);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_PANEL_STACK);
  g_clear_object (&self->settings);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_panel_stack_parent_class)->dispose (object);
}

static void
lab_panel_stack_finalize (GObject *object)
{
  LabPanelStack *self = LAB_PANEL_STACK (object);

  g_clear_pointer (&self->buttons, g_hash_table_unref);

  G_OBJECT_CLASS (lab_panel_stack_parent_class)->finalize (object);
}

static void
lab_panel_stack_class_init (LabPanelStackClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = lab_panel_stack_get_property;
  object_class->set_property = lab_panel_stack_set_property;
  object_class->dispose = lab_panel_stack_dispose;
  object_class->finalize = lab_panel_stack_finalize;

  properties[PROP_LAB] =
    g_param_spec_object ("lab", NULL, NULL, SESSION_TYPE_LAB,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_VISIBLE_PANEL] =
    g_param_spec_string ("visible-panel", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * LabPanelStack::busy:
   *
   * A panel will take much of the next frame.
   */
  signals[BUSY] = g_signal_new ("busy", LAB_TYPE_PANEL_STACK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-panel-stack.ui");
  gtk_widget_class_bind_template_child (widget_class, LabPanelStack, switcher);
  gtk_widget_class_bind_template_child (widget_class, LabPanelStack, stack);
}

static void
lab_panel_stack_init (LabPanelStack *self)
{
  gsize n_kinds;
  const LabPanelKind *kinds = lab_panel_kind_get_all (&n_kinds);

  self->buttons = g_hash_table_new (g_str_hash, g_str_equal);
  g_type_ensure (LAB_TYPE_WRAP_BOX);
  gtk_widget_init_template (GTK_WIDGET (self));

  for (gsize i = 0; i < n_kinds; i++)
    append_button (self, kinds[i].resource, _ (kinds[i].tab));
  /* Translators: the page with the sliders that share out the requests */
  append_button (self, TRAFFIC, _ ("Traffic"));
}

/**
 * lab_panel_stack_new:
 *
 * Returns: (transfer floating): a stack that shows no panel yet
 */
GtkWidget *
lab_panel_stack_new (void)
{
  return g_object_new (LAB_TYPE_PANEL_STACK, NULL);
}

/**
 * lab_panel_stack_set_lab:
 * @self: a stack
 * @lab: (nullable): where the rows come from
 */
void
lab_panel_stack_set_lab (LabPanelStack *self, SessionLab *lab)
{
  GHashTableIter iter;
  gpointer name;

  g_return_if_fail (LAB_IS_PANEL_STACK (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (!g_set_object (&self->lab, lab))
    return;

  g_hash_table_iter_init (&iter, self->buttons);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    GtkWidget *panel = gtk_stack_get_child_by_name (self->stack, name);

    if (panel != NULL)
      bind_panel (self, name, panel);
  }
  if (self->fresh != NULL)
    bind_panel (self, self->wanted, self->fresh);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAB]);
}

/**
 * lab_panel_stack_show_panel:
 * @self: a stack
 * @name: (nullable): "traffic", or a resource as kubectl takes it; what has no panel is left alone
 *
 * A panel that has not been shown yet comes a few frames later, where others are on the screen.
 */
void
lab_panel_stack_show_panel (LabPanelStack *self, const char *name)
{
  const LabPanelKind *kind;
  gpointer key, button;

  g_return_if_fail (LAB_IS_PANEL_STACK (self));

  if (name == NULL)
    return;

  kind = lab_panel_kind_lookup (name);
  if (!g_hash_table_lookup_extended (self->buttons, kind != NULL ? kind->resource : name, &key,
                                     &button))
    return;
  if (gtk_stack_get_child_by_name (self->stack, key) == NULL &&
      gtk_widget_get_mapped (GTK_WIDGET (self))) {
    show_later (self, key);
  } else {
    forget_wanted (self);
    gtk_toggle_button_set_active (button, TRUE);
  }
}

/**
 * lab_panel_stack_get_visible_panel:
 * @self: a stack
 *
 * Returns: (nullable): the name of the panel on the screen, or soon there
 */
const char *
lab_panel_stack_get_visible_panel (LabPanelStack *self)
{
  g_return_val_if_fail (LAB_IS_PANEL_STACK (self), NULL);

  return self->wanted != NULL ? self->wanted : gtk_stack_get_visible_child_name (self->stack);
}

/**
 * lab_panel_stack_get_settled:
 * @self: a stack
 *
 * Returns: whether the visible panel shows what the cluster has said, where that can be asked
 */
gboolean
lab_panel_stack_get_settled (LabPanelStack *self)
{
  const char *name;
  KubeListState state;

  g_return_val_if_fail (LAB_IS_PANEL_STACK (self), FALSE);

  if (self->wanted != NULL)
    return FALSE;
  name = lab_panel_stack_get_visible_panel (self);
  if (name == NULL || self->lab == NULL || session_lab_get_state (self->lab) != SESSION_LAB_ONLINE)
    return TRUE;
  state = session_resource_get_state (
    session_lab_get_resource (self->lab, g_str_equal (name, TRAFFIC) ? TRAFFIC_RESOURCE : name));

  return state != KUBE_LIST_IDLE && state != KUBE_LIST_LOADING;
}

/**
 * lab_panel_stack_focus_filter:
 * @self: a stack
 *
 * Puts the keyboard into the visible panel.
 */
void
lab_panel_stack_focus_filter (LabPanelStack *self)
{
  GtkWidget *panel;

  g_return_if_fail (LAB_IS_PANEL_STACK (self));

  if (self->wanted != NULL)
    gtk_toggle_button_set_active (g_hash_table_lookup (self->buttons, self->wanted), TRUE);
  panel = gtk_stack_get_visible_child (self->stack);
  if (LAB_IS_PANEL (panel))
    lab_panel_focus_filter (LAB_PANEL (panel));
  else if (panel != NULL)
    gtk_widget_child_focus (panel, GTK_DIR_TAB_FORWARD);
}

/**
 * lab_panel_stack_set_settings:
 * @self: a stack
 * @settings: what the panels that are made from now on remember
 */
void
lab_panel_stack_set_settings (LabPanelStack *self, LabSettings *settings)
{
  g_return_if_fail (LAB_IS_PANEL_STACK (self));
  g_return_if_fail (LAB_IS_SETTINGS (settings));

  g_set_object (&self->settings, settings);
}

/**
 * lab_panel_stack_get_canary:
 * @self: a stack
 *
 * Returns: (nullable) (transfer none): what is under way, and has to end before the window does
 */
SessionCanary *
lab_panel_stack_get_canary (LabPanelStack *self)
{
  GtkWidget *page = NULL;

  g_return_val_if_fail (LAB_IS_PANEL_STACK (self), NULL);

  page = gtk_stack_get_child_by_name (self->stack, TRAFFIC);
  return page != NULL ? lab_traffic_page_get_canary (LAB_TRAFFIC_PAGE (page)) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-chooser.h"

#include <glib/gi18n-lib.h>

/* What the course shifts; shown first where it is there. */
#define PREFERRED_NAME "reviews"

struct _LabTrafficChooser {
  AdwBin parent_instance;

  GtkLabel *label;
  GtkDropDown *drop_down;

  SessionResource *services; /* (nullable) of VirtualService */
  GSignalGroup *services_signals;
  KubeObject *object; /* (nullable) */
  char *chosen;       /* (nullable): uid of what the user picked */
  gboolean choosing;  /* the program fills the list */
  gboolean missing;   /* what the course shifts is not there, and can be made */
};

G_DEFINE_FINAL_TYPE (LabTrafficChooser, lab_traffic_chooser, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OBJECT,
  PROP_MISSING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_object (LabTrafficChooser *self, KubeObject *object)
{
  if (!g_set_object (&self->object, object))
    return;

  gtk_label_set_label (self->label, object != NULL ? kube_object_get_name (object) : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OBJECT]);
}

static char *
dup_title (KubeObject *object)
{
  const char *namespace_ = kube_object_get_namespace (object);

  if (namespace_ == NULL || g_str_equal (namespace_, "default"))
    return g_strdup (kube_object_get_name (object));

  return g_strdup_printf ("%s (%s)", kube_object_get_name (object), namespace_);
}

/* Where what the course shifts is missing, its place in the list is the first. */
static guint
find_selected (LabTrafficChooser *self, guint n)
{
  guint preferred = 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) item = g_list_model_get_item (G_LIST_MODEL (self->services), i);

    if (self->chosen != NULL && g_strcmp0 (kube_object_get_uid (item), self->chosen) == 0)
      return i + self->missing;
    if (!self->missing && g_str_equal (kube_object_get_name (item), PREFERRED_NAME))
      preferred = i;
  }
  return preferred;
}

static GListModel *
list_titles (LabTrafficChooser *self, guint n)
{
  GtkStringList *titles = gtk_string_list_new (NULL);

  if (self->missing)
    /* Translators: in a list of virtual services; %s is one such as reviews that is not there yet
     */
    gtk_string_list_take (titles, g_strdup_printf (_ ("%s (no routes yet)"), PREFERRED_NAME));
  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) item = g_list_model_get_item (G_LIST_MODEL (self->services), i);

    gtk_string_list_take (titles, dup_title (item));
  }
  return G_LIST_MODEL (titles);
}

/* (transfer full) (nullable): what stands at @position; nothing for what is missing */
static KubeObject *
get_item (LabTrafficChooser *self, guint position)
{
  if (self->services == NULL || (self->missing && position == 0))
    return NULL;
  return g_list_model_get_item (G_LIST_MODEL (self->services), position - self->missing);
}

static void
services_changed_cb (LabTrafficChooser *self)
{
  guint n = self->services != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->services)) : 0;
  guint n_titles = n + self->missing;
  g_autoptr (GListModel) titles = list_titles (self, n);
  guint selected = find_selected (self, n);
  g_autoptr (KubeObject) object = get_item (self, selected);

  self->choosing = TRUE;
  gtk_drop_down_set_model (self->drop_down, titles);
  gtk_drop_down_set_selected (self->drop_down, n_titles > 0 ? selected : GTK_INVALID_LIST_POSITION);
  self->choosing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->drop_down), n_titles > 1);
  gtk_widget_set_visible (GTK_WIDGET (self->label), n_titles <= 1);
  set_object (self, object);
}

static void
selected_cb (LabTrafficChooser *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop_down);
  g_autoptr (KubeObject) object = NULL;

  if (self->choosing || selected == GTK_INVALID_LIST_POSITION)
    return;

  object = get_item (self, selected);
  g_free (self->chosen);
  self->chosen = object != NULL ? g_strdup (kube_object_get_uid (object)) : NULL;
  set_object (self, object);
}

static void
lab_traffic_chooser_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  LabTrafficChooser *self = LAB_TRAFFIC_CHOOSER (object);

  switch (id) {
    case PROP_MISSING:
      if (self->missing == g_value_get_boolean (value))
        break;
      self->missing = g_value_get_boolean (value);
      services_changed_cb (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_traffic_chooser_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LabTrafficChooser *self = LAB_TRAFFIC_CHOOSER (object);

  switch (id) {
    case PROP_OBJECT:
      g_value_set_object (value, self->object);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_traffic_chooser_dispose (GObject *object)
{
  LabTrafficChooser *self = LAB_TRAFFIC_CHOOSER (object);

  g_clear_object (&self->services_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_CHOOSER);
  g_clear_object (&self->services);
  g_clear_object (&self->object);
  g_clear_pointer (&self->chosen, g_free);

  G_OBJECT_CLASS (lab_traffic_chooser_parent_class)->dispose (object);
}

static void
lab_traffic_chooser_class_init (LabTrafficChooserClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_traffic_chooser_dispose;
  object_class->get_property = lab_traffic_chooser_get_property;
  object_class->set_property = lab_traffic_chooser_set_property;

  properties[PROP_OBJECT] =
    g_param_spec_object ("object", NULL, NULL, KUBE_TYPE_OBJECT,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_MISSING] =
    g_param_spec_boolean ("missing", NULL, NULL, FALSE, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficChooser, label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficChooser, drop_down);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
lab_traffic_chooser_init (LabTrafficChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->services_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->services_signals, "items-changed",
                                  G_CALLBACK (services_changed_cb), self);
}

/**
 * lab_traffic_chooser_set_resource:
 * @self: a chooser
 * @services: (nullable): VirtualServices
 */
void
lab_traffic_chooser_set_resource (LabTrafficChooser *self, SessionResource *services)
{
  g_return_if_fail (LAB_IS_TRAFFIC_CHOOSER (self));

  g_set_object (&self->services, services);
  g_signal_group_set_target (self->services_signals, services);
  services_changed_cb (self);
}

/**
 * lab_traffic_chooser_get_object:
 * @self: a chooser
 *
 * Returns: (transfer none) (nullable): the VirtualService that is shown; none where the course's
 *   is chosen and not there
 */
KubeObject *
lab_traffic_chooser_get_object (LabTrafficChooser *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_CHOOSER (self), NULL);

  return self->object;
}

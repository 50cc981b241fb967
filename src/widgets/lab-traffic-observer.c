/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-observer.h"

#include <glib/gi18n-lib.h>

#include "lab-traffic-canary.h"
#include "lab-traffic-lane.h"
#include "session-sampler.h"

struct _LabTrafficObserver {
  AdwBin parent_instance;

  AdwExpanderRow *row;
  GtkButton *run_button;
  GtkBox *path_box;
  GtkEntry *path_entry;
  GtkLabel *hint_label;
  GtkImage *reason_icon;
  GtkLabel *reason_label;
  GtkBox *reason_box;
  GtkAdjustment *rate_adjustment;
  GtkBox *lanes_box;
  GtkWidget *lanes[SESSION_N_LANES];
  LabTrafficCanary *canary;

  SessionLab *lab;         /* (nullable) */
  SessionSampler *sampler; /* (nullable) */
  GSignalGroup *sampler_signals;
  GSignalGroup *object_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficObserver, lab_traffic_observer, ADW_TYPE_BIN)

static char *
dup_subtitle (LabTrafficObserver *self)
{
  double rate;

  if (self->sampler == NULL || !session_sampler_get_running (self->sampler))
    return g_strdup (_ ("Paused"));
  /* with answers of before it, or none; what it is stands below */
  if (session_sampler_get_reason (self->sampler) != NULL)
    return g_strdup (_ ("Something is in the way"));
  rate = session_sampler_get_rate (self->sampler);
  /* Translators: how often the page is asked */
  return g_strdup_printf (_ ("%.3g requests a second, each"), rate);
}

static void
update (LabTrafficObserver *self)
{
  gboolean running = self->sampler != NULL && session_sampler_get_running (self->sampler);
  const char *reason = running ? session_sampler_get_reason (self->sampler) : NULL;
  g_autofree char *subtitle = dup_subtitle (self);

  /* a canary that is under way must see */
  gtk_widget_set_sensitive (GTK_WIDGET (self->run_button),
                            self->sampler != NULL &&
                              !(running && lab_traffic_canary_get_active (self->canary)));
  adw_expander_row_set_subtitle (self->row, subtitle);
  gtk_button_set_label (self->run_button, running ? _ ("Pause") : _ ("Start"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  running ? _ ("Pause observing") : _ ("Start observing"), -1);
  gtk_label_set_label (self->reason_label, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_box), reason != NULL);
}

static void
run_clicked_cb (LabTrafficObserver *self)
{
  if (session_sampler_get_running (self->sampler)) {
    session_sampler_pause (self->sampler);
  } else {
    session_sampler_start (self->sampler);
    adw_expander_row_set_expanded (self->row, TRUE);
  }
}

static void
rate_changed_cb (LabTrafficObserver *self)
{
  if (self->sampler != NULL)
    session_sampler_set_rate (self->sampler, gtk_adjustment_get_value (self->rate_adjustment));
}

/* Who looks elsewhere sends no requests, unless a canary needs them. */
static void
rest (LabTrafficObserver *self)
{
  if (self->sampler != NULL && !gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !lab_traffic_canary_get_active (self->canary))
    session_sampler_pause (self->sampler);
}

static void
canary_active_cb (LabTrafficObserver *self)
{
  rest (self);
  update (self);
}

/* (nullable) (transfer full): what is to be known of what is seen */
static char *
dup_hint (const MeshTarget *target)
{
  switch (target->kind) {
    case MESH_TARGET_API:
      /* Translators: %s is a service such as details */
      return g_strdup_printf (_ ("The page passes on what %s answers. That does not name the "
                                 "version, so only failures and times can be seen."),
                              target->host);
    case MESH_TARGET_PATH:
      /* Translators: %s is a service such as helloworld */
      return g_strdup_printf (
        _ ("The gateway is asked for this path. The version is seen where the "
           "answer names a pod of %s, or one of its subsets."),
        target->host);
    case MESH_TARGET_REVIEWS:
    default:
      return NULL;
  }
}

static void
show_target (LabTrafficObserver *self, const MeshTarget *target)
{
  g_autofree char *hint = dup_hint (target);
  g_autofree char *title = NULL;

  if (target->kind == MESH_TARGET_PATH)
    /* Translators: %s is a service such as helloworld */
    title = g_strdup_printf (_ ("What %s answers"), target->host);
  else
    /* Translators: %s is a service of Bookinfo, such as reviews */
    title = g_strdup_printf (_ ("What the page shows of %s"), target->host);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->row), title);
  gtk_widget_set_visible (GTK_WIDGET (self->path_box), target->kind == MESH_TARGET_PATH);
  gtk_label_set_label (self->hint_label, hint != NULL ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), hint != NULL);
}

static const char *
get_namespace (LabTrafficObserver *self)
{
  return self->lab != NULL ? course_course_get_namespace (session_lab_get_course (self->lab))
                           : "default";
}

/* What shows best what the object does; a path once it is written to its end. */
static void
update_target (LabTrafficObserver *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  g_autoptr (JsonNode) json = object != NULL ? kube_object_ref_json (object) : NULL;
  g_autoptr (MeshTarget) target = NULL;

  if (json != NULL)
    target = mesh_target_new_for (json, get_namespace (self),
                                  gtk_editable_get_text (GTK_EDITABLE (self->path_entry)));
  else
    target = mesh_target_new_reviews (get_namespace (self));
  show_target (self, target);
  if (self->sampler != NULL)
    session_sampler_set_target (self->sampler, target);
}

static void
set_lab (LabTrafficObserver *self, SessionLab *lab)
{
  if (self->lab == lab)
    return;
  lab_traffic_canary_set_sampler (self->canary, NULL);
  if (self->sampler != NULL)
    session_sampler_pause (self->sampler);
  g_clear_object (&self->sampler);
  g_set_object (&self->lab, lab);
  if (lab != NULL)
    self->sampler = session_sampler_new (lab);
  g_signal_group_set_target (self->sampler_signals, self->sampler);
  for (guint i = 0; i < SESSION_N_LANES; i++)
    lab_traffic_lane_set_sampler (LAB_TRAFFIC_LANE (self->lanes[i]), self->sampler);
  lab_traffic_canary_set_sampler (self->canary, self->sampler);
  rate_changed_cb (self);
  update (self);
}

static void
lab_traffic_observer_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (lab_traffic_observer_parent_class)->unmap (widget);
  rest (LAB_TRAFFIC_OBSERVER (widget));
}

static void
lab_traffic_observer_dispose (GObject *object)
{
  LabTrafficObserver *self = LAB_TRAFFIC_OBSERVER (object);

  if (self->row != NULL)
    set_lab (self, NULL);
  g_clear_object (&self->sampler_signals);
  g_clear_object (&self->object_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_OBSERVER);
  G_OBJECT_CLASS (lab_traffic_observer_parent_class)->dispose (object);
}

static void
lab_traffic_observer_class_init (LabTrafficObserverClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_observer_dispose;
  widget_class->unmap = lab_traffic_observer_unmap;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-observer.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, row);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, run_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, path_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, path_entry);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, hint_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, reason_icon);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, reason_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, reason_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, rate_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, lanes_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficObserver, canary);
  gtk_widget_class_bind_template_callback (widget_class, run_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, rate_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_target);
  gtk_widget_class_bind_template_callback (widget_class, canary_active_cb);
}

static void
lab_traffic_observer_init (LabTrafficObserver *self)
{
  g_type_ensure (LAB_TYPE_TRAFFIC_CANARY);
  self->sampler_signals = g_signal_group_new (SESSION_TYPE_SAMPLER);
  g_signal_group_connect_swapped (self->sampler_signals, "notify", G_CALLBACK (update), self);
  self->object_signals = g_signal_group_new (KUBE_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->object_signals, "changed", G_CALLBACK (update_target),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < SESSION_N_LANES; i++) {
    self->lanes[i] = lab_traffic_lane_new (i);
    gtk_box_append (self->lanes_box, self->lanes[i]);
  }
  update_target (self);
  update (self);
}

/**
 * lab_traffic_observer_new:
 *
 * Returns: (transfer floating): nothing is observed yet
 */
GtkWidget *
lab_traffic_observer_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_OBSERVER, NULL);
}

/**
 * lab_traffic_observer_set_shown:
 * @lab: (nullable): whose page is asked
 * @editor: (nullable): who writes @virtual_service, where it may be written
 * @virtual_service: (nullable): whose effect is looked at, and what a canary shifts
 */
void
lab_traffic_observer_set_shown (LabTrafficObserver *self,
                                SessionLab *lab,
                                MeshEditor *editor,
                                KubeObject *virtual_service)
{
  g_return_if_fail (LAB_IS_TRAFFIC_OBSERVER (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));
  g_return_if_fail (virtual_service == NULL || KUBE_IS_OBJECT (virtual_service));

  set_lab (self, lab);
  g_signal_group_set_target (self->object_signals, virtual_service);
  update_target (self);
  lab_traffic_canary_set_object (self->canary, editor, virtual_service);
}

/**
 * lab_traffic_observer_set_subsets:
 * @subsets: that rules define for the host of the route of everyone
 */
void
lab_traffic_observer_set_subsets (LabTrafficObserver *self, const char *const *subsets)
{
  g_return_if_fail (LAB_IS_TRAFFIC_OBSERVER (self));
  g_return_if_fail (subsets != NULL);

  lab_traffic_canary_set_subsets (self->canary, subsets);
}

/**
 * lab_traffic_observer_get_canary:
 *
 * Returns: (nullable) (transfer none): what is under way
 */
SessionCanary *
lab_traffic_observer_get_canary (LabTrafficObserver *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_OBSERVER (self), NULL);

  return lab_traffic_canary_get_canary (self->canary);
}

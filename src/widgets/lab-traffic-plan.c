/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-plan.h"

struct _LabTrafficPlan {
  AdwBin parent_instance;

  GtkDropDown *subset_drop;
  GtkEntry *steps_entry;
  GtkAdjustment *wait_adjustment;
  GtkAdjustment *errors_adjustment;
  GtkAdjustment *latency_adjustment;
};

G_DEFINE_FINAL_TYPE (LabTrafficPlan, lab_traffic_plan, ADW_TYPE_BIN)

enum {
  ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
activate_cb (LabTrafficPlan *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

static void
lab_traffic_plan_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), LAB_TYPE_TRAFFIC_PLAN);

  G_OBJECT_CLASS (lab_traffic_plan_parent_class)->dispose (object);
}

static void
lab_traffic_plan_class_init (LabTrafficPlanClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_plan_dispose;

  signals[ACTIVATED] = g_signal_new ("activated", LAB_TYPE_TRAFFIC_PLAN, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-plan.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlan, subset_drop);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlan, steps_entry);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlan, wait_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlan, errors_adjustment);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlan, latency_adjustment);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
}

static void
lab_traffic_plan_init (LabTrafficPlan *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * lab_traffic_plan_new:
 *
 * Returns: (transfer floating): a plan that begins carefully
 */
GtkWidget *
lab_traffic_plan_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_PLAN, NULL);
}

/**
 * lab_traffic_plan_set_subsets:
 * @self: a plan
 * @subsets: where requests can be shifted to; the last is the newest, which a canary is for
 */
void
lab_traffic_plan_set_subsets (LabTrafficPlan *self, const char *const *subsets)
{
  g_autoptr (GtkStringList) names = NULL;
  guint n;

  g_return_if_fail (LAB_IS_TRAFFIC_PLAN (self));
  g_return_if_fail (subsets != NULL);

  names = gtk_string_list_new (subsets);
  gtk_drop_down_set_model (self->subset_drop, G_LIST_MODEL (names));
  n = g_strv_length ((char **)subsets);
  if (n > 0)
    gtk_drop_down_set_selected (self->subset_drop, n - 1);
}

/**
 * lab_traffic_plan_get_subset:
 * @self: a plan
 *
 * Returns: (nullable): where the requests are to be shifted to; %NULL where there is no such place
 */
const char *
lab_traffic_plan_get_subset (LabTrafficPlan *self)
{
  GtkStringObject *selected;

  g_return_val_if_fail (LAB_IS_TRAFFIC_PLAN (self), NULL);

  selected = gtk_drop_down_get_selected_item (self->subset_drop);
  return selected != NULL ? gtk_string_object_get_string (selected) : NULL;
}

/**
 * lab_traffic_plan_read:
 * @self: a plan
 * @plan: (out caller-allocates): what is written
 * @problem: (out) (transfer full): a sentence for the user, where it cannot be gone by
 *
 * What cannot be gone by has the keyboard afterwards.
 *
 * Returns: whether @plan can be gone by
 */
gboolean
lab_traffic_plan_read (LabTrafficPlan *self, SessionCanaryPlan *plan, char **problem)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_PLAN (self), FALSE);
  g_return_val_if_fail (plan != NULL && problem != NULL, FALSE);

  *plan = (SessionCanaryPlan)SESSION_CANARY_PLAN_INIT;
  plan->wait_ms = (guint)(gtk_adjustment_get_value (self->wait_adjustment) * 1000);
  plan->most_errors = gtk_adjustment_get_value (self->errors_adjustment) / 100;
  plan->most_latency = (guint)(gtk_adjustment_get_value (self->latency_adjustment) * 1000);
  if (session_canary_plan_read_steps (
        plan, gtk_editable_get_text (GTK_EDITABLE (self->steps_entry)), problem))
    return TRUE;

  gtk_widget_grab_focus (GTK_WIDGET (self->steps_entry));
  return FALSE;
}

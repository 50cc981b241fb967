/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-canary.h"

#include <glib/gi18n-lib.h>

#include "lab-traffic-plan.h"
#include "lab-wrap-box.h"

#define LOG_LINES 8

struct _LabTrafficCanary {
  AdwExpanderRow parent_instance;

  AdwBin *plan_bin;
  LabTrafficPlan *plan; /* (nullable): nobody has looked yet */
  GtkLabel *problem_label;
  GtkButton *start_button;
  GtkButton *pause_button;
  GtkButton *promote_button;
  GtkButton *abort_button;
  GtkLabel *log_label;

  SessionCanaryLog *log;
  SessionCanary *canary; /* (nullable) */
  GSignalGroup *canary_signals;
  MeshEditor *editor; /* (nullable) */
  KubeObject *object; /* (nullable) */
  GStrv subsets;
};

G_DEFINE_FINAL_TYPE (LabTrafficCanary, lab_traffic_canary, ADW_TYPE_EXPANDER_ROW)

enum {
  PROP_0,
  PROP_ACTIVE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static SessionCanaryState
get_state (LabTrafficCanary *self)
{
  return self->canary != NULL ? session_canary_get_state (self->canary) : SESSION_CANARY_IDLE;
}

static const char *
get_subtitle (LabTrafficCanary *self)
{
  const char *status = self->canary != NULL ? session_canary_get_status (self->canary) : NULL;

  if (status == NULL)
    status = session_canary_log_get_unfinished (self->log);
  return status != NULL ? status : _ ("Shifts step by step, and back where it fails");
}

/* Buttons are what the state allows. */
static void
update (LabTrafficCanary *self)
{
  SessionCanaryState state = get_state (self);
  gboolean active = lab_traffic_canary_get_active (self);
  gboolean paused = state == SESSION_CANARY_PAUSED;
  gboolean held = paused || state == SESSION_CANARY_WATCHING;
  gboolean ready = self->editor != NULL && self->subsets[0] != NULL;
  g_autofree char *subtitle = g_markup_escape_text (get_subtitle (self), -1);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_widget_set_sensitive (GTK_WIDGET (self->plan_bin), !active);
  gtk_widget_set_visible (GTK_WIDGET (self->start_button), !active);
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), self->canary != NULL && ready);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), active);
  gtk_widget_set_sensitive (GTK_WIDGET (self->pause_button), held);
  gtk_button_set_label (self->pause_button, paused ? _ ("Resume") : _ ("Pause"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  paused ? _ ("Resume the canary") : _ ("Pause the canary"), -1);
  gtk_widget_set_visible (GTK_WIDGET (self->promote_button), active);
  gtk_widget_set_sensitive (GTK_WIDGET (self->promote_button), held);
  gtk_widget_set_visible (GTK_WIDGET (self->abort_button), active);
  gtk_widget_set_sensitive (GTK_WIDGET (self->abort_button), state != SESSION_CANARY_RETURNING);
}

static void
state_cb (LabTrafficCanary *self)
{
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void
log_cb (LabTrafficCanary *self)
{
  g_autofree char *text = session_canary_log_dup_text (self->log, LOG_LINES);
  const GError *error = session_canary_log_get_error (self->log);

  if (error != NULL) {
    /* Translators: lines of a log, and a reason */
    g_autofree char *both = g_strdup_printf (_ ("%s\nThis is not saved. %s"), text, error->message);

    gtk_label_set_label (self->log_label, both);
  } else {
    gtk_label_set_label (self->log_label, text);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->log_label), *text != '\0');
}

static void
show_problem (LabTrafficCanary *self, const char *problem)
{
  gtk_label_set_label (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

static void
start (LabTrafficCanary *self)
{
  const char *subset = lab_traffic_plan_get_subset (self->plan);
  SessionCanaryPlan plan;
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;

  if (!lab_traffic_plan_read (self->plan, &plan, &problem)) {
    show_problem (self, problem);
    return;
  }
  show_problem (self, NULL);
  /* Enter in the steps comes here, too. */
  if (self->canary == NULL || self->editor == NULL || subset == NULL)
    return;
  if (!session_canary_start (self->canary, self->editor, self->object, subset, &plan, &error))
    show_problem (self, error->message);
}

/* Its controls take as long as half of the page that they are on, where few look for them. */
static void
ensure_plan (LabTrafficCanary *self)
{
  if (self->plan != NULL)
    return;
  self->plan = LAB_TRAFFIC_PLAN (lab_traffic_plan_new ());
  lab_traffic_plan_set_subsets (self->plan, (const char *const *)self->subsets);
  g_signal_connect_object (self->plan, "activated", G_CALLBACK (start), self, G_CONNECT_SWAPPED);
  adw_bin_set_child (self->plan_bin, GTK_WIDGET (self->plan));
}

static void
expanded_cb (LabTrafficCanary *self)
{
  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)))
    ensure_plan (self);
}

static void
start_clicked_cb (LabTrafficCanary *self)
{
  ensure_plan (self);
  start (self);
}

static void
pause_clicked_cb (LabTrafficCanary *self)
{
  if (get_state (self) == SESSION_CANARY_PAUSED)
    session_canary_resume (self->canary);
  else
    session_canary_pause (self->canary);
}

static void
promote_clicked_cb (LabTrafficCanary *self)
{
  session_canary_promote (self->canary);
}

static void
abort_clicked_cb (LabTrafficCanary *self)
{
  session_canary_abort (self->canary);
}

static void
lab_traffic_canary_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_ACTIVE:
      g_value_set_boolean (value, lab_traffic_canary_get_active (LAB_TRAFFIC_CANARY (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

/* A window that is closed has ended it; one that goes all the same leaves it, which is then in its
 * log. */
static void
lab_traffic_canary_dispose (GObject *object)
{
  LabTrafficCanary *self = LAB_TRAFFIC_CANARY (object);

  g_clear_object (&self->canary_signals);
  if (self->canary != NULL)
    session_canary_leave (self->canary);
  g_clear_object (&self->canary);
  g_clear_object (&self->editor);
  g_clear_object (&self->object);
  g_clear_object (&self->log);
  g_clear_pointer (&self->subsets, g_strfreev);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_CANARY);
  G_OBJECT_CLASS (lab_traffic_canary_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-canary.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, problem_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, plan_bin);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, start_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, pause_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, promote_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, abort_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficCanary, log_label);
  gtk_widget_class_bind_template_callback (widget_class, start_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, pause_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, promote_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, abort_clicked_cb);
}

static void
lab_traffic_canary_class_init (LabTrafficCanaryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_traffic_canary_get_property;
  object_class->dispose = lab_traffic_canary_dispose;

  properties[PROP_ACTIVE] =
    g_param_spec_boolean ("active", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (LAB_TYPE_WRAP_BOX);
  bind_template (GTK_WIDGET_CLASS (klass));
}

/* What an earlier run of the program left behind is in the log from now on. */
static void
tell_unfinished (LabTrafficCanary *self)
{
  const char *unfinished = session_canary_log_get_unfinished (self->log);

  if (unfinished != NULL)
    session_canary_log_add (self->log, unfinished);
}

static void
lab_traffic_canary_init (LabTrafficCanary *self)
{
  g_autofree char *path = session_canary_log_dup_default_path ();

  self->subsets = g_new0 (char *, 1);
  self->log = session_canary_log_new (path);
  self->canary_signals = g_signal_group_new (SESSION_TYPE_CANARY);
  g_signal_group_connect_swapped (self->canary_signals, "notify::status", G_CALLBACK (state_cb),
                                  self);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
  g_signal_connect_object (self->log, "changed", G_CALLBACK (log_cb), self, G_CONNECT_SWAPPED);
  log_cb (self);
  tell_unfinished (self);
  update (self);
}

/**
 * lab_traffic_canary_set_sampler:
 * @sampler: (nullable): whose answers judge; a canary that is under way with another one is left
 */
void
lab_traffic_canary_set_sampler (LabTrafficCanary *self, SessionSampler *sampler)
{
  g_return_if_fail (LAB_IS_TRAFFIC_CANARY (self));
  g_return_if_fail (sampler == NULL || SESSION_IS_SAMPLER (sampler));

  g_signal_group_set_target (self->canary_signals, NULL);
  if (self->canary != NULL)
    session_canary_leave (self->canary);
  g_clear_object (&self->canary);
  if (sampler != NULL)
    self->canary = session_canary_new (sampler, self->log);
  g_signal_group_set_target (self->canary_signals, self->canary);
  state_cb (self);
}

/**
 * lab_traffic_canary_set_object:
 * @editor: (nullable): %NULL: nothing may be written
 * @virtual_service: (nullable): what the next canary shifts; one that is under way goes on
 */
void
lab_traffic_canary_set_object (LabTrafficCanary *self,
                               MeshEditor *editor,
                               KubeObject *virtual_service)
{
  g_return_if_fail (LAB_IS_TRAFFIC_CANARY (self));

  g_set_object (&self->editor, editor);
  g_set_object (&self->object, virtual_service);
  show_problem (self, NULL);
  update (self);
}

/**
 * lab_traffic_canary_set_subsets:
 * @subsets: where requests can be shifted to; the last is the newest
 */
void
lab_traffic_canary_set_subsets (LabTrafficCanary *self, const char *const *subsets)
{
  g_return_if_fail (LAB_IS_TRAFFIC_CANARY (self));
  g_return_if_fail (subsets != NULL);

  if (g_strv_equal (subsets, (const char *const *)self->subsets))
    return;
  g_strfreev (self->subsets);
  self->subsets = g_strdupv ((char **)subsets);
  if (self->plan != NULL)
    lab_traffic_plan_set_subsets (self->plan, subsets);
  update (self);
}

/**
 * lab_traffic_canary_get_canary:
 *
 * Returns: (nullable) (transfer none): what is under way
 */
SessionCanary *
lab_traffic_canary_get_canary (LabTrafficCanary *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_CANARY (self), NULL);

  return lab_traffic_canary_get_active (self) ? self->canary : NULL;
}

/**
 * lab_traffic_canary_get_active:
 *
 * Returns: whether a canary is under way
 */
gboolean
lab_traffic_canary_get_active (LabTrafficCanary *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_CANARY (self), FALSE);

  return self->canary != NULL && session_canary_is_active (self->canary);
}

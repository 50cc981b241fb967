/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-freshness.h"

#include <glib/gi18n-lib.h>

#include "lab-age.h"
#include "lab-clock.h"

struct _LabFreshness {
  GtkWidget parent_instance;

  GtkImage *icon;
  GtkLabel *label;

  LabClock *clock;
  GSignalGroup *resource_signals;
};

G_DEFINE_FINAL_TYPE (LabFreshness, lab_freshness, GTK_TYPE_WIDGET)

static char *
dup_text (KubeListState state, const char *ago, const char **icon)
{
  switch (state) {
    case KUBE_LIST_LOADING:
      *icon = "lab-waiting-symbolic";
      return g_strdup (_ ("loading…"));
    case KUBE_LIST_LIVE:
      *icon = "lab-live-symbolic";
      /* Translators: %s is like "2 s ago": when the server was last heard */
      return ago != NULL ? g_strdup_printf (_ ("live, %s"), ago) : g_strdup (_ ("live"));
    case KUBE_LIST_STALE:
      *icon = "dialog-warning-symbolic";
      /* Translators: %s is like "12 s ago" */
      return ago != NULL ? g_strdup_printf (_ ("old, connection lost %s"), ago)
                         : g_strdup (_ ("connection lost"));
    case KUBE_LIST_ABSENT:
      *icon = "lab-waiting-symbolic";
      return g_strdup (_ ("not served by this cluster, looking again"));
    case KUBE_LIST_FORBIDDEN:
      *icon = "changes-prevent-symbolic";
      return g_strdup (_ ("not permitted"));
    case KUBE_LIST_UNAUTHORIZED:
      *icon = "changes-prevent-symbolic";
      return g_strdup (_ ("not signed in"));
    case KUBE_LIST_IDLE:
    default:
      *icon = "lab-unknown-symbolic";
      return g_strdup (_ ("not connected"));
  }
}

static void
update (LabFreshness *self)
{
  g_autoptr (SessionResource) resource = g_signal_group_dup_target (self->resource_signals);
  KubeListState state = KUBE_LIST_IDLE;
  gint64 synced_at = 0;
  const char *icon = NULL;
  g_autofree char *ago = NULL;
  g_autofree char *text = NULL;

  if (resource != NULL) {
    state = session_resource_get_state (resource);
    synced_at = session_resource_get_synced_at (resource);
  }
  if (synced_at > 0)
    ago = lab_age_dup_ago ((g_get_monotonic_time () - synced_at) / G_USEC_PER_SEC);

  text = dup_text (state, ago, &icon);
  gtk_label_set_label (self->label, text);
  gtk_image_set_from_icon_name (self->icon, icon);
}

static void
lab_freshness_map (GtkWidget *widget)
{
  LabFreshness *self = LAB_FRESHNESS (widget);

  update (self);
  lab_clock_set_running (self->clock, TRUE);
  GTK_WIDGET_CLASS (lab_freshness_parent_class)->map (widget);
}

static void
lab_freshness_unmap (GtkWidget *widget)
{
  lab_clock_set_running (LAB_FRESHNESS (widget)->clock, FALSE);
  GTK_WIDGET_CLASS (lab_freshness_parent_class)->unmap (widget);
}

static void
lab_freshness_dispose (GObject *object)
{
  LabFreshness *self = LAB_FRESHNESS (object);

  g_clear_object (&self->resource_signals);
  g_clear_object (&self->clock);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_FRESHNESS);

  G_OBJECT_CLASS (lab_freshness_parent_class)->dispose (object);
}

static void
lab_freshness_class_init (LabFreshnessClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_freshness_dispose;
  widget_class->map = lab_freshness_map;
  widget_class->unmap = lab_freshness_unmap;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/konvoylab/KonvoyLab/lab-freshness.ui");
  gtk_widget_class_bind_template_child (widget_class, LabFreshness, icon);
  gtk_widget_class_bind_template_child (widget_class, LabFreshness, label);
}

static void
lab_freshness_init (LabFreshness *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->clock = lab_clock_new ();
  g_signal_connect_object (self->clock, "tick", G_CALLBACK (update), self, G_CONNECT_SWAPPED);

  self->resource_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->resource_signals, "notify::state", G_CALLBACK (update),
                                  self);
  g_signal_group_connect_swapped (self->resource_signals, "updated", G_CALLBACK (update), self);
}

/**
 * lab_freshness_set_resource:
 * @self: a line
 * @resource: (nullable): whose rows it speaks of; not kept alive
 */
void
lab_freshness_set_resource (LabFreshness *self, SessionResource *resource)
{
  g_return_if_fail (LAB_IS_FRESHNESS (self));
  g_return_if_fail (resource == NULL || SESSION_IS_RESOURCE (resource));

  g_signal_group_set_target (self->resource_signals, resource);
  update (self);
}

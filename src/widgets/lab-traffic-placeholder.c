/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-placeholder.h"

#include <glib/gi18n-lib.h>

#include "lab-traffic-offers.h"

struct _LabTrafficPlaceholder {
  AdwBin parent_instance;

  LabTrafficOffers *offers;

  SessionResource *services; /* (nullable) of VirtualService */
  GSignalGroup *services_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficPlaceholder, lab_traffic_placeholder, ADW_TYPE_BIN)

static void
update (LabTrafficPlaceholder *self)
{
  AdwStatusPage *page = ADW_STATUS_PAGE (adw_bin_get_child (ADW_BIN (self)));
  KubeListState state =
    self->services != NULL ? session_resource_get_state (self->services) : KUBE_LIST_IDLE;
  const char *title = _ ("Not connected");
  const char *description = _ ("The sliders appear once the cluster answers.");

  if (state == KUBE_LIST_ABSENT) {
    title = _ ("Istio is not installed here");
    description = _ ("Traffic can be shared out once Istio is there. The course installs it.");
  } else if (state == KUBE_LIST_LIVE) {
    title = _ ("No virtual services yet");
    description =
      _ ("A slider appears for each destination of a route, once a virtual service exists.");
  } else if (state == KUBE_LIST_LOADING) {
    title = _ ("Loading");
    description = NULL;
  } else if (state == KUBE_LIST_FORBIDDEN || state == KUBE_LIST_UNAUTHORIZED) {
    const GError *error = session_resource_get_error (self->services);

    title = _ ("No permission");
    description = error != NULL ? error->message : NULL;
  }
  adw_status_page_set_title (page, title);
  adw_status_page_set_description (page, description);
}

static void
lab_traffic_placeholder_dispose (GObject *object)
{
  LabTrafficPlaceholder *self = LAB_TRAFFIC_PLACEHOLDER (object);

  g_clear_object (&self->services_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_PLACEHOLDER);
  g_clear_object (&self->services);

  G_OBJECT_CLASS (lab_traffic_placeholder_parent_class)->dispose (object);
}

static void
lab_traffic_placeholder_class_init (LabTrafficPlaceholderClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_placeholder_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-placeholder.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPlaceholder, offers);
}

static void
lab_traffic_placeholder_init (LabTrafficPlaceholder *self)
{
  g_type_ensure (LAB_TYPE_TRAFFIC_OFFERS);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->services_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->services_signals, "items-changed", G_CALLBACK (update),
                                  self);
  g_signal_group_connect_swapped (self->services_signals, "notify::state", G_CALLBACK (update),
                                  self);
  update (self);
}

/**
 * lab_traffic_placeholder_set_lab:
 * @self: a placeholder
 * @lab: (nullable): whose cluster it tells of; somebody else has to hold its resources
 */
void
lab_traffic_placeholder_set_lab (LabTrafficPlaceholder *self, SessionLab *lab)
{
  SessionResource *services = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_PLACEHOLDER (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (lab != NULL)
    services = session_lab_get_resource (lab, "virtualservices");
  g_set_object (&self->services, services);
  g_signal_group_set_target (self->services_signals, self->services);
  lab_traffic_offers_set_lab (self->offers, lab);
  update (self);
}

/**
 * lab_traffic_placeholder_set_creations:
 * @self: a placeholder
 * @creations: hear of what is created
 */
void
lab_traffic_placeholder_set_creations (LabTrafficPlaceholder *self, MeshCreations *creations)
{
  g_return_if_fail (LAB_IS_TRAFFIC_PLACEHOLDER (self));

  lab_traffic_offers_set_creations (self->offers, creations);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-loss.h"

#include <glib/gi18n-lib.h>

#include "lab-traffic-notice.h"
#include "mesh-creation.h"

struct _LabTrafficLoss {
  AdwBin parent_instance;

  LabTrafficNotice *notice;

  MeshCreations *creations;  /* (nullable): hear of what is created */
  SessionLab *lab;           /* (nullable) */
  SessionResource *services; /* (nullable) of VirtualService */
  GSignalGroup *services_signals;
  KubeObject *object;        /* (nullable): what was lost, as it was last seen */
  GCancellable *cancellable; /* (nullable): it is being created again */
};

G_DEFINE_FINAL_TYPE (LabTrafficLoss, lab_traffic_loss, ADW_TYPE_BIN)

static void
update_visible (LabTrafficLoss *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_widget_get_visible (GTK_WIDGET (self->notice)));
}

static void
show_notice (LabTrafficLoss *self, const char *text, const char *first, const char *second)
{
  lab_traffic_notice_show (self->notice, "dialog-warning-symbolic", text, first, second);
  update_visible (self);
}

/* Whether something else bears its name by now. */
static gboolean
has_successor (LabTrafficLoss *self)
{
  KubeObject *now = NULL;

  if (self->services != NULL && self->object != NULL)
    now = session_resource_find (self->services, kube_object_get_namespace (self->object),
                                 kube_object_get_name (self->object));
  return now != NULL &&
         g_strcmp0 (kube_object_get_uid (now), kube_object_get_uid (self->object)) != 0;
}

static void
refresh (LabTrafficLoss *self)
{
  gboolean replaced = has_successor (self);
  g_autofree char *text = NULL;

  if (self->object == NULL)
    return;
  if (replaced && self->cancellable != NULL) {
    lab_traffic_loss_forget (self);
    return;
  }
  if (self->cancellable != NULL)
    return;
  if (replaced)
    text = g_strdup_printf (
      /* Translators: %s is the name of a VirtualService */
      _ ("%s was replaced by a new one while you were changing it, so your change was not saved. "
         "What you see is the new one; make the change again if it is still wanted."),
      kube_object_get_name (self->object));
  else
    text = g_strdup_printf (
      /* Translators: %s is the name of a VirtualService */
      _ ("%s was deleted while you were changing it, so your change was not saved. You can create "
         "it again as it was last."),
      kube_object_get_name (self->object));
  show_notice (self, text, replaced ? NULL : _ ("Create it again"), _ ("Dismiss"));
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabTrafficLoss) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) created = mesh_creation_run_finish (result, &error);
  g_autofree char *text = NULL;

  if (created != NULL && self->creations != NULL)
    mesh_creations_note (self->creations, created);
  if (created != NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      self->object == NULL)
    return;
  g_clear_object (&self->cancellable);
  /* Translators: the name of a VirtualService, and the server's reason */
  text = g_strdup_printf (_ ("%s was not created again: %s"), kube_object_get_name (self->object),
                          error->message);
  show_notice (self, text, _ ("Try again"), _ ("Dismiss"));
}

static void
create (LabTrafficLoss *self)
{
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;
  g_autoptr (JsonNode) object = kube_object_ref_json (self->object);

  if (client == NULL || object == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  mesh_creation_run_again_async (client, object, self->cancellable, created_cb,
                                 g_object_ref (self));
  lab_traffic_notice_hide (self->notice);
  update_visible (self);
}

static void
answered_cb (LabTrafficLoss *self, int button)
{
  if (button == 0)
    create (self);
  else
    lab_traffic_loss_forget (self);
}

static void
lab_traffic_loss_dispose (GObject *object)
{
  LabTrafficLoss *self = LAB_TRAFFIC_LOSS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->services_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_LOSS);
  g_clear_object (&self->services);
  g_clear_object (&self->object);
  g_clear_object (&self->lab);
  g_clear_object (&self->creations);

  G_OBJECT_CLASS (lab_traffic_loss_parent_class)->dispose (object);
}

static void
lab_traffic_loss_class_init (LabTrafficLossClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_loss_dispose;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-loss.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficLoss, notice);
  gtk_widget_class_bind_template_callback (widget_class, answered_cb);
}

static void
lab_traffic_loss_init (LabTrafficLoss *self)
{
  g_type_ensure (LAB_TYPE_TRAFFIC_NOTICE);
  gtk_widget_init_template (GTK_WIDGET (self));
  self->services_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->services_signals, "items-changed", G_CALLBACK (refresh),
                                  self);
}

/**
 * lab_traffic_loss_set_lab:
 * @self: a loss
 * @lab: (nullable): where objects are; somebody else has to hold its VirtualServices
 *
 * What was lost elsewhere is forgotten.
 */
void
lab_traffic_loss_set_lab (LabTrafficLoss *self, SessionLab *lab)
{
  SessionResource *services = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_LOSS (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (!g_set_object (&self->lab, lab))
    return;
  lab_traffic_loss_forget (self);
  if (lab != NULL)
    services = session_lab_get_resource (lab, "virtualservices");
  g_set_object (&self->services, services);
  g_signal_group_set_target (self->services_signals, self->services);
}

/**
 * lab_traffic_loss_tell:
 * @self: a loss
 * @object: a VirtualService that is no more, as it was last seen
 *
 * Shows that a change of it was lost.
 */
void
lab_traffic_loss_tell (LabTrafficLoss *self, KubeObject *object)
{
  g_return_if_fail (LAB_IS_TRAFFIC_LOSS (self));
  g_return_if_fail (KUBE_IS_OBJECT (object));

  if (self->object == object)
    return;
  lab_traffic_loss_forget (self);
  self->object = g_object_ref (object);
  refresh (self);
}

/**
 * lab_traffic_loss_forget:
 * @self: a loss
 *
 * There is nothing to tell any more.
 */
void
lab_traffic_loss_forget (LabTrafficLoss *self)
{
  g_return_if_fail (LAB_IS_TRAFFIC_LOSS (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->object);
  lab_traffic_notice_hide (self->notice);
  update_visible (self);
}

/**
 * lab_traffic_loss_set_creations:
 * @self: a loss
 * @creations: hear of what is created
 */
void
lab_traffic_loss_set_creations (LabTrafficLoss *self, MeshCreations *creations)
{
  g_return_if_fail (LAB_IS_TRAFFIC_LOSS (self));
  g_return_if_fail (MESH_IS_CREATIONS (creations));

  g_set_object (&self->creations, creations);
}

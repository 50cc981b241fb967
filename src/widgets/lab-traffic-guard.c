/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-guard.h"

#include <glib/gi18n-lib.h>

#include "lab-traffic-notice.h"
#include "mesh-access.h"
#include "mesh-owner.h"

struct _LabTrafficGuard {
  AdwBin parent_instance;

  LabTrafficNotice *owner_notice;
  LabTrafficNotice *access_notice;

  KubeClient *client; /* (nullable) */
  GSignalGroup *object_signals;
  GCancellable *cancellable; /* (nullable): the question to the server that is under way */
  MeshOwner owner;
  gboolean insisted; /* the user changes what someone owns */
  gboolean denied;
  gboolean open;
};

G_DEFINE_FINAL_TYPE (LabTrafficGuard, lab_traffic_guard, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_OPEN,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
update (LabTrafficGuard *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  gboolean owned = self->owner != MESH_OWNER_NONE && !self->insisted;
  gboolean open = object != NULL && self->client != NULL && !owned && !self->denied;

  gtk_widget_set_visible (GTK_WIDGET (self),
                          gtk_widget_get_visible (GTK_WIDGET (self->owner_notice)) ||
                            gtk_widget_get_visible (GTK_WIDGET (self->access_notice)));
  if (open == self->open)
    return;
  self->open = open;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_OPEN]);
}

static void
show_owner (LabTrafficGuard *self, JsonNode *json)
{
  g_autofree char *text = json != NULL ? mesh_owner_dup_text (self->owner, json) : NULL;

  if (text == NULL)
    lab_traffic_notice_hide (self->owner_notice);
  else
    lab_traffic_notice_show (self->owner_notice, "changes-prevent-symbolic", text,
                             self->insisted ? NULL : _ ("Change it anyway"), NULL);
}

static void
object_changed_cb (LabTrafficGuard *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  g_autoptr (JsonNode) json = object != NULL ? kube_object_ref_json (object) : NULL;
  MeshOwner owner = json != NULL ? mesh_owner_find (json) : MESH_OWNER_NONE;

  if (owner != self->owner)
    self->insisted = FALSE;
  self->owner = owner;
  show_owner (self, json);
  update (self);
}

static void
insisted_cb (LabTrafficGuard *self)
{
  self->insisted = TRUE;
  object_changed_cb (self);
}

/* @reason: (nullable): the server's words */
static void
deny (LabTrafficGuard *self, const char *reason)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  g_autoptr (GString) text = g_string_new (NULL);

  if (object == NULL)
    return;
  /* Translators: %s is the name of a VirtualService */
  g_string_printf (text, _ ("You may look at %s, but not change it."),
                   kube_object_get_name (object));
  if (reason != NULL)
    g_string_append_printf (text, "\n%s", reason);
  self->denied = TRUE;
  lab_traffic_notice_show (self->access_notice, "changes-prevent-symbolic", text->str,
                           _ ("Check again"), NULL);
  update (self);
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabTrafficGuard) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean allowed = mesh_access_check_finish (KUBE_CLIENT (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->cancellable);
  /* A server that does not say refuses the change itself where it has to. */
  if (error != NULL || allowed) {
    self->denied = FALSE;
    lab_traffic_notice_hide (self->access_notice);
    update (self);
  } else {
    deny (self, NULL);
  }
}

static void
cancel (LabTrafficGuard *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
check (LabTrafficGuard *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);

  cancel (self);
  if (object == NULL || self->client == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  mesh_access_check_async (self->client, kube_object_get_namespace (object),
                           kube_object_get_name (object), self->cancellable, checked_cb,
                           g_object_ref (self));
}

static void
lab_traffic_guard_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LabTrafficGuard *self = LAB_TRAFFIC_GUARD (object);

  switch (id) {
    case PROP_OPEN:
      g_value_set_boolean (value, self->open);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
lab_traffic_guard_dispose (GObject *object)
{
  LabTrafficGuard *self = LAB_TRAFFIC_GUARD (object);

  cancel (self);
  g_clear_object (&self->object_signals);
  g_clear_object (&self->client);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_GUARD);

  G_OBJECT_CLASS (lab_traffic_guard_parent_class)->dispose (object);
}

static void
lab_traffic_guard_class_init (LabTrafficGuardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = lab_traffic_guard_dispose;
  object_class->get_property = lab_traffic_guard_get_property;

  properties[PROP_OPEN] = g_param_spec_boolean (
    "open", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-guard.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficGuard, owner_notice);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficGuard, access_notice);
  gtk_widget_class_bind_template_callback (widget_class, insisted_cb);
  gtk_widget_class_bind_template_callback (widget_class, check);
}

static void
lab_traffic_guard_init (LabTrafficGuard *self)
{
  g_type_ensure (LAB_TYPE_TRAFFIC_NOTICE);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->object_signals = g_signal_group_new (KUBE_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->object_signals, "changed", G_CALLBACK (object_changed_cb),
                                  self);
}

/* Whichever list it is from. */
static gboolean
is_same (KubeObject *a, KubeObject *b)
{
  return a == b || (a != NULL && b != NULL && kube_object_get_uid (a) != NULL &&
                    g_strcmp0 (kube_object_get_uid (a), kube_object_get_uid (b)) == 0);
}

/**
 * lab_traffic_guard_set_object:
 * @self: a guard
 * @client: (nullable): as whom it would be changed; it is asked whether that is allowed
 * @object: (nullable): a VirtualService
 */
void
lab_traffic_guard_set_object (LabTrafficGuard *self, KubeClient *client, KubeObject *object)
{
  g_autoptr (KubeObject) before = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_GUARD (self));
  g_return_if_fail (client == NULL || KUBE_IS_CLIENT (client));
  g_return_if_fail (object == NULL || KUBE_IS_OBJECT (object));

  before = g_signal_group_dup_target (self->object_signals);
  if (!is_same (before, object))
    self->insisted = FALSE;
  g_set_object (&self->client, client);
  g_signal_group_set_target (self->object_signals, object);
  self->denied = FALSE;
  lab_traffic_notice_hide (self->access_notice);
  object_changed_cb (self);
  check (self);
}

/**
 * lab_traffic_guard_refuse:
 * @self: a guard
 * @reason: the words of a server that did not allow a change
 */
void
lab_traffic_guard_refuse (LabTrafficGuard *self, const char *reason)
{
  g_return_if_fail (LAB_IS_TRAFFIC_GUARD (self));
  g_return_if_fail (reason != NULL);

  deny (self, reason);
}

/**
 * lab_traffic_guard_get_open:
 * @self: a guard
 *
 * Returns: whether the object may be changed here
 */
gboolean
lab_traffic_guard_get_open (LabTrafficGuard *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_GUARD (self), FALSE);

  return self->open;
}

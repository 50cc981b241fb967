/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-gateway.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "base-json.h"

/* As Istio's own charts and istioctl name them. */
#define NAMESPACE "istio-system"
#define SERVICE "istio-ingressgateway"
#define PORT 80

struct _SessionGateway {
  GObject parent_instance;

  SessionLab *lab;           /* (nullable) (weak) */
  SessionResource *services; /* (nullable): held while started */
  GCancellable *cancellable; /* (nullable): of the try under way */
  guint timer;
  BaseBackoff backoff;

  char *address;           /* (nullable): that was tried last */
  GSocketConnectable *way; /* (nullable) */
  char *reason;            /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionGateway, session_gateway, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_WAY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static gboolean try_cb (gpointer user_data);

static void
set_way (SessionGateway *self, GSocketConnectable *way, const char *reason)
{
  g_autofree char *old = NULL;

  if (self->way == way && g_strcmp0 (self->reason, reason) == 0)
    return;
  old = g_steal_pointer (&self->reason);
  self->reason = g_strdup (reason);
  g_set_object (&self->way, way);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAY]);
}

static void
schedule (SessionGateway *self, guint delay_ms)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (delay_ms, try_cb, self);
  g_source_set_name_by_id (self->timer, "[session] gateway");
}

/* (nullable) (transfer full) */
static char *
dup_address (KubeObject *service)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (service);
  JsonArray *ingress = base_json_get_array (json, "status", "loadBalancer", "ingress", NULL);
  JsonNode *first = NULL;
  const char *address = NULL;

  if (ingress == NULL || json_array_get_length (ingress) == 0)
    return NULL;
  first = json_array_get_element (ingress, 0);
  address = base_json_get_string (first, "hostname", NULL);
  if (address == NULL)
    address = base_json_get_string (first, "ip", NULL);
  return g_strdup (address);
}

static char *
dup_reason_of_list (SessionGateway *self)
{
  const GError *error = session_resource_get_error (self->services);

  if (session_resource_get_synced_at (self->services) != 0)
    return g_strdup_printf (
      /* Translators: the name of a service, and of a namespace */
      _ ("There is no service %s in %s. Install Istio first; the course does it in section 5."),
      SERVICE, NAMESPACE);
  if (error != NULL)
    return g_strdup (error->message);
  return g_strdup (_ ("The cluster is asked for its services."));
}

/* Envoy listens on no port before a Gateway names one. */
static const char *
get_reason_of_silence (void)
{
  return _ ("The gateway does not listen yet. Let requests in: kubectl apply -f "
            "samples/bookinfo/networking/bookinfo-gateway.yaml");
}

static char *
dup_reason_of_lab (SessionGateway *self)
{
  if (self->lab != NULL && session_lab_get_state (self->lab) == SESSION_LAB_CONNECTING)
    return g_strdup (_ ("Connecting."));
  return g_strdup (_ ("Not connected. Connect to a place first; then the page is asked."));
}

/* One try on its way to the address. By its end the gateway may be at another one. */
typedef struct {
  SessionGateway *gateway;
  GCancellable *cancellable;
} Try;

static void
try_free (Try *self)
{
  g_clear_object (&self->gateway);
  g_clear_object (&self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Try, try_free)

static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Try) one = user_data;
  SessionGateway *self = one->gateway;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) way =
    jump_place_reach_finish (JUMP_PLACE (source), result, &error);

  if (g_cancellable_is_cancelled (one->cancellable))
    return;
  g_clear_object (&self->cancellable);
  if (way != NULL) {
    set_way (self, way, NULL);
    return;
  }
  if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE))
    set_way (self, NULL, get_reason_of_silence ());
  else
    set_way (self, NULL, error->message);
  schedule (self, base_backoff_next (&self->backoff));
}

static gboolean
try_cb (gpointer user_data)
{
  SessionGateway *self = SESSION_GATEWAY (user_data);
  KubeObject *service = NULL;
  g_autofree char *reason = NULL;
  Try *one = NULL;

  self->timer = 0;
  g_clear_pointer (&self->address, g_free);
  if (self->lab == NULL || session_lab_get_state (self->lab) != SESSION_LAB_ONLINE) {
    reason = dup_reason_of_lab (self);
    set_way (self, NULL, reason);
    return G_SOURCE_REMOVE;
  }
  service = session_resource_find (self->services, NAMESPACE, SERVICE);
  if (service == NULL) {
    /* The list tells when there is one. */
    reason = dup_reason_of_list (self);
    set_way (self, NULL, reason);
    return G_SOURCE_REMOVE;
  }
  self->address = dup_address (service);
  if (self->address == NULL) {
    set_way (self, NULL,
             _ ("The gateway has no address from outside yet. It is asked as soon as it has one."));
    return G_SOURCE_REMOVE;
  }
  self->cancellable = g_cancellable_new ();
  one = g_new0 (Try, 1);
  one->gateway = g_object_ref (self);
  one->cancellable = g_object_ref (self->cancellable);
  jump_place_reach_async (session_lab_get_place (self->lab), JUMP_TARGET_SERVICE, self->address,
                          PORT, self->cancellable, reached_cb, one);
  return G_SOURCE_REMOVE;
}

static void
look_again (SessionGateway *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  base_backoff_reset (&self->backoff);
  schedule (self, 0);
}

static void
services_updated_cb (SessionResource *services, SessionGateway *self)
{
  KubeObject *service = session_resource_find (services, NAMESPACE, SERVICE);
  g_autofree char *address = service != NULL ? dup_address (service) : NULL;

  if (address == NULL || g_strcmp0 (address, self->address) != 0)
    look_again (self);
}

static void
lab_state_cb (SessionLab *lab, GParamSpec *pspec, SessionGateway *self)
{
  look_again (self);
}

static void
session_gateway_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_WAY:
      g_value_set_object (value, SESSION_GATEWAY (object)->way);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_gateway_dispose (GObject *object)
{
  SessionGateway *self = SESSION_GATEWAY (object);

  session_gateway_stop (self);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_gateway_parent_class)->dispose (object);
}

static void
session_gateway_finalize (GObject *object)
{
  SessionGateway *self = SESSION_GATEWAY (object);

  g_clear_object (&self->way);
  g_clear_pointer (&self->address, g_free);
  g_clear_pointer (&self->reason, g_free);
  G_OBJECT_CLASS (session_gateway_parent_class)->finalize (object);
}

static void
session_gateway_class_init (SessionGatewayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_gateway_get_property;
  object_class->dispose = session_gateway_dispose;
  object_class->finalize = session_gateway_finalize;

  properties[PROP_WAY] =
    g_param_spec_object ("way", NULL, NULL, G_TYPE_SOCKET_CONNECTABLE,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_gateway_init (SessionGateway *self)
{
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (500, 5000, 0.2);
}

/**
 * session_gateway_new:
 * @lab: must outlive the gateway's being started
 *
 * Returns: (transfer full): not started
 */
SessionGateway *
session_gateway_new (SessionLab *lab)
{
  SessionGateway *self = NULL;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);

  self = g_object_new (SESSION_TYPE_GATEWAY, NULL);
  g_set_weak_pointer (&self->lab, lab);
  return self;
}

/**
 * session_gateway_start:
 *
 * Looks for the gateway until session_gateway_stop().
 */
void
session_gateway_start (SessionGateway *self)
{
  g_return_if_fail (SESSION_IS_GATEWAY (self));
  g_return_if_fail (self->services == NULL && self->lab != NULL);

  self->services = g_object_ref (session_lab_get_resource (self->lab, "services"));
  session_resource_hold (self->services);
  g_signal_connect_object (self->services, "updated", G_CALLBACK (services_updated_cb), self, 0);
  g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (lab_state_cb), self, 0);
  look_again (self);
}

/**
 * session_gateway_stop:
 *
 * There is no way any more.
 */
void
session_gateway_stop (SessionGateway *self)
{
  g_return_if_fail (SESSION_IS_GATEWAY (self));

  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->services != NULL) {
    g_signal_handlers_disconnect_by_data (self->services, self);
    session_resource_release (self->services);
  }
  g_clear_object (&self->services);
  if (self->lab != NULL)
    g_signal_handlers_disconnect_by_data (self->lab, self);
  set_way (self, NULL, NULL);
}

/**
 * session_gateway_retry:
 * @is_deaf: whether nobody listens there, or else the connection broke
 *
 * The way has led nowhere: looks for another one, after a while that grows.
 */
void
session_gateway_retry (SessionGateway *self, gboolean is_deaf)
{
  g_return_if_fail (SESSION_IS_GATEWAY (self));

  if (self->services == NULL || self->timer != 0 || self->cancellable != NULL)
    return;
  schedule (self, base_backoff_next (&self->backoff));
  set_way (self, NULL,
           is_deaf ? get_reason_of_silence ()
                   : _ ("The gateway has broken the connection off. It is tried again by itself."));
}

/**
 * session_gateway_get_way:
 *
 * Returns: (nullable) (transfer none): what leads to the gateway's port for HTTP
 */
GSocketConnectable *
session_gateway_get_way (SessionGateway *self)
{
  g_return_val_if_fail (SESSION_IS_GATEWAY (self), NULL);

  return self->way;
}

/**
 * session_gateway_get_address:
 *
 * Returns: (nullable) (transfer none): the host name or IP address that the cluster gave out
 */
const char *
session_gateway_get_address (SessionGateway *self)
{
  g_return_val_if_fail (SESSION_IS_GATEWAY (self), NULL);

  return self->address;
}

/**
 * session_gateway_get_reason:
 *
 * Returns: (nullable) (transfer none): why there is no way, and what to do
 */
const char *
session_gateway_get_reason (SessionGateway *self)
{
  g_return_val_if_fail (SESSION_IS_GATEWAY (self), NULL);

  return self->reason;
}

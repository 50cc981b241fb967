/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-gateway.h"

#include <glib/gi18n-lib.h>

#include "base-backoff.h"
#include "session-reach.h"

/* As Istio's own charts and istioctl name them. */
#define NAMESPACE "istio-system"
#define SERVICE "istio-ingressgateway"
#define PORT 80

struct _SessionGateway {
  GObject parent_instance;

  SessionLab *lab;     /* (nullable) (weak) */
  SessionReach *reach; /* (nullable): while started */
  BaseBackoff backoff;

  char *address;           /* (nullable): that was reached last */
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

static char *
dup_reason_of_list (SessionGateway *self)
{
  const GError *error = session_reach_get_list_error (self->reach);

  return g_strdup (error != NULL ? error->message : _ ("The cluster is asked for its services."));
}

/* A load balancer's name is told by the cluster some minutes before others know it. */
static char *
dup_reason_of_name (const char *name)
{
  /* Translators: %s is a host name */
  return g_strdup_printf (_ ("The gateway's name %s is not known here yet. With a new load "
                             "balancer that takes some minutes; it is tried again by itself."),
                          name);
}

/* (nullable) (transfer full): why there is no way, and what to do */
static char *
dup_reason (SessionGateway *self)
{
  const GError *error = session_reach_get_error (self->reach);

  switch (session_reach_get_state (self->reach)) {
    case SESSION_REACH_OFFLINE:
      return dup_reason_of_lab (self);
    case SESSION_REACH_UNKNOWN:
      return dup_reason_of_list (self);
    case SESSION_REACH_NO_SERVICE:
      return g_strdup_printf (
        /* Translators: the name of a service, and of a namespace */
        _ ("There is no service %s in %s. Install Istio first; the course does it in section 5."),
        SERVICE, NAMESPACE);
    case SESSION_REACH_NO_ADDRESS:
      return g_strdup (
        _ ("The gateway has no address from outside yet. It is asked as soon as it has one."));
    case SESSION_REACH_FAILED:
      if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NAMELESS))
        return dup_reason_of_name (self->address);
      if (jump_error_is_unreachable (error))
        return g_strdup (get_reason_of_silence ());
      return g_strdup (error->message);
    case SESSION_REACH_LOOKING:
    case SESSION_REACH_FOUND:
    default:
      return NULL;
  }
}

/* While it is looked for the last way serves, and the last reason holds. */
static void
reach_cb (SessionGateway *self)
{
  SessionReachState state = session_reach_get_state (self->reach);
  g_autofree char *reason = NULL;

  if (state == SESSION_REACH_LOOKING)
    return;
  g_free (self->address);
  self->address = g_strdup (session_reach_get_address (self->reach));
  reason = dup_reason (self);
  if (state == SESSION_REACH_FAILED)
    session_reach_look_after (self->reach, base_backoff_next (&self->backoff));
  else if (state != SESSION_REACH_FOUND)
    base_backoff_reset (&self->backoff);
  /* last, since whoever is told may stop us */
  set_way (self, session_reach_get_way (self->reach), reason);
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
  g_return_if_fail (self->reach == NULL && self->lab != NULL);

  base_backoff_reset (&self->backoff);
  self->reach = session_reach_new (self->lab, NAMESPACE, SERVICE, PORT);
  g_signal_connect_object (self->reach, "notify::state", G_CALLBACK (reach_cb), self,
                           G_CONNECT_SWAPPED);
  session_reach_start (self->reach);
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

  if (self->reach != NULL) {
    g_signal_handlers_disconnect_by_data (self->reach, self);
    session_reach_stop (self->reach);
  }
  g_clear_object (&self->reach);
  set_way (self, NULL, NULL);
}

static char *
dup_reason_of_hitch (SessionGateway *self, SessionGatewayHitch hitch)
{
  switch (hitch) {
    case SESSION_GATEWAY_NAMELESS:
      return dup_reason_of_name (self->address);
    case SESSION_GATEWAY_DEAF:
      return g_strdup (get_reason_of_silence ());
    case SESSION_GATEWAY_BROKEN:
    default:
      return g_strdup (
        _ ("The gateway has broken the connection off. It is tried again by itself."));
  }
}

/**
 * session_gateway_retry:
 * @hitch: why the way has led nowhere
 *
 * Looks for another one, after a while that grows.
 */
void
session_gateway_retry (SessionGateway *self, SessionGatewayHitch hitch)
{
  g_autofree char *reason = NULL;

  g_return_if_fail (SESSION_IS_GATEWAY (self));

  if (self->reach == NULL || session_reach_get_state (self->reach) != SESSION_REACH_FOUND)
    return;
  reason = dup_reason_of_hitch (self, hitch);
  session_reach_look_after (self->reach, base_backoff_next (&self->backoff));
  set_way (self, NULL, reason);
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

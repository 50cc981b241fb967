/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-reach.h"

#include "base-json.h"

#define SERVICES "services"

struct _SessionReach {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  char *namespace_;
  char *service;
  guint port;

  SessionResource *services; /* (nullable): held while started */
  GCancellable *cancellable; /* (nullable): of the look under way */
  guint timer;

  SessionReachState state;
  char *address;           /* (nullable): that was looked for last */
  GSocketConnectable *way; /* (nullable) */
  GError *error;           /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionReach, session_reach, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionReachState,
                    session_reach_state,
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_LOOKING, "looking"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_OFFLINE, "offline"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_UNKNOWN, "unknown"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_NO_SERVICE, "no-service"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_NO_ADDRESS, "no-address"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_FAILED, "failed"),
                    G_DEFINE_ENUM_VALUE (SESSION_REACH_FOUND, "found"))

enum {
  PROP_0,
  PROP_STATE,
  PROP_ADDRESS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* One look at an address. By its end the service may have another one. */
typedef struct {
  SessionReach *reach;
  GCancellable *cancellable;
} Look;

static void
look_free (Look *self)
{
  g_clear_object (&self->reach);
  g_clear_object (&self->cancellable);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Look, look_free)

static void
set_state (SessionReach *self, SessionReachState state)
{
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static KubeObject *
find_service (SessionReach *self)
{
  return session_resource_find (self->services, self->namespace_, self->service);
}

static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Look) look = user_data;
  SessionReach *self = look->reach;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnectable) way =
    jump_place_reach_finish (JUMP_PLACE (source), result, &error);

  if (g_cancellable_is_cancelled (look->cancellable))
    return;
  g_clear_object (&self->cancellable);
  g_set_object (&self->way, way);
  self->error = g_steal_pointer (&error);
  set_state (self, way != NULL ? SESSION_REACH_FOUND : SESSION_REACH_FAILED);
}

/* Who is told of the address may stop us. */
static void
reach (SessionReach *self)
{
  Look *look = NULL;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESS]);
  if (self->services == NULL)
    return;
  look = g_new0 (Look, 1);
  self->cancellable = g_cancellable_new ();
  look->reach = g_object_ref (self);
  look->cancellable = g_object_ref (self->cancellable);
  jump_place_reach_async (session_lab_get_place (self->lab), JUMP_TARGET_SERVICE, self->address,
                          self->port, self->cancellable, reached_cb, look);
}

/* What the list tells now, for those who come later. */
static void
remember (SessionReach *self, KubeObject *service)
{
  SessionMemory *memory = self->lab != NULL ? session_lab_get_memory (self->lab) : NULL;

  if (memory != NULL && service != NULL)
    session_memory_see (memory, SERVICES, service, self->address);
  else if (memory != NULL && session_resource_get_state (self->services) == KUBE_LIST_LIVE)
    session_memory_miss (memory, SERVICES, self->namespace_, self->service);
}

/* What there is no service or address for, the list tells when there is one. */
static gboolean
look_cb (gpointer user_data)
{
  SessionReach *self = SESSION_REACH (user_data);
  KubeObject *service = find_service (self);

  self->timer = 0;
  g_clear_pointer (&self->address, g_free);
  if (service != NULL)
    self->address = session_reach_dup_address (service);
  remember (self, service);
  if (self->lab == NULL || session_lab_get_state (self->lab) != SESSION_LAB_ONLINE)
    set_state (self, SESSION_REACH_OFFLINE);
  else if (self->address != NULL)
    reach (self);
  else if (service != NULL)
    set_state (self, SESSION_REACH_NO_ADDRESS);
  else if (session_resource_get_synced_at (self->services) != 0)
    set_state (self, SESSION_REACH_NO_SERVICE);
  else
    set_state (self, SESSION_REACH_UNKNOWN);
  return G_SOURCE_REMOVE;
}

/* What is found, or being looked for, is so no more. */
static void
forget (SessionReach *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->way);
  g_clear_error (&self->error);
}

static void
services_updated_cb (SessionResource *services, SessionReach *self)
{
  KubeObject *service = find_service (self);
  g_autofree char *address = service != NULL ? session_reach_dup_address (service) : NULL;

  if (address == NULL || g_strcmp0 (address, self->address) != 0)
    session_reach_look_after (self, 0);
}

static void
lab_state_cb (SessionLab *lab, GParamSpec *pspec, SessionReach *self)
{
  session_reach_look_after (self, 0);
}

static void
session_reach_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, SESSION_REACH (object)->state);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, SESSION_REACH (object)->address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_reach_dispose (GObject *object)
{
  SessionReach *self = SESSION_REACH (object);

  session_reach_stop (self);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_reach_parent_class)->dispose (object);
}

static void
session_reach_finalize (GObject *object)
{
  SessionReach *self = SESSION_REACH (object);

  g_free (self->namespace_);
  g_free (self->service);
  g_free (self->address);
  G_OBJECT_CLASS (session_reach_parent_class)->finalize (object);
}

static void
session_reach_class_init (SessionReachClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_reach_get_property;
  object_class->dispose = session_reach_dispose;
  object_class->finalize = session_reach_finalize;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_REACH_STATE, SESSION_REACH_LOOKING,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_ADDRESS] =
    g_param_spec_string ("address", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_reach_init (SessionReach *self)
{
}

/**
 * session_reach_new:
 * @lab: must outlive the reach's being started
 * @namespace_: of the Service
 * @service: its name
 * @port: a port that it offers
 *
 * Returns: (transfer full): not started
 */
SessionReach *
session_reach_new (SessionLab *lab, const char *namespace_, const char *service, guint port)
{
  SessionReach *self = NULL;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);
  g_return_val_if_fail (namespace_ != NULL && service != NULL, NULL);

  self = g_object_new (SESSION_TYPE_REACH, NULL);
  g_set_weak_pointer (&self->lab, lab);
  self->namespace_ = g_strdup (namespace_);
  self->service = g_strdup (service);
  self->port = port;
  return self;
}

/**
 * session_reach_start:
 *
 * Looks, and goes on to until session_reach_stop().
 */
void
session_reach_start (SessionReach *self)
{
  g_return_if_fail (SESSION_IS_REACH (self));
  g_return_if_fail (self->services == NULL && self->lab != NULL);

  self->services = g_object_ref (session_lab_get_resource (self->lab, SERVICES));
  session_resource_hold (self->services);
  g_signal_connect_object (self->services, "updated", G_CALLBACK (services_updated_cb), self, 0);
  g_signal_connect_object (self->lab, "notify::state", G_CALLBACK (lab_state_cb), self, 0);
  session_reach_look_after (self, 0);
}

/**
 * session_reach_stop:
 *
 * Nothing is looked for, and nothing more is told.
 */
void
session_reach_stop (SessionReach *self)
{
  g_return_if_fail (SESSION_IS_REACH (self));

  forget (self);
  if (self->services != NULL) {
    g_signal_handlers_disconnect_by_data (self->services, self);
    session_resource_release (self->services);
  }
  g_clear_object (&self->services);
  if (self->lab != NULL)
    g_signal_handlers_disconnect_by_data (self->lab, self);
}

/**
 * session_reach_look_after:
 * @delay_ms: 0: as soon as all that is under way is told
 *
 * Looks again; what was found last counts no more.
 */
void
session_reach_look_after (SessionReach *self, guint delay_ms)
{
  g_return_if_fail (SESSION_IS_REACH (self));

  if (self->services == NULL)
    return;
  forget (self);
  self->timer = g_timeout_add (delay_ms, look_cb, self);
  g_source_set_name_by_id (self->timer, "[session] reach");
  set_state (self, SESSION_REACH_LOOKING);
}

SessionReachState
session_reach_get_state (SessionReach *self)
{
  g_return_val_if_fail (SESSION_IS_REACH (self), SESSION_REACH_LOOKING);

  return self->state;
}

/**
 * session_reach_get_address:
 *
 * Returns: (nullable) (transfer none): the host name or IP address that the cluster gave out
 */
const char *
session_reach_get_address (SessionReach *self)
{
  g_return_val_if_fail (SESSION_IS_REACH (self), NULL);

  return self->address;
}

/**
 * session_reach_get_way:
 *
 * Returns: (nullable) (transfer none): what leads to the port, where it is %SESSION_REACH_FOUND
 */
GSocketConnectable *
session_reach_get_way (SessionReach *self)
{
  g_return_val_if_fail (SESSION_IS_REACH (self), NULL);

  return self->way;
}

/**
 * session_reach_get_error:
 *
 * Returns: (nullable) (transfer none): why the place does not lead there, where it is
 *   %SESSION_REACH_FAILED
 */
const GError *
session_reach_get_error (SessionReach *self)
{
  g_return_val_if_fail (SESSION_IS_REACH (self), NULL);

  return self->error;
}

/**
 * session_reach_get_list_error:
 *
 * Returns: (nullable) (transfer none): why the services are not known
 */
const GError *
session_reach_get_list_error (SessionReach *self)
{
  g_return_val_if_fail (SESSION_IS_REACH (self), NULL);

  return self->services != NULL ? session_resource_get_error (self->services) : NULL;
}

/**
 * session_reach_dup_address:
 *
 * Returns: (transfer full) (nullable): the first of the addresses from outside that the cluster has
 *   given @service, as a host name where it has one
 */
char *
session_reach_dup_address (KubeObject *service)
{
  g_autoptr (JsonNode) json = kube_object_ref_json (service);
  JsonArray *ingress = base_json_get_array (json, "status", "loadBalancer", "ingress", NULL);
  JsonNode *first = NULL;
  const char *address = NULL;

  if (base_json_get_length (ingress) == 0)
    return NULL;
  first = json_array_get_element (ingress, 0);
  address = base_json_get_string (first, "hostname", NULL);
  if (address == NULL)
    address = base_json_get_string (first, "ip", NULL);
  return g_strdup (address);
}

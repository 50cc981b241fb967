/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-cluster.h"

#include "session-istio.h"
#include "session-trouble.h"

struct _SessionCluster {
  GObject parent_instance;

  SessionConnection *connection;
  KubeClient *client; /* (nullable): whose properties we watch */
  SessionTrouble *trouble;
  SessionResources *resources;
  SessionIstio *istio;
};

G_DEFINE_FINAL_TYPE (SessionCluster, session_cluster, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_STATE,
  PROP_ERROR,
  PROP_CLIENT,
  PROP_SERVER_VERSION,
  PROP_ISTIO_VERSION,
  PROP_APIS,
  PROP_EXEC_ARGV,
  PROP_TROUBLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
notify (SessionCluster *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* Of a part of ours: our property of the same name is another one, too. */
static void
forward_cb (GObject *part, GParamSpec *pspec, SessionCluster *self)
{
  g_object_notify (G_OBJECT (self), pspec->name);
}

static void
istio_version_cb (SessionCluster *self)
{
  notify (self, PROP_ISTIO_VERSION);
}

static void
discovered_cb (SessionCluster *self)
{
  notify (self, PROP_APIS);
}

static void
client_cb (SessionConnection *connection, GParamSpec *pspec, SessionCluster *self)
{
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, session_connection_get_client (connection));
  if (self->client != NULL) {
    g_signal_connect_object (self->client, "notify::server-version", G_CALLBACK (forward_cb), self,
                             0);
    g_signal_connect_object (self->client, "discovered", G_CALLBACK (discovered_cb), self,
                             G_CONNECT_SWAPPED);
  }
  notify (self, PROP_CLIENT);
  notify (self, PROP_SERVER_VERSION);
  notify (self, PROP_APIS);
}

static void
state_cb (SessionConnection *connection, GParamSpec *pspec, SessionCluster *self)
{
  SessionLabState state = session_connection_get_state (connection);

  if (state == SESSION_LAB_ONLINE) {
    session_resources_connect (self->resources, self->client);
  } else if (state == SESSION_LAB_OFFLINE) {
    session_resources_disconnect (self->resources, session_connection_get_error (connection));
    session_trouble_clear (self->trouble);
  }
  session_istio_set_client (self->istio, state == SESSION_LAB_ONLINE ? self->client : NULL);
  notify (self, PROP_STATE);
}

static void
trouble_cb (SessionCluster *self)
{
  notify (self, PROP_TROUBLE);
}

static void
refused_cb (SessionTrouble *trouble, const GError *error, SessionCluster *self)
{
  session_connection_fail (self->connection, error);
}

static void
session_cluster_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionCluster *self = SESSION_CLUSTER (object);

  switch (id) {
    case PROP_STATE:
      g_value_set_enum (value, session_connection_get_state (self->connection));
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, session_connection_get_error (self->connection));
      break;
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;
    case PROP_SERVER_VERSION:
      g_value_set_string (value, session_cluster_get_server_version (self));
      break;
    case PROP_ISTIO_VERSION:
      g_value_set_string (value, session_cluster_get_istio_version (self));
      break;
    case PROP_APIS:
      g_value_set_boxed (value, session_cluster_get_apis (self));
      break;
    case PROP_EXEC_ARGV:
      g_value_set_boxed (value, session_connection_get_exec_argv (self->connection));
      break;
    case PROP_TROUBLE:
      g_value_set_boxed (value, session_cluster_get_trouble (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_cluster_dispose (GObject *object)
{
  SessionCluster *self = SESSION_CLUSTER (object);

  if (self->istio != NULL)
    session_istio_set_client (self->istio, NULL);
  g_clear_object (&self->istio);
  if (self->resources != NULL)
    session_resources_drop (self->resources);
  g_clear_object (&self->resources);
  g_clear_object (&self->trouble);
  g_clear_object (&self->client);
  g_clear_object (&self->connection);
  G_OBJECT_CLASS (session_cluster_parent_class)->dispose (object);
}

static void
session_cluster_class_init (SessionClusterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_cluster_get_property;
  object_class->dispose = session_cluster_dispose;

  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, SESSION_TYPE_LAB_STATE, SESSION_LAB_OFFLINE, flags);
  properties[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_CLIENT] = g_param_spec_object ("client", NULL, NULL, KUBE_TYPE_CLIENT, flags);
  properties[PROP_SERVER_VERSION] = g_param_spec_string ("server-version", NULL, NULL, NULL, flags);
  properties[PROP_ISTIO_VERSION] = g_param_spec_string ("istio-version", NULL, NULL, NULL, flags);
  properties[PROP_APIS] = g_param_spec_boxed ("apis", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_EXEC_ARGV] = g_param_spec_boxed ("exec-argv", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_TROUBLE] = g_param_spec_boxed ("trouble", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_cluster_init (SessionCluster *self)
{
}

static void
connect_parts (SessionCluster *self)
{
  g_signal_connect_object (self->connection, "notify::client", G_CALLBACK (client_cb), self, 0);
  g_signal_connect_object (self->connection, "notify::error", G_CALLBACK (forward_cb), self, 0);
  g_signal_connect_object (self->connection, "notify::exec-argv", G_CALLBACK (forward_cb), self, 0);
  g_signal_connect_object (self->connection, "notify::state", G_CALLBACK (state_cb), self, 0);
  g_signal_connect_object (self->istio, "notify::version", G_CALLBACK (istio_version_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trouble, "notify::error", G_CALLBACK (trouble_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->trouble, "refused", G_CALLBACK (refused_cb), self, 0);
}

/**
 * session_cluster_new:
 * @context_name: (nullable): a context of the place's kubeconfig, NULL: its current one
 *
 * Returns: (transfer full): not connected
 */
SessionCluster *
session_cluster_new (JumpPlace *place, const char *context_name)
{
  SessionCluster *self = g_object_new (SESSION_TYPE_CLUSTER, NULL);

  self->connection = session_connection_new (place, context_name);
  self->trouble = session_trouble_new ();
  self->resources = session_resources_new (self->trouble);
  self->istio =
    session_istio_new (session_cluster_get_resource (self, "customresourcedefinitions"));
  connect_parts (self);
  return self;
}

/**
 * session_cluster_get_connection:
 *
 * Returns: (transfer none): what connects to it, and leaves it
 */
SessionConnection *
session_cluster_get_connection (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return self->connection;
}

/**
 * session_cluster_get_client:
 *
 * Returns: (nullable) (transfer none): the last client; it stays while the connection is lost
 */
KubeClient *
session_cluster_get_client (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return self->client;
}

/**
 * session_cluster_get_resource:
 * @name: as kube_kind_lookup() takes it
 *
 * Returns: (nullable) (transfer none): the same one for all names of a kind; NULL where the kind is
 *   not known
 */
SessionResource *
session_cluster_get_resource (SessionCluster *self, const char *name)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return session_resources_get (self->resources, name);
}

const char *
session_cluster_get_server_version (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return self->client != NULL ? kube_client_get_server_version (self->client) : NULL;
}

const char *
session_cluster_get_istio_version (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return session_istio_get_version (self->istio);
}

/**
 * session_cluster_get_apis:
 *
 * Returns: (nullable) (transfer none): what it serves, as kube_client_get_apis() has it
 */
const char *const *
session_cluster_get_apis (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return self->client != NULL ? kube_client_get_apis (self->client) : NULL;
}

/**
 * session_cluster_get_trouble:
 *
 * Returns: (nullable) (transfer none): while it is online, why it does not answer
 */
const GError *
session_cluster_get_trouble (SessionCluster *self)
{
  g_return_val_if_fail (SESSION_IS_CLUSTER (self), NULL);

  return session_trouble_get_error (self->trouble);
}

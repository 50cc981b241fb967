/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-istio.h"

#include "base-backoff.h"
#include "base-json.h"

#define GROUP "networking.istio.io"
/* Istio's control plane has carried this label in every version
 * (https://github.com/istio/istio/blob/1.3.3/install/kubernetes/helm/istio/charts/pilot). */
#define PILOT_PATH "/api/v1/namespaces/istio-system/pods?labelSelector=istio%3Dpilot&limit=10"

struct _SessionIstio {
  GObject parent_instance;

  SessionResource *definitions;
  gboolean holding;
  KubeClient *client;        /* (nullable) */
  GCancellable *cancellable; /* (nullable): of what is asked of the client */
  gboolean asking;
  guint timer;
  BaseBackoff backoff;
  char *version; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionIstio, session_istio, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_VERSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void update (SessionIstio *self);

static void
set_version (SessionIstio *self, const char *version)
{
  if (g_strcmp0 (self->version, version) == 0)
    return;
  g_free (self->version);
  self->version = g_strdup (version);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSION]);
}

static void
set_holding (SessionIstio *self, gboolean holding)
{
  if (self->holding == holding)
    return;
  self->holding = holding;
  if (holding)
    session_resource_hold (self->definitions);
  else
    session_resource_release (self->definitions);
}

static gboolean
timer_cb (gpointer user_data)
{
  SessionIstio *self = SESSION_ISTIO (user_data);

  self->timer = 0;
  update (self);
  return G_SOURCE_REMOVE;
}

static void
try_later (SessionIstio *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  self->timer = g_timeout_add (base_backoff_next (&self->backoff), timer_cb, self);
}

static void
discovered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionIstio) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kube_client_discover_finish (KUBE_CLIENT (source), result, &error) &&
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  /* A definition is there a moment before what it defines is served. */
  if (self->client != NULL && !kube_client_serves_group (self->client, GROUP))
    try_later (self);
  else
    update (self);
}

/* (transfer full) (nullable): "1.3.3" of "docker.io/istio/pilot:1.3.3" */
static char *
dup_image_version (const char *image)
{
  g_autoptr (GRegex) regex =
    g_regex_new ("/(?:pilot|proxyv2)[^:/]*:v?(\\d+\\.\\d+(?:\\.\\d+)?)", 0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;

  return g_regex_match (regex, image, 0, &match) ? g_match_info_fetch (match, 1) : NULL;
}

/* (transfer full) (nullable) */
static char *
dup_pods_version (JsonNode *pods)
{
  JsonArray *items = base_json_get_array (pods, "items", NULL);
  guint n_items = base_json_get_length (items);

  for (guint i = 0; i < n_items; i++) {
    JsonArray *containers =
      base_json_get_array (json_array_get_element (items, i), "spec", "containers", NULL);
    guint n_containers = base_json_get_length (containers);

    for (guint j = 0; j < n_containers; j++) {
      const char *image =
        base_json_get_string (json_array_get_element (containers, j), "image", NULL);
      char *version = image != NULL ? dup_image_version (image) : NULL;

      if (version != NULL)
        return version;
    }
  }
  return NULL;
}

static void
pods_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionIstio) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) pods = kube_client_request_finish (KUBE_CLIENT (source), result, &error);
  g_autofree char *version = pods != NULL ? dup_pods_version (pods) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->asking = FALSE;
  set_version (self, version);
  if (version == NULL)
    try_later (self);
}

/* (nullable): a CustomResourceDefinition of Istio's */
static gboolean
is_defined (SessionIstio *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->definitions));

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->definitions), i);

    if (g_str_has_suffix (kube_object_get_name (object), "." GROUP))
      return TRUE;
  }
  return FALSE;
}

/* Asks whatever is to be asked next. */
static void
update (SessionIstio *self)
{
  gboolean served;

  if (self->client == NULL || self->asking || self->timer != 0)
    return;
  served = kube_client_serves_group (self->client, GROUP);
  set_holding (self, !served);
  if (!served) {
    set_version (self, NULL);
    if (!is_defined (self))
      return;
    self->asking = TRUE;
    kube_client_discover_async (self->client, self->cancellable, discovered_cb,
                                g_object_ref (self));
  } else if (self->version == NULL) {
    self->asking = TRUE;
    kube_client_request_async (self->client, "GET", PILOT_PATH, NULL, NULL, self->cancellable,
                               pods_cb, g_object_ref (self));
  }
}

static void
client_discovered_cb (KubeClient *client, SessionIstio *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  base_backoff_reset (&self->backoff);
  update (self);
}

static void
session_istio_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionIstio *self = SESSION_ISTIO (object);

  switch (id) {
    case PROP_VERSION:
      g_value_set_string (value, self->version);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_istio_dispose (GObject *object)
{
  SessionIstio *self = SESSION_ISTIO (object);

  session_istio_set_client (self, NULL);
  if (self->definitions != NULL)
    set_holding (self, FALSE);
  g_clear_object (&self->definitions);
  G_OBJECT_CLASS (session_istio_parent_class)->dispose (object);
}

static void
session_istio_finalize (GObject *object)
{
  SessionIstio *self = SESSION_ISTIO (object);

  g_clear_pointer (&self->version, g_free);
  G_OBJECT_CLASS (session_istio_parent_class)->finalize (object);
}

static void
session_istio_class_init (SessionIstioClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_istio_get_property;
  object_class->dispose = session_istio_dispose;
  object_class->finalize = session_istio_finalize;

  properties[PROP_VERSION] =
    g_param_spec_string ("version", NULL, NULL, NULL,
                         G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_istio_init (SessionIstio *self)
{
  self->backoff = (BaseBackoff)BASE_BACKOFF_INIT (250, 30000, 0.2);
}

SessionIstio *
session_istio_new (SessionResource *definitions)
{
  SessionIstio *self = g_object_new (SESSION_TYPE_ISTIO, NULL);

  self->definitions = g_object_ref (definitions);
  g_signal_connect_object (definitions, "updated", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  return self;
}

void
session_istio_set_client (SessionIstio *self, KubeClient *client)
{
  g_return_if_fail (SESSION_IS_ISTIO (self));

  if (self->client == client)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  self->asking = FALSE;
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  g_set_object (&self->client, client);
  if (client == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  g_signal_connect_object (client, "discovered", G_CALLBACK (client_discovered_cb), self, 0);
  update (self);
}

const char *
session_istio_get_version (SessionIstio *self)
{
  g_return_val_if_fail (SESSION_IS_ISTIO (self), NULL);

  return self->version;
}

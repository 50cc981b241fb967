/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sidecar-stream.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"
#include "practice-mesh-stream.h"

#define PODS "/pods"

/* A connection to a Service, of a pod that has a proxy. */
typedef struct {
  char *host; /* (nullable) (owned) */
  gboolean is_tls;
  PracticeMeshQuery query;
} Stream;

static void
stream_clear (Stream *self)
{
  g_clear_pointer (&self->host, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stream, stream_clear)

/* FALSE: its proxy has no part in it. */
static gboolean
stream_init (
  Stream *self, PracticeMesh *mesh, const PracticePeer *peer, const char *address, guint16 port)
{
  PracticeStore *store = practice_mesh_get_store (mesh);
  JsonNode *pod =
    peer->pod != NULL ? practice_store_get (store, PODS, peer->namespace_, peer->pod) : NULL;
  JsonNode *service = practice_sidecar_is_in (pod)
                        ? practice_mesh_upstream_find_known_service (
                            practice_mesh_get_config (mesh), store, peer->namespace_, address)
                        : NULL;

  if (service == NULL)
    return FALSE;
  self->host = practice_mesh_name_qualify (base_metadata_get_name (service),
                                           base_metadata_get_namespace (service));
  self->is_tls = practice_mesh_upstream_is_tls_port (service, port);
  self->query = (PracticeMeshQuery){
    .namespace_ = peer->namespace_,
    .labels = base_json_get_object (pod, "metadata", "labels", NULL),
    .host = self->host,
    .address = address,
    .port = port,
  };
  return TRUE;
}

/**
 * practice_sidecar_goes_by_name:
 * @self: the sidecars
 * @peer: a pod
 * @address: where it connects to
 * @port: the port there
 *
 * Returns: whether practice_sidecar_lead() has to be told the name that the client asks for
 */
gboolean
practice_sidecar_goes_by_name (PracticeSidecar *self,
                               const PracticePeer *peer,
                               const char *address,
                               guint16 port)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self);
  g_auto (Stream) stream = { NULL };

  g_return_val_if_fail (mesh != NULL && peer != NULL, FALSE);

  return stream_init (&stream, mesh, peer, address, port) && stream.is_tls &&
         practice_mesh_stream_goes_by_name (practice_mesh_get_config (mesh), &stream.query);
}

/**
 * practice_sidecar_lead:
 * @self: the sidecars
 * @peer: a pod
 * @address: where it connects to
 * @port: the port there
 * @name: (nullable): the name that the client asks for, where it speaks TLS
 * @target: (out) (transfer full) (nullable): where its proxy connects to; %NULL: nowhere
 *
 * For what is not HTTP. At ports for TLS only "tls" routes count; where there are any for the pod,
 * a client that asks for no name of theirs gets nowhere.
 *
 * Returns: %FALSE where the connection goes where it was sent
 */
gboolean
practice_sidecar_lead (PracticeSidecar *self,
                       const PracticePeer *peer,
                       const char *address,
                       guint16 port,
                       const char *name,
                       PracticeEndpoint **target)
{
  PracticeMesh *mesh = practice_sidecar_get_mesh (self);
  g_autofree char *proxy = NULL;
  g_autoptr (PracticeMeshUpstream) upstream = NULL;
  g_auto (Stream) stream = { NULL };
  PracticeMeshEndpoint *endpoint = NULL;

  g_return_val_if_fail (mesh != NULL && peer != NULL, FALSE);

  *target = NULL;
  if (!stream_init (&stream, mesh, peer, address, port))
    return FALSE;
  if (stream.is_tls)
    stream.query.sni = name != NULL ? name : "";
  if (!practice_mesh_stream_decide (practice_mesh_get_config (mesh), practice_mesh_get_store (mesh),
                                    &stream.query, practice_mesh_get_random (mesh), &upstream))
    return stream.is_tls &&
           practice_mesh_stream_goes_by_name (practice_mesh_get_config (mesh), &stream.query);
  proxy = g_strconcat (peer->namespace_, "/", peer->pod, NULL);
  if (upstream != NULL)
    endpoint = practice_mesh_next_endpoint (mesh, proxy, peer->namespace_, upstream);
  if (endpoint != NULL)
    *target = practice_endpoint_new (endpoint->address, endpoint->port);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-mirror.h"

#include "base-metadata.h"

/* A copy on its way. */
typedef struct {
  PracticeMesh *mesh;
  JsonNode *source;
  JsonNode *destination; /* (nullable) */
  char *host;
  gint64 started;
  gboolean is_mutual_tls;
} Shadow;

static void
shadow_free (Shadow *self)
{
  g_clear_object (&self->mesh);
  json_node_unref (self->source);
  g_clear_pointer (&self->destination, json_node_unref);
  g_free (self->host);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Shadow, shadow_free)

/* The proxy at the other end counts it, for which it is a request like others. */
static void
shadowed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Shadow) self = user_data;
  g_autoptr (PracticeHttpResponse) response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, NULL);

  if (response != NULL)
    practice_mesh_telemetry_record (practice_mesh_get_telemetry (self->mesh), self->source,
                                    self->destination, self->host,
                                    practice_http_response_get_status (response), NULL,
                                    self->is_mutual_tls, g_get_monotonic_time () - self->started);
}

static PracticeHttpRequest *
new_copy (PracticeHttpRequest *request)
{
  PracticeHttpRequest *copy = practice_http_request_copy (request);
  g_autofree char *host = g_strconcat (practice_http_request_get_host (request), "-shadow", NULL);

  soup_message_headers_replace (practice_http_request_get_headers (copy), "Host", host);
  return copy;
}

/**
 * practice_mesh_mirror:
 * @mesh: the mesh
 * @pod: whose proxy does it
 * @upstream: where the copy goes
 * @request: a request as it goes on
 *
 * Does what Envoy does with "mirror" of a route
 * (https://istio.io/latest/docs/tasks/traffic-management/mirroring/).
 */
void
practice_mesh_mirror (PracticeMesh *mesh,
                      JsonNode *pod,
                      PracticeMeshUpstream *upstream,
                      PracticeHttpRequest *request)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  g_autofree char *proxy = g_strconcat (namespace_, "/", base_metadata_get_name (pod), NULL);
  g_autoptr (PracticeHttpRequest) copy = NULL;
  PracticeMeshEndpoint *endpoint;
  Shadow *shadow;

  if (upstream->endpoints->len == 0)
    return;
  endpoint = practice_mesh_next_endpoint (mesh, proxy, namespace_, upstream);
  copy = new_copy (request);
  shadow = g_new (Shadow, 1);
  shadow->mesh = g_object_ref (mesh);
  shadow->source = json_node_ref (pod);
  shadow->destination = endpoint->pod != NULL ? json_node_ref (endpoint->pod) : NULL;
  shadow->host = g_strdup (upstream->host);
  shadow->started = g_get_monotonic_time ();
  shadow->is_mutual_tls = practice_mesh_is_mutual_tls (mesh, pod, upstream);
  practice_fabric_send_async (practice_mesh_get_fabric (mesh), copy, endpoint->address,
                              endpoint->port, NULL, shadowed_cb, shadow);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-request.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "kube-kind.h"

/* Of the version that the object was read in, so that its fields mean the same. @name (nullable):
 * of the object; NULL: of all in its namespace */
static char *
dup_path (KubeClient *client, JsonNode *object, const char *name)
{
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);
  const char *slash = api_version != NULL ? strchr (api_version, '/') : NULL;
  const KubeKind *kind = kube_kind_lookup ("virtualservices");
  const char *version = slash != NULL ? slash + 1 : kube_client_get_served_version (client, kind);

  return kube_kind_dup_path (kind, version != NULL ? version : kind->versions[0],
                             base_metadata_get_namespace (object), name);
}

/* Changes of this program bear its name in the object's `managedFields`. */
static char *
dup_target (const char *path)
{
  return g_strconcat (path, "?fieldManager=konvoy-lab", NULL);
}

/**
 * mesh_request_patch:
 * @object: a VirtualService as it was last seen
 * @patch: JSON Patch
 */
void
mesh_request_patch (KubeClient *client,
                    JsonNode *object,
                    JsonNode *patch,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autofree char *path = dup_path (client, object, base_metadata_get_name (object));
  g_autofree char *target = dup_target (path);
  g_autoptr (GBytes) body = base_json_write_bytes (patch);

  kube_client_request_async (client, "PATCH", target, "application/json-patch+json", body, NULL,
                             callback, user_data);
}

/**
 * mesh_request_post:
 * @object: a VirtualService that is to be created
 */
void
mesh_request_post (KubeClient *client,
                   JsonNode *object,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_autofree char *path = dup_path (client, object, NULL);
  g_autofree char *target = dup_target (path);
  g_autoptr (GBytes) body = base_json_write_bytes (object);

  kube_client_request_async (client, "POST", target, "application/json", body, cancellable,
                             callback, user_data);
}

/**
 * mesh_request_get:
 * @object: a VirtualService as it was last seen
 */
void
mesh_request_get (KubeClient *client,
                  JsonNode *object,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  g_autofree char *path = dup_path (client, object, base_metadata_get_name (object));

  kube_client_request_async (client, "GET", path, NULL, NULL, NULL, callback, user_data);
}

/**
 * mesh_request_delete:
 * @object: a VirtualService as it was last seen; the server refuses where it is another one by now
 */
void
mesh_request_delete (KubeClient *client,
                     JsonNode *object,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  static const char *const conditions[] = { "uid", "resourceVersion" };
  g_autofree char *path = dup_path (client, object, base_metadata_get_name (object));
  g_autoptr (JsonObject) options = json_object_new ();
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *preconditions = json_object_new ();
  g_autoptr (GBytes) body = NULL;

  json_object_set_string_member (options, "apiVersion", "v1");
  json_object_set_string_member (options, "kind", "DeleteOptions");
  for (gsize i = 0; i < G_N_ELEMENTS (conditions); i++)
    json_object_set_string_member (preconditions, conditions[i],
                                   base_json_get_string (object, "metadata", conditions[i], NULL));
  json_object_set_object_member (options, "preconditions", preconditions);
  json_node_set_object (node, options);
  body = base_json_write_bytes (node);
  kube_client_request_async (client, "DELETE", path, "application/json", body, NULL, callback,
                             user_data);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-request.h"

#include "base-json.h"
#include "kube-kind.h"

/* Of the version that the object was read in, so that its fields mean the same. */
static char *
dup_path (KubeClient *client, JsonNode *object)
{
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);
  const char *slash = api_version != NULL ? strchr (api_version, '/') : NULL;
  const KubeKind *kind = kube_kind_lookup ("virtualservices");
  const char *version = slash != NULL ? slash + 1 : kube_client_get_served_version (client, kind);

  return kube_kind_dup_path (kind, version != NULL ? version : kind->versions[0],
                             base_json_get_string (object, "metadata", "namespace", NULL),
                             base_json_get_string (object, "metadata", "name", NULL));
}

/**
 * mesh_request_patch:
 * @object: a VirtualService as it was last seen
 * @patch: JSON Patch
 *
 * Changes of this program bear its name in the object's `managedFields`.
 */
void
mesh_request_patch (KubeClient *client,
                    JsonNode *object,
                    JsonNode *patch,
                    GAsyncReadyCallback callback,
                    gpointer user_data)
{
  g_autofree char *path = dup_path (client, object);
  g_autofree char *target = g_strconcat (path, "?fieldManager=konvoy-lab", NULL);
  char *text = base_json_write (patch, FALSE);
  g_autoptr (GBytes) body = g_bytes_new_take (text, strlen (text));

  kube_client_request_async (client, "PATCH", target, "application/json-patch+json", body, NULL,
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
  g_autofree char *path = dup_path (client, object);

  kube_client_request_async (client, "GET", path, NULL, NULL, NULL, callback, user_data);
}

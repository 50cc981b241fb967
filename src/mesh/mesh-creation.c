/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-creation.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"
#include "mesh-destinations.h"
#include "mesh-edit.h"
#include "mesh-error.h"
#include "mesh-request.h"

/* "reviews.default.svc.cluster.local" gives the object the name "reviews". */
static char *
dup_name (const char *host)
{
  return g_strndup (host, strcspn (host, "."));
}

static JsonNode *
new_skeleton (JsonNode *rule, const char *host, const char *api_version)
{
  const char *namespace_ = base_metadata_get_namespace (rule);
  g_autofree char *name = dup_name (host);
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *metadata = json_object_new ();
  JsonObject *spec = json_object_new ();
  JsonArray *hosts = json_array_new ();

  json_object_set_string_member (object, "apiVersion", api_version);
  json_object_set_string_member (object, "kind", "VirtualService");
  json_object_set_string_member (metadata, "name", name);
  json_object_set_string_member (metadata, "namespace",
                                 namespace_ != NULL ? namespace_ : "default");
  json_object_set_object_member (object, "metadata", metadata);
  json_array_add_string_element (hosts, host);
  json_object_set_array_member (spec, "hosts", hosts);
  json_object_set_object_member (object, "spec", spec);
  return json_node_init_object (json_node_alloc (), object);
}

/**
 * mesh_creation_build:
 * @rule: a DestinationRule
 * @api_version: "networking.istio.io/v1alpha3"
 *
 * Returns: (transfer full): a VirtualService that sends every request for the host of @rule to its
 *   first subset, as the course's file does; NULL and MESH_ERROR_INVALID where @rule has none
 */
JsonNode *
mesh_creation_build (JsonNode *rule, const char *api_version, GError **error)
{
  const char *host = mesh_destination_rule_get_host (rule);
  g_auto (GStrv) subsets = mesh_destination_rule_dup_subsets (rule);
  g_autoptr (JsonNode) skeleton = NULL;
  g_autoptr (MeshEdit) edit = NULL;
  MeshShare share = { subsets[0], 100 };

  if (host == NULL || subsets[0] == NULL || strchr (host, '*') != NULL) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("The DestinationRule names no versions of a service."));
    return NULL;
  }
  skeleton = new_skeleton (rule, host, api_version);
  edit = mesh_edit_new (skeleton, error);
  if (edit == NULL)
    return NULL;
  mesh_destinations_set (mesh_edit_insert_route (edit, 0), skeleton, host, &share, 1);
  return mesh_edit_finish (edit);
}

/**
 * mesh_creation_build_again:
 * @object: a VirtualService as it was last seen
 *
 * Returns: (transfer full): the same without what a server gives an object: its name, labels,
 *   annotations and spec
 */
JsonNode *
mesh_creation_build_again (JsonNode *object)
{
  static const char *const kept[] = { "name", "namespace", "labels", "annotations" };
  static const char *const parts[] = { "apiVersion", "kind", "spec" };
  g_autoptr (JsonObject) again = json_object_new ();
  JsonObject *metadata = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++) {
    JsonNode *part = base_json_get (object, parts[i], NULL);

    if (part != NULL)
      json_object_set_member (again, parts[i], base_json_copy (part));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (kept); i++) {
    JsonNode *part = base_json_get (object, "metadata", kept[i], NULL);

    if (part != NULL)
      json_object_set_member (metadata, kept[i], base_json_copy (part));
  }
  json_object_set_object_member (again, "metadata", metadata);
  return json_node_init_object (json_node_alloc (), again);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  JsonNode *object = kube_client_request_finish (KUBE_CLIENT (source), result, &error);

  if (object != NULL)
    g_task_return_pointer (task, object, (GDestroyNotify)json_node_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* The rule was read in a version that is served, and both kinds have had the same ones. */
static const char *
get_version (KubeClient *client, const KubeKind *kind, JsonNode *rule)
{
  const char *api_version = base_json_get_string (rule, "apiVersion", NULL);
  const char *slash = api_version != NULL ? strchr (api_version, '/') : NULL;
  const char *served = kube_client_get_served_version (client, kind);

  if (slash != NULL)
    return slash + 1;
  return served != NULL ? served : kind->versions[0];
}

/* Takes @task. @object: as it is to be */
static void
create (KubeClient *client, GTask *task, JsonNode *object)
{
  mesh_request_post (client, object, g_task_get_cancellable (task), created_cb, task);
}

/**
 * mesh_creation_run_async:
 * @rule: the DestinationRule whose host gets one
 *
 * Has the VirtualService created; it is seen by the watch, as everything is.
 */
void
mesh_creation_run_async (KubeClient *client,
                         JsonNode *rule,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  const KubeKind *kind = kube_kind_lookup ("virtualservices");
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *api_version = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (rule != NULL);

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, mesh_creation_run_async);
  api_version = g_strdup_printf ("%s/%s", kind->group, get_version (client, kind, rule));
  object = mesh_creation_build (rule, api_version, &error);
  if (object != NULL)
    create (client, g_steal_pointer (&task), object);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * mesh_creation_run_again_async:
 * @object: a VirtualService as it was before it was deleted
 *
 * Has it created again, as mesh_creation_run_async() does; with the same finish function.
 */
void
mesh_creation_run_again_async (KubeClient *client,
                               JsonNode *object,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (JsonNode) again = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (object != NULL);

  task = g_task_new (client, cancellable, callback, user_data);
  g_task_set_source_tag (task, mesh_creation_run_again_async);
  again = mesh_creation_build_again (object);
  create (client, g_steal_pointer (&task), again);
}

/**
 * mesh_creation_run_finish:
 *
 * Returns: (transfer full): what the server made; NULL and its error where it did not
 */
JsonNode *
mesh_creation_run_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

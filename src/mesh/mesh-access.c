/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-access.h"

#include "base-json.h"
#include "kube-error.h"

#define PATH "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) review = kube_client_request_finish (KUBE_CLIENT (source), result, &error);

  if (review == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_boolean (task, base_json_get_boolean (review, FALSE, "status", "allowed", NULL));
}

/* A SelfSubjectAccessReview
 * (https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/).
 */
static GBytes *
new_question (const char *namespace_, const char *name)
{
  const KubeKind *kind = kube_kind_lookup ("virtualservices");
  g_autoptr (JsonObject) attributes = json_object_new ();
  JsonObject *spec = json_object_new ();
  JsonObject *review = json_object_new ();
  g_autoptr (JsonNode) node = json_node_alloc ();

  if (namespace_ != NULL)
    json_object_set_string_member (attributes, "namespace", namespace_);
  json_object_set_string_member (attributes, "verb", "patch");
  json_object_set_string_member (attributes, "group", kind->group);
  json_object_set_string_member (attributes, "resource", kind->plural);
  json_object_set_string_member (attributes, "name", name);
  json_object_set_object_member (spec, "resourceAttributes", g_steal_pointer (&attributes));
  json_object_set_string_member (review, "apiVersion", "authorization.k8s.io/v1");
  json_object_set_string_member (review, "kind", "SelfSubjectAccessReview");
  json_object_set_object_member (review, "spec", spec);
  json_node_init_object (node, review);
  json_object_unref (review);
  return base_json_write_bytes (node);
}

/**
 * mesh_access_check_async:
 * @namespace_: (nullable): of the VirtualService
 * @name: of the VirtualService
 */
void
mesh_access_check_async (KubeClient *client,
                         const char *namespace_,
                         const char *name,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (client, cancellable, callback, user_data);
  g_autoptr (GBytes) body = NULL;

  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (name != NULL);

  g_task_set_source_tag (task, mesh_access_check_async);
  body = new_question (namespace_, name);
  kube_client_request_async (client, "POST", PATH, "application/json", body, cancellable,
                             answered_cb, g_steal_pointer (&task));
}

/**
 * mesh_access_check_finish:
 *
 * Returns: whether a patch is allowed; FALSE with @error set where the server does not say
 */
gboolean
mesh_access_check_finish (KubeClient *client, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"
#include "mesh-owner.h"

static void
test_find (void)
{
  static const struct {
    const char *metadata;
    MeshOwner owner;
  } cases[] = {
    { "{}", MESH_OWNER_NONE },
    { "{labels: {app: reviews}, annotations: {note: helm}}", MESH_OWNER_NONE },
    { "{annotations: {argocd.argoproj.io/tracking-id: 'a:b'}}", MESH_OWNER_ARGO_CD },
    { "{labels: {argocd.argoproj.io/instance: a}}", MESH_OWNER_ARGO_CD },
    { "{annotations: {meta.helm.sh/release-name: a}}", MESH_OWNER_HELM },
    { "{labels: {app.kubernetes.io/managed-by: Helm}}", MESH_OWNER_HELM },
    { "{labels: {app.kubernetes.io/managed-by: flagger}}", MESH_OWNER_FLAGGER },
    { "{labels: {app.kubernetes.io/managed-by: me}}", MESH_OWNER_NONE },
    { "{labels: {kustomize.toolkit.fluxcd.io/name: a}}", MESH_OWNER_FLUX },
    { "{labels: {helm.toolkit.fluxcd.io/name: a, app.kubernetes.io/managed-by: Helm}}",
      MESH_OWNER_FLUX },
    { "{annotations: {rollouts.argoproj.io/managed-by-rollouts: a}}", MESH_OWNER_ROLLOUTS },
    { "{ownerReferences: [{apiVersion: flagger.app/v1beta1, kind: Canary}]}", MESH_OWNER_FLAGGER },
    { "{ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout}]}",
      MESH_OWNER_ROLLOUTS },
    { "{ownerReferences: [{apiVersion: apps/v1, kind: Deployment}, 3]}", MESH_OWNER_NONE },
    { "{managedFields: [{manager: argocd-controller, fieldsV1: {'f:spec': {'f:http': {}}}}]}",
      MESH_OWNER_ARGO_CD },
    { "{managedFields: [{manager: helm, fieldsV1: {'f:spec': {}}}]}", MESH_OWNER_HELM },
    { "{managedFields: [{manager: rollouts-controller, fieldsV1: {'f:spec': {}}}]}",
      MESH_OWNER_ROLLOUTS },
    { "{managedFields: [{manager: kustomize-controller, fieldsV1: {'f:spec': {}}}]}",
      MESH_OWNER_FLUX },
    /* it owns something else */
    { "{managedFields: [{manager: helm, fieldsV1: {'f:metadata': {}}}]}", MESH_OWNER_NONE },
    { "{managedFields: [{manager: kubectl-edit, fieldsV1: {'f:spec': {}}}]}", MESH_OWNER_NONE },
    { "{labels: [], annotations: 3, ownerReferences: {}, managedFields: text}", MESH_OWNER_NONE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *yaml = g_strdup_printf ("{metadata: %s}", cases[i].metadata);
    g_autoptr (JsonNode) object = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, NULL);
    g_autofree char *text = NULL;

    g_assert_nonnull (object);
    g_test_message ("%s", yaml);
    g_assert_cmpint (mesh_owner_find (object), ==, cases[i].owner);
    text = mesh_owner_dup_text (cases[i].owner, object);
    g_assert_cmpint (text == NULL, ==, cases[i].owner == MESH_OWNER_NONE);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/mesh/owner/find", test_find);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-owner.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"

typedef enum {
  SIGN_METADATA,   /* a label or an annotation of this name; a slash at the end: of this prefix */
  SIGN_MANAGED_BY, /* the value of app.kubernetes.io/managed-by */
  SIGN_REFERENCE,  /* the group of an ownerReference */
  SIGN_MANAGER,    /* a field manager of the spec begins with this */
} SignKind;

/* What each leaves on the objects it manages, those that change weights by themselves first:
 * https://argo-cd.readthedocs.io/en/stable/user-guide/resource_tracking/
 * https://docs.flagger.app/usage/how-it-works
 * https://argo-rollouts.readthedocs.io/en/stable/features/traffic-management/istio/
 * https://fluxcd.io/flux/components/kustomize/kustomizations/
 * https://helm.sh/docs/chart_best_practices/labels/ */
static const struct {
  MeshOwner owner;
  SignKind kind;
  const char *value;
} signs[] = {
  { MESH_OWNER_FLAGGER, SIGN_REFERENCE, "flagger.app" },
  { MESH_OWNER_FLAGGER, SIGN_MANAGED_BY, "flagger" },
  { MESH_OWNER_FLAGGER, SIGN_MANAGER, "flagger" },
  { MESH_OWNER_ROLLOUTS, SIGN_METADATA, "rollouts.argoproj.io/" },
  { MESH_OWNER_ROLLOUTS, SIGN_REFERENCE, "argoproj.io" },
  { MESH_OWNER_ROLLOUTS, SIGN_MANAGER, "rollouts-controller" },
  { MESH_OWNER_ROLLOUTS, SIGN_MANAGER, "argo-rollouts" },
  { MESH_OWNER_ARGO_CD, SIGN_METADATA, "argocd.argoproj.io/tracking-id" },
  { MESH_OWNER_ARGO_CD, SIGN_METADATA, "argocd.argoproj.io/instance" },
  { MESH_OWNER_ARGO_CD, SIGN_MANAGER, "argocd-" },
  { MESH_OWNER_FLUX, SIGN_METADATA, "kustomize.toolkit.fluxcd.io/name" },
  { MESH_OWNER_FLUX, SIGN_METADATA, "helm.toolkit.fluxcd.io/name" },
  { MESH_OWNER_FLUX, SIGN_MANAGER, "kustomize-controller" },
  { MESH_OWNER_FLUX, SIGN_MANAGER, "helm-controller" },
  { MESH_OWNER_HELM, SIGN_METADATA, "meta.helm.sh/release-name" },
  { MESH_OWNER_HELM, SIGN_MANAGED_BY, "Helm" },
  { MESH_OWNER_HELM, SIGN_MANAGER, "helm" },
};

static gboolean
has_name (JsonNode *object, const char *map, const char *name)
{
  JsonObject *members = base_json_get_object (object, "metadata", map, NULL);
  g_autoptr (GList) names = members != NULL ? json_object_get_members (members) : NULL;
  gboolean is_prefix = g_str_has_suffix (name, "/");

  for (GList *l = names; l != NULL; l = l->next) {
    if (is_prefix ? g_str_has_prefix (l->data, name) : g_str_equal (l->data, name))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_referenced (JsonNode *object, const char *group)
{
  JsonArray *references = base_json_get_array (object, "metadata", "ownerReferences", NULL);
  guint n = base_json_get_length (references);

  for (guint i = 0; i < n; i++) {
    const char *version =
      base_json_get_string (json_array_get_element (references, i), "apiVersion", NULL);
    const char *slash = version != NULL ? strchr (version, '/') : NULL;

    if (slash != NULL && strlen (group) == (gsize)(slash - version) &&
        g_str_has_prefix (version, group))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_managed (JsonNode *object, const char *manager)
{
  JsonArray *entries = base_json_get_array (object, "metadata", "managedFields", NULL);
  guint n = base_json_get_length (entries);

  for (guint i = 0; i < n; i++) {
    JsonNode *entry = json_array_get_element (entries, i);
    const char *name = base_json_get_string (entry, "manager", NULL);

    if (name != NULL && g_str_has_prefix (name, manager) &&
        base_json_get (entry, "fieldsV1", "f:spec", NULL) != NULL)
      return TRUE;
  }
  return FALSE;
}

static gboolean
has_sign (JsonNode *object, SignKind kind, const char *value)
{
  switch (kind) {
    case SIGN_METADATA:
      return has_name (object, "labels", value) || has_name (object, "annotations", value);
    case SIGN_MANAGED_BY:
      return g_strcmp0 (base_metadata_get_label (object, "app.kubernetes.io/managed-by"), value) ==
             0;
    case SIGN_REFERENCE:
      return is_referenced (object, value);
    case SIGN_MANAGER:
      return is_managed (object, value);
    default:
      return FALSE;
  }
}

/**
 * mesh_owner_find:
 * @object: any object
 *
 * Told from its labels, annotations, owners and field managers.
 */
MeshOwner
mesh_owner_find (JsonNode *object)
{
  for (gsize i = 0; i < G_N_ELEMENTS (signs); i++) {
    if (has_sign (object, signs[i].kind, signs[i].value))
      return signs[i].owner;
  }
  return MESH_OWNER_NONE;
}

/**
 * mesh_owner_dup_text:
 *
 * Returns: (transfer full) (nullable): who it is and what that means; NULL for nobody
 */
char *
mesh_owner_dup_text (MeshOwner self, JsonNode *object)
{
  const char *name = base_metadata_get_name (object);

  switch (self) {
    case MESH_OWNER_FLAGGER:
      /* Translators: %s is the name of a VirtualService. Flagger is a program. */
      return g_strdup_printf (
        _ ("Flagger shifts the weights of %s by itself, and overwrites what is changed here."),
        name);
    case MESH_OWNER_ROLLOUTS:
      /* Translators: %s is the name of a VirtualService. Argo Rollouts is a program. */
      return g_strdup_printf (_ ("Argo Rollouts shifts the weights of %s by itself, and overwrites "
                                 "what is changed here."),
                              name);
    case MESH_OWNER_ARGO_CD:
      /* Translators: %s is the name of a VirtualService. Argo CD is a program. */
      return g_strdup_printf (
        _ ("Argo CD keeps %s as it is in Git, and undoes what is changed here."), name);
    case MESH_OWNER_FLUX:
      /* Translators: %s is the name of a VirtualService. Flux is a program. */
      return g_strdup_printf (_ ("Flux keeps %s as it is in Git, and undoes what is changed here."),
                              name);
    case MESH_OWNER_HELM:
      /* Translators: %s is the name of a VirtualService. Helm is a program. */
      return g_strdup_printf (
        _ ("%s is part of a Helm release: its next upgrade undoes what is changed here."), name);
    case MESH_OWNER_NONE:
    default:
      return NULL;
  }
}

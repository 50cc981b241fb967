/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-addons.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-addon-manifest.h"
#include "practice-objects.h"
#include "practice-ops-portal.h"
#include "practice-running-pods.h"

#define DEPLOYMENTS "apps/deployments"
#define PODS "/pods"

/**
 * PracticeAddons:
 *
 * What `konvoy up` does to a cluster: the objects of an add-on are made as an API server makes
 * them, with all its defaults, and taken away again. Each carries the add-on's name as a label.
 */
struct _PracticeAddons {
  GObject parent_instance;

  PracticeStore *store;
  PracticeAddonCatalog *catalog;
  PracticeObjects *objects; /* (nullable): made when first needed */
};

G_DEFINE_FINAL_TYPE (PracticeAddons, practice_addons, G_TYPE_OBJECT)

/* What an add-on brings that goes with it. Its namespace and its definitions stay, and with them
 * what users made of these. */
static const char *const removed[] = {
  "admissionregistration.k8s.io/mutatingwebhookconfigurations",
  "admissionregistration.k8s.io/validatingwebhookconfigurations",
  "networking.k8s.io/ingresses",
  "/services",
  DEPLOYMENTS,
  "apps/daemonsets",
  PODS,
  "storage.k8s.io/storageclasses",
  "/serviceaccounts",
  "/configmaps",
};

static PracticeObjects *
ensure_objects (PracticeAddons *self)
{
  if (self->objects == NULL) {
    g_autoptr (PracticeRegistry) registry = practice_registry_new (self->store);

    self->objects = practice_objects_new (self->store, registry);
  }

  return self->objects;
}

static PracticeResource *
find_resource (PracticeAddons *self, JsonNode *object)
{
  const char *api_version = base_json_get_string (object, "apiVersion", NULL);
  const char *slash = strchr (api_version, '/');
  g_autofree char *group = slash != NULL ? g_strndup (api_version, slash - api_version) : NULL;

  return practice_registry_find_kind (practice_objects_get_registry (ensure_objects (self)),
                                      group != NULL ? group : "",
                                      base_json_get_string (object, "kind", NULL));
}

/* Makes what is not there yet. @made (out) (optional) (nullable): set where it was made now. */
static gboolean
create (PracticeAddons *self, JsonNode *object, JsonNode **made, GError **error)
{
  PracticeResource *resource = find_resource (self, object);
  const char *namespace_ = base_metadata_get_namespace (object);
  g_autoptr (JsonNode) stored = NULL;

  if (made != NULL)
    *made = NULL;
  if (practice_store_get (self->store, resource->store_name, namespace_,
                          base_metadata_get_name (object)) != NULL)
    return TRUE;
  stored = practice_objects_create (ensure_objects (self), resource, namespace_,
                                    base_json_copy (object), NULL, error);
  if (stored != NULL && made != NULL)
    *made = json_node_ref (stored);

  return stored != NULL;
}

static gboolean
create_manifest (PracticeAddons *self, JsonNode *addon, GError **error)
{
  const char *file_name = base_json_get_string (addon, "manifest", NULL);
  g_autoptr (GPtrArray) documents = NULL;

  if (file_name == NULL)
    return TRUE;
  documents = practice_addon_catalog_read_manifest (file_name, error);
  if (documents == NULL)
    return FALSE;
  for (guint i = 0; i < documents->len; i++)
    if (!create (self, g_ptr_array_index (documents, i), NULL, error))
      return FALSE;

  return TRUE;
}

static gboolean
has_pod (PracticeAddons *self, JsonNode *addon, JsonNode *entry)
{
  g_autofree char *prefix = g_strconcat (base_json_get_string (entry, "name", NULL), "-", NULL);
  g_autoptr (GPtrArray) pods =
    practice_store_list (self->store, PODS, practice_addon_manifest_get_namespace (addon));

  for (guint i = 0; i < pods->len; i++)
    if (g_str_has_prefix (base_metadata_get_name (g_ptr_array_index (pods, i)), prefix))
      return TRUE;

  return FALSE;
}

static gboolean
create_pods (PracticeAddons *self, JsonNode *addon, GError **error)
{
  JsonArray *daemons = base_json_get_array (addon, "daemons", NULL);
  JsonArray *jobs = base_json_get_array (addon, "jobs", NULL);

  for (guint i = 0; i < base_json_get_length (daemons); i++) {
    JsonNode *entry = json_array_get_element (daemons, i);

    if (base_json_get (entry, "where", NULL) != NULL && !has_pod (self, addon, entry) &&
        !practice_running_pods_of_kubelet (self->store, addon, entry, error))
      return FALSE;
  }
  for (guint i = 0; i < base_json_get_length (jobs); i++) {
    JsonNode *entry = json_array_get_element (jobs, i);

    if (!has_pod (self, addon, entry) &&
        !practice_running_pods_completed (self->store, addon, entry, error))
      return FALSE;
  }

  return TRUE;
}

/* The pods of what was just made, where it makes any. */
static gboolean
run (PracticeAddons *self, JsonNode *made, GError **error)
{
  const char *kind = base_json_get_string (made, "kind", NULL);

  if (g_strcmp0 (kind, "Deployment") == 0)
    return practice_running_pods_of_deployment (self->store, made, error);
  if (g_strcmp0 (kind, "DaemonSet") == 0)
    return practice_running_pods_of_daemon_set (self->store, made, error);

  return TRUE;
}

/* @running: its pods are to be there at once. */
static gboolean
install (PracticeAddons *self, JsonNode *addon, gboolean running, GError **error)
{
  g_autoptr (GPtrArray) objects = practice_addon_manifest_expand (addon);

  if (!create_manifest (self, addon, error))
    return FALSE;
  for (guint i = 0; i < objects->len; i++) {
    JsonNode *object = g_ptr_array_index (objects, i);
    g_autoptr (JsonNode) made = NULL;

    if (!create (self, object, &made, error))
      return FALSE;
    if (running && made != NULL && !run (self, made, error))
      return FALSE;
  }

  return create_pods (self, addon, error);
}

static JsonNode *
find (PracticeAddons *self, const char *name, GError **error)
{
  JsonNode *addon = practice_addon_catalog_find (self->catalog, name);

  if (addon == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no add-on “%s” that this cluster can install."), name);

  return addon;
}

static gboolean
is_of_addon (JsonNode *object, const char *name)
{
  return g_strcmp0 (base_metadata_get_label (object, PRACTICE_ADDON_LABEL), name) == 0;
}

static void
practice_addons_finalize (GObject *object)
{
  PracticeAddons *self = PRACTICE_ADDONS (object);

  g_clear_object (&self->objects);
  g_clear_object (&self->catalog);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_addons_parent_class)->finalize (object);
}

static void
practice_addons_class_init (PracticeAddonsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_addons_finalize;
}

static void
practice_addons_init (PracticeAddons *self)
{
}

/**
 * practice_addons_new:
 * @store: the cluster's objects
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the add-ons of the cluster
 */
PracticeAddons *
practice_addons_new (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeAddons) self = g_object_new (PRACTICE_TYPE_ADDONS, NULL);

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self->store = g_object_ref (store);
  self->catalog = practice_addon_catalog_new (error);

  return self->catalog != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_addons_get_catalog:
 * @self: the add-ons
 *
 * Returns: (transfer none): which there are
 */
PracticeAddonCatalog *
practice_addons_get_catalog (PracticeAddons *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), NULL);

  return self->catalog;
}

/**
 * practice_addons_get_store:
 * @self: the add-ons
 *
 * Returns: (transfer none): the cluster's objects
 */
PracticeStore *
practice_addons_get_store (PracticeAddons *self)
{
  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), NULL);

  return self->store;
}

/**
 * practice_addons_fill:
 * @self: the add-ons
 * @error: return location
 *
 * Gives a new cluster the programs of Kubernetes and every add-on that is not optional. Their pods
 * run already, as they do where somebody else has made the cluster.
 *
 * Returns: %FALSE with a Status or %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_addons_fill (PracticeAddons *self, GError **error)
{
  g_autoptr (JsonNode) secret = practice_ops_portal_new_secret ();
  const char *const *names;
  GPtrArray *system;

  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), FALSE);

  system = practice_addon_catalog_get_system (self->catalog);
  for (guint i = 0; i < system->len; i++)
    if (!install (self, g_ptr_array_index (system, i), TRUE, error))
      return FALSE;

  names = practice_addon_catalog_get_names (self->catalog);
  for (guint i = 0; names[i] != NULL; i++) {
    JsonNode *addon = practice_addon_catalog_find (self->catalog, names[i]);

    if (!base_json_get_boolean (addon, FALSE, "optional", NULL) &&
        !install (self, addon, TRUE, error))
      return FALSE;
  }

  return create (self, secret, NULL, error);
}

/**
 * practice_addons_enable:
 * @self: the add-ons
 * @name: one of them
 * @error: return location
 *
 * Installs an add-on, or what is missing of it; does nothing where all is there.
 *
 * Returns: %FALSE with %G_IO_ERROR_NOT_FOUND where there is no such add-on, a Status or
 *   %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_addons_enable (PracticeAddons *self, const char *name, GError **error)
{
  JsonNode *addon;

  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  addon = find (self, name, error);

  return addon != NULL && install (self, addon, FALSE, error);
}

/**
 * practice_addons_disable:
 * @self: the add-ons
 * @name: one of them
 * @error: return location
 *
 * Takes an add-on's workloads, Services and Ingresses away. Its namespace and the kinds that it
 * taught the cluster stay, with the objects of these kinds.
 *
 * Returns: %FALSE with %G_IO_ERROR_NOT_FOUND where there is no such add-on, a Status or
 *   %PRACTICE_STORE_ERROR_IO
 */
gboolean
practice_addons_disable (PracticeAddons *self, const char *name, GError **error)
{
  const PracticeDeletion deletion = { .grace_seconds = -1, .propagation = "Background" };

  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (find (self, name, error) == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (removed); i++) {
    g_autoptr (GPtrArray) objects = practice_store_list (self->store, removed[i], NULL);

    for (guint j = 0; j < objects->len; j++) {
      JsonNode *object = g_ptr_array_index (objects, j);
      g_autoptr (JsonNode) gone = NULL;
      gboolean at_once;

      if (!is_of_addon (object, name) ||
          base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL)
        continue;
      gone = practice_objects_delete (ensure_objects (self), find_resource (self, object),
                                      base_metadata_get_namespace (object),
                                      base_metadata_get_name (object), &deletion, &at_once, error);
      if (gone == NULL)
        return FALSE;
    }
  }

  return TRUE;
}

/**
 * practice_addons_is_enabled:
 * @self: the add-ons
 * @name: one of them
 *
 * Returns: whether the cluster has any of its workloads
 */
gboolean
practice_addons_is_enabled (PracticeAddons *self, const char *name)
{
  g_autoptr (GPtrArray) deployments = NULL;

  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  deployments = practice_store_list (self->store, DEPLOYMENTS, NULL);
  for (guint i = 0; i < deployments->len; i++)
    if (is_of_addon (g_ptr_array_index (deployments, i), name))
      return TRUE;

  return FALSE;
}

/* (nullable): the first thing that a container waits for, or NULL where the pod is no trouble. */
static char *
dup_pod_trouble (JsonNode *pod)
{
  JsonArray *statuses = base_json_get_array (pod, "status", "containerStatuses", NULL);
  const char *name = base_metadata_get_name (pod);

  for (guint i = 0; i < base_json_get_length (statuses); i++) {
    const char *reason = base_json_get_string (json_array_get_element (statuses, i), "state",
                                               "waiting", "reason", NULL);

    if (reason != NULL)
      return g_strdup_printf ("%s: %s", name, reason);
  }

  return statuses == NULL
           ? g_strdup_printf ("%s: %s", name, base_json_get_string (pod, "status", "phase", NULL))
           : NULL;
}

static char *
dup_trouble_of (PracticeAddons *self, const char *namespace_, const char *deployment)
{
  g_autofree char *prefix = g_strconcat (deployment, "-", NULL);
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, namespace_);

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = g_ptr_array_index (pods, i);
    char *trouble = NULL;

    if (g_str_has_prefix (base_metadata_get_name (pod), prefix))
      trouble = dup_pod_trouble (pod);
    if (trouble != NULL)
      return trouble;
  }

  return NULL;
}

/**
 * practice_addons_dup_complaint:
 * @self: the add-ons
 * @name: one of them
 *
 * Returns: (transfer full) (nullable): what is wrong with it, in a sentence; %NULL where all its
 *   pods are ready
 */
char *
practice_addons_dup_complaint (PracticeAddons *self, const char *name)
{
  JsonNode *addon;
  JsonArray *workloads;
  const char *namespace_;

  g_return_val_if_fail (PRACTICE_IS_ADDONS (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  if (!practice_addons_is_enabled (self, name))
    return g_strdup (_ ("it is not deployed. “konvoy deploy addons” does that."));

  addon = practice_addon_catalog_find (self->catalog, name);
  workloads = base_json_get_array (addon, "workloads", NULL);
  namespace_ = practice_addon_manifest_get_namespace (addon);
  for (guint i = 0; i < base_json_get_length (workloads); i++) {
    const char *workload =
      base_json_get_string (json_array_get_element (workloads, i), "name", NULL);
    JsonNode *deployment = practice_store_get (self->store, DEPLOYMENTS, namespace_, workload);
    gint64 wanted = base_json_get_int (deployment, 1, "spec", "replicas", NULL);
    gint64 ready = base_json_get_int (deployment, 0, "status", "readyReplicas", NULL);
    g_autofree char *trouble = NULL;

    if (deployment == NULL)
      /* Translators: namespace, name */
      return g_strdup_printf (_ ("the Deployment %s/%s is missing."), namespace_, workload);
    if (ready >= wanted && wanted > 0)
      continue;
    trouble = dup_trouble_of (self, namespace_, workload);
    /* Translators: namespace, name, two numbers, and why as Kubernetes says it, or nothing */
    return g_strdup_printf (_ ("the Deployment %s/%s has %d of %d pods ready. %s"), namespace_,
                            workload, (int)ready, (int)MAX (wanted, 1),
                            trouble != NULL ? trouble : "");
  }

  return NULL;
}

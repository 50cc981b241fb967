/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-addon-manifest.h"

#include "base-json.h"
#include "practice-object.h"

#define DEFAULT_NAMESPACE "kubeaddons"

/* The short forms of addons.yaml as objects of the API. */

static void
set_node (JsonObject *object, const char *name, JsonNode *node)
{
  if (node != NULL)
    json_object_set_member (object, name, base_json_copy (node));
}

/* @labels (nullable): app: @name without any. */
static JsonObject *
new_labels (JsonNode *labels, const char *name)
{
  JsonObject *object;

  if (labels != NULL) {
    g_autoptr (JsonNode) copy = base_json_copy (labels);

    return json_object_ref (json_node_get_object (copy));
  }
  object = json_object_new ();
  json_object_set_string_member (object, "app", name);

  return object;
}

static JsonNode *
new_object (JsonNode *addon, const char *api_version, const char *kind, JsonNode *entry)
{
  const char *name = base_json_get_string (entry, "name", NULL);
  JsonNode *object =
    practice_object_new (api_version, kind, practice_addon_manifest_get_namespace (addon), name);

  json_object_set_string_member (practice_object_ensure (object, "metadata", "labels", NULL),
                                 PRACTICE_ADDON_LABEL, base_json_get_string (addon, "name", NULL));

  return object;
}

static JsonObject *
new_container (JsonNode *entry, const char *name)
{
  JsonObject *container = json_object_new ();
  JsonArray *numbers = base_json_get_array (entry, "ports", NULL);
  JsonArray *ports = json_array_new ();

  for (guint i = 0; i < base_json_get_length (numbers); i++) {
    JsonObject *port = json_object_new ();

    json_object_set_int_member (port, "containerPort", json_array_get_int_element (numbers, i));
    json_object_set_string_member (port, "protocol", "TCP");
    json_array_add_object_element (ports, port);
  }
  json_object_set_string_member (container, "name", name);
  set_node (container, "image", base_json_get (entry, "image", NULL));
  if (numbers != NULL)
    json_object_set_array_member (container, "ports", ports);
  else
    json_array_unref (ports);

  return container;
}

static JsonArray *
new_containers (JsonNode *entry)
{
  JsonArray *several = base_json_get_array (entry, "containers", NULL);
  const char *name = base_json_get_string (entry, "container", NULL);
  JsonArray *containers = json_array_new ();

  if (several == NULL)
    json_array_add_object_element (
      containers,
      new_container (entry, name != NULL ? name : base_json_get_string (entry, "name", NULL)));
  for (guint i = 0; i < base_json_get_length (several); i++) {
    JsonNode *container = json_array_get_element (several, i);

    json_array_add_object_element (
      containers, new_container (container, base_json_get_string (container, "name", NULL)));
  }

  return containers;
}

static JsonNode *
new_workload (JsonNode *addon, const char *kind, JsonNode *entry)
{
  const char *name = base_json_get_string (entry, "name", NULL);
  JsonNode *labels = base_json_get (entry, "labels", NULL);
  JsonNode *workload = new_object (addon, "apps/v1", kind, entry);

  json_object_set_object_member (practice_object_ensure (workload, "spec", "selector", NULL),
                                 "matchLabels", new_labels (labels, name));
  json_object_set_object_member (
    practice_object_ensure (workload, "spec", "template", "metadata", NULL), "labels",
    new_labels (labels, name));
  json_object_set_array_member (practice_object_ensure (workload, "spec", "template", "spec", NULL),
                                "containers", new_containers (entry));
  set_node (practice_object_ensure (workload, "spec", "template", "spec", NULL),
            "serviceAccountName", base_json_get (entry, "account", NULL));

  return workload;
}

static JsonNode *
new_deployment (JsonNode *addon, JsonNode *entry)
{
  JsonNode *deployment = new_workload (addon, "Deployment", entry);

  json_object_set_int_member (practice_object_ensure (deployment, "spec", NULL), "replicas",
                              base_json_get_int (entry, 1, "replicas", NULL));

  return deployment;
}

/* On every node, whatever its taints, with the address of the node. (nullable): what the kubelet of
 * a master runs by itself is none. */
static JsonNode *
new_daemon_set (JsonNode *addon, JsonNode *entry)
{
  JsonObject *toleration, *spec;
  JsonArray *tolerations;
  JsonNode *set;

  if (base_json_get (entry, "where", NULL) != NULL)
    return NULL;
  set = new_workload (addon, "DaemonSet", entry);
  spec = practice_object_ensure (set, "spec", "template", "spec", NULL);
  toleration = json_object_new ();
  tolerations = json_array_new ();
  json_object_set_string_member (toleration, "operator", "Exists");
  json_array_add_object_element (tolerations, toleration);
  json_object_set_boolean_member (spec, "hostNetwork", TRUE);
  json_object_set_array_member (spec, "tolerations", tolerations);

  return set;
}

/* [name, port, target, node port, protocol], the last two of which may be missing. */
static JsonObject *
new_service_port (JsonArray *entry)
{
  JsonObject *port = json_object_new ();
  guint length = json_array_get_length (entry);

  json_object_set_string_member (port, "name", json_array_get_string_element (entry, 0));
  json_object_set_int_member (port, "port", json_array_get_int_element (entry, 1));
  json_object_set_int_member (port, "targetPort", json_array_get_int_element (entry, 2));
  if (length > 3 && json_array_get_int_element (entry, 3) > 0)
    json_object_set_int_member (port, "nodePort", json_array_get_int_element (entry, 3));
  json_object_set_string_member (port, "protocol",
                                 length > 4 ? json_array_get_string_element (entry, 4) : "TCP");

  return port;
}

static JsonNode *
new_service (JsonNode *addon, JsonNode *entry)
{
  JsonNode *service = new_object (addon, "v1", "Service", entry);
  JsonObject *spec = practice_object_ensure (service, "spec", NULL);
  JsonArray *entries = base_json_get_array (entry, "ports", NULL);
  JsonArray *ports = json_array_new ();

  for (guint i = 0; i < json_array_get_length (entries); i++)
    json_array_add_object_element (ports,
                                   new_service_port (json_array_get_array_element (entries, i)));
  set_node (spec, "type", base_json_get (entry, "type", NULL));
  set_node (spec, "clusterIP", base_json_get (entry, "clusterIP", NULL));
  json_object_set_object_member (spec, "selector",
                                 new_labels (base_json_get (entry, "selector", NULL),
                                             base_json_get_string (entry, "name", NULL)));
  json_object_set_array_member (spec, "ports", ports);

  return service;
}

/* In the newest version that a server of 1.15 has. */
static JsonNode *
new_ingress (JsonNode *addon, JsonNode *entry)
{
  JsonNode *ingress = new_object (addon, "networking.k8s.io/v1beta1", "Ingress", entry);
  JsonObject *annotations = practice_object_ensure (ingress, "metadata", "annotations", NULL);
  JsonObject *backend = json_object_new ();
  JsonObject *path = json_object_new ();
  JsonObject *http = json_object_new ();
  JsonObject *rule = json_object_new ();
  JsonArray *paths = json_array_new ();
  JsonArray *rules = json_array_new ();

  json_object_set_string_member (annotations, "kubernetes.io/ingress.class", "traefik");
  if (base_json_get_boolean (entry, FALSE, "strip", NULL))
    json_object_set_string_member (annotations, "traefik.ingress.kubernetes.io/rule-type",
                                   "PathPrefixStrip");
  set_node (backend, "serviceName", base_json_get (entry, "service", NULL));
  set_node (backend, "servicePort", base_json_get (entry, "port", NULL));
  set_node (path, "path", base_json_get (entry, "path", NULL));
  json_object_set_object_member (path, "backend", backend);
  json_array_add_object_element (paths, path);
  json_object_set_array_member (http, "paths", paths);
  json_object_set_object_member (rule, "http", http);
  json_array_add_object_element (rules, rule);
  json_object_set_array_member (practice_object_ensure (ingress, "spec", NULL), "rules", rules);

  return ingress;
}

static JsonObject *
new_version (JsonNode *entry)
{
  JsonObject *version = json_object_new ();
  JsonObject *schema = json_object_new ();
  JsonObject *any = json_object_new ();

  json_object_set_string_member (any, "type", "object");
  json_object_set_boolean_member (any, "x-kubernetes-preserve-unknown-fields", TRUE);
  json_object_set_object_member (schema, "openAPIV3Schema", any);
  set_node (version, "name", base_json_get (entry, "version", NULL));
  json_object_set_boolean_member (version, "served", TRUE);
  json_object_set_boolean_member (version, "storage", TRUE);
  json_object_set_object_member (version, "schema", schema);

  return version;
}

static JsonNode *
new_definition (JsonNode *addon, JsonNode *entry)
{
  const char *plural = base_json_get_string (entry, "plural", NULL);
  const char *group = base_json_get_string (entry, "group", NULL);
  const char *kind = base_json_get_string (entry, "kind", NULL);
  const char *scope = base_json_get_string (entry, "scope", NULL);
  g_autofree char *name = g_strdup_printf ("%s.%s", plural, group);
  g_autofree char *list_kind = g_strconcat (kind, "List", NULL);
  g_autofree char *singular = g_ascii_strdown (kind, -1);
  JsonNode *definition =
    practice_object_new ("apiextensions.k8s.io/v1", "CustomResourceDefinition", NULL, name);
  JsonObject *spec = practice_object_ensure (definition, "spec", NULL);
  JsonObject *names = practice_object_ensure (definition, "spec", "names", NULL);
  JsonArray *versions = json_array_new ();

  json_object_set_string_member (practice_object_ensure (definition, "metadata", "labels", NULL),
                                 PRACTICE_ADDON_LABEL, base_json_get_string (addon, "name", NULL));
  json_object_set_string_member (names, "kind", kind);
  json_object_set_string_member (names, "listKind", list_kind);
  json_object_set_string_member (names, "plural", plural);
  json_object_set_string_member (names, "singular", singular);
  json_array_add_object_element (versions, new_version (entry));
  json_object_set_string_member (spec, "group", group);
  json_object_set_string_member (spec, "scope", scope != NULL ? scope : "Namespaced");
  json_object_set_array_member (spec, "versions", versions);

  return definition;
}

/* As whom the pods of a workload speak to the API server. (nullable) */
static JsonNode *
new_account (JsonNode *addon, JsonNode *entry)
{
  const char *name = base_json_get_string (entry, "account", NULL);
  JsonNode *account;

  if (name == NULL)
    return NULL;
  account = new_object (addon, "v1", "ServiceAccount", entry);
  json_object_set_string_member (practice_object_ensure (account, "metadata", NULL), "name", name);

  return account;
}

static JsonNode *
new_namespace (JsonNode *addon)
{
  return practice_object_new ("v1", "Namespace", NULL,
                              practice_addon_manifest_get_namespace (addon));
}

/**
 * practice_addon_manifest_get_namespace:
 * @addon: an entry of the catalogue
 *
 * Returns: (transfer none): the namespace of its objects
 */
const char *
practice_addon_manifest_get_namespace (JsonNode *addon)
{
  const char *namespace_ = base_json_get_string (addon, "namespace", NULL);

  return namespace_ != NULL ? namespace_ : DEFAULT_NAMESPACE;
}

/**
 * practice_addon_manifest_expand:
 * @addon: an entry of the catalogue
 *
 * Returns: (transfer full) (element-type JsonNode): its objects, but for bare pods and the whole
 * manifest that it names
 */
GPtrArray *
practice_addon_manifest_expand (JsonNode *addon)
{
  static const struct {
    const char *member;
    JsonNode *(*make) (JsonNode *addon, JsonNode *entry);
  } makers[] = {
    { "definitions", new_definition }, { "workloads", new_account },
    { "daemons", new_account },        { "services", new_service },
    { "workloads", new_deployment },   { "daemons", new_daemon_set },
    { "ingresses", new_ingress },
  };
  GPtrArray *objects = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  g_ptr_array_add (objects, new_namespace (addon));
  for (guint i = 0; i < G_N_ELEMENTS (makers); i++) {
    JsonArray *entries = base_json_get_array (addon, makers[i].member, NULL);

    for (guint j = 0; j < base_json_get_length (entries); j++) {
      JsonNode *object = makers[i].make (addon, json_array_get_element (entries, j));

      if (object != NULL)
        g_ptr_array_add (objects, object);
    }
  }

  return objects;
}

/**
 * practice_addon_manifest_new_pod:
 * @addon: an entry of the catalogue
 * @entry: one of its "daemons" or "jobs"
 * @name: of the pod
 *
 * Returns: (transfer full): a Pod that has no node yet
 */
JsonNode *
practice_addon_manifest_new_pod (JsonNode *addon, JsonNode *entry, const char *name)
{
  JsonNode *pod = new_object (addon, "v1", "Pod", entry);
  JsonObject *labels = practice_object_ensure (pod, "metadata", "labels", NULL);
  JsonObject *own = base_json_get_object (entry, "labels", NULL);
  JsonObjectIter iter;
  const char *label;
  JsonNode *value;

  json_object_set_string_member (practice_object_ensure (pod, "metadata", NULL), "name", name);
  if (own != NULL) {
    json_object_iter_init (&iter, own);
    while (json_object_iter_next (&iter, &label, &value))
      json_object_set_member (labels, label, base_json_copy (value));
  }
  json_object_set_array_member (practice_object_ensure (pod, "spec", NULL), "containers",
                                new_containers (entry));

  return pod;
}

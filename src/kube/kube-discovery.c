/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-discovery.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "kube-error.h"
#include "kube-json-request.h"
#include "kube-kind-private.h"

/* Servers from 1.26 on may answer with the resources of all groups at once; the others ignore what
 * they do not know (Kubernetes page "API Discovery"). */
#define ACCEPT                                                                                     \
  "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"                          \
  "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,"                     \
  "application/json"

#define CORE_VERSION "v1"

/**
 * KubeDiscovery:
 *
 * A group's version may be served without a certain kind in it (networking.k8s.io/v1 had no Ingress
 * before Kubernetes 1.19), so the resources of each version count, not just its name.
 */
struct _KubeDiscovery {
  GObject parent_instance;

  char *server_version; /* (nullable) */
  GHashTable *groups;   /* of "group" */
  GHashTable *versions; /* of "group/version" */
  GHashTable *served;   /* of "group/version/plural" */
  GHashTable *unknown;  /* of "group/version" whose resources could not be read */
  char **apis;          /* all of these, sorted; made when it is loaded */
};

G_DEFINE_FINAL_TYPE (KubeDiscovery, kube_discovery, G_TYPE_OBJECT)

/* What is still to come while it loads. */
typedef struct {
  KubeDiscovery *discovery;
  guint pending;
  GError *error; /* (nullable): the first one that matters */
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_clear_object (&load->discovery);
  g_clear_error (&load->error);
  g_free (load);
}

static void
add_string (GHashTable *set, const char *a, const char *b, const char *c)
{
  g_hash_table_add (set, g_strjoin ("/", a, b, c, NULL));
}

static gboolean
has_string (GHashTable *set, const char *a, const char *b, const char *c)
{
  g_autofree char *key = g_strjoin ("/", a, b, c, NULL);

  return g_hash_table_contains (set, key);
}

/* APIGroupList: groups and their versions only */
static void
add_group_list (KubeDiscovery *self, JsonArray *groups)
{
  for (guint i = 0; i < json_array_get_length (groups); i++) {
    JsonNode *group = json_array_get_element (groups, i);
    const char *name = base_json_get_string (group, "name", NULL);
    JsonArray *versions = base_json_get_array (group, "versions", NULL);

    if (name == NULL || versions == NULL)
      continue;
    add_string (self->groups, name, NULL, NULL);
    for (guint j = 0; j < json_array_get_length (versions); j++) {
      const char *version =
        base_json_get_string (json_array_get_element (versions, j), "version", NULL);

      if (version != NULL)
        add_string (self->versions, name, version, NULL);
    }
  }
}

static void
add_resources (KubeDiscovery *self,
               const char *group,
               const char *version,
               JsonArray *resources,
               const char *member)
{
  for (guint i = 0; i < json_array_get_length (resources); i++) {
    const char *plural = base_json_get_string (json_array_get_element (resources, i), member, NULL);

    if (plural != NULL)
      add_string (self->served, group, version, plural);
  }
}

/* APIGroupDiscoveryList: resources too */
static void
add_group_discovery (KubeDiscovery *self, JsonArray *groups)
{
  for (guint i = 0; i < json_array_get_length (groups); i++) {
    JsonNode *group = json_array_get_element (groups, i);
    const char *name = base_metadata_get_name (group);
    JsonArray *versions = base_json_get_array (group, "versions", NULL);

    if (name == NULL || versions == NULL)
      continue;
    add_string (self->groups, name, NULL, NULL);
    for (guint j = 0; j < json_array_get_length (versions); j++) {
      JsonNode *item = json_array_get_element (versions, j);
      const char *version = base_json_get_string (item, "version", NULL);
      JsonArray *resources = base_json_get_array (item, "resources", NULL);

      if (version == NULL)
        continue;
      add_string (self->versions, name, version, NULL);
      if (resources != NULL)
        add_resources (self, name, version, resources, "resource");
      else
        add_string (self->unknown, name, version, NULL);
    }
  }
}

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The core group has no name, and one version. */
static void
collect_apis (KubeDiscovery *self)
{
  GHashTable *const sets[] = { self->groups, self->versions, self->served };
  g_autoptr (GPtrArray) apis = g_ptr_array_new ();

  g_ptr_array_add (apis, g_strdup (CORE_VERSION));
  for (gsize i = 0; i < G_N_ELEMENTS (sets); i++) {
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init (&iter, sets[i]);
    while (g_hash_table_iter_next (&iter, &key, NULL))
      g_ptr_array_add (apis, g_strdup (key));
  }
  g_ptr_array_sort (apis, compare_strings);
  g_ptr_array_add (apis, NULL);
  self->apis = (char **)g_ptr_array_free (g_steal_pointer (&apis), FALSE);
}

static void
finish_part (GTask *task)
{
  Load *load = g_task_get_task_data (task);

  if (--load->pending > 0)
    return;
  if (load->error != NULL) {
    g_task_return_error (task, g_steal_pointer (&load->error));
    return;
  }
  collect_apis (load->discovery);
  g_task_return_pointer (task, g_steal_pointer (&load->discovery), g_object_unref);
}

static void
start_part (GTask *task, const char *path, const char *accept, GAsyncReadyCallback callback)
{
  KubeRequest request = { .method = "GET", .path = path, .accept = accept };
  Load *load = g_task_get_task_data (task);

  load->pending++;
  kube_json_request_async (g_task_get_source_object (task), &request, g_task_get_cancellable (task),
                           callback, g_object_ref (task));
}

static void
version_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  g_autoptr (JsonNode) node = kube_json_request_finish (KUBE_TRANSPORT (object), result, NULL);

  /* some servers keep it to themselves */
  load->discovery->server_version = g_strdup (base_json_get_string (node, "gitVersion", NULL));
  finish_part (task);
}

static void
resources_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeDiscovery *self = ((Load *)g_task_get_task_data (task))->discovery;
  g_autoptr (JsonNode) node = kube_json_request_finish (KUBE_TRANSPORT (object), result, NULL);
  const char *group_version = base_json_get_string (node, "groupVersion", NULL);
  JsonArray *resources = base_json_get_array (node, "resources", NULL);

  if (group_version != NULL && resources != NULL) {
    g_auto (GStrv) parts = g_strsplit (group_version, "/", 2);

    if (g_strv_length (parts) == 2) {
      add_resources (self, parts[0], parts[1], resources, "name");
      g_hash_table_remove (self->unknown, group_version);
    }
  }
  finish_part (task);
}

/* The resources of the versions that a kind of ours may be in; each version once. */
static void
start_resources (GTask *task, KubeDiscovery *self)
{
  gsize n_kinds;
  const KubeKind *kinds = kube_kind_get_all (&n_kinds);

  for (gsize i = 0; i < n_kinds; i++) {
    for (gsize j = 0; kinds[i].versions[j] != NULL; j++) {
      g_autofree char *path = NULL;

      if (!has_string (self->versions, kinds[i].group, kinds[i].versions[j], NULL) ||
          has_string (self->unknown, kinds[i].group, kinds[i].versions[j], NULL))
        continue;
      add_string (self->unknown, kinds[i].group, kinds[i].versions[j], NULL);
      path = g_strjoin ("/", "/apis", kinds[i].group, kinds[i].versions[j], NULL);
      start_part (task, path, NULL, resources_cb);
    }
  }
}

static void
groups_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Load *load = g_task_get_task_data (task);
  g_autoptr (JsonNode) node =
    kube_json_request_finish (KUBE_TRANSPORT (object), result, &load->error);
  JsonArray *groups = base_json_get_array (node, "groups", NULL);
  JsonArray *items = base_json_get_array (node, "items", NULL);

  if (groups != NULL) {
    add_group_list (load->discovery, groups);
    start_resources (task, load->discovery);
  } else if (items != NULL) {
    add_group_discovery (load->discovery, items);
  } else if (node != NULL) {
    g_set_error_literal (&load->error, KUBE_ERROR, KUBE_ERROR_PROTOCOL,
                         _ ("What answers there is not a Kubernetes API."));
  }
  finish_part (task);
}

static void
kube_discovery_finalize (GObject *object)
{
  KubeDiscovery *self = KUBE_DISCOVERY (object);

  g_free (self->server_version);
  g_clear_pointer (&self->groups, g_hash_table_unref);
  g_clear_pointer (&self->versions, g_hash_table_unref);
  g_clear_pointer (&self->served, g_hash_table_unref);
  g_clear_pointer (&self->unknown, g_hash_table_unref);
  g_clear_pointer (&self->apis, g_strfreev);

  G_OBJECT_CLASS (kube_discovery_parent_class)->finalize (object);
}

static void
kube_discovery_class_init (KubeDiscoveryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kube_discovery_finalize;
}

static void
kube_discovery_init (KubeDiscovery *self)
{
  self->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->versions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->served = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->unknown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * kube_discovery_load_async:
 * @transport: how to ask
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is there
 * @user_data: data for @callback
 *
 * Asks for the version and the groups at once, and for the resources of those that matter.
 */
void
kube_discovery_load_async (KubeTransport *transport,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (transport, cancellable, callback, user_data);
  Load *load = g_new0 (Load, 1);

  g_task_set_source_tag (task, kube_discovery_load_async);
  g_task_set_task_data (task, load, load_free);
  load->discovery = g_object_new (KUBE_TYPE_DISCOVERY, NULL);
  start_part (task, "/version", NULL, version_cb);
  start_part (task, "/apis", ACCEPT, groups_cb);
}

/**
 * kube_discovery_load_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what the server serves
 */
KubeDiscovery *
kube_discovery_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * kube_discovery_get_server_version:
 * @self: a discovery
 *
 * Returns: (nullable): such as "v1.15.2"
 */
const char *
kube_discovery_get_server_version (KubeDiscovery *self)
{
  return self->server_version;
}

/**
 * kube_discovery_get_served_version:
 * @self: a discovery
 * @kind: a resource
 *
 * Where the server does not let us see a version's resources, they are taken to be there.
 *
 * Returns: (nullable): the newest version that both sides know
 */
const char *
kube_discovery_get_served_version (KubeDiscovery *self, const KubeKind *kind)
{
  /* the core group has one version, and all of its kinds are older than Kubernetes 1.15 */
  if (*kind->group == '\0')
    return kind->versions[0];

  for (gsize i = 0; kind->versions[i] != NULL; i++) {
    if (has_string (self->served, kind->group, kind->versions[i], kind->plural) ||
        has_string (self->unknown, kind->group, kind->versions[i], NULL))
      return kind->versions[i];
  }
  return NULL;
}

/**
 * kube_discovery_serves_group:
 * @self: a discovery
 * @group: a group's name, "" for the core
 *
 * Returns: whether the server has the group
 */
gboolean
kube_discovery_serves_group (KubeDiscovery *self, const char *group)
{
  return *group == '\0' || g_hash_table_contains (self->groups, group);
}

/**
 * kube_discovery_get_apis:
 * @self: a discovery
 *
 * Returns: (transfer none) (array zero-terminated=1): what the server serves, sorted: "v1", groups,
 *   "group/version", and "group/version/plural" where the resources of the version are known
 */
const char *const *
kube_discovery_get_apis (KubeDiscovery *self)
{
  return (const char *const *)self->apis;
}

static gboolean
sets_equal (GHashTable *a, GHashTable *b)
{
  GHashTableIter iter;
  gpointer key;

  if (g_hash_table_size (a) != g_hash_table_size (b))
    return FALSE;
  g_hash_table_iter_init (&iter, a);
  while (g_hash_table_iter_next (&iter, &key, NULL)) {
    if (!g_hash_table_contains (b, key))
      return FALSE;
  }
  return TRUE;
}

/**
 * kube_discovery_equal:
 * @self: a discovery
 * @other: another one
 *
 * Returns: whether both found the same
 */
gboolean
kube_discovery_equal (KubeDiscovery *self, KubeDiscovery *other)
{
  return g_strcmp0 (self->server_version, other->server_version) == 0 &&
         g_strv_equal (kube_discovery_get_apis (self), kube_discovery_get_apis (other)) &&
         sets_equal (self->unknown, other->unknown);
}

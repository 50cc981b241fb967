/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-discovery.h"

#include <string.h>

#include "base-json.h"
#include "practice-api-service-keeper.h"
#include "practice-scale.h"
#include "practice-status.h"

/* The cluster of the training: the version of its nodes. */
#define VERSION                                                                                    \
  "{\"major\":\"1\",\"minor\":\"15\",\"gitVersion\":\"v1.15.2\",\"gitCommit\":"                    \
  "\"f6278300bebbb750328ac16ee6dd3aa7d3549568\",\"gitTreeState\":\"clean\",\"buildDate\":"         \
  "\"2019-08-05T09:15:22Z\",\"goVersion\":\"go1.12.5\",\"compiler\":\"gc\",\"platform\":"          \
  "\"linux/amd64\"}"

/* In a User-Agent, after the name of the program. */
#define RELEASE "/v1."

static const char *const all_verbs[] = { "create", "delete", "deletecollection",
                                         "get",    "list",   "patch",
                                         "update", "watch",  NULL };
static const char *const part_verbs[] = { "get", "patch", "update", NULL };
static const char *const create_verbs[] = { "create", NULL };
static const char *const read_verbs[] = { "get", "list", NULL };

/* Subresources that only some kinds have. */
static const struct {
  const char *name;
  const char *kind;
  const char *group;
  const char *version;
  const char *verbs[4];
} special_parts[] = {
  { "approval", NULL, NULL, NULL, { "get", "patch", "update" } },
  { "attach", "PodAttachOptions", NULL, NULL, { "create", "get" } },
  { "eviction", "Eviction", "policy", "v1beta1", { "create" } },
  { "exec", "PodExecOptions", NULL, NULL, { "create", "get" } },
  { "finalize", NULL, NULL, NULL, { "update" } },
  { "log", NULL, NULL, NULL, { "get" } },
  { "token", "TokenRequest", "authentication.k8s.io", "v1", { "create" } },
  { "portforward", "PodPortForwardOptions", NULL, NULL, { "create", "get" } },
};

static void
add_strings (JsonObject *object, const char *member, const char *const *strings)
{
  JsonArray *array;

  if (strings == NULL || strings[0] == NULL)
    return;
  array = json_array_new ();
  for (guint i = 0; strings[i] != NULL; i++)
    json_array_add_string_element (array, strings[i]);
  json_object_set_array_member (object, member, array);
}

static JsonObject *
new_document (const char *kind)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "kind", kind);
  json_object_set_string_member (object, "apiVersion", "v1");
  return object;
}

/* Takes @object. */
static PracticeAnswer *
answer_document (JsonObject *object)
{
  g_autoptr (JsonNode) node = base_json_take_object (object);

  return practice_answer_new_node (200, node);
}

static PracticeAnswer *
answer_versions (void)
{
  JsonObject *object = new_document ("APIVersions");
  JsonArray *addresses = json_array_new ();
  JsonObject *address = json_object_new ();
  const char *versions[] = { "v1", NULL };

  json_object_set_string_member (address, "clientCIDR", "0.0.0.0/0");
  json_object_set_string_member (address, "serverAddress", "10.0.0.1:443");
  json_array_add_object_element (addresses, address);
  add_strings (object, "versions", versions);
  json_object_set_array_member (object, "serverAddressByClientCIDRs", addresses);
  return answer_document (object);
}

/* The versions of @group (element-type PracticeVersion), the preferred first. */
static GPtrArray *
collect_versions (PracticeRegistry *registry, const char *group)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; g_str_equal (resource->group, group) && j < resource->versions->len; j++) {
      PracticeVersion *version = resource->versions->pdata[j];
      gboolean known = FALSE;

      for (guint k = 0; k < found->len && !known; k++)
        known = g_str_equal (((PracticeVersion *)found->pdata[k])->name, version->name);
      if (!known)
        g_ptr_array_add (found, version);
    }
  }
  return found;
}

static JsonObject *
new_group_version (const PracticeVersion *version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "groupVersion", version->api_version);
  json_object_set_string_member (object, "version", version->name);
  return object;
}

/* NULL: no such group. */
static JsonObject *
new_group (PracticeRegistry *registry, const char *group, JsonObject *object)
{
  g_autoptr (GPtrArray) versions = collect_versions (registry, group);
  JsonArray *array = json_array_new ();

  json_object_set_string_member (object, "name", group);
  for (guint i = 0; i < versions->len; i++)
    json_array_add_object_element (array, new_group_version (versions->pdata[i]));
  json_object_set_array_member (object, "versions", array);
  if (versions->len > 0)
    json_object_set_object_member (object, "preferredVersion",
                                   new_group_version (versions->pdata[0]));
  return object;
}

static JsonObject *
new_elsewhere (JsonNode *service, JsonObject *object)
{
  const char *group = base_json_get_string (service, "spec", "group", NULL);
  const char *name = base_json_get_string (service, "spec", "version", NULL);
  g_autofree char *api_version = g_strdup_printf ("%s/%s", group, name);
  PracticeVersion version = { .name = (char *)name, .api_version = api_version };
  JsonArray *array = json_array_new ();

  json_object_set_string_member (object, "name", group);
  json_array_add_object_element (array, new_group_version (&version));
  json_object_set_array_member (object, "versions", array);
  json_object_set_object_member (object, "preferredVersion", new_group_version (&version));
  return object;
}

/* What somebody else is to serve is named, whether that one answers or not. */
static void
add_elsewhere (PracticeRegistry *registry, GHashTable *seen, JsonArray *groups)
{
  g_autoptr (GPtrArray) services = practice_api_services_list_elsewhere (registry);

  for (guint i = 0; i < services->len; i++) {
    const char *group = base_json_get_string (services->pdata[i], "spec", "group", NULL);

    if (!g_hash_table_contains (seen, group))
      json_array_add_object_element (groups,
                                     new_elsewhere (services->pdata[i], json_object_new ()));
  }
}

static PracticeAnswer *
answer_groups (PracticeRegistry *registry)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  JsonObject *object = new_document ("APIGroupList");
  JsonArray *groups = json_array_new ();

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    if (*resource->group != '\0' && resource->versions->len > 0 &&
        g_hash_table_add (seen, resource->group))
      json_array_add_object_element (groups,
                                     new_group (registry, resource->group, json_object_new ()));
  }
  add_elsewhere (registry, seen, groups);
  json_object_set_array_member (object, "groups", groups);
  return answer_document (object);
}

static PracticeAnswer *
answer_group (PracticeRegistry *registry, const char *group)
{
  g_autoptr (GPtrArray) versions = collect_versions (registry, group);
  g_autoptr (GPtrArray) services = NULL;

  if (versions->len > 0)
    return answer_document (new_group (registry, group, new_document ("APIGroup")));
  services = practice_api_services_list_elsewhere (registry);
  for (guint i = 0; i < services->len; i++) {
    if (g_strcmp0 (base_json_get_string (services->pdata[i], "spec", "group", NULL), group) == 0)
      return answer_document (new_elsewhere (services->pdata[i], new_document ("APIGroup")));
  }
  return NULL;
}

static void
add_part (JsonArray *array,
          PracticeResource *resource,
          const char *name,
          const char *kind,
          const char *group,
          const char *version,
          const char *const *verbs)
{
  JsonObject *object = json_object_new ();
  g_autofree char *path = g_strconcat (resource->plural, "/", name, NULL);

  json_object_set_string_member (object, "name", path);
  json_object_set_string_member (object, "singularName", "");
  json_object_set_boolean_member (object, "namespaced", resource->namespaced);
  if (group != NULL) {
    json_object_set_string_member (object, "group", group);
    json_object_set_string_member (object, "version", version);
  }
  json_object_set_string_member (object, "kind", kind != NULL ? kind : resource->kind);
  add_strings (object, "verbs", verbs);
  json_array_add_object_element (array, object);
}

static void
add_parts (JsonArray *array, PracticeResource *resource, const PracticeVersion *version)
{
  const char *const *own = resource->kind_class != NULL ? resource->kind_class->subresources : NULL;

  for (guint i = 0; own != NULL && i < G_N_ELEMENTS (special_parts); i++) {
    if (g_strv_contains (own, special_parts[i].name))
      add_part (array, resource, special_parts[i].name, special_parts[i].kind,
                special_parts[i].group, special_parts[i].version, special_parts[i].verbs);
  }
  if (practice_scale_is_supported (resource, version))
    add_part (array, resource, "scale", "Scale", "autoscaling", "v1", part_verbs);
  if (version->has_status)
    add_part (array, resource, "status", NULL, NULL, NULL, part_verbs);
}

static const char *const *
get_verbs (PracticeResource *resource)
{
  const PracticeKind *kind = resource->kind_class;

  if (kind != NULL && kind->answer != NULL)
    return create_verbs;
  return kind != NULL && kind->list_present != NULL ? read_verbs : all_verbs;
}

static void
add_resource (JsonArray *array, PracticeResource *resource, const PracticeVersion *version)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "name", resource->plural);
  json_object_set_string_member (object, "singularName", resource->singular);
  json_object_set_boolean_member (object, "namespaced", resource->namespaced);
  json_object_set_string_member (object, "kind", resource->kind);
  add_strings (object, "verbs", get_verbs (resource));
  add_strings (object, "shortNames", (const char *const *)resource->short_names);
  add_strings (object, "categories", (const char *const *)resource->categories);
  json_array_add_object_element (array, object);
  add_parts (array, resource, version);
}

/* kubectl before 1.21 knows CronJobs of v1beta1 alone, and would look at no other version where
 * there is a v1. */
static gboolean
is_known (PracticeResource *resource, const PracticeVersion *version, const char *agent)
{
  const char *release =
    agent != NULL && g_str_has_prefix (agent, "kubectl") ? strstr (agent, RELEASE) : NULL;
  guint64 minor;

  if (release == NULL || !g_str_equal (resource->store_name, "batch/cronjobs") ||
      !g_str_equal (version->name, "v1"))
    return TRUE;
  minor = g_ascii_strtoull (release + strlen (RELEASE), NULL, 10);

  return minor == 0 || minor > 20;
}

static PracticeAnswer *
answer_resources (PracticeRegistry *registry,
                  const char *group,
                  const char *version_name,
                  const char *agent)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  JsonObject *object = new_document ("APIResourceList");
  JsonArray *array = json_array_new ();
  const char *api_version = NULL;

  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];
    const PracticeVersion *version = practice_resource_find_version (resource, version_name);

    if (version == NULL || !g_str_equal (resource->group, group) ||
        !is_known (resource, version, agent))
      continue;
    api_version = version->api_version;
    add_resource (array, resource, version);
  }
  if (api_version != NULL)
    json_object_set_string_member (object, "groupVersion", api_version);
  json_object_set_array_member (object, "resources", array);
  if (api_version != NULL)
    return answer_document (object);
  json_object_unref (object);
  return NULL;
}

static PracticeAnswer *
answer_paths (PracticeRegistry *registry)
{
  GPtrArray *resources = practice_registry_get_resources (registry);
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const char *fixed[] = { "/api",        "/api/v1",     "/apis",   "/healthz", "/livez",
                          "/openapi/v2", "/openapi/v3", "/readyz", "/version" };
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (fixed); i++)
    g_ptr_array_add (paths, g_strdup (fixed[i]));
  for (guint i = 0; i < resources->len; i++) {
    PracticeResource *resource = resources->pdata[i];

    for (guint j = 0; *resource->group != '\0' && j < resource->versions->len; j++) {
      PracticeVersion *version = resource->versions->pdata[j];

      if (g_hash_table_add (seen, version->api_version))
        g_ptr_array_add (paths, g_strconcat ("/apis/", version->api_version, NULL));
    }
  }
  g_ptr_array_add (paths, NULL);
  add_strings (object, "paths", (const char *const *)paths->pdata);
  return answer_document (object);
}

static PracticeAnswer *
answer_fixed (const char *path)
{
  const char *health[] = { "/healthz", "/livez", "/readyz", NULL };

  if (g_str_equal (path, "/version"))
    return practice_answer_new_text (200, "application/json", VERSION);
  if (g_strv_contains (health, path))
    return practice_answer_new_text (200, "text/plain; charset=utf-8", "ok");
  if (g_str_equal (path, "/api"))
    return answer_versions ();
  return NULL;
}

/**
 * practice_discovery_handle:
 * @registry: the resources that are served
 * @path: the path of a GET
 * @agent: (nullable): the client, as its User-Agent says
 *
 * Answers what the server says of itself.
 *
 * Returns: (transfer full) (nullable): the answer; %NULL where @path is for something else
 */
PracticeAnswer *
practice_discovery_handle (PracticeRegistry *registry, const char *path, const char *agent)
{
  g_autofree char *plain = g_strdup (path);
  g_auto (GStrv) parts = NULL;
  PracticeAnswer *answer;
  guint length;

  if (g_str_equal (path, "/"))
    return answer_paths (registry);
  if (g_str_has_suffix (plain, "/"))
    plain[strlen (plain) - 1] = '\0';
  answer = answer_fixed (plain);
  if (answer != NULL)
    return answer;
  parts = g_strsplit (plain, "/", 5);
  length = g_strv_length (parts);
  if (length == 3 && g_str_equal (parts[1], "api"))
    return answer_resources (registry, "", parts[2], agent);
  if (length < 2 || !g_str_equal (parts[1], "apis"))
    return NULL;
  if (length == 2)
    return answer_groups (registry);
  if (length == 3)
    return answer_group (registry, parts[2]);
  return length == 4 ? answer_resources (registry, parts[2], parts[3], agent) : NULL;
}

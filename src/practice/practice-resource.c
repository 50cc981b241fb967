/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-resource.h"

#include "base-json.h"
#include "practice-custom-column.h"

static void
version_free (PracticeVersion *version)
{
  g_free (version->name);
  g_free (version->api_version);
  g_clear_pointer (&version->schema, json_node_unref);
  g_clear_pointer (&version->columns, g_ptr_array_unref);
  g_clear_pointer (&version->scale, json_node_unref);
  g_free (version);
}

static char *
make_api_version (const char *group, const char *version)
{
  return *group != '\0' ? g_strconcat (group, "/", version, NULL) : g_strdup (version);
}

static PracticeResource *
resource_new (void)
{
  PracticeResource *self = g_new0 (PracticeResource, 1);

  g_atomic_ref_count_init (&self->count);
  self->versions = g_ptr_array_new_with_free_func ((GDestroyNotify)version_free);
  return self;
}

/**
 * practice_resource_new_builtin:
 * @kind: what the server knows of it
 * @schema: has the types of @kind and must outlive the resource
 *
 * Returns: (transfer full): a resource of the server's own
 */
PracticeResource *
practice_resource_new_builtin (const PracticeKind *kind, PracticeSchema *schema)
{
  PracticeResource *self = resource_new ();

  self->kind_class = kind;
  self->group = g_strdup (kind->group);
  self->plural = g_strdup (kind->plural);
  self->singular = g_strdup (kind->singular);
  self->kind = g_strdup (kind->kind);
  self->list_kind = g_strconcat (kind->kind, "List", NULL);
  self->namespaced = kind->namespaced;
  self->short_names = g_strdupv ((GStrv)kind->short_names);
  self->categories = g_strdupv ((GStrv)kind->categories);
  self->store_name = kind->store_name != NULL ? g_strdup (kind->store_name)
                                              : g_strconcat (kind->group, "/", kind->plural, NULL);
  self->storage_api_version = kind->storage_api_version != NULL
                                ? g_strdup (kind->storage_api_version)
                                : make_api_version (kind->group, kind->versions[0]);
  for (guint i = 0; kind->versions[i] != NULL; i++) {
    PracticeVersion *version = g_new0 (PracticeVersion, 1);

    version->name = g_strdup (kind->versions[i]);
    version->api_version = make_api_version (kind->group, kind->versions[i]);
    version->type = practice_schema_get (schema, kind->types[i]);
    version->has_status = kind->has_status;
    g_assert (version->type != NULL);
    g_ptr_array_add (self->versions, version);
  }
  return self;
}

static GStrv
dup_strings (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *node = json_array_get_element (array, i);

    if (json_node_get_value_type (node) == G_TYPE_STRING)
      g_strv_builder_add (builder, json_node_get_string (node));
  }
  return g_strv_builder_end (builder);
}

static PracticeVersion *
make_custom_version (PracticeResource *self, JsonNode *node)
{
  PracticeVersion *version = g_new0 (PracticeVersion, 1);
  JsonNode *schema = base_json_get (node, "schema", "openAPIV3Schema", NULL);
  JsonNode *scale = base_json_get (node, "subresources", "scale", NULL);

  version->name = g_strdup (base_json_get_string (node, "name", NULL));
  version->api_version = make_api_version (self->group, version->name);
  version->schema = schema != NULL ? base_json_copy (schema) : NULL;
  version->has_status = base_json_get (node, "subresources", "status", NULL) != NULL;
  version->scale = scale != NULL ? base_json_copy (scale) : NULL;
  version->columns =
    practice_custom_columns_new (base_json_get_array (node, "additionalPrinterColumns", NULL));
  return version;
}

/* The order of discovery: v2 before v1 before v1beta1 before v1alpha1, then others by name
 * (k8s.io/apimachinery/pkg/version, CompareKubeAwareVersionStrings). Fills @rank with what counts
 * most first. */
static gboolean
rank_version (const char *name, guint64 rank[3])
{
  const char *stages[] = { "alpha", "beta" };
  char *end;

  if (*name != 'v' || !g_ascii_isdigit (name[1]))
    return FALSE;
  rank[1] = g_ascii_strtoull (name + 1, &end, 10);
  rank[0] = G_N_ELEMENTS (stages);
  rank[2] = 0;
  if (*end == '\0')
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (stages); i++) {
    if (!g_str_has_prefix (end, stages[i]))
      continue;
    end += strlen (stages[i]);
    rank[0] = i;
    rank[2] = g_ascii_strtoull (end, &end, 10);
    return *end == '\0';
  }
  return FALSE;
}

static int
compare_versions (gconstpointer a, gconstpointer b)
{
  const PracticeVersion *first = *(PracticeVersion *const *)a;
  const PracticeVersion *second = *(PracticeVersion *const *)b;
  guint64 ranks[2][3];
  gboolean known = rank_version (first->name, ranks[0]);

  if (known != rank_version (second->name, ranks[1]))
    return known ? -1 : 1;
  for (guint i = 0; known && i < 3; i++) {
    if (ranks[0][i] != ranks[1][i])
      return ranks[0][i] > ranks[1][i] ? -1 : 1;
  }
  return strcmp (first->name, second->name);
}

/**
 * practice_resource_new_custom:
 * @definition: a valid CustomResourceDefinition of apiextensions.k8s.io/v1
 *
 * Returns: (transfer full): the resource that it defines
 */
PracticeResource *
practice_resource_new_custom (JsonNode *definition)
{
  PracticeResource *self = resource_new ();
  JsonNode *names = base_json_get (definition, "spec", "names", NULL);
  JsonArray *versions = base_json_get_array (definition, "spec", "versions", NULL);
  const char *storage = "";

  self->group = g_strdup (base_json_get_string (definition, "spec", "group", NULL));
  self->plural = g_strdup (base_json_get_string (names, "plural", NULL));
  self->kind = g_strdup (base_json_get_string (names, "kind", NULL));
  self->singular = g_strdup (base_json_get_string (names, "singular", NULL));
  if (self->singular == NULL)
    self->singular = g_ascii_strdown (self->kind, -1);
  self->list_kind = g_strdup (base_json_get_string (names, "listKind", NULL));
  if (self->list_kind == NULL)
    self->list_kind = g_strconcat (self->kind, "List", NULL);
  self->short_names = dup_strings (base_json_get_array (names, "shortNames", NULL));
  self->categories = dup_strings (base_json_get_array (names, "categories", NULL));
  self->prunes = !base_json_get_boolean (definition, FALSE, "spec", "preserveUnknownFields", NULL);
  self->namespaced =
    g_strcmp0 (base_json_get_string (definition, "spec", "scope", NULL), "Namespaced") == 0;
  self->store_name = g_strconcat (self->group, "/", self->plural, NULL);

  for (guint i = 0; i < base_json_get_length (versions); i++) {
    JsonNode *node = json_array_get_element (versions, i);

    if (base_json_get_boolean (node, FALSE, "storage", NULL))
      storage = base_json_get_string (node, "name", NULL);
    if (base_json_get_boolean (node, FALSE, "served", NULL))
      g_ptr_array_add (self->versions, make_custom_version (self, node));
  }
  g_ptr_array_sort (self->versions, compare_versions);
  self->storage_api_version = make_api_version (self->group, storage);
  return self;
}

/**
 * practice_resource_ref:
 * @self: a resource
 *
 * Returns: (transfer full): @self with one more reference
 */
PracticeResource *
practice_resource_ref (PracticeResource *self)
{
  g_atomic_ref_count_inc (&self->count);
  return self;
}

/**
 * practice_resource_unref:
 * @self: (transfer full): a resource
 *
 * Releases a reference, and frees @self with the last.
 */
void
practice_resource_unref (PracticeResource *self)
{
  if (!g_atomic_ref_count_dec (&self->count))
    return;
  g_free (self->group);
  g_free (self->plural);
  g_free (self->singular);
  g_free (self->kind);
  g_free (self->list_kind);
  g_free (self->store_name);
  g_free (self->storage_api_version);
  g_strfreev (self->short_names);
  g_strfreev (self->categories);
  g_ptr_array_unref (self->versions);
  g_free (self);
}

/**
 * practice_resource_find_version:
 * @self: a resource
 * @name: "v1"
 *
 * Returns: (transfer none) (nullable): the version, where it is served
 */
const PracticeVersion *
practice_resource_find_version (PracticeResource *self, const char *name)
{
  for (guint i = 0; i < self->versions->len; i++) {
    PracticeVersion *version = self->versions->pdata[i];

    if (g_str_equal (version->name, name))
      return version;
  }
  return NULL;
}

/**
 * practice_resource_is_custom:
 * @self: a resource
 *
 * Returns: whether a CustomResourceDefinition defines it
 */
gboolean
practice_resource_is_custom (PracticeResource *self)
{
  return self->kind_class == NULL;
}

static char *
qualify (const char *name, const char *group)
{
  return *group != '\0' ? g_strconcat (name, ".", group, NULL) : g_strdup (name);
}

/**
 * practice_resource_dup_qualified:
 * @self: a resource
 *
 * Returns: (transfer full): "deployments.apps", "pods"
 */
char *
practice_resource_dup_qualified (PracticeResource *self)
{
  return qualify (self->plural, self->group);
}

/**
 * practice_resource_dup_qualified_kind:
 * @self: a resource
 *
 * Returns: (transfer full): "Deployment.apps", "Pod"
 */
char *
practice_resource_dup_qualified_kind (PracticeResource *self)
{
  return qualify (self->kind, self->group);
}

static gboolean
has_api_version (JsonNode *object, const char *api_version)
{
  return g_strcmp0 (base_json_get_string (object, "apiVersion", NULL), api_version) == 0;
}

static void
set_api_version (JsonNode *object, const char *api_version)
{
  json_object_set_string_member (json_node_get_object (object), "apiVersion", api_version);
}

/**
 * practice_resource_to_storage:
 * @self: the resource
 * @object: (transfer full): an object in any served version
 *
 * Returns: (transfer full): the same in the version of the store
 */
JsonNode *
practice_resource_to_storage (PracticeResource *self, JsonNode *object)
{
  if (has_api_version (object, self->storage_api_version))
    return object;
  if (self->kind_class != NULL && self->kind_class->to_storage != NULL)
    object = self->kind_class->to_storage (object);
  set_api_version (object, self->storage_api_version);
  return object;
}

/**
 * practice_resource_from_storage:
 * @self: the resource
 * @version: the version asked for
 * @stored: an object of the store; not changed
 *
 * Returns: (transfer full): the object in @version; @stored itself where that is its version and
 *   nothing is to be added to it
 */
JsonNode *
practice_resource_from_storage (PracticeResource *self,
                                const PracticeVersion *version,
                                JsonNode *stored)
{
  const PracticeKind *kind = self->kind_class;
  gboolean is_same = has_api_version (stored, version->api_version);
  JsonNode *object;

  if (is_same && (kind == NULL || kind->complete == NULL))
    return json_node_ref (stored);
  object = base_json_copy (stored);
  if (!is_same && kind != NULL && kind->from_storage != NULL)
    object = kind->from_storage (object);
  else if (!is_same && kind != NULL && kind->from_storage_to != NULL)
    object = kind->from_storage_to (object, version->api_version);
  if (!is_same)
    set_api_version (object, version->api_version);
  if (kind != NULL && kind->complete != NULL)
    kind->complete (object);
  return object;
}

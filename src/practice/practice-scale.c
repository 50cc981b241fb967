/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-scale.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cells.h"
#include "practice-status.h"

/**
 * practice_scale_is_supported:
 * @resource: the resource
 * @version: the version of it that is asked for
 *
 * Returns: whether it has a scale
 */
gboolean
practice_scale_is_supported (PracticeResource *resource, const PracticeVersion *version)
{
  return resource->kind_class != NULL ? resource->kind_class->has_scale : version->scale != NULL;
}

/* ".spec.replicas" of a custom resource's definition, in parts; a Deployment's are the same. */
static GStrv
split_path (const PracticeVersion *version, const char *member, const char *fallback)
{
  const char *path = base_json_get_string (version->scale, member, NULL);

  if (path == NULL)
    path = fallback;
  return path != NULL ? g_strsplit (*path == '.' ? path + 1 : path, ".", 8) : NULL;
}

static JsonNode *
follow (JsonNode *node, GStrv path)
{
  for (guint i = 0; node != NULL && path != NULL && path[i] != NULL; i++)
    node = base_json_get (node, path[i], NULL);
  return path != NULL ? node : NULL;
}

static gint64
get_int (JsonNode *node)
{
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_int (node) : 0;
}

static void
set_selector (const PracticeVersion *version, JsonNode *object, JsonObject *status)
{
  g_auto (GStrv) path = split_path (version, "labelSelectorPath", NULL);
  JsonNode *node = version->scale != NULL ? follow (object, path) : NULL;
  JsonNode *selector = base_json_get (object, "spec", "selector", NULL);
  g_autoptr (JsonArray) cells = json_array_new ();

  if (version->scale == NULL) {
    /* A ReplicationController has plain labels. */
    if (g_strcmp0 (base_json_get_string (object, "kind", NULL), "ReplicationController") == 0)
      practice_cells_add_labels (cells, json_node_get_object (selector));
    else
      practice_cells_add_selector (cells, selector);
    json_object_set_string_member (status, "selector", json_array_get_string_element (cells, 0));
  } else if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING) {
    json_object_set_string_member (status, "selector", json_node_get_string (node));
  }
}

/**
 * practice_scale_new:
 * @version: the version of it that is asked for
 * @object: an object
 *
 * Returns: (transfer full): the autoscaling/v1 Scale of @object
 */
JsonNode *
practice_scale_new (const PracticeVersion *version, JsonNode *object)
{
  const char *kept[] = { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" };
  JsonObject *scale = json_object_new ();
  JsonObject *metadata = json_object_new ();
  JsonObject *spec = json_object_new ();
  JsonObject *status = json_object_new ();
  g_auto (GStrv) spec_path = split_path (version, "specReplicasPath", ".spec.replicas");
  g_auto (GStrv) status_path = split_path (version, "statusReplicasPath", ".status.replicas");

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++) {
    const char *value = base_json_get_string (object, "metadata", kept[i], NULL);

    if (value != NULL)
      json_object_set_string_member (metadata, kept[i], value);
  }
  json_object_set_int_member (spec, "replicas", get_int (follow (object, spec_path)));
  json_object_set_int_member (status, "replicas", get_int (follow (object, status_path)));
  set_selector (version, object, status);
  json_object_set_string_member (scale, "kind", "Scale");
  json_object_set_string_member (scale, "apiVersion", "autoscaling/v1");
  json_object_set_object_member (scale, "metadata", metadata);
  json_object_set_object_member (scale, "spec", spec);
  json_object_set_object_member (scale, "status", status);
  return json_node_init_object (json_node_alloc (), scale);
}

/**
 * practice_scale_set:
 * @resource: the resource
 * @version: the version of it that is asked for
 * @object: an object, changed in place
 * @scale: a Scale
 * @error: return location
 *
 * Sets how many replicas are wanted.
 *
 * Returns: %FALSE with a Status
 */
gboolean
practice_scale_set (PracticeResource *resource,
                    const PracticeVersion *version,
                    JsonNode *object,
                    JsonNode *scale,
                    GError **error)
{
  gint64 replicas = base_json_get_int (scale, 0, "spec", "replicas", NULL);
  g_auto (GStrv) path = split_path (version, "specReplicasPath", ".spec.replicas");
  g_autoptr (PracticeCauses) causes = practice_causes_new ();
  JsonObject *parent = json_node_get_object (object);

  if (replicas < 0) {
    practice_causes_invalid_int (causes, "spec.replicas", replicas,
                                 "must be greater than or equal to 0");
    practice_status_set_invalid (error, resource, base_metadata_get_name (object), causes);
    return FALSE;
  }
  for (guint i = 0; path[i] != NULL && path[i + 1] != NULL; i++) {
    if (!json_object_has_member (parent, path[i]))
      json_object_set_object_member (parent, path[i], json_object_new ());
    parent = json_object_get_object_member (parent, path[i]);
  }
  json_object_set_int_member (parent, path[g_strv_length (path) - 1], replicas);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-metadata.h"

#include "base-json.h"

/**
 * base_metadata_get_name:
 * @object: (nullable): a Kubernetes object
 *
 * Returns: (transfer none) (nullable): its name, as long as @object is
 */
const char *
base_metadata_get_name (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "name", NULL);
}

/**
 * base_metadata_get_namespace:
 * @object: (nullable): a Kubernetes object
 *
 * Returns: (transfer none) (nullable): the namespace that it is in; %NULL for one of the cluster
 */
const char *
base_metadata_get_namespace (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "namespace", NULL);
}

/**
 * base_metadata_get_uid:
 * @object: (nullable): a Kubernetes object
 *
 * Returns: (transfer none) (nullable): what tells it from others that had or get its name; %NULL
 *   for one that no server has stored
 */
const char *
base_metadata_get_uid (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "uid", NULL);
}

/**
 * base_metadata_get_label:
 * @object: (nullable): a Kubernetes object
 * @key: a label's key
 *
 * Returns: (transfer none) (nullable): the label's value
 */
const char *
base_metadata_get_label (JsonNode *object, const char *key)
{
  return base_json_get_string (object, "metadata", "labels", key, NULL);
}

/**
 * base_metadata_get_annotation:
 * @object: (nullable): a Kubernetes object
 * @key: an annotation's key
 *
 * Returns: (transfer none) (nullable): the annotation's value
 */
const char *
base_metadata_get_annotation (JsonNode *object, const char *key)
{
  return base_json_get_string (object, "metadata", "annotations", key, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-object.h"

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"

/* Kubernetes leaves out vowels and look-alikes, so that no name turns into a word
 * (k8s.io/apimachinery/pkg/util/rand). */
#define NAME_ALPHABET "bcdfghjklmnpqrstvwxz2456789"

/**
 * practice_object_new:
 * @api_version: such as "apps/v1"
 * @kind: such as "ReplicaSet"
 * @namespace_: (nullable): none for a cluster-scoped object
 * @name: its name
 *
 * Returns: (transfer full): an object with nothing but its identity
 */
JsonNode *
practice_object_new (const char *api_version,
                     const char *kind,
                     const char *namespace_,
                     const char *name)
{
  g_autoptr (JsonObject) root = json_object_new ();
  JsonObject *metadata = json_object_new ();
  JsonNode *node;

  json_object_set_string_member (metadata, "name", name);
  if (namespace_ != NULL)
    json_object_set_string_member (metadata, "namespace", namespace_);

  json_object_set_string_member (root, "apiVersion", api_version);
  json_object_set_string_member (root, "kind", kind);
  json_object_set_object_member (root, "metadata", metadata);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, root);

  return node;
}

/**
 * practice_object_ensure:
 * @node: an object to change
 * @...: names of members, each within the one before; ends with %NULL
 *
 * Walks to a member object, making what is missing on the way.
 *
 * Returns: (transfer none): the innermost object
 */
JsonObject *
practice_object_ensure (JsonNode *node, ...)
{
  JsonObject *object = json_node_get_object (node);
  const char *name;
  va_list names;

  va_start (names, node);
  while ((name = va_arg (names, const char *)) != NULL) {
    JsonNode *member = json_object_get_member (object, name);

    if (member == NULL || !JSON_NODE_HOLDS_OBJECT (member))
      json_object_set_object_member (object, name, json_object_new ());
    object = json_object_get_object_member (object, name);
  }
  va_end (names);

  return object;
}

/**
 * practice_object_is_deleted:
 * @object: a stored object
 *
 * Returns: whether it is on its way out
 */
gboolean
practice_object_is_deleted (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL;
}

/**
 * practice_object_set_count:
 * @status: a status to change
 * @name: a member of it
 * @count: its number; zero is left out, as the API's omitempty has it
 */
void
practice_object_set_count (JsonObject *status, const char *name, gint64 count)
{
  if (count > 0)
    json_object_set_int_member (status, name, count);
  else
    json_object_remove_member (status, name);
}

/**
 * practice_object_set_owner:
 * @object: an object to change
 * @owner: its controller
 *
 * Writes the controlling owner reference, so that @object goes when @owner goes
 * (https://kubernetes.io/docs/concepts/architecture/garbage-collection/).
 */
void
practice_object_set_owner (JsonNode *object, JsonNode *owner)
{
  JsonObject *metadata = practice_object_ensure (object, "metadata", NULL);
  JsonObject *reference = json_object_new ();
  JsonArray *references = json_array_new ();

  json_object_set_string_member (reference, "apiVersion",
                                 base_json_get_string (owner, "apiVersion", NULL));
  json_object_set_string_member (reference, "kind", base_json_get_string (owner, "kind", NULL));
  json_object_set_string_member (reference, "name", base_metadata_get_name (owner));
  json_object_set_string_member (reference, "uid", base_metadata_get_uid (owner));
  json_object_set_boolean_member (reference, "controller", TRUE);
  json_object_set_boolean_member (reference, "blockOwnerDeletion", TRUE);

  json_array_add_object_element (references, reference);
  json_object_set_array_member (metadata, "ownerReferences", references);
}

/**
 * practice_object_get_controller_uid:
 * @object: an object
 *
 * Returns: (nullable): uid of the owner that controls it
 */
const char *
practice_object_get_controller_uid (JsonNode *object)
{
  JsonArray *references = base_json_get_array (object, "metadata", "ownerReferences", NULL);
  guint n_references = base_json_get_length (references);

  for (guint i = 0; i < n_references; i++) {
    JsonNode *reference = json_array_get_element (references, i);

    if (base_json_get_boolean (reference, FALSE, "controller", NULL))
      return base_json_get_string (reference, "uid", NULL);
  }

  return NULL;
}

/**
 * practice_object_set_condition:
 * @object: an object to change
 * @type: such as "Ready"
 * @is_true: its status
 * @reason: (nullable): in one word
 * @message: (nullable): in a sentence
 *
 * Sets a condition in the status; its transition time moves only with its status
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-conditions).
 */
void
practice_object_set_condition (
  JsonNode *object, const char *type, gboolean is_true, const char *reason, const char *message)
{
  const char *status = is_true ? "True" : "False";
  JsonNode *condition = base_condition_find (object, type);
  JsonObject *members;

  if (condition == NULL) {
    JsonObject *parent = practice_object_ensure (object, "status", NULL);

    if (!json_object_has_member (parent, "conditions"))
      json_object_set_array_member (parent, "conditions", json_array_new ());
    members = json_object_new ();
    json_object_set_string_member (members, "type", type);
    json_array_add_object_element (json_object_get_array_member (parent, "conditions"), members);
  } else {
    members = json_node_get_object (condition);
  }

  if (g_strcmp0 (json_object_get_string_member_with_default (members, "status", NULL), status) !=
      0) {
    g_autofree char *now = practice_age_dup_now ();

    json_object_set_string_member (members, "status", status);
    json_object_set_string_member (members, "lastTransitionTime", now);
  }

  if (reason != NULL)
    json_object_set_string_member (members, "reason", reason);
  else
    json_object_remove_member (members, "reason");
  if (message != NULL)
    json_object_set_string_member (members, "message", message);
  else
    json_object_remove_member (members, "message");
}

/**
 * practice_object_remove_condition:
 * @object: an object to change
 * @type: such as "ReplicaFailure"
 *
 * Takes a condition out of the status, where it is there.
 */
void
practice_object_remove_condition (JsonNode *object, const char *type)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);

  for (guint i = base_json_get_length (conditions); i > 0; i--)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (conditions, i - 1), "type", NULL),
                   type) == 0)
      json_array_remove_element (conditions, i - 1);
  if (conditions != NULL && json_array_get_length (conditions) == 0)
    json_object_remove_member (base_json_get_object (object, "status", NULL), "conditions");
}

/**
 * practice_object_matches_labels:
 * @object: an object
 * @labels: (nullable): names and values, as in a Service's selector
 *
 * Returns: whether the object has all of them; %FALSE where there are none to have
 */
gboolean
practice_object_matches_labels (JsonNode *object, JsonObject *labels)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (labels == NULL || json_object_get_size (labels) == 0)
    return FALSE;

  json_object_iter_init (&iter, labels);
  while (json_object_iter_next (&iter, &name, &value)) {
    const char *actual = base_metadata_get_label (object, name);

    if (actual == NULL || g_strcmp0 (actual, json_node_get_string (value)) != 0)
      return FALSE;
  }

  return TRUE;
}

/**
 * practice_object_dup_random_suffix:
 * @length: how many characters
 *
 * Returns: (transfer full): what stands behind the dash of a generated name
 */
char *
practice_object_dup_random_suffix (guint length)
{
  char *suffix = g_malloc (length + 1);

  for (guint i = 0; i < length; i++)
    suffix[i] = NAME_ALPHABET[g_random_int_range (0, strlen (NAME_ALPHABET))];
  suffix[length] = '\0';

  return suffix;
}

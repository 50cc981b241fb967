/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-metadata.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"

/* k8s.io/apimachinery/pkg/api/validation, TotalAnnotationSizeLimitB */
#define MAX_ANNOTATIONS (256 * 1024)

static const char *
check_name (PracticeResource *resource, const char *name)
{
  if (g_str_equal (resource->store_name, "/services"))
    return practice_names_check_service (name);
  if (g_str_equal (resource->store_name, "/namespaces"))
    return practice_names_check_label (name);
  return practice_names_check_subdomain (name);
}

static void
validate_name (PracticeResource *resource, JsonNode *object, PracticeCauses *causes)
{
  const char *name = base_metadata_get_name (object);
  const char *wrong;

  if (resource->kind_class != NULL && resource->kind_class->checks_name)
    return;
  if (name == NULL || *name == '\0') {
    practice_causes_required (causes, "metadata.name", "name or generateName is required");
    return;
  }
  wrong = check_name (resource, name);
  if (wrong != NULL)
    practice_causes_invalid (causes, "metadata.name", name, wrong);
}

static void
validate_annotations (JsonNode *object, PracticeCauses *causes)
{
  JsonObject *annotations = base_json_get_object (object, "metadata", "annotations", NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;
  gsize size = 0;

  if (annotations == NULL)
    return;
  json_object_iter_init_ordered (&iter, annotations);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    g_autofree char *lower = g_ascii_strdown (key, -1);
    const char *wrong = practice_names_check_label_key (lower);

    if (wrong != NULL)
      practice_causes_invalid (causes, "metadata.annotations", key, wrong);
    size += strlen (key) + strlen (json_node_get_string (value));
  }
  if (size > MAX_ANNOTATIONS)
    practice_causes_too_long (causes, "metadata.annotations", MAX_ANNOTATIONS);
}

static void
validate_finalizers (PracticeResource *resource, JsonNode *object, PracticeCauses *causes)
{
  const char *known[] = { PRACTICE_FINALIZER_FOREGROUND, PRACTICE_FINALIZER_ORPHAN, "kubernetes",
                          NULL };
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);

  for (guint i = 0; i < base_json_get_length (finalizers); i++) {
    const char *name = json_array_get_string_element (finalizers, i);
    const char *wrong = practice_names_check_label_key (name);

    if (wrong != NULL)
      practice_causes_invalid (causes, "metadata.finalizers", name, wrong);
    else if (!practice_resource_is_custom (resource) && strchr (name, '/') == NULL &&
             !g_strv_contains (known, name))
      practice_causes_invalid (
        causes, "metadata.finalizers", name,
        "name is neither a standard finalizer name nor is it fully qualified");
  }
}

/* What is going can wait for nothing new. */
static void
validate_new_finalizers (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);
  g_autoptr (GString) added = g_string_new (NULL);
  g_autofree char *words = NULL;

  if (base_json_get_string (old, "metadata", "deletionTimestamp", NULL) == NULL)
    return;
  for (guint i = 0; i < base_json_get_length (finalizers); i++) {
    const char *name = json_array_get_string_element (finalizers, i);

    if (!practice_metadata_has_finalizer (old, name))
      g_string_append_printf (added, "%s\"%s\"", added->len > 0 ? ", " : "", name);
  }
  if (added->len == 0)
    return;
  words = g_strdup_printf ("no new finalizers can be added if the object is being deleted, found "
                           "new finalizers []string{%s}",
                           added->str);
  practice_causes_forbidden (causes, "metadata.finalizers", words);
}

static void
validate_owners (JsonNode *object, PracticeCauses *causes)
{
  const char *members[] = { "apiVersion", "kind", "name", "uid" };
  JsonArray *owners = base_json_get_array (object, "metadata", "ownerReferences", NULL);

  for (guint i = 0; i < base_json_get_length (owners); i++) {
    JsonNode *owner = json_array_get_element (owners, i);

    for (guint j = 0; j < G_N_ELEMENTS (members); j++) {
      const char *value = base_json_get_string (owner, members[j], NULL);
      g_autofree char *field = g_strdup_printf ("metadata.ownerReferences.%s", members[j]);

      if (value == NULL || *value == '\0')
        practice_causes_invalid (causes, field, "", "must not be empty");
    }
  }
}

/**
 * practice_metadata_validate:
 * @resource: the resource
 * @object: what is to be stored
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks the metadata of any object.
 */
void
practice_metadata_validate (PracticeResource *resource,
                            JsonNode *object,
                            JsonNode *old,
                            PracticeCauses *causes)
{
  if (old == NULL)
    validate_name (resource, object, causes);
  else if (practice_resource_is_custom (resource) &&
           base_json_get_string (object, "metadata", "resourceVersion", NULL) == NULL)
    /* Custom resources have no unconditional update. */
    practice_causes_invalid_literal (causes, "metadata.resourceVersion", "0x0",
                                     "must be specified for an update");
  practice_names_validate_labels (base_json_get_object (object, "metadata", "labels", NULL),
                                  "metadata.labels", causes);
  validate_annotations (object, causes);
  validate_finalizers (resource, object, causes);
  if (old != NULL)
    validate_new_finalizers (object, old, causes);
  validate_owners (object, causes);
}

/**
 * practice_metadata_has_finalizer:
 * @object: an object
 * @name: a finalizer
 *
 * Returns: whether @object has it
 */
gboolean
practice_metadata_has_finalizer (JsonNode *object, const char *name)
{
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);

  for (guint i = 0; i < base_json_get_length (finalizers); i++) {
    if (g_strcmp0 (json_array_get_string_element (finalizers, i), name) == 0)
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_metadata_add_finalizer:
 * @object: an object, changed in place
 * @name: a finalizer
 *
 * Adds @name where it is not there.
 */
void
practice_metadata_add_finalizer (JsonNode *object, const char *name)
{
  JsonObject *metadata = base_json_get_object (object, "metadata", NULL);

  if (practice_metadata_has_finalizer (object, name))
    return;
  if (base_json_get_array (object, "metadata", "finalizers", NULL) == NULL)
    json_object_set_array_member (metadata, "finalizers", json_array_new ());
  json_array_add_string_element (json_object_get_array_member (metadata, "finalizers"), name);
}

/**
 * practice_metadata_remove_finalizer:
 * @object: an object, changed in place
 * @name: a finalizer
 *
 * Removes @name where it is there.
 */
void
practice_metadata_remove_finalizer (JsonNode *object, const char *name)
{
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);

  if (finalizers == NULL)
    return;
  for (guint i = json_array_get_length (finalizers); i > 0; i--) {
    if (g_strcmp0 (json_array_get_string_element (finalizers, i - 1), name) == 0)
      json_array_remove_element (finalizers, i - 1);
  }
  if (json_array_get_length (finalizers) == 0)
    json_object_remove_member (base_json_get_object (object, "metadata", NULL), "finalizers");
}

/**
 * practice_metadata_set_propagation:
 * @object: an object, changed in place
 * @policy: (nullable): "Background", "Foreground" or "Orphan"; %NULL changes nothing
 *
 * Sets the finalizers that tell the garbage collector what a deletion asks of it.
 */
void
practice_metadata_set_propagation (JsonNode *object, const char *policy)
{
  if (policy == NULL)
    return;
  practice_metadata_remove_finalizer (object, PRACTICE_FINALIZER_FOREGROUND);
  practice_metadata_remove_finalizer (object, PRACTICE_FINALIZER_ORPHAN);
  if (g_str_equal (policy, "Foreground"))
    practice_metadata_add_finalizer (object, PRACTICE_FINALIZER_FOREGROUND);
  else if (g_str_equal (policy, "Orphan"))
    practice_metadata_add_finalizer (object, PRACTICE_FINALIZER_ORPHAN);
}

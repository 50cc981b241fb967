/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-objects.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-admission.h"
#include "practice-age.h"
#include "practice-field-owners.h"
#include "practice-names.h"
#include "practice-service-addresses.h"
#include "practice-status.h"
#include "practice-strategy.h"

/* How often a generated name is tried again where it is taken. */
#define MAX_GENERATED_TRIES 8

struct _PracticeObjects {
  GObject parent_instance;
  PracticeStore *store;
  PracticeRegistry *registry;
};

static const PracticeWrite plain_write = { PRACTICE_PART_WHOLE };

G_DEFINE_FINAL_TYPE (PracticeObjects, practice_objects, G_TYPE_OBJECT)

static JsonObject *
get_metadata (JsonNode *object)
{
  return base_json_get_object (object, "metadata", NULL);
}

/* What a store's error is to the one who asked. */
static void
set_store_error (GError **error, PracticeResource *resource, const char *name, GError *why)
{
  if (g_error_matches (why, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_EXISTS))
    practice_status_set_exists (error, resource, name);
  else if (g_error_matches (why, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_NOT_FOUND))
    practice_status_set_not_found (error, resource, name);
  else if (g_error_matches (why, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_CONFLICT))
    practice_status_set_conflict (error, resource, name, NULL);
  else
    practice_status_set_internal (error, why->message);
}

static gboolean
set_namespace (PracticeResource *resource, const char *namespace_, JsonNode *object, GError **error)
{
  const char *own = base_metadata_get_namespace (object);

  if (!resource->namespaced) {
    json_object_remove_member (get_metadata (object), "namespace");
    return TRUE;
  }
  if (own != NULL && g_strcmp0 (own, namespace_) != 0) {
    practice_status_set_bad_request (
      error, "the namespace of the provided object does not match the namespace sent on the "
             "request");
    return FALSE;
  }
  json_object_set_string_member (get_metadata (object), "namespace", namespace_);
  return TRUE;
}

static gboolean
check_namespace (PracticeObjects *self,
                 PracticeResource *resource,
                 JsonNode *object,
                 GError **error)
{
  const char *name = base_metadata_get_namespace (object);
  g_autofree char *why = NULL;
  JsonNode *namespace_;

  if (!resource->namespaced)
    return TRUE;
  namespace_ = practice_store_get (self->store, "/namespaces", NULL, name);
  if (namespace_ == NULL) {
    practice_status_set_namespace_not_found (error, name);
    return FALSE;
  }
  if (base_json_get_string (namespace_, "metadata", "deletionTimestamp", NULL) == NULL)
    return TRUE;
  why = g_strdup_printf (
    "unable to create new content in namespace %s because it is being terminated", name);
  practice_status_set_forbidden (error, resource, base_metadata_get_name (object), why);
  return FALSE;
}

/* Takes @object. */
static JsonNode *
finish_dry_creation (PracticeObjects *self,
                     PracticeResource *resource,
                     JsonNode *object,
                     GError **error)
{
  g_autoptr (JsonNode) node = object;
  g_autofree char *uid = g_uuid_string_random ();
  g_autofree char *now = practice_age_dup_now ();

  if (practice_store_get (self->store, resource->store_name, base_metadata_get_namespace (node),
                          base_metadata_get_name (node)) != NULL) {
    practice_status_set_exists (error, resource, base_metadata_get_name (node));
    return NULL;
  }
  json_object_set_string_member (get_metadata (node), "uid", uid);
  json_object_set_string_member (get_metadata (node), "creationTimestamp", now);
  return g_steal_pointer (&node);
}

/* (nullable) (transfer full) */
static JsonNode *
take_managed_fields (JsonNode *object)
{
  JsonNode *node = base_json_get (object, "metadata", "managedFields", NULL);
  JsonNode *given = node != NULL ? json_node_ref (node) : NULL;

  if (given != NULL)
    json_object_remove_member (get_metadata (object), "managedFields");
  return given;
}

/* @given (nullable): the managedFields that came with @object. */
static void
note_owners (PracticeObjects *self,
             PracticeResource *resource,
             JsonNode *old,
             JsonNode *object,
             JsonNode *given,
             const PracticeWrite *write)
{
  JsonNode *present = base_json_get (old, "metadata", "managedFields", NULL);

  if (write->applied && given != NULL)
    json_object_set_member (get_metadata (object), "managedFields", json_node_ref (given));
  else if (write->manager != NULL)
    practice_field_owners_track (resource, practice_registry_get_schema (self->registry),
                                 write->version, old, object, given, write->manager);
  else if (present != NULL)
    json_object_set_member (get_metadata (object), "managedFields", json_node_ref (present));
}

static gboolean
is_service (PracticeResource *resource)
{
  return g_str_equal (resource->store_name, "/services");
}

/* Tries other names where a generated one is taken. Takes @object. */
static JsonNode *
store_creation (PracticeObjects *self, PracticeResource *resource, JsonNode *object, GError **error)
{
  g_autoptr (JsonNode) node = object;
  g_autofree char *name = g_strdup (base_metadata_get_name (node));
  g_autofree char *prefix =
    g_strdup (base_json_get_string (node, "metadata", "generateName", NULL));
  g_autoptr (GError) why = NULL;

  for (guint i = 0; i < MAX_GENERATED_TRIES; i++) {
    JsonNode *stored =
      practice_store_create (self->store, resource->store_name, json_node_ref (node), &why);
    g_autofree char *other = NULL;

    if (stored != NULL)
      return json_node_ref (stored);
    if (prefix == NULL || !g_str_has_prefix (name, prefix) ||
        !g_error_matches (why, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_EXISTS))
      break;
    g_clear_error (&why);
    other = practice_names_generate (prefix);
    json_object_set_string_member (get_metadata (node), "name", other);
  }
  if (why != NULL)
    set_store_error (error, resource, name, why);
  else
    practice_status_set_exists (error, resource, name);
  return NULL;
}

static void
practice_objects_finalize (GObject *object)
{
  PracticeObjects *self = PRACTICE_OBJECTS (object);

  g_clear_object (&self->store);
  g_clear_object (&self->registry);

  G_OBJECT_CLASS (practice_objects_parent_class)->finalize (object);
}

static void
practice_objects_class_init (PracticeObjectsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_objects_finalize;
}

static void
practice_objects_init (PracticeObjects *self)
{
}

/**
 * practice_objects_new:
 * @store: the store
 * @registry: the resources that are served
 *
 * Returns: (transfer full): the way to the objects of @store
 */
PracticeObjects *
practice_objects_new (PracticeStore *store, PracticeRegistry *registry)
{
  PracticeObjects *self = g_object_new (PRACTICE_TYPE_OBJECTS, NULL);

  self->store = g_object_ref (store);
  self->registry = g_object_ref (registry);
  return self;
}

/**
 * practice_objects_get_store:
 * @self: the objects
 *
 * Returns: (transfer none): the store
 */
PracticeStore *
practice_objects_get_store (PracticeObjects *self)
{
  return self->store;
}

/**
 * practice_objects_get_registry:
 * @self: the objects
 *
 * Returns: (transfer none): the registry
 */
PracticeRegistry *
practice_objects_get_registry (PracticeObjects *self)
{
  return self->registry;
}

/**
 * practice_objects_find:
 * @self: the objects
 * @resource: the resource
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the object, or %NULL with a Status
 */
JsonNode *
practice_objects_find (PracticeObjects *self,
                       PracticeResource *resource,
                       const char *namespace_,
                       const char *name,
                       GError **error)
{
  JsonNode *object = practice_store_get (self->store, resource->store_name, namespace_, name);

  if (object == NULL)
    practice_status_set_not_found (error, resource, name);
  return object;
}

static gboolean
check_creation (PracticeResource *resource, JsonNode *object, GError **error)
{
  const PracticeKind *kind = resource->kind_class;

  return kind == NULL || kind->check_creation == NULL || kind->check_creation (object, error);
}

/* Takes @object. */
static JsonNode *
merge_part (PracticeResource *resource, JsonNode *object, JsonNode *old, PracticePart part)
{
  const PracticeKind *kind = resource->kind_class;
  JsonNode *merged = practice_strategy_merge_status (object, old);

  if (kind != NULL && kind->merge_part != NULL)
    kind->merge_part (merged, old, part == PRACTICE_PART_APPROVAL);
  return merged;
}

/**
 * practice_objects_create:
 * @self: the objects
 * @resource: the resource
 * @namespace_: (nullable): the namespace of the request
 * @object: (transfer full): an object in any served version
 * @write: (nullable): how it is written; %NULL as a whole, for good, by nobody in particular
 * @error: return location
 *
 * Does what a POST does.
 *
 * Returns: (transfer full) (nullable): what is stored, or would be; %NULL with a Status
 */
JsonNode *
practice_objects_create (PracticeObjects *self,
                         PracticeResource *resource,
                         const char *namespace_,
                         JsonNode *object,
                         const PracticeWrite *write,
                         GError **error)
{
  g_autoptr (JsonNode) node = practice_resource_to_storage (resource, object);
  g_autoptr (JsonNode) given = take_managed_fields (node);

  if (write == NULL)
    write = &plain_write;
  if (base_json_get_string (node, "metadata", "resourceVersion", NULL) != NULL) {
    practice_status_set_bad_request (error,
                                     "resourceVersion should not be set on objects to be created");
    return NULL;
  }
  if (!set_namespace (resource, namespace_, node, error) ||
      !check_namespace (self, resource, node, error))
    return NULL;
  if (!practice_admission_mutate (self->store, resource->store_name, node, error))
    return NULL;
  practice_strategy_prepare_creation (resource, node);
  if (write->user != NULL && resource->kind_class != NULL &&
      resource->kind_class->note_user != NULL)
    resource->kind_class->note_user (node, write->user);
  note_owners (self, resource, NULL, node, given, write);
  if (!practice_strategy_validate (resource, node, NULL, write->version, error) ||
      !practice_admission_check_creation (self->store, resource->store_name, node, error) ||
      !check_creation (resource, node, error))
    return NULL;
  if (is_service (resource) &&
      !practice_service_addresses_assign (self->store, resource, node, NULL, error))
    return NULL;
  if (write->dry_run)
    return finish_dry_creation (self, resource, g_steal_pointer (&node), error);
  return store_creation (self, resource, g_steal_pointer (&node), error);
}

/* Takes @object. What waited only for this update is gone after it. */
static JsonNode *
store_update (PracticeObjects *self,
              PracticeResource *resource,
              JsonNode *object,
              const char *version,
              GError **error)
{
  g_autofree char *name = g_strdup (base_metadata_get_name (object));
  g_autofree char *namespace_ = g_strdup (base_metadata_get_namespace (object));
  g_autoptr (GError) why = NULL;
  g_autoptr (JsonNode) stored = NULL;
  JsonNode *node = practice_store_update (self->store, resource->store_name, object, version, &why);

  if (node == NULL) {
    set_store_error (error, resource, name, why);
    return NULL;
  }
  stored = json_node_ref (node);
  if (practice_deletion_is_due (resource, stored))
    practice_store_delete (self->store, resource->store_name, namespace_, name, NULL);
  return g_steal_pointer (&stored);
}

static gboolean
check_name (const char *name, JsonNode *object, GError **error)
{
  const char *own = base_metadata_get_name (object);

  if (own == NULL || g_str_equal (own, name))
    return TRUE;
  practice_status_set_bad_request (
    error, "the name of the object (%s) does not match the name on the URL (%s)", own, name);
  return FALSE;
}

/**
 * practice_objects_update:
 * @self: the objects
 * @resource: the resource
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @object: (transfer full): the new state, in any served version; its resourceVersion, where it has
 *   one, must be the stored one's
 * @write: (nullable): how it is written, and what of it is meant
 * @error: return location
 *
 * Does what a PUT does.
 *
 * Returns: (transfer full) (nullable): what is stored, or would be; %NULL with a Status
 */
JsonNode *
practice_objects_update (PracticeObjects *self,
                         PracticeResource *resource,
                         const char *namespace_,
                         const char *name,
                         JsonNode *object,
                         const PracticeWrite *write,
                         GError **error)
{
  g_autoptr (JsonNode) node = practice_resource_to_storage (resource, object);
  g_autoptr (JsonNode) given = take_managed_fields (node);
  g_autoptr (JsonNode) old = NULL;
  g_autofree char *version =
    g_strdup (base_json_get_string (node, "metadata", "resourceVersion", NULL));
  JsonNode *found = practice_objects_find (self, resource, namespace_, name, error);

  if (write == NULL)
    write = &plain_write;
  if (found == NULL || !check_name (name, node, error) ||
      !set_namespace (resource, namespace_, node, error))
    return NULL;
  old = json_node_ref (found);
  if (!practice_strategy_check_preconditions (resource, old, base_metadata_get_uid (node), version,
                                              error))
    return NULL;
  if (write->part != PRACTICE_PART_WHOLE)
    node = merge_part (resource, g_steal_pointer (&node), old, write->part);
  else
    practice_strategy_prepare_update (resource, node, old);
  note_owners (self, resource, old, node, given, write);
  if (!practice_strategy_validate (resource, node, old, write->version, error))
    return NULL;
  if (write->part == PRACTICE_PART_WHOLE &&
      !practice_admission_check_update (self->store, resource->store_name, node, old, error))
    return NULL;
  if (is_service (resource) &&
      !practice_service_addresses_assign (self->store, resource, node, old, error))
    return NULL;
  if (write->dry_run)
    return g_steal_pointer (&node);
  return store_update (self, resource, g_steal_pointer (&node),
                       version != NULL && *version != '\0' ? version : NULL, error);
}

/**
 * practice_objects_delete:
 * @self: the objects
 * @resource: the resource
 * @namespace_: (nullable): its namespace
 * @name: its name
 * @deletion: what is asked for
 * @removed: (out): whether it is gone, not only marked
 * @error: return location
 *
 * Does what a DELETE does.
 *
 * Returns: (transfer full) (nullable): the object, as it was or as it is marked; %NULL with a
 *   Status
 */
JsonNode *
practice_objects_delete (PracticeObjects *self,
                         PracticeResource *resource,
                         const char *namespace_,
                         const char *name,
                         const PracticeDeletion *deletion,
                         gboolean *removed,
                         GError **error)
{
  g_autoptr (JsonNode) old = NULL;
  g_autoptr (JsonNode) marked = NULL;
  g_autoptr (GError) why = NULL;
  JsonNode *found = practice_objects_find (self, resource, namespace_, name, error);

  *removed = FALSE;
  if (found == NULL || !practice_deletion_check (resource, name, error) ||
      !practice_strategy_check_preconditions (resource, found, deletion->uid, deletion->version,
                                              error))
    return NULL;
  old = json_node_ref (found);
  marked = practice_deletion_mark (deletion, resource, old, removed);
  if (deletion->dry_run)
    return g_steal_pointer (&marked);
  if (!*removed)
    return store_update (self, resource, g_steal_pointer (&marked), NULL, error);
  if (!practice_store_delete (self->store, resource->store_name, namespace_, name, &why)) {
    set_store_error (error, resource, name, why);
    return NULL;
  }
  return g_steal_pointer (&old);
}

/**
 * practice_objects_store:
 * @self: the objects
 * @resource: the resource
 * @object: (transfer full): a stored object that has been changed, taken as it is
 * @error: return location
 *
 * Stores what a controller has made; where it was the last thing that a deletion waited for, the
 * object goes.
 *
 * Returns: (transfer full) (nullable): what is, or was, stored
 */
JsonNode *
practice_objects_store (PracticeObjects *self,
                        PracticeResource *resource,
                        JsonNode *object,
                        GError **error)
{
  return store_update (self, resource, object, NULL, error);
}

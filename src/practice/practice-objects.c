/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-objects.h"

#include "base-json.h"
#include "practice-age.h"
#include "practice-custom-validation.h"
#include "practice-metadata.h"
#include "practice-service-addresses.h"
#include "practice-sidecar-injector.h"
#include "practice-status.h"

/* How often a generated name is tried again where it is taken. */
#define MAX_GENERATED_TRIES 8

struct _PracticeObjects {
  GObject parent_instance;
  PracticeStore *store;
  PracticeRegistry *registry;
};

G_DEFINE_FINAL_TYPE (PracticeObjects, practice_objects, G_TYPE_OBJECT)

static JsonObject *
get_metadata (JsonNode *object)
{
  return base_json_get_object (object, "metadata", NULL);
}

static const char *
get_name (JsonNode *object)
{
  return base_json_get_string (object, "metadata", "name", NULL);
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
  const char *own = base_json_get_string (object, "metadata", "namespace", NULL);

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
  const char *name = base_json_get_string (object, "metadata", "namespace", NULL);
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
  practice_status_set_forbidden (error, resource, get_name (object), why);
  return FALSE;
}

/* (nullable): without one all is good. */
static JsonNode *
get_storage_schema (PracticeResource *resource)
{
  for (guint i = 0; i < resource->versions->len; i++) {
    PracticeVersion *version = resource->versions->pdata[i];

    if (g_str_equal (version->api_version, resource->storage_api_version))
      return version->schema;
  }
  return NULL;
}

static gboolean
validate (PracticeResource *resource, JsonNode *object, JsonNode *old, GError **error)
{
  g_autoptr (PracticeCauses) causes = practice_causes_new ();

  practice_metadata_validate (resource, object, old, causes);
  if (practice_resource_is_custom (resource))
    practice_custom_validation_check (get_storage_schema (resource), object, causes);
  else if (resource->kind_class->validate != NULL)
    resource->kind_class->validate (object, old, causes);
  if (practice_causes_get_length (causes) == 0)
    return TRUE;
  practice_status_set_invalid (error, resource, get_name (object), causes);
  return FALSE;
}

static gboolean
has_status_subresource (PracticeResource *resource)
{
  PracticeVersion *version = resource->versions->len > 0 ? resource->versions->pdata[0] : NULL;

  return version != NULL && version->has_status;
}

static gboolean
has_generation (PracticeResource *resource)
{
  return resource->kind_class == NULL || resource->kind_class->has_generation;
}

static void
prepare (PracticeResource *resource, JsonNode *object, JsonNode *old)
{
  const PracticeKind *kind = resource->kind_class;

  if (kind != NULL && kind->prepare != NULL)
    kind->prepare (object, old);
  if (kind != NULL && kind->set_defaults != NULL)
    kind->set_defaults (object);
}

static void
prepare_creation (PracticeResource *resource, JsonNode *object)
{
  static const char *const cleared[] = {
    "uid",           "creationTimestamp", "deletionTimestamp",         "selfLink",
    "managedFields", "generation",        "deletionGracePeriodSeconds"
  };
  JsonObject *metadata = get_metadata (object);
  const char *prefix = base_json_get_string (object, "metadata", "generateName", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cleared); i++)
    json_object_remove_member (metadata, cleared[i]);
  if (get_name (object) == NULL && prefix != NULL) {
    g_autofree char *name = practice_names_generate (prefix);

    json_object_set_string_member (metadata, "name", name);
  }
  if (has_status_subresource (resource))
    json_object_remove_member (json_node_get_object (object), "status");
  if (has_generation (resource))
    json_object_set_int_member (metadata, "generation", 1);
  prepare (resource, object, NULL);
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

  if (practice_store_get (self->store, resource->store_name,
                          base_json_get_string (node, "metadata", "namespace", NULL),
                          get_name (node)) != NULL) {
    practice_status_set_exists (error, resource, get_name (node));
    return NULL;
  }
  json_object_set_string_member (get_metadata (node), "uid", uid);
  json_object_set_string_member (get_metadata (node), "creationTimestamp", now);
  return g_steal_pointer (&node);
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
  g_autofree char *name = g_strdup (get_name (node));
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

PracticeObjects *
practice_objects_new (PracticeStore *store, PracticeRegistry *registry)
{
  PracticeObjects *self = g_object_new (PRACTICE_TYPE_OBJECTS, NULL);

  self->store = g_object_ref (store);
  self->registry = g_object_ref (registry);
  return self;
}

PracticeStore *
practice_objects_get_store (PracticeObjects *self)
{
  return self->store;
}

PracticeRegistry *
practice_objects_get_registry (PracticeObjects *self)
{
  return self->registry;
}

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

JsonNode *
practice_objects_create (PracticeObjects *self,
                         PracticeResource *resource,
                         const char *namespace_,
                         JsonNode *object,
                         gboolean dry_run,
                         GError **error)
{
  g_autoptr (JsonNode) node = practice_resource_to_storage (resource, object);

  if (base_json_get_string (node, "metadata", "resourceVersion", NULL) != NULL) {
    practice_status_set_bad_request (error,
                                     "resourceVersion should not be set on objects to be created");
    return NULL;
  }
  if (!set_namespace (resource, namespace_, node, error) ||
      !check_namespace (self, resource, node, error))
    return NULL;
  if (g_str_equal (resource->store_name, "/pods"))
    practice_sidecar_injector_inject (self->store, node);
  prepare_creation (resource, node);
  if (!validate (resource, node, NULL, error))
    return NULL;
  if (is_service (resource) &&
      !practice_service_addresses_assign (self->store, resource, node, NULL, error))
    return NULL;
  if (dry_run)
    return finish_dry_creation (self, resource, g_steal_pointer (&node), error);
  return store_creation (self, resource, g_steal_pointer (&node), error);
}

/* uid and resourceVersion where the new object names them. */
static gboolean
check_preconditions (
  PracticeResource *resource, JsonNode *old, const char *uid, const char *version, GError **error)
{
  const char *present = base_json_get_string (old, "metadata", "uid", NULL);
  g_autofree char *why = NULL;

  if (uid != NULL && *uid != '\0' && g_strcmp0 (uid, present) != 0) {
    why = g_strdup_printf ("Precondition failed: UID in precondition: %s, UID in object meta: %s",
                           uid, present);
    practice_status_set_conflict (error, resource, get_name (old), why);
    return FALSE;
  }
  present = base_json_get_string (old, "metadata", "resourceVersion", NULL);
  if (version != NULL && *version != '\0' && g_strcmp0 (version, present) != 0) {
    practice_status_set_conflict (error, resource, get_name (old), NULL);
    return FALSE;
  }
  return TRUE;
}

static void
keep_member (JsonObject *to, JsonObject *from, const char *name)
{
  JsonNode *node = from != NULL ? json_object_get_member (from, name) : NULL;

  if (node != NULL)
    json_object_set_member (to, name, base_json_copy (node));
  else
    json_object_remove_member (to, name);
}

static gboolean
differ_beyond_status (JsonNode *a, JsonNode *b)
{
  JsonNode *nodes[] = { a, b };
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++) {
    JsonObjectIter members;
    const char *member;

    json_object_iter_init (&members, json_node_get_object (nodes[i]));
    while (json_object_iter_next (&members, &member, NULL))
      g_hash_table_add (names, (gpointer)member);
  }
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL)) {
    JsonNode *one = base_json_get (a, name, NULL);
    JsonNode *other = base_json_get (b, name, NULL);

    if (g_str_equal (name, "metadata") || g_str_equal (name, "status"))
      continue;
    if (one == NULL || other == NULL || !base_json_equal (one, other))
      return TRUE;
  }
  return FALSE;
}

/* What an update cannot change, it keeps. */
static void
prepare_update (PracticeResource *resource, JsonNode *object, JsonNode *old)
{
  static const char *const kept[] = {
    "uid",  "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
    "name", "generation",        "generateName",
  };
  JsonObject *metadata = get_metadata (object);

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    keep_member (metadata, get_metadata (old), kept[i]);
  json_object_remove_member (metadata, "selfLink");
  json_object_remove_member (metadata, "managedFields");
  if (has_status_subresource (resource))
    keep_member (json_node_get_object (object), json_node_get_object (old), "status");
  prepare (resource, object, old);
  if (has_generation (resource) && differ_beyond_status (object, old))
    json_object_set_int_member (metadata, "generation",
                                base_json_get_int (old, 0, "metadata", "generation", NULL) + 1);
}

/* An update of the status changes nothing else. Takes @object. */
static JsonNode *
merge_status (JsonNode *object, JsonNode *old)
{
  g_autoptr (JsonNode) node = object;
  JsonNode *merged = base_json_copy (old);

  keep_member (json_node_get_object (merged), json_node_get_object (node), "status");
  return merged;
}

/* Whether something is still to be done before @object can go. A namespace stays until it is empty,
 * a definition until none of its objects is left: the garbage collector ends both. */
static gboolean
is_held (PracticeResource *resource, JsonNode *object)
{
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);

  return g_str_equal (resource->store_name, "/namespaces") ||
         g_str_equal (resource->store_name, PRACTICE_DEFINITIONS) ||
         (finalizers != NULL && json_array_get_length (finalizers) > 0);
}

static gboolean
is_ready_to_go (PracticeResource *resource, JsonNode *object)
{
  return base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL &&
         base_json_get_int (object, 0, "metadata", "deletionGracePeriodSeconds", NULL) == 0 &&
         !is_held (resource, object);
}

/* Takes @object. What waited only for this update is gone after it. */
static JsonNode *
store_update (PracticeObjects *self,
              PracticeResource *resource,
              JsonNode *object,
              const char *version,
              GError **error)
{
  g_autofree char *name = g_strdup (get_name (object));
  g_autofree char *namespace_ =
    g_strdup (base_json_get_string (object, "metadata", "namespace", NULL));
  g_autoptr (GError) why = NULL;
  g_autoptr (JsonNode) stored = NULL;
  JsonNode *node = practice_store_update (self->store, resource->store_name, object, version, &why);

  if (node == NULL) {
    set_store_error (error, resource, name, why);
    return NULL;
  }
  stored = json_node_ref (node);
  if (is_ready_to_go (resource, stored))
    practice_store_delete (self->store, resource->store_name, namespace_, name, NULL);
  return g_steal_pointer (&stored);
}

static gboolean
check_name (const char *name, JsonNode *object, GError **error)
{
  const char *own = get_name (object);

  if (own == NULL || g_str_equal (own, name))
    return TRUE;
  practice_status_set_bad_request (
    error, "the name of the object (%s) does not match the name on the URL (%s)", own, name);
  return FALSE;
}

JsonNode *
practice_objects_update (PracticeObjects *self,
                         PracticeResource *resource,
                         const char *namespace_,
                         const char *name,
                         JsonNode *object,
                         PracticePart part,
                         gboolean dry_run,
                         GError **error)
{
  g_autoptr (JsonNode) node = practice_resource_to_storage (resource, object);
  g_autoptr (JsonNode) old = NULL;
  g_autofree char *version =
    g_strdup (base_json_get_string (node, "metadata", "resourceVersion", NULL));
  JsonNode *found = practice_objects_find (self, resource, namespace_, name, error);

  if (found == NULL || !check_name (name, node, error) ||
      !set_namespace (resource, namespace_, node, error))
    return NULL;
  old = json_node_ref (found);
  if (!check_preconditions (resource, old, base_json_get_string (node, "metadata", "uid", NULL),
                            version, error))
    return NULL;
  if (part == PRACTICE_PART_STATUS)
    node = merge_status (g_steal_pointer (&node), old);
  else
    prepare_update (resource, node, old);
  if (!validate (resource, node, old, error))
    return NULL;
  if (is_service (resource) &&
      !practice_service_addresses_assign (self->store, resource, node, old, error))
    return NULL;
  if (dry_run)
    return g_steal_pointer (&node);
  return store_update (self, resource, g_steal_pointer (&node),
                       version != NULL && *version != '\0' ? version : NULL, error);
}

static gboolean
check_deletion (PracticeResource *resource, const char *name, GError **error)
{
  const char *kept[] = { "default", "kube-system", "kube-public", NULL };

  if (!g_str_equal (resource->store_name, "/namespaces") || !g_strv_contains (kept, name))
    return TRUE;
  practice_status_set_forbidden (error, resource, name, "this namespace may not be deleted");
  return FALSE;
}

/* The seconds that an object has from its deletion to its end. Only pods have any: those that run
 * somewhere, where a kubelet ends them. */
static gint64
get_grace (PracticeResource *resource, JsonNode *object, const PracticeDeletion *deletion)
{
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (!g_str_equal (resource->store_name, "/pods") ||
      base_json_get_string (object, "spec", "nodeName", NULL) == NULL ||
      g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0)
    return 0;
  if (deletion->grace_seconds >= 0)
    return deletion->grace_seconds;
  return base_json_get_int (object, 30, "spec", "terminationGracePeriodSeconds", NULL);
}

static void
set_deleted (JsonNode *object, gint64 grace)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_add_seconds (now, (double)grace);
  g_autofree char *text = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");
  JsonObject *metadata = get_metadata (object);

  json_object_set_string_member (metadata, "deletionTimestamp", text);
  json_object_set_int_member (metadata, "deletionGracePeriodSeconds", grace);
}

/* The object as it is once marked for deletion; the same where it already was so. */
static JsonNode *
make_marked (PracticeResource *resource,
             JsonNode *object,
             const PracticeDeletion *deletion,
             gint64 grace)
{
  JsonNode *marked = base_json_copy (object);
  gboolean deleting = base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL;

  practice_metadata_set_propagation (marked, deletion->propagation);
  /* A second deletion can only shorten the time. */
  if (!deleting ||
      grace < base_json_get_int (object, 0, "metadata", "deletionGracePeriodSeconds", NULL))
    set_deleted (marked, grace);
  if (!deleting && has_generation (resource))
    json_object_set_int_member (get_metadata (marked), "generation",
                                base_json_get_int (object, 0, "metadata", "generation", NULL) + 1);
  if (g_str_equal (resource->store_name, "/namespaces")) {
    JsonObject *status = json_object_new ();

    json_object_set_string_member (status, "phase", "Terminating");
    json_object_set_object_member (json_node_get_object (marked), "status", status);
  }
  return marked;
}

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
  gint64 grace;

  *removed = FALSE;
  if (found == NULL || !check_deletion (resource, name, error) ||
      !check_preconditions (resource, found, deletion->uid, deletion->version, error))
    return NULL;
  old = json_node_ref (found);
  grace = get_grace (resource, old, deletion);
  marked = make_marked (resource, old, deletion, grace);
  *removed = grace == 0 && !is_held (resource, marked);
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

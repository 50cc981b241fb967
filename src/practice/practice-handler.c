/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-handler.h"

#include "base-json.h"
#include "practice-decoder.h"
#include "practice-field-owners.h"
#include "practice-lister.h"
#include "practice-patch.h"
#include "practice-pod-subresources.h"
#include "practice-scale.h"
#include "practice-status.h"
#include "practice-tokens.h"

/* How long a token is good where nobody says. */
#define TOKEN_SECONDS 3600

/* One request on its way. */
typedef struct {
  PracticeObjects *objects;
  PracticeRequest *request;
  PracticeResource *resource;
  const PracticeVersion *version;
  GBytes *body;
  gboolean dry_run;
  PracticeStrict strict;
  char *manager;       /* of fields */
  GPtrArray *warnings; /* (element-type utf8) */
} Call;

static PracticeStore *
get_store (Call *call)
{
  return practice_objects_get_store (call->objects);
}

static PracticeRegistry *
get_registry (Call *call)
{
  return practice_objects_get_registry (call->objects);
}

static PracticeAnswer *
answer_object (Call *call, guint status, JsonNode *object)
{
  PracticeAnswer *answer = practice_answer_new (status);
  PracticeView view;

  practice_view_init (&view, get_store (call), call->resource, call->version, call->request);
  practice_answer_take (answer, practice_view_render (&view, object));
  return answer;
}

static JsonNode *
find_object (Call *call, GError **error)
{
  return practice_objects_find (call->objects, call->resource, call->request->namespace_,
                                call->request->name, error);
}

static void
init_write (Call *call, PracticeWrite *write)
{
  *write = (PracticeWrite){ PRACTICE_PART_WHOLE };
  if (g_strcmp0 (call->request->subresource, "status") == 0)
    write->part = PRACTICE_PART_STATUS;
  write->dry_run = call->dry_run;
  write->manager = call->manager;
  write->version = call->version;
}

static JsonNode *
read_body (Call *call, GError **error)
{
  return practice_decoder_read (get_registry (call), call->resource, call->version, call->body,
                                call->request->content_type, call->strict, call->warnings, error);
}

static PracticeAnswer *
list (Call *call, GError **error)
{
  PracticeView view;

  practice_view_init (&view, get_store (call), call->resource, call->version, call->request);
  return practice_lister_list (get_store (call), call->resource, call->request, &view, error);
}

static PracticeAnswer *
get (Call *call, GError **error)
{
  JsonNode *object = find_object (call, error);

  return object != NULL ? answer_object (call, 200, object) : NULL;
}

/* An access review is answered and forgotten. */
static PracticeAnswer *
answer_review (Call *call, GError **error)
{
  g_autoptr (JsonNode) object = read_body (call, error);

  if (object == NULL)
    return NULL;
  call->resource->kind_class->answer (object, get_store (call), call->request->user);
  return practice_answer_new_node (201, object);
}

static PracticeAnswer *
create (Call *call, GError **error)
{
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (JsonNode) stored = NULL;
  PracticeWrite write;

  if (call->resource->kind_class != NULL && call->resource->kind_class->answer != NULL)
    return answer_review (call, error);
  if (call->resource->namespaced && call->request->namespace_ == NULL) {
    practice_status_set_bad_request (error, "an empty namespace may not be set during creation");
    return NULL;
  }
  object = read_body (call, error);
  if (object == NULL)
    return NULL;
  init_write (call, &write);
  stored = practice_objects_create (call->objects, call->resource, call->request->namespace_,
                                    g_steal_pointer (&object), &write, error);
  return stored != NULL ? answer_object (call, 201, stored) : NULL;
}

/* Takes @object, in the version of the request. */
static PracticeAnswer *
store (Call *call, JsonNode *object, gboolean applied, GError **error)
{
  g_autoptr (JsonNode) stored = NULL;
  PracticeWrite write;

  init_write (call, &write);
  write.applied = applied;
  stored = practice_objects_update (call->objects, call->resource, call->request->namespace_,
                                    call->request->name, object, &write, error);
  return stored != NULL ? answer_object (call, 200, stored) : NULL;
}

static PracticeAnswer *
update (Call *call, GError **error)
{
  JsonNode *object = read_body (call, error);

  return object != NULL ? store (call, object, FALSE, error) : NULL;
}

/* What is applied: of the request's version, without owners. */
static JsonNode *
read_applied (Call *call, GError **error)
{
  g_autoptr (JsonNode) config =
    practice_decoder_read_applied (call->resource, call->version, call->body, error);

  if (config == NULL)
    return NULL;
  if (g_strcmp0 (practice_request_get (call->request, "fieldManager"), NULL) == 0) {
    g_autoptr (PracticeCauses) causes = practice_causes_new ();

    practice_causes_required (causes, "fieldManager", "is required for apply patch");
    practice_status_set_invalid_options (error, "PatchOptions", causes);
    return NULL;
  }
  return g_steal_pointer (&config);
}

/* Takes @object: what an apply makes where there is nothing. */
static PracticeAnswer *
create_applied (Call *call, JsonNode *object, GError **error)
{
  g_autoptr (JsonNode) stored = NULL;
  PracticeWrite write;

  if (base_json_get_string (object, "metadata", "name", NULL) == NULL)
    json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "name",
                                   call->request->name);
  init_write (call, &write);
  write.applied = TRUE;
  stored = practice_objects_create (call->objects, call->resource, call->request->namespace_,
                                    object, &write, error);
  return stored != NULL ? answer_object (call, 201, stored) : NULL;
}

static PracticeAnswer *
apply (Call *call, GError **error)
{
  PracticeFieldApply how = {
    call->resource, practice_registry_get_schema (get_registry (call)),    call->version,
    call->manager,  practice_request_get_boolean (call->request, "force"),
  };
  g_autoptr (JsonNode) config = read_applied (call, error);
  g_autoptr (JsonNode) live = NULL;
  g_autoptr (JsonNode) object = NULL;
  JsonNode *stored;

  if (config == NULL)
    return NULL;
  stored = practice_store_get (get_store (call), call->resource->store_name,
                               call->request->namespace_, call->request->name);
  if (stored != NULL)
    live = practice_resource_from_storage (call->resource, call->version, stored);
  object = practice_field_owners_apply (&how, live, config, error);
  if (object == NULL ||
      !practice_decoder_check (get_registry (call), call->resource, call->version, object,
                               PRACTICE_STRICT_IGNORE, call->warnings, error))
    return NULL;
  return live != NULL ? store (call, g_steal_pointer (&object), TRUE, error)
                      : create_applied (call, g_steal_pointer (&object), error);
}

static PracticeAnswer *
patch (Call *call, GError **error)
{
  g_autoptr (JsonNode) shown = NULL;
  g_autoptr (JsonNode) patched = NULL;
  JsonNode *object;

  if (g_strcmp0 (call->request->content_type, PRACTICE_PATCH_APPLY) == 0)
    return apply (call, error);
  object = find_object (call, error);
  if (object == NULL)
    return NULL;
  shown = practice_resource_from_storage (call->resource, call->version, object);
  patched = practice_patch_apply (call->version->type, shown, call->body,
                                  call->request->content_type, error);
  if (patched == NULL ||
      !practice_decoder_check (get_registry (call), call->resource, call->version, patched,
                               call->strict, call->warnings, error))
    return NULL;
  return store (call, g_steal_pointer (&patched), FALSE, error);
}

/* DeleteOptions come in the query or in the body. */
static gboolean
read_deletion (Call *call, PracticeDeletion *deletion, JsonNode **options, GError **error)
{
  g_autoptr (GError) why = NULL;
  JsonArray *dry_run;

  *options = practice_decoder_read_type (get_registry (call), "DeleteOptions", call->body,
                                         call->request->content_type, &why);
  if (why != NULL) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }
  deletion->grace_seconds =
    base_json_get_int (*options, practice_request_get_int (call->request, "gracePeriodSeconds", -1),
                       "gracePeriodSeconds", NULL);
  deletion->propagation = base_json_get_string (*options, "propagationPolicy", NULL);
  if (deletion->propagation == NULL)
    deletion->propagation = practice_request_get (call->request, "propagationPolicy");
  if (deletion->propagation == NULL &&
      base_json_get_boolean (*options, FALSE, "orphanDependents", NULL))
    deletion->propagation = "Orphan";
  deletion->uid = base_json_get_string (*options, "preconditions", "uid", NULL);
  deletion->version = base_json_get_string (*options, "preconditions", "resourceVersion", NULL);
  dry_run = base_json_get_array (*options, "dryRun", NULL);
  deletion->dry_run = call->dry_run || (dry_run != NULL && json_array_get_length (dry_run) > 0);
  return TRUE;
}

static PracticeAnswer *delete (Call *call, GError **error)
{
  g_autoptr (JsonNode) options = NULL;
  g_autoptr (JsonNode) object = NULL;
  g_autoptr (JsonNode) status = NULL;
  PracticeDeletion deletion;
  gboolean removed;

  if (!read_deletion (call, &deletion, &options, error))
    return NULL;
  object = practice_objects_delete (call->objects, call->resource, call->request->namespace_,
                                    call->request->name, &deletion, &removed, error);
  if (object == NULL)
    return NULL;
  /* A pod comes back as it was, anything else that is gone as a Status. */
  if (!removed || g_str_equal (call->resource->store_name, "/pods"))
    return answer_object (call, 200, object);
  status = practice_status_new_deleted (call->resource, object);
  return practice_answer_new_node (200, status);
}

static PracticeAnswer *
delete_collection (Call *call, GError **error)
{
  g_auto (PracticeFilter) filter = { NULL };
  g_autoptr (JsonNode) options = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (PracticeAnswer) answer = NULL;
  PracticeDeletion deletion;

  if (!practice_filter_init (&filter, call->resource, call->request, error) ||
      !read_deletion (call, &deletion, &options, error))
    return NULL;
  answer = list (call, error);
  all =
    practice_store_list (get_store (call), call->resource->store_name, call->request->namespace_);
  for (guint i = 0; i < all->len && answer != NULL; i++) {
    g_autoptr (JsonNode) gone = NULL;
    gboolean removed;

    if (practice_filter_matches (&filter, all->pdata[i]))
      gone = practice_objects_delete (
        call->objects, call->resource,
        base_json_get_string (all->pdata[i], "metadata", "namespace", NULL),
        base_json_get_string (all->pdata[i], "metadata", "name", NULL), &deletion, &removed, NULL);
  }
  return g_steal_pointer (&answer);
}

/* The new Scale of a request that writes one; NULL with a Status. */
static JsonNode *
read_scale (Call *call, JsonNode *present, GError **error)
{
  const PracticeType *type =
    practice_schema_get (practice_registry_get_schema (get_registry (call)), "Scale");

  if (call->request->verb == PRACTICE_VERB_PATCH)
    return practice_patch_apply (type, present, call->body, call->request->content_type, error);
  return practice_decoder_read_type (get_registry (call), "Scale", call->body,
                                     call->request->content_type, error);
}

static PracticeAnswer *
scale (Call *call, GError **error)
{
  g_autoptr (JsonNode) present = NULL;
  g_autoptr (JsonNode) wanted = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autoptr (JsonNode) stored = NULL;
  g_autoptr (JsonNode) shown = NULL;
  PracticeWrite write;
  JsonNode *object = find_object (call, error);

  if (object == NULL)
    return NULL;
  present = practice_scale_new (call->version, object);
  if (call->request->verb == PRACTICE_VERB_GET)
    return practice_answer_new_node (200, present);
  wanted = read_scale (call, present, error);
  if (wanted == NULL)
    return NULL;
  changed = base_json_copy (object);
  if (base_json_get_string (wanted, "metadata", "resourceVersion", NULL) != NULL)
    json_object_set_string_member (
      base_json_get_object (changed, "metadata", NULL), "resourceVersion",
      base_json_get_string (wanted, "metadata", "resourceVersion", NULL));
  if (!practice_scale_set (call->resource, call->version, changed, wanted, error))
    return NULL;
  init_write (call, &write);
  /* As until Kubernetes 1.21: who scales does not become the owner. */
  write.manager = NULL;
  stored = practice_objects_update (call->objects, call->resource, call->request->namespace_,
                                    call->request->name, g_steal_pointer (&changed), &write, error);
  if (stored == NULL)
    return NULL;
  shown = practice_scale_new (call->version, stored);
  return practice_answer_new_node (200, shown);
}

/* "kubectl create token" */
static PracticeAnswer *
create_token (Call *call, GError **error)
{
  JsonNode *account = find_object (call, error);
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *token = NULL;
  g_autofree char *end = NULL;
  JsonObject *status;
  gint64 seconds;

  if (account == NULL)
    return NULL;
  request = practice_decoder_read_type (get_registry (call), "TokenRequest", call->body,
                                        call->request->content_type, error);
  if (request == NULL)
    return NULL;
  seconds = base_json_get_int (request, TOKEN_SECONDS, "spec", "expirationSeconds", NULL);
  token = practice_tokens_new_for_time (get_store (call), account, seconds, &end);
  if (token == NULL) {
    practice_status_set_internal (error, "the token could not be signed");
    return NULL;
  }
  status = json_object_new ();
  json_object_set_string_member (status, "token", token);
  json_object_set_string_member (status, "expirationTimestamp", end);
  json_object_set_object_member (json_node_get_object (request), "status", status);
  return practice_answer_new_node (201, request);
}

static gboolean
is_known_subresource (PracticeResource *resource,
                      const PracticeVersion *version,
                      const char *subresource)
{
  if (g_str_equal (subresource, "status"))
    return version->has_status;
  if (g_str_equal (subresource, "scale"))
    return practice_scale_is_supported (resource, version);
  return resource->kind_class != NULL && resource->kind_class->subresources != NULL &&
         g_strv_contains (resource->kind_class->subresources, subresource);
}

static PracticeAnswer *
handle_subresource (Call *call, GError **error)
{
  const char *subresource = call->request->subresource;
  gboolean writes =
    call->request->verb == PRACTICE_VERB_UPDATE || call->request->verb == PRACTICE_VERB_PATCH;

  if (g_str_equal (subresource, "token") && call->request->verb == PRACTICE_VERB_CREATE)
    return create_token (call, error);
  if (g_str_equal (call->resource->store_name, "/pods") && !g_str_equal (subresource, "status"))
    return practice_pod_subresources_evict (call->objects, call->resource, call->request, error);
  if (!writes && call->request->verb != PRACTICE_VERB_GET) {
    practice_status_set_method_not_allowed (error, call->resource,
                                            practice_request_get_verb_name (call->request));
    return NULL;
  }
  if (g_str_equal (subresource, "scale"))
    return scale (call, error);
  if (call->request->verb == PRACTICE_VERB_GET)
    return get (call, error);
  return call->request->verb == PRACTICE_VERB_UPDATE ? update (call, error) : patch (call, error);
}

static PracticeAnswer *
dispatch (Call *call, GError **error)
{
  if (call->request->subresource != NULL)
    return handle_subresource (call, error);
  switch (call->request->verb) {
    case PRACTICE_VERB_GET:
      return get (call, error);
    case PRACTICE_VERB_LIST:
      return list (call, error);
    case PRACTICE_VERB_CREATE:
      return create (call, error);
    case PRACTICE_VERB_UPDATE:
      return update (call, error);
    case PRACTICE_VERB_PATCH:
      return patch (call, error);
    case PRACTICE_VERB_DELETE:
      return delete (call, error);
    case PRACTICE_VERB_DELETE_COLLECTION:
      return delete_collection (call, error);
    case PRACTICE_VERB_WATCH:
    default:
      practice_status_set_method_not_allowed (error, call->resource,
                                              practice_request_get_verb_name (call->request));
      return NULL;
  }
}

/**
 * practice_handler_find_resource:
 * @registry: the resources that are served
 * @request: the request
 * @version: (out): the version of it
 * @error: return location
 *
 * Finds what is asked for, where it is served and can be asked so.
 *
 * Returns: (transfer none) (nullable): the resource, or %NULL with a Status
 */
PracticeResource *
practice_handler_find_resource (PracticeRegistry *registry,
                                PracticeRequest *request,
                                const PracticeVersion **version,
                                GError **error)
{
  PracticeResource *resource =
    practice_registry_find (registry, request->group, request->version, request->plural, version);
  gboolean reads_one = request->name != NULL;
  gboolean only_answers;

  if (resource == NULL || (!resource->namespaced && request->namespace_ != NULL) ||
      (resource->namespaced && request->namespace_ == NULL && reads_one) ||
      (request->subresource != NULL &&
       !is_known_subresource (resource, *version, request->subresource))) {
    practice_status_set_no_such_resource (error);
    return NULL;
  }
  only_answers = resource->kind_class != NULL && resource->kind_class->answer != NULL;
  if ((only_answers && request->verb != PRACTICE_VERB_CREATE) ||
      (request->verb == PRACTICE_VERB_CREATE && reads_one && request->subresource == NULL)) {
    practice_status_set_method_not_allowed (error, resource,
                                            practice_request_get_verb_name (request));
    return NULL;
  }
  return resource;
}

/**
 * practice_handler_handle:
 * @objects: the objects
 * @request: the request
 * @body: its body
 * @error: return location
 *
 * Answers a request for a resource: all but a watch.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_handler_handle (PracticeObjects *objects,
                         PracticeRequest *request,
                         GBytes *body,
                         GError **error)
{
  g_autoptr (PracticeResource) resource = NULL;
  g_autofree char *manager = NULL;
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  Call call = { objects, request, NULL, NULL, body };
  PracticeResource *found = practice_handler_find_resource (practice_objects_get_registry (objects),
                                                            request, &call.version, error);
  PracticeAnswer *answer;

  if (found == NULL)
    return NULL;
  /* The request may be for the end of what defines it. */
  resource = practice_resource_ref (found);
  call.resource = resource;
  call.dry_run = g_strcmp0 (practice_request_get (request, "dryRun"), "All") == 0;
  call.strict = practice_decoder_get_strict (practice_request_get (request, "fieldValidation"));
  manager = practice_request_dup_manager (request);
  call.manager = manager;
  call.warnings = warnings;
  answer = dispatch (&call, error);
  if (answer != NULL)
    g_ptr_array_extend_and_steal (answer->warnings, g_steal_pointer (&warnings));
  return answer;
}

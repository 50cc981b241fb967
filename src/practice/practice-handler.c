/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-handler.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-decoder.h"
#include "practice-eviction.h"
#include "practice-handler-private.h"
#include "practice-lister.h"
#include "practice-patch.h"
#include "practice-scale.h"
#include "practice-signing-request.h"
#include "practice-status.h"

/**
 * practice_call_get_store:
 * @call: a request on its way
 *
 * Returns: (transfer none): the state
 */
PracticeStore *
practice_call_get_store (PracticeCall *call)
{
  return practice_objects_get_store (call->objects);
}

/**
 * practice_call_get_registry:
 * @call: a request on its way
 *
 * Returns: (transfer none): the resources that are served
 */
PracticeRegistry *
practice_call_get_registry (PracticeCall *call)
{
  return practice_objects_get_registry (call->objects);
}

/**
 * practice_call_answer_object:
 * @call: a request on its way
 * @status: of HTTP
 * @object: a stored object
 *
 * Returns: (transfer full): the answer, in the form that was asked for
 */
PracticeAnswer *
practice_call_answer_object (PracticeCall *call, guint status, JsonNode *object)
{
  PracticeAnswer *answer = practice_answer_new (status);
  PracticeView view;

  practice_view_init (&view, practice_call_get_store (call), call->resource, call->version,
                      call->request);
  practice_answer_take (answer, practice_view_render (&view, object));
  return answer;
}

/**
 * practice_call_find_object:
 * @call: a request on its way
 * @error: return location
 *
 * Returns: (transfer none) (nullable): the object that the request names, or %NULL with a Status
 */
JsonNode *
practice_call_find_object (PracticeCall *call, GError **error)
{
  return practice_objects_find (call->objects, call->resource, call->request->namespace_,
                                call->request->name, error);
}

/**
 * practice_call_init_write:
 * @call: a request on its way
 * @write: (out caller-allocates): how the request writes
 *
 * Says how what the request brings is written.
 */
void
practice_call_init_write (PracticeCall *call, PracticeWrite *write)
{
  *write = (PracticeWrite){ PRACTICE_PART_WHOLE };
  if (g_strcmp0 (call->request->subresource, "status") == 0)
    write->part = PRACTICE_PART_STATUS;
  else if (g_strcmp0 (call->request->subresource, "approval") == 0)
    write->part = PRACTICE_PART_APPROVAL;
  write->user = call->request->user;
  write->dry_run = call->dry_run;
  write->manager = call->manager;
  write->version = call->version;
}

static JsonNode *
read_body (PracticeCall *call, GError **error)
{
  return practice_decoder_read (practice_call_get_registry (call), call->resource, call->version,
                                call->body, call->request->content_type, call->strict,
                                call->warnings, error);
}

static PracticeAnswer *
list (PracticeCall *call, GError **error)
{
  PracticeView view;

  practice_view_init (&view, practice_call_get_store (call), call->resource, call->version,
                      call->request);
  return practice_lister_list (practice_call_get_store (call), call->resource, call->request, &view,
                               error);
}

static gboolean
is_present_only (PracticeResource *resource)
{
  return resource->kind_class != NULL && resource->kind_class->list_present != NULL;
}

static PracticeAnswer *
get_present (PracticeCall *call, GError **error)
{
  g_autoptr (GPtrArray) all =
    call->resource->kind_class->list_present (practice_call_get_store (call));
  g_autofree char *message = NULL;

  for (guint i = 0; i < all->len; i++) {
    if (g_strcmp0 (base_metadata_get_name (all->pdata[i]), call->request->name) == 0)
      return practice_call_answer_object (call, 200, all->pdata[i]);
  }
  message = g_strdup_printf ("Component not found: %s", call->request->name);
  practice_status_set_unknown (error, message);
  return NULL;
}

static PracticeAnswer *
get (PracticeCall *call, GError **error)
{
  JsonNode *object;

  if (is_present_only (call->resource))
    return get_present (call, error);
  object = practice_call_find_object (call, error);

  return object != NULL ? practice_call_answer_object (call, 200, object) : NULL;
}

/* An access review is answered and forgotten. */
static PracticeAnswer *
answer_review (PracticeCall *call, GError **error)
{
  g_autoptr (JsonNode) object = read_body (call, error);

  if (object == NULL)
    return NULL;
  call->resource->kind_class->answer (object, practice_call_get_store (call), call->request->user);
  return practice_answer_new_node (201, object);
}

static PracticeAnswer *
create (PracticeCall *call, GError **error)
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
  practice_call_init_write (call, &write);
  stored = practice_objects_create (call->objects, call->resource, call->request->namespace_,
                                    g_steal_pointer (&object), &write, error);
  return stored != NULL ? practice_call_answer_object (call, 201, stored) : NULL;
}

/**
 * practice_call_store:
 * @call: a request on its way
 * @object: (transfer full): in the version of the request
 * @applied: whether it says itself who owns what
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what is stored now, or %NULL with a Status
 */
PracticeAnswer *
practice_call_store (PracticeCall *call, JsonNode *object, gboolean applied, GError **error)
{
  g_autoptr (JsonNode) stored = NULL;
  PracticeWrite write;

  practice_call_init_write (call, &write);
  write.applied = applied;
  stored = practice_objects_update (call->objects, call->resource, call->request->namespace_,
                                    call->request->name, object, &write, error);
  return stored != NULL ? practice_call_answer_object (call, 200, stored) : NULL;
}

static PracticeAnswer *
update (PracticeCall *call, GError **error)
{
  JsonNode *object = read_body (call, error);

  return object != NULL ? practice_call_store (call, object, FALSE, error) : NULL;
}

static PracticeAnswer *
patch (PracticeCall *call, GError **error)
{
  g_autoptr (JsonNode) shown = NULL;
  g_autoptr (JsonNode) patched = NULL;
  JsonNode *object;

  if (g_strcmp0 (call->request->content_type, PRACTICE_PATCH_APPLY) == 0)
    return practice_call_apply (call, error);
  object = practice_call_find_object (call, error);
  if (object == NULL)
    return NULL;
  shown = practice_resource_from_storage (call->resource, call->version, object);
  patched = practice_patch_apply (call->version->type, shown, call->body,
                                  call->request->content_type, error);
  if (patched == NULL ||
      !practice_decoder_check (practice_call_get_registry (call), call->resource, call->version,
                               patched, call->strict, call->warnings, error))
    return NULL;
  return practice_call_store (call, g_steal_pointer (&patched), FALSE, error);
}

/* DeleteOptions come in the query or in the body. */
static gboolean
read_deletion (PracticeCall *call, PracticeDeletion *deletion, JsonNode **options, GError **error)
{
  g_autoptr (GError) why = NULL;
  JsonArray *dry_run;

  *options = practice_decoder_read_type (practice_call_get_registry (call), "DeleteOptions",
                                         call->body, call->request->content_type, &why);
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
  deletion->dry_run = call->dry_run || (base_json_get_length (dry_run) > 0);
  return TRUE;
}

static PracticeAnswer *delete (PracticeCall *call, GError **error)
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
    return practice_call_answer_object (call, 200, object);
  status = practice_status_new_deleted (call->resource, object);
  return practice_answer_new_node (200, status);
}

static PracticeAnswer *
delete_collection (PracticeCall *call, GError **error)
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
  all = practice_store_list (practice_call_get_store (call), call->resource->store_name,
                             call->request->namespace_);
  for (guint i = 0; i < all->len && answer != NULL; i++) {
    g_autoptr (JsonNode) gone = NULL;
    gboolean removed;

    if (practice_filter_matches (&filter, all->pdata[i]))
      gone = practice_objects_delete (
        call->objects, call->resource, base_metadata_get_namespace (all->pdata[i]),
        base_metadata_get_name (all->pdata[i]), &deletion, &removed, NULL);
  }
  return g_steal_pointer (&answer);
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

/* Those who are not known by name, as in tests, are not asked. */
static gboolean
may_approve (PracticeCall *call, GError **error)
{
  JsonNode *object = practice_call_find_object (call, error);

  return object != NULL && (call->request->user == NULL ||
                            practice_signing_request_check_approver (
                              practice_call_get_store (call), call->request->user, object, error));
}

static PracticeAnswer *
handle_subresource (PracticeCall *call, GError **error)
{
  const char *subresource = call->request->subresource;
  gboolean writes =
    call->request->verb == PRACTICE_VERB_UPDATE || call->request->verb == PRACTICE_VERB_PATCH;

  if (g_str_equal (subresource, "token") && call->request->verb == PRACTICE_VERB_CREATE)
    return practice_call_create_token (call, error);
  if (g_str_equal (call->resource->store_name, "/pods") && !g_str_equal (subresource, "status"))
    return practice_eviction_handle (call->objects, call->resource, call->request, call->body,
                                     error);
  if (!writes && call->request->verb != PRACTICE_VERB_GET) {
    practice_status_set_method_not_allowed (error, call->resource,
                                            practice_request_get_verb_name (call->request));
    return NULL;
  }
  if (writes && g_str_equal (subresource, "approval") && !may_approve (call, error))
    return NULL;
  if (g_str_equal (subresource, "scale"))
    return practice_call_scale (call, error);
  if (call->request->verb == PRACTICE_VERB_GET)
    return get (call, error);
  return call->request->verb == PRACTICE_VERB_UPDATE ? update (call, error) : patch (call, error);
}

static PracticeAnswer *
dispatch (PracticeCall *call, GError **error)
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
  if (is_present_only (resource) && request->verb > PRACTICE_VERB_WATCH) {
    practice_status_set_no_such_method (error);
    return NULL;
  }
  only_answers = resource->kind_class != NULL && resource->kind_class->answer != NULL;
  if ((only_answers && request->verb != PRACTICE_VERB_CREATE) ||
      (is_present_only (resource) && request->verb == PRACTICE_VERB_WATCH) ||
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
  PracticeCall call = { objects, request, NULL, NULL, body };
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

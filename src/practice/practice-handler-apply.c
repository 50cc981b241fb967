/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-handler-private.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-field-owners.h"
#include "practice-status.h"

/* What is applied: of the request's version, without owners. */
static JsonNode *
read_applied (PracticeCall *call, GError **error)
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
create_applied (PracticeCall *call, JsonNode *object, GError **error)
{
  g_autoptr (JsonNode) stored = NULL;
  PracticeWrite write;

  if (base_metadata_get_name (object) == NULL)
    json_object_set_string_member (base_json_get_object (object, "metadata", NULL), "name",
                                   call->request->name);
  practice_call_init_write (call, &write);
  write.applied = TRUE;
  stored = practice_objects_create (call->objects, call->resource, call->request->namespace_,
                                    object, &write, error);
  return stored != NULL ? practice_call_answer_object (call, 201, stored) : NULL;
}

/**
 * practice_call_apply:
 * @call: a request on its way
 * @error: return location
 *
 * Does what a server-side apply does.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_call_apply (PracticeCall *call, GError **error)
{
  PracticeFieldApply how = {
    call->resource,
    practice_registry_get_schema (practice_call_get_registry (call)),
    call->version,
    call->manager,
    practice_request_get_boolean (call->request, "force"),
  };
  g_autoptr (JsonNode) config = read_applied (call, error);
  g_autoptr (JsonNode) live = NULL;
  g_autoptr (JsonNode) object = NULL;
  JsonNode *stored;

  if (config == NULL)
    return NULL;
  stored = practice_store_get (practice_call_get_store (call), call->resource->store_name,
                               call->request->namespace_, call->request->name);
  if (stored != NULL)
    live = practice_resource_from_storage (call->resource, call->version, stored);
  object = practice_field_owners_apply (&how, live, config, error);
  if (object == NULL ||
      !practice_decoder_check (practice_call_get_registry (call), call->resource, call->version,
                               object, PRACTICE_STRICT_IGNORE, call->warnings, error))
    return NULL;
  return live != NULL ? practice_call_store (call, g_steal_pointer (&object), TRUE, error)
                      : create_applied (call, g_steal_pointer (&object), error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-handler-private.h"

#include "base-json.h"
#include "practice-patch.h"
#include "practice-scale.h"
#include "practice-status.h"
#include "practice-tokens.h"

/* How long a token is good where nobody says. */
#define TOKEN_SECONDS 3600

/* The new Scale of a request that writes one; NULL with a Status. */
static JsonNode *
read_scale (PracticeCall *call, JsonNode *present, GError **error)
{
  const PracticeType *type =
    practice_schema_get (practice_registry_get_schema (practice_call_get_registry (call)), "Scale");

  if (call->request->verb == PRACTICE_VERB_PATCH)
    return practice_patch_apply (type, present, call->body, call->request->content_type, error);
  return practice_decoder_read_type (practice_call_get_registry (call), "Scale", call->body,
                                     call->request->content_type, error);
}

/* (transfer none) (nullable): what is to be scaled, or %NULL with a Status */
static JsonNode *
find_scaled (PracticeCall *call, GError **error)
{
  static const char *const own_words[] = { "/replicationcontrollers", "apps/deployments",
                                           "apps/replicasets", NULL };
  g_autoptr (GError) why = NULL;
  JsonNode *object = practice_call_find_object (call, &why);

  if (object != NULL)
    return object;
  if (practice_status_get_code (why) == 404 &&
      g_strv_contains (own_words, call->resource->store_name))
    practice_status_set_scale_not_found (error, call->resource, call->request->name);
  else
    g_propagate_error (error, g_steal_pointer (&why));
  return NULL;
}

/**
 * practice_call_scale:
 * @call: a request on its way
 * @error: return location
 *
 * Reads or writes the scale of an object.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_call_scale (PracticeCall *call, GError **error)
{
  g_autoptr (JsonNode) present = NULL;
  g_autoptr (JsonNode) wanted = NULL;
  g_autoptr (JsonNode) changed = NULL;
  g_autoptr (JsonNode) stored = NULL;
  g_autoptr (JsonNode) shown = NULL;
  PracticeWrite write;
  JsonNode *object = find_scaled (call, error);

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
  practice_call_init_write (call, &write);
  /* As until Kubernetes 1.21: who scales does not become the owner. */
  write.manager = NULL;
  stored = practice_objects_update (call->objects, call->resource, call->request->namespace_,
                                    call->request->name, g_steal_pointer (&changed), &write, error);
  if (stored == NULL)
    return NULL;
  shown = practice_scale_new (call->version, stored);
  return practice_answer_new_node (200, shown);
}

/**
 * practice_call_create_token:
 * @call: a request on its way
 * @error: return location
 *
 * Makes a token for a service account, as "kubectl create token" asks.
 *
 * Returns: (transfer full) (nullable): the answer, or %NULL with a Status
 */
PracticeAnswer *
practice_call_create_token (PracticeCall *call, GError **error)
{
  JsonNode *account = practice_call_find_object (call, error);
  g_autoptr (JsonNode) request = NULL;
  g_autofree char *token = NULL;
  g_autofree char *end = NULL;
  JsonObject *status;
  gint64 seconds;

  if (account == NULL)
    return NULL;
  request = practice_decoder_read_type (practice_call_get_registry (call), "TokenRequest",
                                        call->body, call->request->content_type, error);
  if (request == NULL)
    return NULL;
  seconds = base_json_get_int (request, TOKEN_SECONDS, "spec", "expirationSeconds", NULL);
  token = practice_tokens_new_for_time (practice_call_get_store (call), account, seconds, &end);
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

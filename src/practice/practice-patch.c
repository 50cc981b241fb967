/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-patch.h"

#include "base-json-patch.h"
#include "base-json.h"
#include "practice-go.h"
#include "practice-status.h"
#include "practice-strategic-merge.h"

#define JSON_PATCH "application/json-patch+json"
#define MERGE_PATCH "application/merge-patch+json"
#define STRATEGIC_PATCH "application/strategic-merge-patch+json"

static JsonNode *
parse (GBytes *body, GError **error)
{
  g_autoptr (GError) why = NULL;
  gsize length;
  const char *data = g_bytes_get_data (body, &length);
  JsonNode *patch = base_json_parse (data, (gssize)length, &why);

  if (patch == NULL && practice_go_is_cut (data, length))
    practice_status_set_bad_request (error, "unexpected EOF");
  else if (patch == NULL)
    practice_status_set_bad_request (error, "error decoding patch: %s", why->message);
  return patch;
}

static JsonNode *
apply_json_patch (JsonNode *object, JsonNode *patch, GError **error)
{
  JsonNode *result;

  if (!JSON_NODE_HOLDS_ARRAY (patch)) {
    practice_status_set_bad_request (
      error, "json: cannot unmarshal object into Go value of type jsonpatch.Patch");
    return NULL;
  }
  result = base_json_patch_apply_lenient (object, patch, NULL);
  /* A real server does not say which operation failed either. */
  if (result == NULL)
    practice_status_set_unprocessable (error);
  return result;
}

static JsonNode *
apply_strategic (const PracticeType *type, JsonNode *object, JsonNode *patch, GError **error)
{
  g_autoptr (GError) why = NULL;
  JsonNode *result = practice_strategic_merge_apply (type, object, patch, &why);

  if (result == NULL)
    practice_status_set_unknown (error, why->message);
  return result;
}

/**
 * practice_patch_apply:
 * @type: (nullable): what @object is; %NULL for a custom object
 * @object: an object; not changed
 * @body: the patch
 * @content_type: (nullable): its media type, which says of what sort it is
 * @error: return location
 *
 * Applies a patch: JSON Patch, merge patch or, for what has a type, strategic merge patch.
 *
 * Returns: (transfer full) (nullable): the patched object, or %NULL with a Status
 */
JsonNode *
practice_patch_apply (const PracticeType *type,
                      JsonNode *object,
                      GBytes *body,
                      const char *content_type,
                      GError **error)
{
  static const char *const all[] = { JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, PRACTICE_PATCH_APPLY,
                                     NULL };
  static const char *const custom[] = { JSON_PATCH, MERGE_PATCH, PRACTICE_PATCH_APPLY, NULL };
  const char *const *accepted = type != NULL ? all : custom;
  g_autoptr (JsonNode) patch = NULL;
  g_autoptr (JsonNode) result = NULL;

  if (content_type == NULL || !g_strv_contains (accepted, content_type)) {
    practice_status_set_media_type (error, accepted);
    return NULL;
  }
  patch = parse (body, error);
  if (patch == NULL)
    return NULL;
  if (g_str_equal (content_type, JSON_PATCH))
    result = apply_json_patch (object, patch, error);
  else if (g_str_equal (content_type, MERGE_PATCH))
    result = base_json_merge_patch_apply (object, patch);
  else
    result = apply_strategic (type, object, patch, error);

  if (result != NULL && !JSON_NODE_HOLDS_OBJECT (result)) {
    practice_status_set_bad_request (error, "the patch makes no object");
    return NULL;
  }
  return g_steal_pointer (&result);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-authorizer.h"
#include "practice-certificate-request.h"
#include "practice-object.h"
#include "practice-signing-request.h"
#include "practice-status.h"

#define GROUP "certificates.k8s.io"
#define MASTERS "system:masters"

static const char *
get_signer (JsonNode *object)
{
  const char *name = base_json_get_string (object, "spec", "signerName", NULL);

  return name != NULL ? name : "";
}

static gboolean
is_allowed (PracticeStore *store, const PracticeUser *user, const char *signer)
{
  PracticeAccess access = { "approve", GROUP, "signers", NULL, NULL, signer };

  return practice_authorizer_allows (store, user, &access);
}

/**
 * practice_signing_request_check_subject:
 * @object: a new request
 * @error: return location
 *
 * Does what the admission plugin CertificateSubjectRestriction does.
 *
 * Returns: %FALSE with a Status, where the request is for an administrator
 */
gboolean
practice_signing_request_check_subject (JsonNode *object, GError **error)
{
  const char *base64 = base_json_get_string (object, "spec", "request", NULL);
  const char *wrong;
  g_autoptr (PracticeCertificateRequest) request = NULL;

  if (base64 == NULL || !g_str_equal (get_signer (object), PRACTICE_SIGNER_CLIENT))
    return TRUE;
  request = practice_certificate_request_new (base64, &wrong);
  if (request == NULL || !g_strv_contains ((const char *const *)request->organizations, MASTERS))
    return TRUE;
  practice_status_set_stored_forbidden (
    error, PRACTICE_SIGNING_REQUESTS, base_metadata_get_name (object),
    "use of " PRACTICE_SIGNER_CLIENT " signer with " MASTERS " group is not allowed");
  return FALSE;
}

/**
 * practice_signing_request_check_approver:
 * @store: the state
 * @user: who approves or denies
 * @object: the stored request
 * @error: return location
 *
 * Does what the admission plugin CertificateApproval does: beside the subresource, one has to be
 * allowed the signer, or all of its domain.
 *
 * Returns: %FALSE with a Status, where @user is not
 */
gboolean
practice_signing_request_check_approver (PracticeStore *store,
                                         const PracticeUser *user,
                                         JsonNode *object,
                                         GError **error)
{
  const char *signer = get_signer (object);
  const char *slash = strchr (signer, '/');
  g_autofree char *domain =
    g_strdup_printf ("%.*s/*", (int)(slash != NULL ? slash - signer : 0), signer);
  g_autofree char *why = NULL;

  if (is_allowed (store, user, signer) || is_allowed (store, user, domain))
    return TRUE;
  why = g_strdup_printf ("user not permitted to approve requests with signerName \"%s\"", signer);
  practice_status_set_stored_forbidden (error, PRACTICE_SIGNING_REQUESTS,
                                        base_metadata_get_name (object), why);
  return FALSE;
}

static gboolean
is_decision (JsonNode *condition)
{
  static const char *const types[] = { PRACTICE_APPROVED, PRACTICE_DENIED, NULL };
  const char *type = base_json_get_string (condition, "type", NULL);

  return type != NULL && g_strv_contains (types, type);
}

/* Only the approval decides: what else is written keeps what was decided. */
static void
keep_decisions (JsonNode *object, JsonNode *old)
{
  JsonArray *given = base_json_get_array (object, "status", "conditions", NULL);
  JsonArray *before = base_json_get_array (old, "status", "conditions", NULL);
  JsonArray *kept = json_array_new ();

  for (guint i = 0; i < base_json_get_length (before); i++) {
    if (is_decision (json_array_get_element (before, i)))
      json_array_add_element (kept, base_json_copy (json_array_get_element (before, i)));
  }
  for (guint i = 0; i < base_json_get_length (given); i++) {
    if (!is_decision (json_array_get_element (given, i)))
      json_array_add_element (kept, base_json_copy (json_array_get_element (given, i)));
  }
  if (json_array_get_length (kept) > 0)
    json_object_set_array_member (practice_object_ensure (object, "status", NULL), "conditions",
                                  kept);
  else
    json_array_unref (kept);
}

static void
keep_certificate (JsonNode *object, JsonNode *old)
{
  JsonObject *status = practice_object_ensure (object, "status", NULL);
  JsonNode *before = base_json_get (old, "status", "certificate", NULL);

  if (before != NULL)
    json_object_set_member (status, "certificate", base_json_copy (before));
  else
    json_object_remove_member (status, "certificate");
}

/* The times that a client leaves to the server. */
static void
add_times (JsonNode *object, JsonNode *old)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);
  g_autofree char *now = practice_age_dup_now ();

  for (guint i = 0; i < base_json_get_length (conditions); i++) {
    JsonObject *condition = json_array_get_object_element (conditions, i);
    const char *type = json_object_get_string_member_with_default (condition, "type", "");
    JsonNode *before = base_condition_find (old, type);
    const char *time = base_json_get_string (before, "lastTransitionTime", NULL);

    if (json_object_get_string_member_with_default (condition, "lastUpdateTime", NULL) == NULL)
      json_object_set_string_member (condition, "lastUpdateTime", now);
    if (json_object_get_string_member_with_default (condition, "lastTransitionTime", NULL) == NULL)
      json_object_set_string_member (condition, "lastTransitionTime", time != NULL ? time : now);
  }
}

/**
 * practice_signing_request_merge:
 * @object: a request with the status that is to be stored, changed in place
 * @old: the stored one
 * @approval: whether it is about the decision; else about the certificate
 *
 * Keeps of @old what the write of a subresource does not change.
 */
void
practice_signing_request_merge (JsonNode *object, JsonNode *old, gboolean approval)
{
  if (approval)
    keep_certificate (object, old);
  else
    keep_decisions (object, old);
  add_times (object, old);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-condition.h"
#include "base-json.h"
#include "practice-cells.h"
#include "practice-certificate-request.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-signing-request.h"

static const PracticeColumn columns[] = {
  { "Name", "string", "name", 0 },   { "Age", "string", "", 0 },
  { "SignerName", "string", "", 0 }, { "Requestor", "string", "", 0 },
  { "Condition", "string", "", 0 },  { NULL },
};

static const char *const selectable_fields[] = { "spec.signerName", NULL };
static const char *const subresources[] = { "approval", NULL };

/* What v1beta1 takes where nothing is said of usages. */
static const char *const default_usages[] = { "digital signature", "key encipherment" };

static void
add_condition (JsonNode *object, JsonArray *cells)
{
  g_autoptr (GString) text = g_string_new (NULL);
  const char *certificate = base_json_get_string (object, "status", "certificate", NULL);

  if (base_condition_is_true (object, PRACTICE_DENIED))
    g_string_append (text, PRACTICE_DENIED);
  else if (base_condition_is_true (object, PRACTICE_APPROVED))
    g_string_append (text, PRACTICE_APPROVED);
  else
    g_string_append (text, "Pending");
  if (base_condition_is_true (object, PRACTICE_FAILED))
    g_string_append (text, "," PRACTICE_FAILED);
  if (certificate != NULL && *certificate != '\0')
    g_string_append (text, ",Issued");
  json_array_add_string_element (cells, text->str);
}

static void
add_cells (JsonNode *object, JsonArray *cells)
{
  const char *signer = base_json_get_string (object, "spec", "signerName", NULL);
  const char *user = base_json_get_string (object, "spec", "username", NULL);

  practice_cells_add_name (cells, object);
  practice_cells_add_age (cells, object);
  json_array_add_string_element (cells, signer != NULL ? signer : "<none>");
  json_array_add_string_element (cells, user != NULL ? user : "");
  add_condition (object, cells);
}

/* What is asked for stays as it is; nobody says who he is himself. */
static void
prepare (JsonNode *object, JsonNode *old)
{
  static const char *const cleared[] = { "username", "uid", "groups", "extra" };
  JsonObject *members = json_node_get_object (object);
  JsonObject *spec = base_json_get_object (object, "spec", NULL);

  if (old != NULL) {
    json_object_set_member (members, "spec", base_json_copy (base_json_get (old, "spec", NULL)));
    return;
  }
  for (guint i = 0; spec != NULL && i < G_N_ELEMENTS (cleared); i++)
    json_object_remove_member (spec, cleared[i]);
  json_object_set_object_member (members, "status", json_object_new ());
}

static void
note_user (JsonNode *object, const PracticeUser *user)
{
  JsonObject *spec = practice_object_ensure (object, "spec", NULL);
  JsonArray *groups = json_array_new ();

  for (guint i = 0; user->groups[i] != NULL; i++)
    json_array_add_string_element (groups, user->groups[i]);
  json_object_set_array_member (spec, "groups", groups);
  json_object_set_string_member (spec, "username", user->name);
  if (user->uid != NULL)
    json_object_set_string_member (spec, "uid", user->uid);
}

/* Which signer is meant where the request does not say it
 * (k8s.io/kubernetes/pkg/apis/certificates/v1beta1/defaults.go). */
static const char *
find_signer (JsonNode *object)
{
  const char *base64 = base_json_get_string (object, "spec", "request", NULL);
  JsonArray *usages = base_json_get_array (object, "spec", "usages", NULL);
  const char *wrong;
  g_autoptr (PracticeCertificateRequest) request =
    base64 != NULL ? practice_certificate_request_new (base64, &wrong) : NULL;
  gboolean serves = FALSE;

  if (request == NULL || g_strv_length (request->organizations) != 1 ||
      !g_str_equal (request->organizations[0], PRACTICE_NODES_GROUP) ||
      request->common_name == NULL ||
      !g_str_has_prefix (request->common_name, PRACTICE_NODE_PREFIX))
    return PRACTICE_SIGNER_LEGACY;
  for (guint i = 0; i < base_json_get_length (usages); i++)
    serves = serves || g_strcmp0 (json_array_get_string_element (usages, i), "server auth") == 0;
  return serves ? PRACTICE_SIGNER_KUBELET_SERVING : PRACTICE_SIGNER_KUBELET_CLIENT;
}

/* From v1beta1, which asks for less. */
static JsonNode *
to_storage (JsonNode *object)
{
  JsonObject *spec = practice_object_ensure (object, "spec", NULL);

  if (!json_object_has_member (spec, "usages")) {
    JsonArray *usages = json_array_new ();

    for (guint i = 0; i < G_N_ELEMENTS (default_usages); i++)
      json_array_add_string_element (usages, default_usages[i]);
    json_object_set_array_member (spec, "usages", usages);
  }
  if (!json_object_has_member (spec, "signerName"))
    json_object_set_string_member (spec, "signerName", find_signer (object));
  return object;
}

const PracticeKind practice_signing_request_kind = {
  .group = "certificates.k8s.io",
  .plural = "certificatesigningrequests",
  .singular = "certificatesigningrequest",
  .kind = "CertificateSigningRequest",
  .versions = { "v1", "v1beta1" },
  .types = { "CertificateSigningRequest", "BetaCertificateSigningRequest" },
  .short_names = { "csr" },
  .has_status = TRUE,
  .checks_name = TRUE,
  .prepare = prepare,
  .note_user = note_user,
  .check_creation = practice_signing_request_check_subject,
  .merge_part = practice_signing_request_merge,
  .validate_version = practice_signing_request_validate,
  .to_storage = to_storage,
  .columns = columns,
  .add_cells = add_cells,
  .selectable_fields = selectable_fields,
  .subresources = subresources,
};

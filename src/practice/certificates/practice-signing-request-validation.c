/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-authority.h"
#include "practice-certificate-request.h"
#include "practice-names.h"
#include "practice-signing-request.h"
#include "practice-validation.h"

/*
 * k8s.io/kubernetes/pkg/apis/certificates/validation
 */
#define LEGACY_VERSION "certificates.k8s.io/v1beta1"
#define MAX_SIGNER_NAME 571
#define MIN_SECONDS 600

#define CERTIFICATE_HEADER "-----BEGIN CERTIFICATE-----"

static const char *const certain[] = { "True", NULL };
static const char *const any_status[] = { "False", "True", "Unknown", NULL };

/* Bytes, as Go prints them. */
static char *
print_bytes (const char *base64)
{
  gsize length = 0;
  g_autofree guchar *data = g_base64_decode (base64, &length);
  GString *text = g_string_new ("[]byte{");

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%s0x%x", i > 0 ? ", " : "", data[i]);
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static void
validate_request (JsonNode *object, PracticeCauses *causes)
{
  const char *base64 = base_json_get_string (object, "spec", "request", NULL);
  const char *wrong;
  g_autoptr (PracticeCertificateRequest) request =
    practice_certificate_request_new (base64 != NULL ? base64 : "", &wrong);
  g_autofree char *bytes = NULL;

  if (request != NULL)
    return;
  bytes = print_bytes (base64 != NULL ? base64 : "");
  practice_causes_invalid_literal (causes, "spec.request", bytes, wrong);
}

static void
validate_usages (JsonNode *object, PracticeCauses *causes)
{
  JsonArray *usages = base_json_get_array (object, "spec", "usages", NULL);
  g_autofree const char **known = practice_authority_list_usages ();
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  if (base_json_get_length (usages) == 0)
    practice_causes_required (causes, "spec.usages", "usages must be provided");
  for (guint i = 0; i < base_json_get_length (usages); i++) {
    const char *usage = json_array_get_string_element (usages, i);
    g_autofree char *field = practice_validation_field ("spec.usages[%u]", i);

    if (!g_strv_contains (known, usage))
      practice_causes_unsupported (causes, field, usage, known);
  }
  for (guint i = 0; i < base_json_get_length (usages); i++) {
    const char *usage = json_array_get_string_element (usages, i);
    g_autofree char *field = practice_validation_field ("spec.usages[%u]", i);

    if (!g_hash_table_add (seen, (gpointer)usage))
      practice_causes_duplicate (causes, field, usage);
  }
}

static void
validate_part (const char *part, const char *wrong, PracticeCauses *causes)
{
  g_autofree char *detail = NULL;

  if (wrong == NULL)
    return;
  detail = g_strdup_printf ("validating label \"%s\": %s", part, wrong);
  practice_causes_invalid (causes, "spec.signerName", part, detail);
}

/* "domain.org/path": the domain has two parts or more. */
static void
validate_signer_parts (const char *domain, const char *path, PracticeCauses *causes)
{
  g_auto (GStrv) labels = g_strsplit (domain, ".", -1);

  for (guint i = 0; labels[i] != NULL; i++) {
    const char *wrong = practice_names_check_label (labels[i]);
    g_autofree char *detail = NULL;

    if (wrong == NULL)
      continue;
    detail = g_strdup_printf ("validating label \"%s\": %s", labels[i], wrong);
    practice_causes_invalid (causes, "spec.signerName", domain, detail);
  }
  validate_part (path, practice_names_check_subdomain (path), causes);
  if (g_strv_length (labels) < 2)
    practice_causes_invalid (causes, "spec.signerName", domain,
                             "should be a domain with at least two segments separated by dots");
}

static void
validate_signer (JsonNode *object, PracticeCauses *causes)
{
  const char *name = base_json_get_string (object, "spec", "signerName", NULL);
  g_auto (GStrv) parts = g_strsplit (name != NULL ? name : "", "/", -1);

  if (name == NULL || *name == '\0') {
    practice_causes_required (causes, "spec.signerName", "signerName must be provided");
    return;
  }
  if (g_strv_length (parts) != 2)
    practice_causes_invalid (
      causes, "spec.signerName", name,
      "must be a fully qualified domain and path of the form 'example.com/signer-name'");
  else
    validate_signer_parts (parts[0], parts[1], causes);
  if (strlen (name) > MAX_SIGNER_NAME)
    practice_causes_too_long (causes, "spec.signerName", MAX_SIGNER_NAME);
}

/* Before it was told what signs, there was one signer for all. */
static void
validate_version (JsonNode *object, const char *api_version, PracticeCauses *causes)
{
  const char *name = base_json_get_string (object, "spec", "signerName", NULL);

  if (g_strcmp0 (name, PRACTICE_SIGNER_LEGACY) == 0 && g_strcmp0 (api_version, LEGACY_VERSION) != 0)
    practice_causes_invalid (causes, "spec.signerName", name,
                             "the legacy signerName is not allowed via this API version");
}

static void
validate_seconds (JsonNode *object, PracticeCauses *causes)
{
  gint64 seconds = base_json_get_int (object, MIN_SECONDS, "spec", "expirationSeconds", NULL);

  if (seconds < MIN_SECONDS)
    practice_causes_invalid_int (causes, "spec.expirationSeconds", seconds,
                                 "may not specify a duration less than 600 seconds (10 minutes)");
}

static void
validate_condition_status (JsonNode *condition,
                           const char *type,
                           const char *field,
                           PracticeCauses *causes)
{
  static const char *const final[] = { PRACTICE_APPROVED, PRACTICE_DENIED, PRACTICE_FAILED, NULL };
  const char *status = base_json_get_string (condition, "status", NULL);
  g_autofree char *own = g_strconcat (field, ".status", NULL);
  const char *const *known = g_strv_contains (final, type) ? certain : any_status;

  if (status == NULL || *status == '\0')
    practice_causes_required (causes, own, NULL);
  else if (!g_strv_contains (known, status))
    practice_causes_unsupported (causes, own, status, known);
}

static void
validate_conditions (JsonNode *object, PracticeCauses *causes)
{
  JsonArray *conditions = base_json_get_array (object, "status", "conditions", NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < base_json_get_length (conditions); i++) {
    JsonNode *condition = json_array_get_element (conditions, i);
    const char *type = base_json_get_string (condition, "type", NULL);
    g_autofree char *field = practice_validation_field ("status.conditions[%u]", i);
    g_autofree char *own = g_strconcat (field, ".type", NULL);

    if (type == NULL)
      type = "";
    if (*type == '\0')
      practice_causes_required (causes, own, NULL);
    validate_condition_status (condition, type, field, causes);
    if ((g_str_equal (type, PRACTICE_APPROVED) && g_hash_table_contains (seen, PRACTICE_DENIED)) ||
        (g_str_equal (type, PRACTICE_DENIED) && g_hash_table_contains (seen, PRACTICE_APPROVED)))
      practice_causes_invalid (causes, own, type,
                               "Approved and Denied conditions are mutually exclusive");
    if (!g_hash_table_add (seen, (gpointer)type))
      practice_causes_duplicate (causes, own, type);
  }
}

static void
validate_certificate (JsonNode *object, PracticeCauses *causes)
{
  const char *base64 = base_json_get_string (object, "status", "certificate", NULL);
  gsize length = 0;
  g_autofree guchar *data = base64 != NULL ? g_base64_decode (base64, &length) : NULL;

  if (length > 0 && g_strstr_len ((const char *)data, (gssize)length, CERTIFICATE_HEADER) == NULL)
    practice_causes_invalid (causes, "status.certificate", "<certificate data>",
                             "must contain at least one CERTIFICATE PEM block");
}

static void
validate_removals (JsonNode *object, JsonNode *old, PracticeCauses *causes)
{
  static const char *const final[] = { PRACTICE_APPROVED, PRACTICE_DENIED, PRACTICE_FAILED };

  for (guint i = 0; i < G_N_ELEMENTS (final); i++) {
    g_autofree char *detail =
      g_strdup_printf ("updates may not remove a condition of type \"%s\"", final[i]);

    if (base_condition_find (old, final[i]) != NULL &&
        base_condition_find (object, final[i]) == NULL)
      practice_causes_forbidden (causes, "status.conditions", detail);
  }
}

/**
 * practice_signing_request_validate:
 * @object: a request
 * @old: (nullable): what it replaces
 * @api_version: the version that the client spoke
 * @causes: where what is wrong is noted
 *
 * Checks a CertificateSigningRequest.
 */
void
practice_signing_request_validate (JsonNode *object,
                                   JsonNode *old,
                                   const char *api_version,
                                   PracticeCauses *causes)
{
  const char *name = base_metadata_get_name (object);

  if (name == NULL || *name == '\0')
    practice_causes_required (causes, "metadata.name", "name or generateName is required");
  else
    practice_names_validate_segment (name, "metadata.name", causes);
  validate_request (object, causes);
  validate_usages (object, causes);
  if (old == NULL)
    validate_version (object, api_version, causes);
  validate_signer (object, causes);
  validate_seconds (object, causes);
  validate_conditions (object, causes);
  validate_certificate (object, causes);
  if (old != NULL)
    validate_removals (object, old, causes);
}

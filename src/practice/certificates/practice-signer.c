/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-signer.h"

#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "practice-age.h"
#include "practice-authority.h"
#include "practice-object.h"
#include "practice-signing-request.h"

/* As long as a certificate is good (--cluster-signing-duration). */
#define SECONDS (365 * 24 * 3600)

struct _PracticeSigner {
  PracticeController parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeSigner, practice_signer, PRACTICE_TYPE_CONTROLLER)

/* (transfer container): the words of spec.usages. */
static GPtrArray *
list_usages (JsonNode *object)
{
  JsonArray *array = base_json_get_array (object, "spec", "usages", NULL);
  GPtrArray *usages = g_ptr_array_new ();

  for (guint i = 0; i < base_json_get_length (array); i++)
    g_ptr_array_add (usages, (gpointer)json_array_get_string_element (array, i));
  g_ptr_array_add (usages, NULL);
  return usages;
}

/* (nullable) (transfer full): why users do not get it. */
static char *
refuse_client (const char *const *usages)
{
  static const char *const allowed[] = { "client auth", "digital signature", "key encipherment",
                                         NULL };

  for (guint i = 0; usages[i] != NULL; i++) {
    if (!g_strv_contains (allowed, usages[i]))
      return g_strdup_printf ("invalid usage for client certificate: %s", usages[i]);
  }
  if (!g_strv_contains (usages, "client auth"))
    return g_strdup ("missing required usage for client certificate: client auth");
  return NULL;
}

/* (nullable): why kubelets do not get it; @purpose "client auth" or "server auth". */
static char *
refuse_kubelet (PracticeCertificateRequest *request, const char *const *usages, const char *purpose)
{
  const char *const wanted[] = { "key encipherment", "digital signature", purpose };
  gboolean serves = g_str_equal (purpose, "server auth");
  gboolean all = g_strv_length ((GStrv)usages) == G_N_ELEMENTS (wanted);

  if (g_strv_length (request->organizations) != 1 ||
      !g_str_equal (request->organizations[0], PRACTICE_NODES_GROUP))
    return g_strdup ("subject organization is not system:nodes");
  if (serves && request->n_names == 0)
    return g_strdup ("DNS or IP subjectAltName is required");
  if (serves ? request->other_names : request->other_names || request->n_names > 0)
    return g_strdup_printf ("%s subjectAltNames are not allowed",
                            request->other_names ? "email or URI" : "DNS or IP");
  if (request->common_name == NULL ||
      !g_str_has_prefix (request->common_name, PRACTICE_NODE_PREFIX))
    return g_strdup ("subject common name does not begin with system:node:");
  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    all = all && g_strv_contains (usages, wanted[i]);
  return all ? NULL
             : g_strdup_printf ("usages did not match [%s %s %s]", wanted[0], wanted[1], wanted[2]);
}

/* TRUE: it is for us; @why (nullable) is set where we do not sign it. */
static gboolean
is_ours (const char *signer,
         PracticeCertificateRequest *request,
         const char *const *usages,
         char **why)
{
  *why = NULL;
  if (g_strcmp0 (signer, PRACTICE_SIGNER_LEGACY) == 0)
    return TRUE;
  if (g_strcmp0 (signer, PRACTICE_SIGNER_CLIENT) == 0)
    *why = refuse_client (usages);
  else if (g_strcmp0 (signer, PRACTICE_SIGNER_KUBELET_CLIENT) == 0)
    *why = refuse_kubelet (request, usages, "client auth");
  else if (g_strcmp0 (signer, PRACTICE_SIGNER_KUBELET_SERVING) == 0)
    *why = refuse_kubelet (request, usages, "server auth");
  else
    return FALSE;
  return TRUE;
}

static void
set_failed (JsonNode *object, const char *reason, const char *message)
{
  g_autofree char *now = practice_age_dup_now ();
  JsonNode *condition;

  practice_object_set_condition (object, PRACTICE_FAILED, TRUE, reason, message);
  condition = base_condition_find (object, PRACTICE_FAILED);
  json_object_set_string_member (json_node_get_object (condition), "lastUpdateTime", now);
}

static void
set_certificate (JsonNode *object, const char *pem)
{
  g_autofree char *base64 = g_base64_encode ((const guchar *)pem, strlen (pem));

  json_object_set_string_member (practice_object_ensure (object, "status", NULL), "certificate",
                                 base64);
}

static void
sign (PracticeStore *store, JsonNode *object)
{
  const char *base64 = base_json_get_string (object, "spec", "request", NULL);
  gint64 seconds = base_json_get_int (object, SECONDS, "spec", "expirationSeconds", NULL);
  const char *wrong;
  g_autoptr (PracticeCertificateRequest) request =
    practice_certificate_request_new (base64, &wrong);
  g_autoptr (GPtrArray) usages = list_usages (object);
  const char *const *words = (const char *const *)usages->pdata;
  g_autoptr (JsonNode) changed = base_json_copy (object);
  g_autofree char *why = NULL;
  g_autofree char *pem = NULL;
  g_autoptr (GError) error = NULL;

  if (request == NULL ||
      !is_ours (base_json_get_string (object, "spec", "signerName", NULL), request, words, &why))
    return;
  if (why == NULL)
    pem = practice_authority_sign (store, request, words, MIN (seconds, SECONDS), &error);
  if (pem != NULL)
    set_certificate (changed, pem);
  else if (why != NULL)
    set_failed (changed, "SignerValidationFailure", why);
  else
    set_failed (changed, "SigningFailure", error->message);
  practice_store_update (store, PRACTICE_SIGNING_REQUESTS, g_steal_pointer (&changed), NULL, NULL);
}

static void
practice_signer_reconcile (PracticeController *controller,
                           const char *namespace_,
                           const char *name,
                           JsonNode *object)
{
  if (base_condition_is_true (object, PRACTICE_APPROVED) &&
      !base_condition_is_true (object, PRACTICE_DENIED) &&
      !base_condition_is_true (object, PRACTICE_FAILED) &&
      base_json_get_string (object, "status", "certificate", NULL) == NULL)
    sign (practice_controller_get_store (controller), object);
}

static void
practice_signer_class_init (PracticeSignerClass *klass)
{
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  controller_class->resource = PRACTICE_SIGNING_REQUESTS;
  controller_class->reconcile = practice_signer_reconcile;
}

static void
practice_signer_init (PracticeSigner *self)
{
}

/**
 * practice_signer_new:
 * @store: the state
 *
 * Returns: (transfer full): the controller
 */
PracticeController *
practice_signer_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_SIGNER, "store", store, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-authority.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "practice-certificates.h"

#define NAME "kubernetes-practice-signer"
#define CERTIFICATE_SETTING "api/signer-certificate"
#define KEY_SETTING "api/signer-key"

/* For a clock that is off, as a real signer does. */
#define BACK_SECONDS (5 * 60)

#define SERIAL_BYTES 16

/* https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/certificate-signing-request-v1/
 */
static const struct {
  const char *word;
  guint key_usage;     /* 0: of what follows */
  const char *purpose; /* (nullable) */
} usages_known[] = {
  { "any", 0, GNUTLS_KP_ANY },
  { "cert sign", GNUTLS_KEY_KEY_CERT_SIGN, NULL },
  { "client auth", 0, GNUTLS_KP_TLS_WWW_CLIENT },
  { "code signing", 0, GNUTLS_KP_CODE_SIGNING },
  { "content commitment", GNUTLS_KEY_NON_REPUDIATION, NULL },
  { "crl sign", GNUTLS_KEY_CRL_SIGN, NULL },
  { "data encipherment", GNUTLS_KEY_DATA_ENCIPHERMENT, NULL },
  { "decipher only", GNUTLS_KEY_DECIPHER_ONLY, NULL },
  { "digital signature", GNUTLS_KEY_DIGITAL_SIGNATURE, NULL },
  { "email protection", 0, GNUTLS_KP_EMAIL_PROTECTION },
  { "encipher only", GNUTLS_KEY_ENCIPHER_ONLY, NULL },
  { "ipsec end system", 0, "1.3.6.1.5.5.7.3.5" },
  { "ipsec tunnel", 0, "1.3.6.1.5.5.7.3.6" },
  { "ipsec user", 0, "1.3.6.1.5.5.7.3.7" },
  { "key agreement", GNUTLS_KEY_KEY_AGREEMENT, NULL },
  { "key encipherment", GNUTLS_KEY_KEY_ENCIPHERMENT, NULL },
  { "microsoft sgc", 0, "1.3.6.1.4.1.311.10.3.3" },
  { "netscape sgc", 0, "2.16.840.1.113730.4.1" },
  { "ocsp signing", 0, GNUTLS_KP_OCSP_SIGNING },
  { "s/mime", 0, GNUTLS_KP_EMAIL_PROTECTION },
  { "server auth", 0, GNUTLS_KP_TLS_WWW_SERVER },
  { "signing", GNUTLS_KEY_DIGITAL_SIGNATURE, NULL },
  { "timestamping", 0, GNUTLS_KP_TIME_STAMPING },
};

typedef struct {
  gnutls_x509_crt_t certificate;
  gnutls_x509_privkey_t key;
} Signer;

static void
signer_clear (Signer *self)
{
  if (self->certificate != NULL)
    gnutls_x509_crt_deinit (self->certificate);
  if (self->key != NULL)
    gnutls_x509_privkey_deinit (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Signer, signer_clear)

static gboolean
ensure_texts (PracticeStore *store, char **certificate, char **key, GError **error)
{
  g_autoptr (PracticeCertificates) made = NULL;

  *certificate = practice_store_dup_setting (store, CERTIFICATE_SETTING);
  *key = practice_store_dup_setting (store, KEY_SETTING);
  if (*certificate != NULL && *key != NULL)
    return TRUE;
  made = practice_certificates_new_authority (NAME, error);
  if (made == NULL || !practice_store_set_setting (store, CERTIFICATE_SETTING, made->ca, error) ||
      !practice_store_set_setting (store, KEY_SETTING, made->key, error))
    return FALSE;
  g_free (*certificate);
  g_free (*key);
  *certificate = g_steal_pointer (&made->ca);
  *key = g_steal_pointer (&made->key);
  return TRUE;
}

static gboolean
load (Signer *self, PracticeStore *store, GError **error)
{
  g_autofree char *certificate = NULL;
  g_autofree char *key = NULL;
  gnutls_datum_t datum;

  if (!ensure_texts (store, &certificate, &key, error) ||
      !practice_certificates_check (gnutls_x509_crt_init (&self->certificate), error) ||
      !practice_certificates_check (gnutls_x509_privkey_init (&self->key), error))
    return FALSE;
  datum = (gnutls_datum_t){ (unsigned char *)certificate, strlen (certificate) };
  if (!practice_certificates_check (
        gnutls_x509_crt_import (self->certificate, &datum, GNUTLS_X509_FMT_PEM), error))
    return FALSE;
  datum = (gnutls_datum_t){ (unsigned char *)key, strlen (key) };
  return practice_certificates_check (
    gnutls_x509_privkey_import2 (self->key, &datum, GNUTLS_X509_FMT_PEM, NULL, 0), error);
}

static gboolean
set_usages (gnutls_x509_crt_t certificate, const char *const *usages, GError **error)
{
  guint key_usage = 0;

  for (guint i = 0; i < G_N_ELEMENTS (usages_known); i++) {
    if (!g_strv_contains (usages, usages_known[i].word))
      continue;
    key_usage |= usages_known[i].key_usage;
    if (usages_known[i].purpose != NULL &&
        !practice_certificates_check (
          gnutls_x509_crt_set_key_purpose_oid (certificate, usages_known[i].purpose, 0), error))
      return FALSE;
  }
  return key_usage == 0 || practice_certificates_check (
                             gnutls_x509_crt_set_key_usage (certificate, key_usage), error);
}

/* Names beside that of the subject are taken over, nothing else is. */
static gboolean
set_names (gnutls_x509_crt_t certificate, PracticeCertificateRequest *request, GError **error)
{
  if (!practice_certificates_check (gnutls_x509_crt_set_crq (certificate, request->crq), error))
    return FALSE;
  return (request->n_names == 0 && !request->other_names) ||
         practice_certificates_check (gnutls_x509_crt_set_crq_extension_by_oid (
                                        certificate, request->crq, GNUTLS_X509EXT_OID_SAN, 0),
                                      error);
}

static gboolean
set_serial (gnutls_x509_crt_t certificate, GError **error)
{
  guint8 serial[SERIAL_BYTES];

  if (!practice_certificates_check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), error))
    return FALSE;
  /* A positive number (RFC 5280, 4.1.2.2). */
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return practice_certificates_check (
    gnutls_x509_crt_set_serial (certificate, serial, sizeof serial), error);
}

static gboolean
fill (gnutls_x509_crt_t certificate,
      Signer *signer,
      PracticeCertificateRequest *request,
      const char *const *usages,
      gint64 seconds,
      GError **error)
{
  time_t now = time (NULL);

  return set_names (certificate, request, error) && set_serial (certificate, error) &&
         practice_certificates_check (gnutls_x509_crt_set_version (certificate, 3), error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_activation_time (certificate, now - BACK_SECONDS), error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_expiration_time (certificate, now + (time_t)seconds), error) &&
         practice_certificates_check (gnutls_x509_crt_set_ca_status (certificate, 0), error) &&
         set_usages (certificate, usages, error) &&
         practice_certificates_check (gnutls_x509_crt_sign2 (certificate, signer->certificate,
                                                             signer->key, GNUTLS_DIG_SHA256, 0),
                                      error);
}

/**
 * practice_authority_dup_certificate:
 * @store: the state
 *
 * Returns: (transfer full) (nullable): the authority's certificate, PEM; %NULL where it has signed
 *   nothing yet
 */
char *
practice_authority_dup_certificate (PracticeStore *store)
{
  return practice_store_dup_setting (store, CERTIFICATE_SETTING);
}

/**
 * practice_authority_sign:
 * @store: the state
 * @request: what somebody asks for
 * @usages: (array zero-terminated=1): what it is to be good for
 * @seconds: how long it is to be good
 * @error: return location
 *
 * Signs @request. The authority is not that of the API server's own certificate, whose key nobody
 * has.
 *
 * Returns: (transfer full) (nullable): the certificate, PEM; %NULL where @request was not signed
 *   with its own key, or nothing can be stored
 */
char *
practice_authority_sign (PracticeStore *store,
                         PracticeCertificateRequest *request,
                         const char *const *usages,
                         gint64 seconds,
                         GError **error)
{
  g_auto (Signer) signer = { NULL };
  gnutls_x509_crt_t certificate = NULL;
  gnutls_datum_t datum = { NULL };
  char *text = NULL;

  if (!load (&signer, store, error) ||
      !practice_certificates_check (gnutls_x509_crt_init (&certificate), error))
    return NULL;
  if (fill (certificate, &signer, request, usages, seconds, error) &&
      practice_certificates_check (
        gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &datum), error)) {
    text = g_strndup ((const char *)datum.data, datum.size);
    gnutls_free (datum.data);
  }
  gnutls_x509_crt_deinit (certificate);
  return text;
}

/**
 * practice_authority_list_usages:
 *
 * Returns: (transfer container) (array zero-terminated=1): the words for what a certificate can be
 *   good for, in their order
 */
const char **
practice_authority_list_usages (void)
{
  const char **words = g_new0 (const char *, G_N_ELEMENTS (usages_known) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (usages_known); i++)
    words[i] = usages_known[i].word;
  return words;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-credentials.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "practice-certificates.h"

#define TOKEN_BYTES 32

#define CA_SETTING "api/ca"
#define CERTIFICATE_SETTING "api/certificate"
#define EXPIRED_SETTING "api/expired-certificate"
#define KEY_SETTING "api/key"
#define TOKEN_SETTING "api/token"

static char *
make_token (void)
{
  guint8 bytes[TOKEN_BYTES];
  GString *text = g_string_new (NULL);

  /* The kernel's random numbers: without them nothing here would be safe. */
  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) < 0)
    g_error ("There are no random numbers");
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
ensure_token (PracticeCredentials *self, PracticeStore *store, GError **error)
{
  self->token = practice_store_dup_setting (store, TOKEN_SETTING);
  if (self->token != NULL)
    return TRUE;
  self->token = make_token ();
  return practice_store_set_setting (store, TOKEN_SETTING, self->token, error);
}

static PracticeCertificates *
load_certificates (PracticeStore *store)
{
  g_autoptr (PracticeCertificates) certificates = g_new0 (PracticeCertificates, 1);

  certificates->ca = practice_store_dup_setting (store, CA_SETTING);
  certificates->certificate = practice_store_dup_setting (store, CERTIFICATE_SETTING);
  certificates->expired = practice_store_dup_setting (store, EXPIRED_SETTING);
  certificates->key = practice_store_dup_setting (store, KEY_SETTING);
  if (certificates->ca == NULL || certificates->certificate == NULL ||
      certificates->expired == NULL || certificates->key == NULL)
    return NULL;
  return g_steal_pointer (&certificates);
}

static PracticeCertificates *
make_certificates (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeCertificates) certificates = practice_certificates_new (error);

  if (certificates == NULL ||
      !practice_store_set_setting (store, CA_SETTING, certificates->ca, error) ||
      !practice_store_set_setting (store, CERTIFICATE_SETTING, certificates->certificate, error) ||
      !practice_store_set_setting (store, EXPIRED_SETTING, certificates->expired, error) ||
      !practice_store_set_setting (store, KEY_SETTING, certificates->key, error))
    return NULL;
  return g_steal_pointer (&certificates);
}

/* NULL: what is kept is damaged, or the certificate is not @wanted. */
static GTlsCertificate *
parse_certificate (PracticeCertificates *certificates,
                   const char *text,
                   GTlsCertificateFlags wanted)
{
  g_autofree char *pem = g_strconcat (text, "\n", certificates->key, NULL);
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_pem (pem, -1, NULL);
  g_autoptr (GTlsCertificate) ca = g_tls_certificate_new_from_pem (certificates->ca, -1, NULL);

  if (certificate == NULL || ca == NULL ||
      g_tls_certificate_verify (certificate, NULL, ca) != wanted)
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
use_certificates (PracticeCredentials *self, PracticeCertificates *certificates)
{
  g_autoptr (GTlsCertificate) valid = NULL;
  g_autoptr (GTlsCertificate) expired = NULL;

  if (certificates == NULL)
    return FALSE;
  valid = parse_certificate (certificates, certificates->certificate, 0);
  expired = parse_certificate (certificates, certificates->expired, G_TLS_CERTIFICATE_EXPIRED);
  if (valid == NULL || expired == NULL)
    return FALSE;
  self->certificate = g_steal_pointer (&valid);
  self->expired = g_steal_pointer (&expired);
  self->ca = g_strdup (certificates->ca);
  return TRUE;
}

static gboolean
ensure_certificates (PracticeCredentials *self, PracticeStore *store, GError **error)
{
  g_autoptr (PracticeCertificates) kept = load_certificates (store);
  g_autoptr (PracticeCertificates) made = NULL;

  if (use_certificates (self, kept))
    return TRUE;
  made = make_certificates (store, error);
  if (made == NULL)
    return FALSE;
  if (use_certificates (self, made))
    return TRUE;
  g_set_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE,
               _ ("The certificate that was made is not good"));
  return FALSE;
}

/**
 * practice_credentials_new:
 * @store: the cluster's state, in which they are kept
 * @error: return location
 *
 * Returns: (transfer full) (nullable): what was made the last time, or is made now
 */
PracticeCredentials *
practice_credentials_new (PracticeStore *store, GError **error)
{
  g_autoptr (PracticeCredentials) self = g_new0 (PracticeCredentials, 1);

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  if (!ensure_token (self, store, error) || !ensure_certificates (self, store, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_credentials_free:
 * @self: (transfer full): credentials
 *
 * Frees @self.
 */
void
practice_credentials_free (PracticeCredentials *self)
{
  g_free (self->ca);
  g_free (self->token);
  g_clear_object (&self->certificate);
  g_clear_object (&self->expired);
  g_free (self);
}

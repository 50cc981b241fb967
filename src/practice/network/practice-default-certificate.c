/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-default-certificate.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

/* As Traefik's own is good for a year; a day before now, for a clock that is off. */
#define VALID_SECONDS (365 * 24 * 3600L)
#define BACK_SECONDS (24 * 3600L)
#define SERIAL_BYTES 16

typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Pair;

static void
pair_clear (Pair *self)
{
  if (self->certificate != NULL)
    gnutls_x509_crt_deinit (self->certificate);
  if (self->key != NULL)
    gnutls_x509_privkey_deinit (self->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static int
make_key (Pair *pair)
{
  int code = gnutls_x509_privkey_init (&pair->key);

  if (code < 0)
    return code;
  return gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0);
}

static int
make_certificate (Pair *pair, const char *name)
{
  guint8 serial[SERIAL_BYTES];
  time_t now = time (NULL);
  int code = gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial);

  if (code < 0)
    return code;
  code = gnutls_x509_crt_init (&pair->certificate);
  if (code < 0)
    return code;
  /* A positive number (RFC 5280, 4.1.2.2). */
  serial[0] = (serial[0] & 0x7f) | 0x40;
  gnutls_x509_crt_set_version (pair->certificate, 3);
  gnutls_x509_crt_set_serial (pair->certificate, serial, sizeof serial);
  gnutls_x509_crt_set_activation_time (pair->certificate, now - BACK_SECONDS);
  gnutls_x509_crt_set_expiration_time (pair->certificate, now + VALID_SECONDS);
  gnutls_x509_crt_set_dn_by_oid (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                 (unsigned int)strlen (name));
  gnutls_x509_crt_set_key_usage (pair->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
  code = gnutls_x509_crt_set_key (pair->certificate, pair->key);
  if (code < 0)
    return code;
  return gnutls_x509_crt_sign2 (pair->certificate, pair->certificate, pair->key, GNUTLS_DIG_SHA256,
                                0);
}

static int
append_pem (Pair *pair, GString *text)
{
  gnutls_datum_t certificate = { 0 };
  gnutls_datum_t key = { 0 };
  int code = gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &certificate);

  if (code >= 0)
    code = gnutls_x509_privkey_export2_pkcs8 (pair->key, GNUTLS_X509_FMT_PEM, NULL,
                                              GNUTLS_PKCS_PLAIN, &key);
  if (code >= 0) {
    g_string_append_len (text, (const char *)certificate.data, certificate.size);
    g_string_append_len (text, (const char *)key.data, key.size);
  }
  gnutls_free (certificate.data);
  gnutls_free (key.data);
  return code;
}

/**
 * practice_default_certificate_new:
 * @common_name: the name of its subject and issuer
 * @error: return location
 *
 * Makes what a server shows that was given no certificate. Nobody can trust it: `curl` wants `-k`.
 *
 * Returns: (transfer full) (nullable): a certificate with its key
 */
GTlsCertificate *
practice_default_certificate_new (const char *common_name, GError **error)
{
  g_auto (Pair) pair = { 0 };
  g_autoptr (GString) text = g_string_new (NULL);
  int code;

  g_return_val_if_fail (common_name != NULL, NULL);

  code = make_key (&pair);
  if (code >= 0)
    code = make_certificate (&pair, common_name);
  if (code >= 0)
    code = append_pem (&pair, text);
  if (code < 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("Cannot make a certificate: %s"),
                 gnutls_strerror (code));
    return NULL;
  }
  return g_tls_certificate_new_from_pem (text->str, text->len, error);
}

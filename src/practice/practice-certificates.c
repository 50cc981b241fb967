/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-certificates.h"

#include <glib/gi18n-lib.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <sys/socket.h>

/* As long as a cluster may be kept on someone's disk. A day before now, for a clock that is off. */
#define VALID_SECONDS (10 * 365 * 24 * 3600L)
#define BACK_SECONDS (24 * 3600L)

/* The certificate that is over was good for a year, until a while ago. */
#define EXPIRED_SECONDS (3600L)
#define EXPIRED_VALID_SECONDS (365 * 24 * 3600L)

#define SERIAL_BYTES 16

typedef struct {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
} Pair;

static const char *const api_names[] = {
  "localhost",
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
  NULL,
};

static const guint8 addresses[][4] = { { 127, 0, 0, 1 }, { 10, 0, 0, 1 } };

/**
 * practice_certificates_check:
 * @code: what a function of GnuTLS returned
 * @error: return location
 *
 * Returns: whether it did what it was to do; else %G_IO_ERROR_FAILED with its reason
 */
gboolean
practice_certificates_check (int code, GError **error)
{
  if (code >= 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("Cannot make a certificate: %s"),
               gnutls_strerror (code));
  return FALSE;
}

static void
pair_clear (Pair *pair)
{
  if (pair->certificate != NULL)
    gnutls_x509_crt_deinit (pair->certificate);
  if (pair->key != NULL)
    gnutls_x509_privkey_deinit (pair->key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

/* An elliptic curve: a handshake is quick, and so is making the key. */
static gboolean
make_key (Pair *pair, GError **error)
{
  return practice_certificates_check (gnutls_x509_privkey_init (&pair->key), error) &&
         practice_certificates_check (
           gnutls_x509_privkey_generate (pair->key, GNUTLS_PK_ECDSA,
                                         GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0),
           error);
}

static gboolean
set_common (Pair *pair, const char *name, gboolean expired, GError **error)
{
  guint8 serial[SERIAL_BYTES];
  time_t now = time (NULL);
  time_t end = expired ? now - EXPIRED_SECONDS : now + VALID_SECONDS;
  time_t start = expired ? end - EXPIRED_VALID_SECONDS : now - BACK_SECONDS;

  if (!practice_certificates_check (gnutls_rnd (GNUTLS_RND_NONCE, serial, sizeof serial), error))
    return FALSE;
  /* A positive number (RFC 5280, 4.1.2.2). */
  serial[0] = (serial[0] & 0x7f) | 0x40;
  return practice_certificates_check (gnutls_x509_crt_init (&pair->certificate), error) &&
         practice_certificates_check (gnutls_x509_crt_set_version (pair->certificate, 3), error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_serial (pair->certificate, serial, sizeof serial), error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_activation_time (pair->certificate, start), error) &&
         practice_certificates_check (gnutls_x509_crt_set_expiration_time (pair->certificate, end),
                                      error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_dn_by_oid (pair->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                          (unsigned int)strlen (name)),
           error) &&
         practice_certificates_check (gnutls_x509_crt_set_key (pair->certificate, pair->key),
                                      error);
}

static gboolean
make_authority (Pair *pair, const char *name, GError **error)
{
  return make_key (pair, error) && set_common (pair, name, FALSE, error) &&
         practice_certificates_check (gnutls_x509_crt_set_ca_status (pair->certificate, 1),
                                      error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_key_usage (pair->certificate,
                                          GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN),
           error) &&
         practice_certificates_check (gnutls_x509_crt_sign2 (pair->certificate, pair->certificate,
                                                             pair->key, GNUTLS_DIG_SHA256, 0),
                                      error);
}

static gboolean
add_names (gnutls_x509_crt_t certificate, const char *const *names, GError **error)
{
  for (guint i = 0; names[i] != NULL; i++) {
    if (!practice_certificates_check (gnutls_x509_crt_set_subject_alt_name (
                                        certificate, GNUTLS_SAN_DNSNAME, names[i],
                                        (unsigned int)strlen (names[i]), GNUTLS_FSAN_APPEND),
                                      error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_addresses (gnutls_x509_crt_t certificate, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    if (!practice_certificates_check (
          gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_IPADDRESS, addresses[i],
                                                sizeof addresses[i], GNUTLS_FSAN_APPEND),
          error))
      return FALSE;
  }
  return TRUE;
}

/* @pair has its key. @names (nullable): those of a web site; %NULL: the API server. */
static gboolean
make_server (
  Pair *pair, Pair *authority, const char *const *names, gboolean expired, GError **error)
{
  return set_common (pair, names != NULL ? names[0] : "kube-apiserver", expired, error) &&
         practice_certificates_check (gnutls_x509_crt_set_ca_status (pair->certificate, 0),
                                      error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_key_usage (pair->certificate, GNUTLS_KEY_DIGITAL_SIGNATURE),
           error) &&
         practice_certificates_check (
           gnutls_x509_crt_set_key_purpose_oid (pair->certificate, GNUTLS_KP_TLS_WWW_SERVER, 0),
           error) &&
         add_names (pair->certificate, names != NULL ? names : api_names, error) &&
         (names != NULL || add_addresses (pair->certificate, error)) &&
         practice_certificates_check (gnutls_x509_crt_sign2 (pair->certificate,
                                                             authority->certificate, authority->key,
                                                             GNUTLS_DIG_SHA256, 0),
                                      error);
}

/* Takes what is in @datum. */
static char *
take_datum (gnutls_datum_t *datum)
{
  char *text = g_strndup ((const char *)datum->data, datum->size);

  gnutls_free (datum->data);
  return text;
}

static char *
export_certificate (Pair *pair, GError **error)
{
  gnutls_datum_t datum = { NULL };

  if (!practice_certificates_check (
        gnutls_x509_crt_export2 (pair->certificate, GNUTLS_X509_FMT_PEM, &datum), error))
    return NULL;
  return take_datum (&datum);
}

/* A certificate for the key of @pair, which has none before and after. */
static char *
dup_server (Pair *pair, Pair *authority, const char *const *names, gboolean expired, GError **error)
{
  char *text =
    make_server (pair, authority, names, expired, error) ? export_certificate (pair, error) : NULL;

  g_clear_pointer (&pair->certificate, gnutls_x509_crt_deinit);
  return text;
}

static char *
export_key (Pair *pair, GError **error)
{
  gnutls_datum_t datum = { NULL };

  if (!practice_certificates_check (gnutls_x509_privkey_export2_pkcs8 (pair->key,
                                                                       GNUTLS_X509_FMT_PEM, NULL,
                                                                       GNUTLS_PKCS_PLAIN, &datum),
                                    error))
    return NULL;
  return take_datum (&datum);
}

/**
 * practice_certificates_new:
 * @error: return location
 *
 * Makes an authority, whose key is forgotten, and certificates of it for the names and addresses
 * under which the API server is reached: one to serve with, and one whose time is over.
 *
 * Returns: (transfer full) (nullable): the texts
 */
PracticeCertificates *
practice_certificates_new (GError **error)
{
  g_auto (Pair) authority = { NULL };
  g_auto (Pair) server = { NULL };
  g_autoptr (PracticeCertificates) self = g_new0 (PracticeCertificates, 1);

  if (!make_authority (&authority, "kubernetes-practice-ca", error) || !make_key (&server, error))
    return NULL;
  self->ca = export_certificate (&authority, error);
  if (self->ca != NULL)
    self->certificate = dup_server (&server, &authority, NULL, FALSE, error);
  if (self->certificate != NULL)
    self->expired = dup_server (&server, &authority, NULL, TRUE, error);
  if (self->expired != NULL)
    self->key = export_key (&server, error);
  return self->key != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_certificates_new_authority:
 * @name: what it is called
 * @error: return location
 *
 * Makes an authority that can sign later.
 *
 * Returns: (transfer full) (nullable): its certificate, and its key
 */
PracticeCertificates *
practice_certificates_new_authority (const char *name, GError **error)
{
  g_auto (Pair) authority = { NULL };
  g_autoptr (PracticeCertificates) self = g_new0 (PracticeCertificates, 1);

  g_return_val_if_fail (name != NULL, NULL);

  if (!make_authority (&authority, name, error))
    return NULL;
  self->ca = export_certificate (&authority, error);
  if (self->ca != NULL)
    self->key = export_key (&authority, error);
  return self->key != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_certificates_new_for_site:
 * @names: (array zero-terminated=1): host names, at least one
 * @error: return location
 *
 * Makes an authority, whose key is forgotten, and a certificate of it for a web site.
 *
 * Returns: (transfer full) (nullable): the texts, without an expired one
 */
PracticeCertificates *
practice_certificates_new_for_site (const char *const *names, GError **error)
{
  g_auto (Pair) authority = { NULL };
  g_auto (Pair) server = { NULL };
  g_autoptr (PracticeCertificates) self = g_new0 (PracticeCertificates, 1);

  g_return_val_if_fail (names != NULL && names[0] != NULL, NULL);

  if (!make_authority (&authority, "practice-sites-ca", error) || !make_key (&server, error))
    return NULL;
  self->ca = export_certificate (&authority, error);
  if (self->ca != NULL)
    self->certificate = dup_server (&server, &authority, names, FALSE, error);
  if (self->certificate != NULL)
    self->key = export_key (&server, error);
  return self->key != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_certificates_free:
 * @self: (transfer full): the certificates
 *
 * Frees @self.
 */
void
practice_certificates_free (PracticeCertificates *self)
{
  g_free (self->ca);
  g_free (self->certificate);
  g_free (self->expired);
  g_free (self->key);
  g_free (self);
}

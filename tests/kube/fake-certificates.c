/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-certificates.h"

#include <gio/gio.h>
#include <gnutls/x509.h>
#include <string.h>

#define VALID_SECONDS (24 * 60 * 60)

struct _FakeAuthority {
  gnutls_x509_privkey_t key;
  gnutls_x509_crt_t certificate;
  char *pem;
  guint serial;
};

static void
check (int result)
{
  if (result < 0)
    g_error ("GnuTLS: %s", gnutls_strerror (result));
}

static gnutls_x509_privkey_t
new_key (void)
{
  gnutls_x509_privkey_t key;

  check (gnutls_x509_privkey_init (&key));
  check (gnutls_x509_privkey_generate (key, GNUTLS_PK_ECDSA,
                                       GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1), 0));
  return key;
}

static gnutls_x509_crt_t
new_certificate (FakeAuthority *self, gnutls_x509_privkey_t key, const char *subject)
{
  gnutls_x509_crt_t certificate;
  const char *problem;
  guint8 serial[4];
  time_t now = time (NULL);

  self->serial++;
  for (gsize i = 0; i < sizeof serial; i++)
    serial[i] = (guint8)(self->serial >> (8 * (sizeof serial - 1 - i)));

  check (gnutls_x509_crt_init (&certificate));
  check (gnutls_x509_crt_set_version (certificate, 3));
  check (gnutls_x509_crt_set_key (certificate, key));
  check (gnutls_x509_crt_set_serial (certificate, serial, sizeof serial));
  check (gnutls_x509_crt_set_activation_time (certificate, now - VALID_SECONDS));
  check (gnutls_x509_crt_set_expiration_time (certificate, now + VALID_SECONDS));
  check (gnutls_x509_crt_set_dn (certificate, subject, &problem));
  return certificate;
}

static void
add_name (gnutls_x509_crt_t certificate, const char *name)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);

  if (address != NULL)
    check (gnutls_x509_crt_set_subject_alt_name (
      certificate, GNUTLS_SAN_IPADDRESS, g_inet_address_to_bytes (address),
      (unsigned)g_inet_address_get_native_size (address), GNUTLS_FSAN_APPEND));
  else
    check (gnutls_x509_crt_set_subject_alt_name (certificate, GNUTLS_SAN_DNSNAME, name,
                                                 (unsigned)strlen (name), GNUTLS_FSAN_APPEND));
}

static char *
dup_pem (gnutls_x509_crt_t certificate)
{
  gnutls_datum_t datum;
  char *pem;

  check (gnutls_x509_crt_export2 (certificate, GNUTLS_X509_FMT_PEM, &datum));
  pem = g_strndup ((char *)datum.data, datum.size);
  gnutls_free (datum.data);
  return pem;
}

static char *
dup_key_pem (gnutls_x509_privkey_t key)
{
  gnutls_datum_t datum;
  char *pem;

  check (gnutls_x509_privkey_export2 (key, GNUTLS_X509_FMT_PEM, &datum));
  pem = g_strndup ((char *)datum.data, datum.size);
  gnutls_free (datum.data);
  return pem;
}

FakeAuthority *
fake_authority_new (void)
{
  FakeAuthority *self = g_new0 (FakeAuthority, 1);

  self->key = new_key ();
  self->certificate = new_certificate (self, self->key, "CN=fake authority");
  check (gnutls_x509_crt_set_ca_status (self->certificate, 1));
  check (gnutls_x509_crt_set_key_usage (self->certificate,
                                        GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN));
  check (
    gnutls_x509_crt_sign2 (self->certificate, self->certificate, self->key, GNUTLS_DIG_SHA256, 0));
  self->pem = dup_pem (self->certificate);
  return self;
}

void
fake_authority_free (FakeAuthority *self)
{
  gnutls_x509_crt_deinit (self->certificate);
  gnutls_x509_privkey_deinit (self->key);
  g_free (self->pem);
  g_free (self);
}

const char *
fake_authority_get_pem (FakeAuthority *self)
{
  return self->pem;
}

char *
fake_authority_issue (FakeAuthority *self, const char *subject, const char *const *names)
{
  gnutls_x509_privkey_t key = new_key ();
  gnutls_x509_crt_t certificate = new_certificate (self, key, subject);
  g_autofree char *pem = NULL;
  g_autofree char *key_pem = NULL;

  for (gsize i = 0; names != NULL && names[i] != NULL; i++)
    add_name (certificate, names[i]);
  check (gnutls_x509_crt_set_key_purpose_oid (
    certificate, names != NULL ? GNUTLS_KP_TLS_WWW_SERVER : GNUTLS_KP_TLS_WWW_CLIENT, 0));
  check (gnutls_x509_crt_set_key_usage (certificate, GNUTLS_KEY_DIGITAL_SIGNATURE));
  check (gnutls_x509_crt_sign2 (certificate, self->certificate, self->key, GNUTLS_DIG_SHA256, 0));

  pem = dup_pem (certificate);
  key_pem = dup_key_pem (key);
  gnutls_x509_crt_deinit (certificate);
  gnutls_x509_privkey_deinit (key);
  return g_strconcat (pem, key_pem, NULL);
}

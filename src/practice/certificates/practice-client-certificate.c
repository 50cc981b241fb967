/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-client-certificate.h"

#include <gnutls/x509.h>

#include "practice-authority.h"

#define MAX_PARTS 100

/* (nullable) (transfer full) */
static char *
dup_part (gnutls_x509_crt_t certificate, const char *oid, guint index)
{
  size_t size = 0;
  g_autofree char *text = NULL;

  if (gnutls_x509_crt_get_dn_by_oid (certificate, oid, index, 0, NULL, &size) !=
      GNUTLS_E_SHORT_MEMORY_BUFFER)
    return NULL;
  text = g_malloc0 (size + 1);
  if (gnutls_x509_crt_get_dn_by_oid (certificate, oid, index, 0, text, &size) < 0 ||
      !g_utf8_validate (text, -1, NULL))
    return NULL;
  return g_steal_pointer (&text);
}

static gboolean
is_for_clients (gnutls_x509_crt_t certificate)
{
  for (guint i = 0; i < MAX_PARTS; i++) {
    char oid[128];
    size_t size = sizeof oid;

    if (gnutls_x509_crt_get_key_purpose_oid (certificate, i, oid, &size, NULL) < 0)
      return FALSE;
    if (g_str_equal (oid, GNUTLS_KP_TLS_WWW_CLIENT) || g_str_equal (oid, GNUTLS_KP_ANY))
      return TRUE;
  }
  return FALSE;
}

/* https://kubernetes.io/docs/reference/access-authn-authz/authentication/#x509-client-certs */
static PracticeUser *
new_user (gnutls_x509_crt_t certificate)
{
  g_autofree char *name = dup_part (certificate, GNUTLS_OID_X520_COMMON_NAME, 0);
  g_autoptr (GPtrArray) groups = g_ptr_array_new_with_free_func (g_free);

  if (name == NULL || !is_for_clients (certificate))
    return NULL;
  for (guint i = 0; i < MAX_PARTS; i++) {
    char *group = dup_part (certificate, GNUTLS_OID_X520_ORGANIZATION_NAME, i);

    if (group == NULL)
      break;
    g_ptr_array_add (groups, group);
  }
  g_ptr_array_add (groups, NULL);
  return practice_user_new (name, NULL, (const char *const *)groups->pdata);
}

/**
 * practice_client_certificate_check:
 * @store: the state
 * @certificate: what a client has shown, and has the key of
 *
 * Returns: (transfer full) (nullable): whom it is of; %NULL where the cluster's authority has not
 *   signed it, its time is over or has not begun, or it is not for clients
 */
PracticeUser *
practice_client_certificate_check (PracticeStore *store, GTlsCertificate *certificate)
{
  g_autofree char *text = practice_authority_dup_certificate (store);
  g_autoptr (GTlsCertificate) authority =
    text != NULL ? g_tls_certificate_new_from_pem (text, -1, NULL) : NULL;
  g_autoptr (GByteArray) der = NULL;
  gnutls_x509_crt_t crt = NULL;
  gnutls_datum_t datum;
  PracticeUser *user = NULL;

  if (authority == NULL || g_tls_certificate_verify (certificate, NULL, authority) != 0)
    return NULL;
  g_object_get (certificate, "certificate", &der, NULL);
  datum = (gnutls_datum_t){ der->data, der->len };
  if (gnutls_x509_crt_init (&crt) < 0)
    return NULL;
  if (gnutls_x509_crt_import (crt, &datum, GNUTLS_X509_FMT_DER) >= 0)
    user = new_user (crt);
  gnutls_x509_crt_deinit (crt);
  return user;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-certificate-request.h"

#include <string.h>

#define HEADER "-----BEGIN CERTIFICATE REQUEST-----"

/* As many as a name may have parts. */
#define MAX_ORGANIZATIONS 100
#define MAX_NAMES 1000

/* (nullable) (transfer full) */
static char *
dup_part (gnutls_x509_crq_t crq, const char *oid, guint index)
{
  size_t size = 0;
  g_autofree char *text = NULL;

  if (gnutls_x509_crq_get_dn_by_oid (crq, oid, (int)index, 0, NULL, &size) !=
      GNUTLS_E_SHORT_MEMORY_BUFFER)
    return NULL;
  text = g_malloc0 (size + 1);
  if (gnutls_x509_crq_get_dn_by_oid (crq, oid, (int)index, 0, text, &size) < 0 ||
      !g_utf8_validate (text, -1, NULL))
    return NULL;
  return g_steal_pointer (&text);
}

static GStrv
dup_organizations (gnutls_x509_crq_t crq)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < MAX_ORGANIZATIONS; i++) {
    g_autofree char *name = dup_part (crq, GNUTLS_OID_X520_ORGANIZATION_NAME, i);

    if (name == NULL)
      break;
    g_strv_builder_add (builder, name);
  }
  return g_strv_builder_end (builder);
}

static void
count_names (PracticeCertificateRequest *self)
{
  for (guint i = 0; i < MAX_NAMES; i++) {
    size_t size = 0;
    unsigned int type = 0;
    int code = gnutls_x509_crq_get_subject_alt_name (self->crq, i, NULL, &size, &type, NULL);

    if (code < 0 && code != GNUTLS_E_SHORT_MEMORY_BUFFER)
      return;
    if (type == GNUTLS_SAN_DNSNAME || type == GNUTLS_SAN_IPADDRESS)
      self->n_names++;
    else
      self->other_names = TRUE;
  }
}

/**
 * practice_certificate_request_new:
 * @base64: a PEM block in base64
 * @wrong: (out) (transfer none): what is wrong, in the words of a real server, where it is none
 *
 * Returns: (transfer full) (nullable): the request
 */
PracticeCertificateRequest *
practice_certificate_request_new (const char *base64, const char **wrong)
{
  g_autoptr (PracticeCertificateRequest) self = g_new0 (PracticeCertificateRequest, 1);
  gsize length = 0;
  g_autofree guchar *data = g_base64_decode (base64, &length);
  g_autofree char *text = g_strndup ((const char *)data, length);
  const char *block = strstr (text, HEADER);
  gnutls_datum_t datum = { (unsigned char *)block, block != NULL ? strlen (block) : 0 };

  *wrong = "PEM block type must be CERTIFICATE REQUEST";
  if (block == NULL)
    return NULL;
  *wrong = "asn1: syntax error: truncated tag or length";
  if (gnutls_x509_crq_init (&self->crq) < 0 ||
      gnutls_x509_crq_import (self->crq, &datum, GNUTLS_X509_FMT_PEM) < 0)
    return NULL;
  self->common_name = dup_part (self->crq, GNUTLS_OID_X520_COMMON_NAME, 0);
  self->organizations = dup_organizations (self->crq);
  count_names (self);
  return g_steal_pointer (&self);
}

/**
 * practice_certificate_request_free:
 * @self: (transfer full): the request
 *
 * Frees @self.
 */
void
practice_certificate_request_free (PracticeCertificateRequest *self)
{
  if (self->crq != NULL)
    gnutls_x509_crq_deinit (self->crq);
  g_free (self->common_name);
  g_strfreev (self->organizations);
  g_free (self);
}

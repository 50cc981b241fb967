/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gnutls/x509.h>

G_BEGIN_DECLS

/* A request for a certificate, PKCS #10. */
typedef struct {
  gnutls_x509_crq_t crq;
  char *common_name;    /* (nullable) */
  GStrv organizations;  /* the groups of a user */
  guint n_names;        /* DNS names and addresses */
  gboolean other_names; /* mail addresses and URIs */
} PracticeCertificateRequest;

/* (nullable): @wrong is set where it is none. */
PracticeCertificateRequest *
practice_certificate_request_new (const char *base64, const char **wrong);
void practice_certificate_request_free (PracticeCertificateRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCertificateRequest, practice_certificate_request_free)

G_END_DECLS

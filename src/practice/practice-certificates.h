/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An authority of our own, and a certificate of it for the API server: PEM texts. */
typedef struct {
  char *ca;
  char *certificate;
  char *expired; /* (nullable): as the certificate, but its time is over */
  char *key;     /* of both */
} PracticeCertificates;

PracticeCertificates *practice_certificates_new (GError **error);
/* Only an authority: its certificate, and its own key. */
PracticeCertificates *practice_certificates_new_authority (const char *name, GError **error);
PracticeCertificates *practice_certificates_new_for_site (const char *const *names, GError **error);
void practice_certificates_free (PracticeCertificates *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeCertificates, practice_certificates_free)

/* Whether a function of GnuTLS did what it was to do. */
gboolean practice_certificates_check (int code, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "kube-context.h"
#include "kube-runner.h"

G_BEGIN_DECLS

/* Who we are to the API server, and how to find it out again. */
#define KUBE_TYPE_CREDENTIALS (kube_credentials_get_type ())
G_DECLARE_FINAL_TYPE (KubeCredentials, kube_credentials, KUBE, CREDENTIALS, GObject)

KubeCredentials *kube_credentials_new (KubeContext *context, GError **error);
void kube_credentials_approve_exec (KubeCredentials *self);
void kube_credentials_set_runner (KubeCredentials *self, KubeRunner *runner);

void kube_credentials_prepare_async (KubeCredentials *self,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean
kube_credentials_prepare_finish (KubeCredentials *self, GAsyncResult *result, GError **error);
guint kube_credentials_get_generation (KubeCredentials *self);
gboolean kube_credentials_renew (KubeCredentials *self, guint generation);

void kube_credentials_apply (KubeCredentials *self, SoupMessageHeaders *headers);
GTlsCertificate *kube_credentials_get_certificate (KubeCredentials *self);
void kube_credentials_redact (KubeCredentials *self, GError *error);

G_END_DECLS

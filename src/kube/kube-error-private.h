/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-error.h"

G_BEGIN_DECLS

void kube_error_set_retry_after (GError *error, guint seconds);
guint kube_error_get_retry_after (const GError *error);
GError *kube_error_new_from_transport (const GError *error, const char *host);
GError *kube_error_new_from_certificate (GTlsCertificateFlags flags, const char *host);

G_END_DECLS

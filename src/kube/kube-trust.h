/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GTlsDatabase *kube_trust_new_database (GBytes *pem, GError **error);
GTlsCertificate *kube_trust_new_certificate (GBytes *certificate, GBytes *key, GError **error);

G_END_DECLS

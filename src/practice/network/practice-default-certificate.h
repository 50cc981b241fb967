/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): a certificate with its key, signed by itself, for nobody's name. */
GTlsCertificate *practice_default_certificate_new (const char *common_name, GError **error);

G_END_DECLS

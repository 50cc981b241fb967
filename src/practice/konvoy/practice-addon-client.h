/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a command of the jumpserver asks the owner of the cluster; see practice-addon-service.c.
 * (transfer full) (nullable): the answer, a{sv}. */
GVariant *practice_addon_client_ask (GVariant *request, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GSocket *practice_owner_process_connect (const char *folder,
                                         gboolean owner_complains,
                                         guint32 seed,
                                         GError **error);
GSocket *practice_owner_process_renew (const char *folder, char **set_aside, GError **error);
GSocket *practice_owner_process_join (const char *folder, GError **error);

G_END_DECLS

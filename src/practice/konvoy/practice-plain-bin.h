/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The programs of a shell that has no sandbox: first on its PATH. @program is ourselves; @socks and
 * @ca_bundle are files. */
gboolean practice_plain_bin_write (const char *folder,
                                   const char *program,
                                   const char *socks,
                                   const char *ca_bundle,
                                   GError **error);

/* The same for programs in a pod, to which KONVOY_LAB_SOCKS has to name @socks. */
gboolean practice_plain_bin_write_pod (const char *folder,
                                       const char *program,
                                       const char *socks,
                                       const char *ca_bundle,
                                       GError **error);

G_END_DECLS

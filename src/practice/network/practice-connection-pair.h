/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Both ends of a connection that is in this process; FALSE: there are none. */
gboolean practice_connection_pair_open (GSocketConnection **near_end,
                                        GSocketConnection **far_end,
                                        GError **error);

G_END_DECLS

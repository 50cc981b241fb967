/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define PRACTICE_TYPE_CONNECTIONS (practice_connections_get_type ())

G_DECLARE_FINAL_TYPE (PracticeConnections, practice_connections, PRACTICE, CONNECTIONS, GObject)

PracticeConnections *practice_connections_new (SoupServer *server);

void practice_connections_break (PracticeConnections *self);

G_END_DECLS

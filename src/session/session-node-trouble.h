/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Why nodes are not ready. */
char *session_node_dup_trouble (GPtrArray *nodes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

gsize base_json_measure (JsonNode *node, guint depth, guint *deepest);

G_END_DECLS

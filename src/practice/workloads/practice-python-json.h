/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON as Python's json.dumps() writes it. */
char *practice_python_json_dup (JsonNode *node);

G_END_DECLS

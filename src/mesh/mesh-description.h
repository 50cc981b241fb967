/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "User jason goes to v2. Everyone else: 70 % v1, 30 % v3. Gives up after 0.5 s." */
char *mesh_description_dup_text (JsonNode *object);

G_END_DECLS

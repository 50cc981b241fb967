/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* JSON Patch (RFC 6902) that makes @to of the VirtualService @from. */
JsonNode *mesh_patch_new (JsonNode *from, JsonNode *to);

G_END_DECLS

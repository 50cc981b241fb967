/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* An OpenAPI 2 document in the encoding that kubectl asks for. */
GBytes *practice_openapi_protobuf_encode (JsonNode *document);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

/* "headers" of a VirtualService's rule, or of one of its destinations. */
void
practice_mesh_headers_change (JsonNode *operations, const char *part, SoupMessageHeaders *headers);

G_END_DECLS

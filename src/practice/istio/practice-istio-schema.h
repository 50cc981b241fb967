/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): what is wrong with the form of a spec, in the words of the decoder of
 * Istio 1.3; NULL: nothing, or no kind that is known. */
char *practice_istio_schema_dup_complaint (const char *kind, JsonNode *spec);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *base_yaml_scalar_resolve (const char *text, const char *tag, GError **error);
gboolean base_yaml_scalar_is_null (const char *text);
gboolean base_yaml_scalar_needs_quotes (const char *text);

G_END_DECLS

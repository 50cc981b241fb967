/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The conditions in the status of a Kubernetes object, each of a type such as "Ready". */
JsonNode *base_condition_find (JsonNode *object, const char *type);
const char *base_condition_get_status (JsonNode *object, const char *type);
gboolean base_condition_is_true (JsonNode *object, const char *type);

G_END_DECLS

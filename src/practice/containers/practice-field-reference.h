/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): what a fieldRef of the downward API stands for: "metadata.name",
 * "metadata.labels['app']", "status.podIP". */
char *practice_field_reference_dup_value (JsonNode *pod, const char *path);

G_END_DECLS

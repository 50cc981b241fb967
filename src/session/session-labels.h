/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Labels, and who is selected by them. Arrays are of JsonNode. */
gboolean session_labels_fit (JsonObject *wanted, JsonNode *object);
gboolean session_labels_select (JsonNode *selector, JsonNode *object);
gboolean session_labels_select_all (JsonNode *selector);
char *session_labels_dup_text (JsonObject *labels);
char *session_labels_dup_selector_text (JsonNode *selector);
JsonNode *session_labels_find_nearest (GPtrArray *objects, JsonObject *wanted, const char **key);

G_END_DECLS

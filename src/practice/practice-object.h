/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonNode *practice_object_new (const char *api_version,
                               const char *kind,
                               const char *namespace_,
                               const char *name);
JsonObject *practice_object_ensure (JsonNode *node, ...) G_GNUC_NULL_TERMINATED;
gboolean practice_object_is_deleted (JsonNode *object);
void practice_object_set_count (JsonObject *status, const char *name, gint64 count);
void practice_object_set_owner (JsonNode *object, JsonNode *owner);
const char *practice_object_get_controller_uid (JsonNode *object);
void practice_object_set_condition (
  JsonNode *object, const char *type, gboolean is_true, const char *reason, const char *message);
void practice_object_remove_condition (JsonNode *object, const char *type);
gboolean practice_object_matches_labels (JsonNode *object, JsonObject *labels);
char *practice_object_dup_random_suffix (guint length);

G_END_DECLS

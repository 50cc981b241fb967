/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *practice_rollout_dup_template_hash (JsonNode *deployment, guint collision);
gboolean practice_rollout_is_of_template (JsonNode *replica_set, JsonNode *deployment);
guint practice_rollout_get_surge (JsonNode *deployment);
guint practice_rollout_get_unavailable (JsonNode *deployment);
guint practice_rollout_scale_up (JsonNode *deployment, guint new_count, guint total);
guint practice_rollout_get_scale_down (JsonNode *deployment, guint total, guint new_unavailable);

G_END_DECLS

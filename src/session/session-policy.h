/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What NetworkPolicies make of connections from outside to pods. Arrays are of JsonNode. */
JsonNode *
session_policy_find (GPtrArray *policies, JsonNode *pod, gint64 port, gboolean from_inside);
char *session_policy_dup_openness (GPtrArray *policies, JsonNode *pod, gint64 port);
char *session_policy_dup_sentence (GPtrArray *policies, JsonNode *pod, JsonNode *policy);

G_END_DECLS

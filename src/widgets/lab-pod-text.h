/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *lab_pod_dup_ready (JsonNode *pod);
char *lab_pod_dup_status (JsonNode *pod);
char *lab_pod_dup_restarts (JsonNode *pod);

G_END_DECLS

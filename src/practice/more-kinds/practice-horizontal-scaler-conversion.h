/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* HorizontalPodAutoscalers of autoscaling/v1, v2beta1 and v2beta2 as those of v2, and back. What an
 * older version has no field for, it keeps in annotations. (transfer full) both. */
JsonNode *practice_horizontal_scaler_conversion_to_v2 (JsonNode *scaler);
JsonNode *practice_horizontal_scaler_conversion_from_v2 (JsonNode *scaler, const char *api_version);

G_END_DECLS

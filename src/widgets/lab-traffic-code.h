/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A VirtualService as YAML, with the lines marked that the server has not yet, and as the line for
 * kubectl that makes the same change. */
#define LAB_TYPE_TRAFFIC_CODE (lab_traffic_code_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficCode, lab_traffic_code, LAB, TRAFFIC_CODE, AdwBin)

void
lab_traffic_code_show (LabTrafficCode *self, JsonNode *server, JsonNode *draft, gboolean changing);
const char *lab_traffic_code_get_yaml (LabTrafficCode *self);
const char *lab_traffic_code_get_command (LabTrafficCode *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-editor.h"

G_BEGIN_DECLS

/* What became of a change: a conflict that the user has to decide, or the server's refusal. Signals
 * "forbidden" (string, the server's words): the user may not change the object; "gone": it is not
 * there any more. */
#define LAB_TYPE_TRAFFIC_OUTCOME (lab_traffic_outcome_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficOutcome, lab_traffic_outcome, LAB, TRAFFIC_OUTCOME, AdwBin)

void lab_traffic_outcome_set_editor (LabTrafficOutcome *self, MeshEditor *editor);

G_END_DECLS

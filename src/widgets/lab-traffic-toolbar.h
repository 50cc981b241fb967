/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-editor.h"

G_BEGIN_DECLS

/* Whether changes are saved, and the buttons that take them back and do them again. The buttons
 * activate "traffic.undo" and "traffic.redo" of what they are in. */
#define LAB_TYPE_TRAFFIC_TOOLBAR (lab_traffic_toolbar_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficToolbar, lab_traffic_toolbar, LAB, TRAFFIC_TOOLBAR, AdwBin)

void lab_traffic_toolbar_set_editor (LabTrafficToolbar *self, MeshEditor *editor);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-camera.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Takes pictures of the window that a student would have. Opens the display with the first of them;
 * GTK draws nothing that is not on the screen, so the window is there for the moment that takes. */
#define LAB_TYPE_CAMERA (lab_camera_get_type ())
G_DECLARE_FINAL_TYPE (LabCamera, lab_camera, LAB, CAMERA, GObject)

LabCamera *lab_camera_new (SessionLab *lab);

G_END_DECLS

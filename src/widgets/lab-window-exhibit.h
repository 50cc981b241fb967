/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-window.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* The window as a picture. */
void lab_window_exhibit (
  LabWindow *self, SessionLab *lab, SessionStep *step, const char *reason, const char *screen);
gboolean lab_window_get_settled (LabWindow *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "session-lab.h"

G_BEGIN_DECLS

/* The sections of a course. Signal "section-chosen" (CourseSection): by the user. */
#define LAB_TYPE_SIDEBAR (lab_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (LabSidebar, lab_sidebar, LAB, SIDEBAR, AdwBin)

void lab_sidebar_set_lab (LabSidebar *self, SessionLab *lab);
void lab_sidebar_select (LabSidebar *self, CourseSection *section);

G_END_DECLS

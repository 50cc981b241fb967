/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "course-course.h"

G_BEGIN_DECLS

/* What the reader of a course has to say to its author. */
#define LAB_TYPE_MISTAKES_WINDOW (lab_mistakes_window_get_type ())
G_DECLARE_FINAL_TYPE (LabMistakesWindow, lab_mistakes_window, LAB, MISTAKES_WINDOW, AdwWindow)

GtkWidget *lab_mistakes_window_new (GtkWindow *parent, CourseCourse *course);

G_END_DECLS

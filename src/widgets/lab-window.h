/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "jump-place.h"
#include "course-course.h"
#include "lab-settings.h"
#include "lab-text-scale.h"

G_BEGIN_DECLS

/* The one window: course, terminal, panels. */
#define LAB_TYPE_WINDOW (lab_window_get_type ())
G_DECLARE_FINAL_TYPE (LabWindow, lab_window, LAB, WINDOW, AdwApplicationWindow)

GtkWidget *
lab_window_new (GtkApplication *application, LabSettings *settings, LabTextScale *text_scale);
void lab_window_set_presenting (LabWindow *self, gboolean presenting);
void lab_window_open (LabWindow *self,
                      CourseCourse *course,
                      JumpPlace *place,
                      const char *context_name,
                      const char *student);
gboolean lab_window_open_section (LabWindow *self, const char *id);
void lab_window_show_toast (LabWindow *self, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the program remembers of its window. Without a schema it forgets at its end. */
#define LAB_TYPE_SETTINGS (lab_settings_get_type ())
G_DECLARE_FINAL_TYPE (LabSettings, lab_settings, LAB, SETTINGS, GObject)

LabSettings *lab_settings_new (void);
double lab_settings_get_text_scale (LabSettings *self);
void lab_settings_set_text_scale (LabSettings *self, double scale);
void lab_settings_get_window_size (LabSettings *self, int *width, int *height, gboolean *maximized);
void lab_settings_set_window_size (LabSettings *self, int width, int height, gboolean maximized);
gboolean lab_settings_trusts_course (LabSettings *self, const char *path);
void lab_settings_trust_course (LabSettings *self, const char *path);

G_END_DECLS

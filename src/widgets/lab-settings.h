/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the program remembers of its window. Without a schema it forgets at its end. */
#define LAB_TYPE_SETTINGS (lab_settings_get_type ())
G_DECLARE_FINAL_TYPE (LabSettings, lab_settings, LAB, SETTINGS, GObject)

LabSettings *lab_settings_new (void);
LabSettings *lab_settings_new_unsaved (void);
double lab_settings_get_text_scale (LabSettings *self);
void lab_settings_set_text_scale (LabSettings *self, double scale);
void lab_settings_get_window_size (LabSettings *self, int *width, int *height, gboolean *maximized);
void lab_settings_set_window_size (LabSettings *self, int width, int height, gboolean maximized);
char *lab_settings_dup_style (LabSettings *self);
void lab_settings_set_style (LabSettings *self, const char *style);
char *lab_settings_dup_last_section (LabSettings *self);
void lab_settings_set_last_section (LabSettings *self, const char *id);
void lab_settings_get_jumpserver (LabSettings *self, char **address, char **identity);
void lab_settings_set_jumpserver (LabSettings *self, const char *address, const char *identity);
gboolean lab_settings_get_traffic_code (LabSettings *self);
void lab_settings_set_traffic_code (LabSettings *self, gboolean shown);
gboolean lab_settings_trusts_course (LabSettings *self, const char *path);
void lab_settings_trust_course (LabSettings *self, const char *path);

G_END_DECLS

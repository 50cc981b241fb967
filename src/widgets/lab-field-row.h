/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A field of a form: its name, a hint, and what is written in it; where that is wrong, the reason
 * in the hint's place. Properties: "title" (of AdwPreferencesRow), "hint". Signal: "changed". */
#define LAB_TYPE_FIELD_ROW (lab_field_row_get_type ())
G_DECLARE_FINAL_TYPE (LabFieldRow, lab_field_row, LAB, FIELD_ROW, AdwActionRow)

const char *lab_field_row_get_text (LabFieldRow *self);
void lab_field_row_set_text (LabFieldRow *self, const char *text);
void lab_field_row_set_error (LabFieldRow *self, const char *error);
const char *lab_field_row_get_error (LabFieldRow *self);

G_END_DECLS

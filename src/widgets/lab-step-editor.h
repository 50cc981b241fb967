/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-item.h"

G_BEGIN_DECLS

/* Where the reader changes what a step types. Signal "close": by the Escape key. */
#define LAB_TYPE_STEP_EDITOR (lab_step_editor_get_type ())
G_DECLARE_FINAL_TYPE (LabStepEditor, lab_step_editor, LAB, STEP_EDITOR, GtkWidget)

GtkWidget *lab_step_editor_new (LabBlockItem *item);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-clock.h"
#include "session-step.h"

G_BEGIN_DECLS

/* What proves a step: the sentence, whether it is so, why not yet, and since when. */
#define LAB_TYPE_CHECK_ROW (lab_check_row_get_type ())
G_DECLARE_FINAL_TYPE (LabCheckRow, lab_check_row, LAB, CHECK_ROW, AdwBin)

GtkWidget *lab_check_row_new (SessionCheck *check, SessionStep *step, LabClock *clock);

G_END_DECLS

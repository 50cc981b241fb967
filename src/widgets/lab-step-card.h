/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "lab-block-item.h"
#include "lab-clock.h"

G_BEGIN_DECLS

/* One step: its command, what to expect, and the checks that tick it off. Signals: "run" (the
 * reader wants it in the terminal), "edit" (wants its change to a file made), "opened" (writes in
 * it now). */
#define LAB_TYPE_STEP_CARD (lab_step_card_get_type ())
G_DECLARE_FINAL_TYPE (LabStepCard, lab_step_card, LAB, STEP_CARD, AdwBin)

GtkWidget *lab_step_card_new (LabBlockItem *item, LabClock *clock);
void lab_step_card_focus_run (LabStepCard *self);

G_END_DECLS

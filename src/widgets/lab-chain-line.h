/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session-step.h"

G_BEGIN_DECLS

/* The stages of what a check waits for, side by side, each with a symbol and its time; wrapped to
 * as many lines as the width asks for. */
#define LAB_TYPE_CHAIN_LINE (lab_chain_line_get_type ())
G_DECLARE_FINAL_TYPE (LabChainLine, lab_chain_line, LAB, CHAIN_LINE, GtkWidget)

GtkWidget *lab_chain_line_new (SessionCheck *check);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session-lab.h"

G_BEGIN_DECLS

/* One line on how old rows are: "live, 2 s ago", "old, connection lost 12 s ago". */
#define LAB_TYPE_FRESHNESS (lab_freshness_get_type ())
G_DECLARE_FINAL_TYPE (LabFreshness, lab_freshness, LAB, FRESHNESS, GtkWidget)

void lab_freshness_set_resource (LabFreshness *self, SessionResource *resource);

G_END_DECLS

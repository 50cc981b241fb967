/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What time it is. Signal "tick": once a second while it runs, for ages that grow on the screen. */
#define LAB_TYPE_CLOCK (lab_clock_get_type ())
G_DECLARE_FINAL_TYPE (LabClock, lab_clock, LAB, CLOCK, GObject)

LabClock *lab_clock_new (void);
gint64 lab_clock_get_now (LabClock *self);
void lab_clock_set_now (LabClock *self, gint64 now);
void lab_clock_set_running (LabClock *self, gboolean running);

G_END_DECLS

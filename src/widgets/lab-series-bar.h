/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "session-series.h"

G_BEGIN_DECLS

/* Plays a series of steps, tells how far it is, stops it, and says why it has stopped. Properties:
 * "playing". Signal "passed": all its steps have. */
#define LAB_TYPE_SERIES_BAR (lab_series_bar_get_type ())
G_DECLARE_FINAL_TYPE (LabSeriesBar, lab_series_bar, LAB, SERIES_BAR, GtkWidget)

/* Why a series stops that would go on. */
typedef enum {
  LAB_SERIES_STOPPED, /* its student wants so */
  LAB_SERIES_TYPED,   /* its student has typed in the terminal */
} LabSeriesStop;

GtkWidget *lab_series_bar_new (void);
void lab_series_bar_play (LabSeriesBar *self, SessionSeries *series);
void lab_series_bar_stop (LabSeriesBar *self, LabSeriesStop why);
void lab_series_bar_clear (LabSeriesBar *self);
void lab_series_bar_set_section (LabSeriesBar *self, CourseSection *section);
gboolean lab_series_bar_get_playing (LabSeriesBar *self);

G_END_DECLS

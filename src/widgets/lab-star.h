/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "mesh-answer.h"

G_BEGIN_DECLS

/* What an answer looks like: each is told from the others by its shape, too. */
typedef enum {
  LAB_STAR_NONE,    /* an outline */
  LAB_STAR_BLACK,   /* filled */
  LAB_STAR_RED,     /* cut out of a red disc */
  LAB_STAR_ERROR,   /* a cross */
  LAB_STAR_UNKNOWN, /* a ring */
  LAB_N_STARS,
} LabStar;

typedef struct {
  GdkRGBA foreground;
  GdkRGBA red;
} LabStarColors;

LabStar lab_star_of_answer (const MeshAnswer *answer);
LabStar lab_star_of_version (const char *version);
void lab_star_load_colors (GtkWidget *widget, LabStarColors *colors);
GdkTexture *lab_star_new_texture (LabStar star, const LabStarColors *colors, int size);

G_END_DECLS

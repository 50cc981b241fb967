/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-picture.h"

G_BEGIN_DECLS

/* A picture in a text: as wide as it is, or as there is room for, and as high as that asks. */
#define LAB_TYPE_IMAGE (lab_image_get_type ())
G_DECLARE_FINAL_TYPE (LabImage, lab_image, LAB, IMAGE, GtkWidget)

GtkWidget *lab_image_new (const char *path, const char *description, LabPictureSize size);
gboolean lab_image_get_loading (LabImage *self);

G_END_DECLS

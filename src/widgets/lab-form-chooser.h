/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "lab-block-item.h"

G_BEGIN_DECLS

GtkWidget *lab_form_chooser_new (LabBlockItem *item);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "kube-object.h"

G_BEGIN_DECLS

/* The YAML of one object, live, with secrets masked. */
#define LAB_TYPE_OBJECT_WINDOW (lab_object_window_get_type ())
G_DECLARE_FINAL_TYPE (LabObjectWindow, lab_object_window, LAB, OBJECT_WINDOW, AdwWindow)

GtkWidget *lab_object_window_new (GtkWindow *parent, KubeObject *object);

char *lab_object_dup_yaml (JsonNode *object);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-editor.h"
#include "mesh-route-form.h"

G_BEGIN_DECLS

/* Edits one route, or makes a new one. */
#define LAB_TYPE_ROUTE_DIALOG (lab_route_dialog_get_type ())
G_DECLARE_FINAL_TYPE (LabRouteDialog, lab_route_dialog, LAB, ROUTE_DIALOG, AdwWindow)

GtkWidget *lab_route_dialog_new (
  GtkWindow *parent, MeshEditor *editor, guint route, guint minor, GError **error);
GtkWidget *lab_route_dialog_new_for_new (GtkWindow *parent,
                                         MeshEditor *editor,
                                         const char *host,
                                         const char *const *subsets,
                                         guint minor,
                                         GError **error);

G_END_DECLS

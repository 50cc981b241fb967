/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-banner.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Connects a window's lab, asks its user what has to be asked on the way, and tells in banners what
 * lasts. */
#define LAB_TYPE_CONNECTOR (lab_connector_get_type ())
G_DECLARE_FINAL_TYPE (LabConnector, lab_connector, LAB, CONNECTOR, GObject)

LabConnector *lab_connector_new (GtkWindow *window,
                                 LabBanner *offline_banner,
                                 LabBanner *notice_banner,
                                 LabBanner *insecure_banner);
void lab_connector_set_lab (LabConnector *self, SessionLab *lab);
void lab_connector_connect (LabConnector *self);

G_END_DECLS

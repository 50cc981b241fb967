/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-creations.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Why there is no VirtualService to be seen, and what could be created. */
#define LAB_TYPE_TRAFFIC_PLACEHOLDER (lab_traffic_placeholder_get_type ())
G_DECLARE_FINAL_TYPE (
  LabTrafficPlaceholder, lab_traffic_placeholder, LAB, TRAFFIC_PLACEHOLDER, AdwBin)

void lab_traffic_placeholder_set_lab (LabTrafficPlaceholder *self, SessionLab *lab);

void lab_traffic_placeholder_set_creations (LabTrafficPlaceholder *self, MeshCreations *creations);

G_END_DECLS

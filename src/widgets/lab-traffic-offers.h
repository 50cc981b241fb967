/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "mesh-creations.h"
#include "session-lab.h"

G_BEGIN_DECLS

typedef enum {
  LAB_TRAFFIC_OFFERS_ALL,
  LAB_TRAFFIC_OFFERS_COURSE, /* what the course shifts, where it is not there */
  LAB_TRAFFIC_OFFERS_OTHERS,
} LabTrafficOffersScope;

GType lab_traffic_offers_scope_get_type (void);
#define LAB_TYPE_TRAFFIC_OFFERS_SCOPE (lab_traffic_offers_scope_get_type ())

/* A button for each host that has versions and no VirtualService: it creates one. Nothing is seen
 * where there is no such host. */
#define LAB_TYPE_TRAFFIC_OFFERS (lab_traffic_offers_get_type ())
G_DECLARE_FINAL_TYPE (LabTrafficOffers, lab_traffic_offers, LAB, TRAFFIC_OFFERS, AdwBin)

void lab_traffic_offers_set_lab (LabTrafficOffers *self, SessionLab *lab);

void lab_traffic_offers_set_creations (LabTrafficOffers *self, MeshCreations *creations);

G_END_DECLS

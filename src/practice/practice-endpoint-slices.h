/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "practice-store.h"

G_BEGIN_DECLS

/* Keeps an EndpointSlice beside each Endpoints, with the same in it: newer clients, as "kubectl
 * describe service" from 1.31 on, look only there. */
#define PRACTICE_TYPE_ENDPOINT_SLICES (practice_endpoint_slices_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeEndpointSlices, practice_endpoint_slices, PRACTICE, ENDPOINT_SLICES, GObject)

PracticeEndpointSlices *practice_endpoint_slices_new (PracticeStore *store);

G_END_DECLS

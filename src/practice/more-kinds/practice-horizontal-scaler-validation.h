/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-causes.h"

G_BEGIN_DECLS

/* Of a HorizontalPodAutoscaler of autoscaling/v2. */
void practice_horizontal_scaler_validate (JsonNode *object, JsonNode *old, PracticeCauses *causes);

G_END_DECLS

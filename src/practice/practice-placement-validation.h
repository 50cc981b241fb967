/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-causes.h"

G_BEGIN_DECLS

/* Which nodes a pod wants, at @field of its spec. */
void practice_placement_validation_check_affinity (JsonNode *spec,
                                                   const char *field,
                                                   PracticeCauses *causes);
/* How pods are spread over nodes. */
void practice_placement_validation_check_spread (JsonNode *spec,
                                                 const char *field,
                                                 PracticeCauses *causes);

G_END_DECLS

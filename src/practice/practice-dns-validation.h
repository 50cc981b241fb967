/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-causes.h"

G_BEGIN_DECLS

/* What a pod says of its name servers, at @field of its spec. */
void practice_dns_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes);

G_END_DECLS

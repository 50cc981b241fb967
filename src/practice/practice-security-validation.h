/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* As whom a pod's processes run, and whether the pod @spec at @field shares its node's network. */
void practice_security_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes);
/* The same of one @container at @field. */
void practice_security_validation_check_container (JsonNode *container,
                                                   const char *field,
                                                   PracticeCauses *causes);

G_END_DECLS

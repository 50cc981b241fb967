/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* @ingress and @old are as v1 has them; @api_version is the one that the client spoke, whose fields
 * are named. */
void practice_ingress_validation_check (JsonNode *ingress,
                                        JsonNode *old,
                                        const char *api_version,
                                        PracticeCauses *causes);
/* What a backend or a class may name beside a Service; @reference may be NULL. */
void practice_ingress_validation_check_reference (JsonNode *reference,
                                                  const char *field,
                                                  PracticeCauses *causes);

G_END_DECLS

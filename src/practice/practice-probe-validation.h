/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* A container's probe of any of the three kinds, or NULL, at @field. */
void practice_probe_validation_check (JsonNode *probe, const char *field, PracticeCauses *causes);
/* What is done where a container starts and ends; @lifecycle may be NULL. */
void practice_probe_validation_check_lifecycle (JsonNode *lifecycle,
                                                const char *field,
                                                PracticeCauses *causes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

void practice_pod_validation_check (JsonNode *pod, JsonNode *old, PracticeCauses *causes);
/* A template at @field, as a Deployment's "spec.template". */
void practice_pod_validation_check_template (JsonNode *template_,
                                             const char *field,
                                             PracticeCauses *causes);

G_END_DECLS

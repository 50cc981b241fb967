/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* The tolerations of the pod @spec at @field. */
void
practice_toleration_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes);

G_END_DECLS

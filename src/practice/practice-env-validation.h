/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* Checks the environment of the @container at @field. */
void practice_env_validation_check (JsonNode *container, const char *field, PracticeCauses *causes);

G_END_DECLS

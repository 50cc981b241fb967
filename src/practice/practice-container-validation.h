/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* Checks the containers and init containers of the pod @spec at @field; @volumes are the names of
 * what they can mount. */
void practice_container_validation_check (JsonNode *spec,
                                          const char *field,
                                          GHashTable *volumes,
                                          PracticeCauses *causes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* Checks the volumes of the pod @spec at @field. Those that are good are noted in @names, a set of
 * strings that @spec owns. */
void practice_volume_validation_check (JsonNode *spec,
                                       const char *field,
                                       GHashTable *names,
                                       PracticeCauses *causes);
/* Checks where a @container at @field has the @volumes that practice_volume_validation_check() has
 * found to be good. */
void practice_volume_validation_check_mounts (JsonNode *container,
                                              const char *field,
                                              GHashTable *volumes,
                                              PracticeCauses *causes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-image-catalog.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the program and its arguments that @container (of a pod's spec)
 * really runs; NULL: a program of ours stands in for it, or nothing does. @environment replaces
 * references in it. */
GStrv practice_container_command_new (PracticeImageCatalog *images,
                                      JsonNode *container,
                                      GStrv environment);

G_END_DECLS

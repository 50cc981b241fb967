/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-store.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the environment of a container: what its image and its spec say, and
 * a variable or more for each Service of its namespace. NULL where something that it names is not
 * there, in a kubelet's words. */
GStrv practice_container_environment_new (PracticeStore *store,
                                          JsonNode *pod,
                                          const char *container,
                                          GError **error);
/* (transfer full): @text with "$(NAME)" replaced by what @environment has. */
char *practice_container_environment_expand (GStrv environment, const char *text);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

const char *mesh_sample_get_version (JsonNode *reviews);
gboolean mesh_sample_fits (GHashTable *counts, GHashTable *split);
char *mesh_sample_dup_words (GHashTable *counts);

G_END_DECLS

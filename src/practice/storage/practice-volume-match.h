/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Which volume suits which claim: k8s.io/kubernetes/pkg/controller/volume/persistentvolume/util.
 * (nullable) @modes of access. */
gboolean practice_volume_match_has_mode (JsonArray *modes, const char *mode);
/* Whether @volume's claimRef is that claim; it may lack the uid. */
gboolean practice_volume_match_is_for (JsonNode *volume, JsonNode *claim);
/* NULL: @volume has all that @claim asks for, else why not, in a real server's words. */
const char *practice_volume_match_find_mismatch (JsonNode *volume, JsonNode *claim);
gboolean practice_volume_match_reaches (JsonNode *volume, JsonNode *node);
/* The volume that is kept for @claim, or the smallest that is free; @only_kept: no free one.
 * @node (nullable): where it has to be reached from. */
JsonNode *practice_volume_match_find (GPtrArray *volumes,
                                      JsonNode *claim,
                                      JsonNode *node,
                                      gboolean only_kept);

G_END_DECLS

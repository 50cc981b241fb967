/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* What a scheduler has to know of a pod's volumes. */
typedef struct _PracticeVolumeFit PracticeVolumeFit;

/* (nullable): NULL with @refusal (transfer full) in a real scheduler's words. */
PracticeVolumeFit *practice_volume_fit_new (PracticeStore *store, JsonNode *pod, char **refusal);
void practice_volume_fit_free (PracticeVolumeFit *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeVolumeFit, practice_volume_fit_free)

/* Whether there is a claim that does not wait for a pod and is not bound yet. */
gboolean practice_volume_fit_is_unbound (PracticeVolumeFit *self);
/* What speaks against @node; NULL: nothing. */
const char *practice_volume_fit_find_reason (PracticeVolumeFit *self, JsonNode *node);
/* The pod shall go to @node: has claims bound that waited for that. FALSE: they are not yet. */
gboolean practice_volume_fit_settle (PracticeVolumeFit *self, JsonNode *node);

G_END_DECLS

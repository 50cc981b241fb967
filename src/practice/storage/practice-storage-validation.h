/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-causes.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What an API server has against storage: k8s.io/kubernetes/pkg/apis/core/validation and
 * pkg/apis/storage/validation. @old NULL: a creation. */
void
practice_storage_validation_check_claim (JsonNode *claim, JsonNode *old, PracticeCauses *causes);
void
practice_storage_validation_check_volume (JsonNode *volume, JsonNode *old, PracticeCauses *causes);
void
practice_storage_validation_check_class (JsonNode *class, JsonNode *old, PracticeCauses *causes);
/* FALSE with a Status where @claim asks for more than @old did and may not. */
gboolean practice_storage_validation_admit_growth (PracticeStore *store,
                                                   JsonNode *claim,
                                                   JsonNode *old,
                                                   GError **error);

G_END_DECLS

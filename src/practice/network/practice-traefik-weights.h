/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* How much of an Ingress's traffic each of its servers gets, by its `service-weights`. */
typedef struct _PracticeTraefikWeights PracticeTraefikWeights;

/* @text (nullable): the annotation; NULL: every server the same. */
PracticeTraefikWeights *
practice_traefik_weights_new (PracticeStore *store, JsonNode *ingress, const char *text);
void practice_traefik_weights_free (PracticeTraefikWeights *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTraefikWeights, practice_traefik_weights_free)

/* Of one server of @service among those for @host and @path. */
guint practice_traefik_weights_get (PracticeTraefikWeights *self,
                                    const char *host,
                                    const char *path,
                                    const char *service);

G_END_DECLS

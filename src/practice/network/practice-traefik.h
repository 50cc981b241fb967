/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-traefik-config.h"

G_BEGIN_DECLS

/* What the pods of a Traefik share: its configuration, whose turn it is, what was counted. */
#define PRACTICE_TYPE_TRAEFIK (practice_traefik_get_type ())
G_DECLARE_FINAL_TYPE (PracticeTraefik, practice_traefik, PRACTICE, TRAEFIK, GObject)

PracticeTraefik *practice_traefik_new (PracticeStore *store);
/* (transfer none): as the Ingresses are now; good until the main loop goes on. */
PracticeTraefikConfig *practice_traefik_get_config (PracticeTraefik *self);
/* (transfer none) (nullable): the server whose turn it is; NULL: there is none. */
PracticeTraefikServer *
practice_traefik_choose (PracticeTraefik *self, const PracticeTraefikBackend *backend);
void practice_traefik_count (PracticeTraefik *self, guint status, gint64 microseconds);
/* How many responses there were. */
guint practice_traefik_get_count (PracticeTraefik *self);
/* (transfer full): what `/health` says. */
JsonNode *practice_traefik_new_health (PracticeTraefik *self);

G_END_DECLS

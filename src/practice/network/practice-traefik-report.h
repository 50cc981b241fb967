/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-traefik-config.h"

G_BEGIN_DECLS

/* (transfer full): a configuration as `/api/providers` of Traefik 1.7 has it. */
JsonNode *practice_traefik_report_new (PracticeTraefikConfig *config);

G_END_DECLS

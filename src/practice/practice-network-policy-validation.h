/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

void
practice_network_policy_validation_check (JsonNode *policy, JsonNode *old, PracticeCauses *causes);

G_END_DECLS

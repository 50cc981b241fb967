/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

/* What happens to an object before it is stored, by the rules of its kind: Kubernetes calls that
 * a strategy. Objects are in the storage version; errors are Statuses. */
gboolean practice_strategy_has_generation (PracticeResource *resource);
void practice_strategy_prepare_creation (PracticeResource *resource, JsonNode *object);
void practice_strategy_prepare_update (PracticeResource *resource, JsonNode *object, JsonNode *old);
JsonNode *practice_strategy_merge_status (JsonNode *object, JsonNode *old);
gboolean practice_strategy_validate (PracticeResource *resource,
                                     JsonNode *object,
                                     JsonNode *old,
                                     const PracticeVersion *version,
                                     GError **error);
gboolean practice_strategy_check_preconditions (
  PracticeResource *resource, JsonNode *old, const char *uid, const char *version, GError **error);

G_END_DECLS

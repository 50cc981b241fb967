/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

gboolean practice_scale_is_supported (PracticeResource *resource, const PracticeVersion *version);
/* The autoscaling/v1 Scale of an object. */
JsonNode *practice_scale_new (const PracticeVersion *version, JsonNode *object);
/* Sets the replicas of @object, in place. FALSE with a Status. */
gboolean practice_scale_set (PracticeResource *resource,
                             const PracticeVersion *version,
                             JsonNode *object,
                             JsonNode *scale,
                             GError **error);

G_END_DECLS

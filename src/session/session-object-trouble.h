/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* Why the objects that a check is about are not as they should be. */
char *session_object_dup_words (SessionSight *sight,
                                CourseCheck *check,
                                const char *namespace_,
                                GPtrArray *objects,
                                const char *observed,
                                gboolean at_length);
JsonNode *
session_object_find_deployment (SessionSight *sight, const char *selector, const char *namespace_);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

#define PRACTICE_PATCH_APPLY "application/apply-patch+yaml"

/* Applies the body of a PATCH to @object, which is of @type (nullable: a custom resource), and
 * returns the result. Errors are Statuses. */
JsonNode *practice_patch_apply (const PracticeType *type,
                                JsonNode *object,
                                GBytes *body,
                                const char *content_type,
                                GError **error);

G_END_DECLS

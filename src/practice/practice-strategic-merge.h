/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-schema.h"

G_BEGIN_DECLS

/* A strategic merge patch: returns a new object, @original and @patch are not changed. @type
 * (nullable) says which lists are merged, and by which key. Errors are G_IO_ERROR_INVALID_DATA. */
JsonNode *practice_strategic_merge_apply (const PracticeType *type,
                                          JsonNode *original,
                                          JsonNode *patch,
                                          GError **error);

G_END_DECLS

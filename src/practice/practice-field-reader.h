/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-schema.h"

G_BEGIN_DECLS

/* Makes of @node what a server in Go makes of it when it decodes it into @type: fields that the
 * type has not and empty ones are gone. The names of unknown fields (nullable: element-type utf8)
 * are added to @unknown. FALSE with G_IO_ERROR_INVALID_DATA, in Go's words, where a value is of a
 * wrong type. */
gboolean practice_field_reader_read (const PracticeType *type,
                                     JsonNode *node,
                                     GPtrArray *unknown,
                                     GError **error);
/* The same for one member of the root alone, as metadata of a custom resource. */
gboolean practice_field_reader_read_member (
  const PracticeType *type, JsonNode *root, const char *member, GPtrArray *unknown, GError **error);

G_END_DECLS

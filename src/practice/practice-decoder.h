/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-registry.h"

G_BEGIN_DECLS

/* What becomes of fields that a type has not: fieldValidation. */
typedef enum {
  PRACTICE_STRICT_IGNORE,
  PRACTICE_STRICT_WARN,
  PRACTICE_STRICT_REFUSE,
} PracticeStrict;

PracticeStrict practice_decoder_get_strict (const char *field_validation);

/* The object in the body of a request, as one of @version. Errors are Statuses. Takes JSON, YAML
 * and protobuf. @warnings: (element-type utf8) of unknown fields. */
JsonNode *practice_decoder_read (PracticeRegistry *registry,
                                 PracticeResource *resource,
                                 const PracticeVersion *version,
                                 GBytes *body,
                                 const char *content_type,
                                 PracticeStrict strict,
                                 GPtrArray *warnings,
                                 GError **error);
/* The second half of it: for an object that a patch has made. */
gboolean practice_decoder_check (PracticeRegistry *registry,
                                 PracticeResource *resource,
                                 const PracticeVersion *version,
                                 JsonNode *object,
                                 PracticeStrict strict,
                                 GPtrArray *warnings,
                                 GError **error);
/* The body of a server-side apply: in parts only, as it was sent. */
JsonNode *practice_decoder_read_applied (PracticeResource *resource,
                                         const PracticeVersion *version,
                                         GBytes *body,
                                         GError **error);
/* A body of another type of the schema: DeleteOptions, Scale. An empty one is (nullable) NULL with
 * no error. */
JsonNode *practice_decoder_read_type (PracticeRegistry *registry,
                                      const char *type,
                                      GBytes *body,
                                      const char *content_type,
                                      GError **error);

G_END_DECLS

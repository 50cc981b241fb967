/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What of a route is written in a field of its own, as text. Empty: it is not in the route. */
typedef enum {
  MESH_FIELD_HEADER,
  MESH_FIELD_VALUE, /* of the header */
  MESH_FIELD_TIMEOUT,
  MESH_FIELD_DELAY,
  MESH_FIELD_DELAY_PERCENTAGE,
  MESH_FIELD_ABORT_STATUS,
  MESH_FIELD_ABORT_PERCENTAGE,
  MESH_FIELD_ATTEMPTS,
  MESH_FIELD_PER_TRY_TIMEOUT,
  MESH_FIELD_RETRY_ON, /* conditions with commas between them */
  MESH_N_FIELDS,
} MeshField;

typedef enum {
  MESH_MATCH_NONE, /* everyone */
  MESH_MATCH_EXACT,
  MESH_MATCH_PREFIX,
  MESH_MATCH_REGEX,
  MESH_MATCH_OTHER, /* what the fields cannot say; kept as it is */
} MeshMatchKind;

char *mesh_field_dup_error (MeshField field, const char *text, guint minor);
char *mesh_field_dup_regex_error (const char *text);
gboolean mesh_field_parse_percentage (const char *text, double *percentage);

G_END_DECLS

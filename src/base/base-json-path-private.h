/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  BASE_JSON_PATH_NAMES,     /* .name, ['name'] */
  BASE_JSON_PATH_SLICE,     /* [2], [1:3], [::2] */
  BASE_JSON_PATH_WILDCARD,  /* .*, [*] */
  BASE_JSON_PATH_FILTER,    /* [?(@.a=="b")] */
  BASE_JSON_PATH_UNION,     /* [0,'a'] */
  BASE_JSON_PATH_RECURSIVE, /* .. */
} BaseJsonPathKind;

typedef enum {
  BASE_JSON_PATH_EXISTS,
  BASE_JSON_PATH_EQUAL,
  BASE_JSON_PATH_NOT_EQUAL,
  BASE_JSON_PATH_LESS,
  BASE_JSON_PATH_LESS_EQUAL,
  BASE_JSON_PATH_GREATER,
  BASE_JSON_PATH_GREATER_EQUAL,
} BaseJsonPathComparison;

/* One side of a comparison: a literal, or a path from the element or the root. */
typedef struct {
  JsonNode *literal; /* (nullable) (owned) */
  GPtrArray *steps;  /* (nullable) (owned) (element-type BaseJsonPathStep) */
  gboolean from_root;
} BaseJsonPathOperand;

typedef struct {
  BaseJsonPathKind kind;

  char *name;   /* NAMES: as one member's name */
  char **names; /* NAMES: the same, split at its dots */

  gint64 start; /* SLICE */
  gint64 end;
  gint64 stride;
  gboolean has_end;
  gboolean is_index; /* [2] rather than [2:3] */

  BaseJsonPathOperand left; /* FILTER */
  BaseJsonPathOperand right;
  BaseJsonPathComparison comparison;

  GPtrArray *choices; /* UNION: (element-type BaseJsonPathStep) */
} BaseJsonPathStep;

GPtrArray *base_json_path_parse (const char *expression, GError **error);

G_END_DECLS

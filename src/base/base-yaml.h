/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BASE_YAML_ERROR (base_yaml_error_quark ())

/* What a text may have at most. */
#define BASE_YAML_MAX_BYTES (16 * 1024 * 1024)
#define BASE_YAML_MAX_DEPTH 100
#define BASE_YAML_MAX_NODES 1000000
#define BASE_YAML_MAX_ALIASED 100000
#define BASE_YAML_FEW_ALIASED 100

typedef enum {
  BASE_YAML_ERROR_SYNTAX,
  BASE_YAML_ERROR_TOO_LARGE,
  BASE_YAML_ERROR_EMPTY,
} BaseYamlError;

typedef enum {
  BASE_YAML_NONE = 0,
  /* Every scalar stays a string, as a kubeconfig's token 12345 must. */
  BASE_YAML_ALL_STRINGS = 1 << 0,
  /* For one of many small texts, which together must not grow by aliases either. */
  BASE_YAML_FEW_ALIASES = 1 << 1,
} BaseYamlFlags;

GQuark base_yaml_error_quark (void);

/* YAML 1.2 core schema as Kubernetes reads it. Errors read "name:line:column: message". */
JsonNode *base_yaml_parse (
  const char *data, gssize length, const char *name, BaseYamlFlags flags, GError **error);
/* (element-type JsonNode): one for each document that is not empty. */
GPtrArray *base_yaml_parse_all (
  const char *data, gssize length, const char *name, BaseYamlFlags flags, GError **error);
char *base_yaml_write (JsonNode *node);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json.h"
#include "base-yaml.h"

G_BEGIN_DECLS

static inline JsonNode *
mesh_test_parse (const char *yaml)
{
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  return node;
}

/* (transfer full): JSON with single quotes, so that tests can be read */
static inline JsonNode *
mesh_test_parse_json (const char *text)
{
  g_autofree char *quoted = g_strdelimit (g_strdup (text), "'", '"');
  g_autoptr (GError) error = NULL;
  JsonNode *node = base_json_parse (quoted, -1, &error);

  g_assert_no_error (error);
  return node;
}

/* A VirtualService for reviews with these members of its spec, as YAML of one line. */
static inline JsonNode *
mesh_test_service (const char *spec)
{
  g_autofree char *yaml =
    g_strdup_printf ("{apiVersion: networking.istio.io/v1alpha3, kind: VirtualService, metadata: "
                     "{name: reviews, namespace: default, resourceVersion: '7'}, spec: {hosts: "
                     "[reviews], %s}}",
                     spec);

  return mesh_test_parse (yaml);
}

/* Whether @object has these members in its spec, and no other. */
static inline void
mesh_test_assert_spec (JsonNode *object, const char *spec)
{
  g_autoptr (JsonNode) expected = mesh_test_service (spec);
  g_autofree char *found_text = base_json_write (base_json_get (object, "spec", NULL), FALSE);
  g_autofree char *expected_text = base_json_write (base_json_get (expected, "spec", NULL), FALSE);

  if (!base_json_equal (base_json_get (object, "spec", NULL),
                        base_json_get (expected, "spec", NULL)))
    g_assert_cmpstr (found_text, ==, expected_text);
}

G_END_DECLS

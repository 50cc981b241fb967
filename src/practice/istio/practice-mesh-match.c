/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-match.h"

#include <string.h>

#include "base-json.h"
#include "practice-mesh-name.h"

/* A StringMatch: one of exact, prefix and regex; an empty one asks that there is a value. */
static gboolean
match_string (JsonNode *match, const char *value, gboolean ignores_case, PracticeMeshConfig *config)
{
  const char *exact = base_json_get_string (match, "exact", NULL);
  const char *prefix = base_json_get_string (match, "prefix", NULL);
  const char *pattern = base_json_get_string (match, "regex", NULL);
  GRegex *regex;

  if (value == NULL)
    return FALSE;
  if (exact != NULL)
    return ignores_case ? g_ascii_strcasecmp (exact, value) == 0 : g_str_equal (exact, value);
  if (prefix != NULL)
    return ignores_case ? g_ascii_strncasecmp (prefix, value, strlen (prefix)) == 0
                        : g_str_has_prefix (value, prefix);
  if (pattern == NULL)
    return TRUE;
  regex = practice_mesh_config_get_regex (config, pattern);
  return regex != NULL && g_utf8_validate (value, -1, NULL) &&
         g_regex_match (regex, value, G_REGEX_MATCH_DEFAULT, NULL);
}

static gboolean
match_member (JsonNode *match, const char *member, const char *value, PracticeMeshConfig *config)
{
  JsonNode *wanted = base_json_get (match, member, NULL);

  return wanted == NULL || match_string (wanted, value, FALSE, config);
}

static gboolean
match_uri (JsonNode *match, const PracticeMeshQuery *query, PracticeMeshConfig *config)
{
  JsonNode *wanted = base_json_get (match, "uri", NULL);
  const char *target = query->target != NULL ? query->target : "";
  g_autofree char *path = g_strndup (target, strcspn (target, "?#"));

  return wanted == NULL ||
         match_string (wanted, path, base_json_get_boolean (match, FALSE, "ignoreUriCase", NULL),
                       config);
}

/* All of "headers", none of "withoutHeaders". */
static gboolean
match_headers (JsonNode *match,
               const char *member,
               gboolean wanted,
               const PracticeMeshQuery *query,
               PracticeMeshConfig *config)
{
  JsonObject *headers = base_json_get_object (match, member, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (headers == NULL)
    return TRUE;
  json_object_iter_init (&iter, headers);
  while (json_object_iter_next (&iter, &name, &value))
    if (match_string (value, soup_message_headers_get_list (query->headers, name), FALSE, config) !=
        wanted)
      return FALSE;
  return TRUE;
}

static gboolean
match_query (JsonNode *match, const PracticeMeshQuery *query, PracticeMeshConfig *config)
{
  JsonObject *parameters = base_json_get_object (match, "queryParams", NULL);
  const char *mark = query->target != NULL ? strchr (query->target, '?') : NULL;
  g_autoptr (GHashTable) given = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (parameters == NULL)
    return TRUE;
  given = mark != NULL ? g_uri_parse_params (mark + 1, -1, "&", G_URI_PARAMS_NONE, NULL) : NULL;
  json_object_iter_init (&iter, parameters);
  while (json_object_iter_next (&iter, &name, &value))
    if (given == NULL || !match_string (value, g_hash_table_lookup (given, name), FALSE, config))
      return FALSE;
  return TRUE;
}

static gboolean
match_labels (JsonNode *match, const PracticeMeshQuery *query)
{
  JsonObject *labels = base_json_get_object (match, "sourceLabels", NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (labels == NULL || query->gateways != NULL)
    return TRUE;
  json_object_iter_init (&iter, labels);
  while (json_object_iter_next (&iter, &name, &value)) {
    JsonNode *own = query->labels != NULL ? json_object_get_member (query->labels, name) : NULL;

    if (own == NULL || !json_node_equal (own, value))
      return FALSE;
  }
  return TRUE;
}

/* Those of one match stand instead of the VirtualService's. */
static gboolean
match_gateways (JsonNode *match, const PracticeMeshQuery *query, const char *namespace_)
{
  JsonArray *gateways = base_json_get_array (match, "gateways", NULL);

  if (base_json_get_length (gateways) == 0)
    return TRUE;
  for (guint i = 0; i < json_array_get_length (gateways); i++) {
    JsonNode *name = json_array_get_element (gateways, i);
    g_autofree char *whole = NULL;

    if (!JSON_NODE_HOLDS_VALUE (name) || json_node_get_value_type (name) != G_TYPE_STRING)
      continue;
    whole = practice_mesh_name_qualify_gateway (json_node_get_string (name), namespace_);

    if (query->gateways != NULL ? g_strv_contains (query->gateways, whole)
                                : g_str_equal (whole, "mesh"))
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_mesh_match_request:
 * @match: an HTTPMatchRequest
 * @query: what is asked
 * @namespace_: the namespace of the VirtualService that it is of
 * @config: the configuration
 *
 * Header values and paths are compared with their case, header names without; a regular expression
 * must fit the whole value
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest).
 *
 * Returns: whether all conditions of @match hold
 */
gboolean
practice_mesh_match_request (JsonNode *match,
                             const PracticeMeshQuery *query,
                             const char *namespace_,
                             PracticeMeshConfig *config)
{
  gint64 port = base_json_get_int (match, 0, "port", NULL);
  const char *from = base_json_get_string (match, "sourceNamespace", NULL);

  return (port == 0 || port == query->port) &&
         (from == NULL || query->gateways != NULL || g_str_equal (from, query->namespace_)) &&
         match_gateways (match, query, namespace_) && match_labels (match, query) &&
         match_uri (match, query, config) &&
         match_member (match, "scheme", query->scheme, config) &&
         match_member (match, "method", query->method, config) &&
         match_member (match, "authority", query->authority, config) &&
         match_headers (match, "headers", TRUE, query, config) &&
         match_headers (match, "withoutHeaders", FALSE, query, config) &&
         match_query (match, query, config);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-node-trouble.h"

#include <glib/gi18n-lib.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"

#define MAX_LETTERS 200

/* (nullable): one of what a node may lack, which is “True” where it does
 * (https://kubernetes.io/docs/reference/node/node-status/#condition) */
static const char *
find_pressure (JsonNode *node)
{
  static const char *const types[] = { "NetworkUnavailable", "DiskPressure", "MemoryPressure",
                                       "PIDPressure" };

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (base_condition_is_true (node, types[i]))
      return types[i];
  return NULL;
}

/* (transfer full): what the node says of itself, or the cluster of it; "" where nobody does */
static char *
dup_message (JsonNode *node)
{
  JsonNode *ready = base_condition_find (node, "Ready");
  const char *pressure = find_pressure (node);
  const char *message = ready != NULL ? base_json_get_string (ready, "message", NULL) : NULL;
  g_autofree char *text = g_strdup_printf ("%s%s%s", pressure != NULL ? pressure : "",
                                           pressure != NULL && message != NULL ? ", " : "",
                                           message != NULL ? message : "");
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_LETTERS));
}

static char *
dup_sentence (JsonNode *node)
{
  const char *name = base_metadata_get_name (node);
  const char *status = base_condition_get_status (node, "Ready");
  g_autofree char *message = dup_message (node);

  if (g_strcmp0 (status, "Unknown") == 0)
    /* Translators: a node; then the node again */
    return g_strdup_printf (_ ("The cluster does not hear of the node %s any more: it is switched "
                               "off, or cannot be reached. See since when: kubectl describe node "
                               "%s"),
                            name, name);
  if (*message == '\0')
    /* Translators: a node; then the node again */
    return g_strdup_printf (_ ("The node %s has not said yet how it is. See it come: kubectl get "
                               "node %s --watch"),
                            name, name);
  /* Translators: a node, and what it lacks; then the node again */
  return g_strdup_printf (_ ("The node %s is not ready: %s. See why: kubectl describe node %s"),
                          name, message, name);
}

/**
 * session_node_dup_trouble:
 * @nodes: (element-type JsonNode): Nodes
 *
 * Returns: (transfer full) (nullable): a sentence about the first of them that is not ready
 */
char *
session_node_dup_trouble (GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    if (!base_condition_is_true (g_ptr_array_index (nodes, i), "Ready"))
      return dup_sentence (g_ptr_array_index (nodes, i));
  return NULL;
}

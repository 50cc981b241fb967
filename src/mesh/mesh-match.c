/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-match.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"

/* A course's rules have a handful; what is longer is not read as a title any more. */
#define MAX_WORDS 8

static void
add_word (GPtrArray *words, char *word)
{
  if (words->len < MAX_WORDS)
    g_ptr_array_add (words, word);
  else
    g_free (word);
}

/* @condition: a StringMatch (exact, prefix or regex), or {} for "present"
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#StringMatch). */
static char *
dup_string_match (const char *subject, JsonNode *condition)
{
  const char *value = NULL;

  if ((value = base_json_get_string (condition, "exact", NULL)) != NULL)
    /* Translators: a condition of a route, such as "end-user is jason" */
    return g_strdup_printf (_ ("%s is %s"), subject, value);
  if ((value = base_json_get_string (condition, "prefix", NULL)) != NULL)
    /* Translators: a condition of a route, such as "path starts with /api" */
    return g_strdup_printf (_ ("%s starts with %s"), subject, value);
  if ((value = base_json_get_string (condition, "regex", NULL)) != NULL)
    /* Translators: a condition of a route, such as "end-user matches ^j" */
    return g_strdup_printf (_ ("%s matches %s"), subject, value);
  /* Translators: a condition of a route: a header is there, whatever it holds */
  return g_strdup_printf (_ ("%s is present"), subject);
}

static char *
dup_negation (const char *subject, JsonNode *condition)
{
  g_autofree char *words = dup_string_match (subject, condition);

  /* Translators: a condition of a route must not hold, "not: end-user is jason" */
  return g_strdup_printf (_ ("not: %s"), words);
}

static void
add_map (GPtrArray *words,
         JsonNode *item,
         const char *member,
         char *(*dup_words) (const char *subject, JsonNode *condition))
{
  JsonObject *map = base_json_get_object (item, member, NULL);
  g_autoptr (GList) names = map != NULL ? json_object_get_members (map) : NULL;

  for (GList *l = names; l != NULL; l = l->next)
    add_word (words, dup_words (l->data, json_object_get_member (map, l->data)));
}

static void
add_string (GPtrArray *words, JsonNode *item, const char *member, const char *subject)
{
  JsonNode *condition = base_json_get (item, member, NULL);

  if (condition != NULL)
    add_word (words, dup_string_match (subject, condition));
}

static void
add_source (GPtrArray *words, JsonNode *item)
{
  JsonObject *labels = base_json_get_object (item, "sourceLabels", NULL);
  const char *namespace_ = base_json_get_string (item, "sourceNamespace", NULL);
  g_autoptr (GList) names = labels != NULL ? json_object_get_members (labels) : NULL;

  for (GList *l = names; l != NULL; l = l->next) {
    const char *value = base_json_get_string (json_object_get_member (labels, l->data), NULL);

    /* Translators: a condition of a route: the calling pod has a label, "from app=productpage" */
    add_word (
      words, g_strdup_printf (_ ("from %s=%s"), (const char *)l->data, value != NULL ? value : ""));
  }
  if (namespace_ != NULL)
    /* Translators: a condition of a route: the calling pod is in a namespace */
    add_word (words, g_strdup_printf (_ ("from namespace %s"), namespace_));
}

/* One HTTPMatchRequest: all its conditions must hold. */
static char *
dup_item_words (JsonNode *item)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  gint64 port = base_json_get_int (item, 0, "port", NULL);

  add_string (words, item, "uri", _ ("path"));
  add_string (words, item, "scheme", _ ("scheme"));
  add_string (words, item, "method", _ ("method"));
  add_string (words, item, "authority", _ ("authority"));
  add_map (words, item, "headers", dup_string_match);
  add_map (words, item, "withoutHeaders", dup_negation);
  add_map (words, item, "queryParams", dup_string_match);
  add_source (words, item);
  if (port > 0)
    /* Translators: a condition of a route: the port that is called */
    add_word (words, g_strdup_printf (_ ("port is %d"), (int)port));
  if (words->len == 0)
    return g_strdup (_ ("any request"));
  g_ptr_array_add (words, NULL);
  /* Translators: joins conditions that must all hold */
  return g_strjoinv (_ (" and "), (char **)words->pdata);
}

/**
 * mesh_match_dup_words:
 * @match: the `match` of an HTTP route: conditions in an item are all needed, one item is enough
 *
 * Returns: (transfer full): one line of plain text
 */
char *
mesh_match_dup_words (JsonNode *match)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  JsonArray *items = base_json_get_array (match, NULL);
  guint n_items = base_json_get_length (items);

  for (guint i = 0; i < n_items; i++)
    add_word (words, dup_item_words (json_array_get_element (items, i)));
  g_ptr_array_add (words, NULL);
  /* Translators: joins conditions of which one is enough */
  return g_strjoinv (_ (" or "), (char **)words->pdata);
}

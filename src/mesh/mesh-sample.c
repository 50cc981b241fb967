/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-sample.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base-json.h"

/* Standard deviations that chance is allowed: a right split is taken for a wrong one less than once
 * in a thousand times. */
#define DEVIATIONS 3.3

static const char *
get_version_of_color (const char *color)
{
  if (g_strcmp0 (color, "black") == 0)
    return "v2";
  return g_strcmp0 (color, "red") == 0 ? "v3" : NULL;
}

/**
 * mesh_sample_get_version:
 * @reviews: what Bookinfo's page answers at /api/v1/products/0/reviews
 *
 * Reads which version of reviews gave an answer: v1 has no ratings, those of v2 are black, those of
 * v3 red (https://istio.io/v1.4/docs/examples/bookinfo/). Where ratings failed, v2 and v3 look the
 * same.
 *
 * Returns: (nullable): "v1", "v2", "v3", or %NULL where it cannot be told
 */
const char *
mesh_sample_get_version (JsonNode *reviews)
{
  JsonArray *list = base_json_get_array (reviews, "reviews", NULL);
  guint n_reviews = base_json_get_length (list);
  gboolean has_rating = FALSE;

  for (guint i = 0; i < n_reviews; i++) {
    JsonNode *review = json_array_get_element (list, i);
    const char *version =
      get_version_of_color (base_json_get_string (review, "rating", "color", NULL));

    if (version != NULL)
      return version;
    has_rating |= base_json_get_object (review, "rating", NULL) != NULL;
  }

  return n_reviews > 0 && !has_rating ? "v1" : NULL;
}

static guint
sum (GHashTable *numbers)
{
  GHashTableIter iter;
  gpointer value;
  guint total = 0;

  g_hash_table_iter_init (&iter, numbers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    total += GPOINTER_TO_UINT (value);
  return total;
}

/* Within what a binomial distribution gives; a share of none or all leaves nothing to chance. */
static gboolean
is_likely (guint count, guint total, double share)
{
  double expected = total * share;
  double deviation = sqrt (total * share * (1 - share));

  return fabs (count - expected) <= DEVIATIONS * deviation;
}

/**
 * mesh_sample_fits:
 * @counts: (element-type utf8 uint): how many answers each version gave
 * @split: (element-type utf8 uint): the weight of each version
 *
 * Returns: whether such a sample is what the weights would give, as far as chance lets one tell
 */
gboolean
mesh_sample_fits (GHashTable *counts, GHashTable *split)
{
  guint total = sum (counts);
  guint weights = sum (split);
  GHashTableIter iter;
  gpointer version, value;

  g_return_val_if_fail (counts != NULL && split != NULL, FALSE);

  if (total == 0 || weights == 0)
    return FALSE;

  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &version, &value))
    if (GPOINTER_TO_UINT (value) > 0 && !g_hash_table_contains (split, version))
      return FALSE;

  g_hash_table_iter_init (&iter, split);
  while (g_hash_table_iter_next (&iter, &version, &value))
    if (!is_likely (GPOINTER_TO_UINT (g_hash_table_lookup (counts, version)), total,
                    (double)GPOINTER_TO_UINT (value) / weights))
      return FALSE;

  return TRUE;
}

/**
 * mesh_sample_dup_words:
 * @counts: (element-type utf8 uint): how many answers each version gave
 *
 * Returns: (transfer full): such as "v1 7, v3 13 of 20 requests"
 */
char *
mesh_sample_dup_words (GHashTable *counts)
{
  guint total = sum (counts);
  g_autoptr (GList) versions = g_hash_table_get_keys (counts);
  g_autoptr (GString) words = g_string_new (NULL);

  g_return_val_if_fail (counts != NULL, NULL);

  versions = g_list_sort (versions, (GCompareFunc)strcmp);
  for (GList *l = versions; l != NULL; l = l->next)
    g_string_append_printf (words, "%s%s %u", words->len > 0 ? ", " : "", (const char *)l->data,
                            GPOINTER_TO_UINT (g_hash_table_lookup (counts, l->data)));

  /* Translators: %s is a list such as "v1 7, v3 13", %u how many requests these are in all */
  return g_strdup_printf (
    g_dngettext (GETTEXT_PACKAGE, "%s of %u request", "%s of %u requests", total), words->str,
    total);
}

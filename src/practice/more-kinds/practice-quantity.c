/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-quantity.h"

#include <math.h>

#include "base-json.h"
#include "practice-validation.h"

static const struct {
  const char *suffix;
  gint64 factor;
} binary_units[] = {
  { "Ei", G_GINT64_CONSTANT (1) << 60 }, { "Pi", G_GINT64_CONSTANT (1) << 50 },
  { "Ti", G_GINT64_CONSTANT (1) << 40 }, { "Gi", G_GINT64_CONSTANT (1) << 30 },
  { "Mi", G_GINT64_CONSTANT (1) << 20 }, { "Ki", G_GINT64_CONSTANT (1) << 10 },
};

static const struct {
  const char *suffix;
  gint64 factor;
} decimal_units[] = {
  { "P", G_GINT64_CONSTANT (1000000000000000) },
  { "T", G_GINT64_CONSTANT (1000000000000) },
  { "G", 1000000000 },
  { "M", 1000000 },
  { "k", 1000 },
};

/**
 * practice_quantity_read:
 * @quantity: (nullable): a text or a number
 *
 * Returns: its thousandths, rounded up; as many as fit where it has more
 */
gint64
practice_quantity_read (JsonNode *quantity)
{
  double number;

  if (quantity == NULL)
    return 0;
  /* Half of what a double cannot tell apart is not a thousandth more. */
  number = ceil (practice_validation_read_quantity (quantity) * 1000 - 1e-6);

  return (gint64)CLAMP (number, -9e18, 9e18);
}

/**
 * practice_quantity_is_binary:
 * @quantity: (nullable): a text or a number
 *
 * Returns: whether it is written with powers of 1024
 */
gboolean
practice_quantity_is_binary (JsonNode *quantity)
{
  return quantity != NULL && JSON_NODE_HOLDS_VALUE (quantity) &&
         json_node_get_value_type (quantity) == G_TYPE_STRING &&
         g_str_has_suffix (json_node_get_string (quantity), "i");
}

/**
 * practice_quantity_print:
 * @thousandths: how much
 * @binary: whether powers of 1024 are to be used
 *
 * Returns: (transfer full): the quantity with the greatest unit of which it has a whole number
 */
char *
practice_quantity_print (gint64 thousandths, gboolean binary)
{
  gint64 whole = thousandths / 1000;

  if (thousandths % 1000 != 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "m", thousandths);
  for (guint i = 0; binary && whole != 0 && i < G_N_ELEMENTS (binary_units); i++)
    if (whole % binary_units[i].factor == 0)
      return g_strdup_printf ("%" G_GINT64_FORMAT "%s", whole / binary_units[i].factor,
                              binary_units[i].suffix);
  for (guint i = 0; !binary && whole != 0 && i < G_N_ELEMENTS (decimal_units); i++)
    if (whole % decimal_units[i].factor == 0)
      return g_strdup_printf ("%" G_GINT64_FORMAT "%s", whole / decimal_units[i].factor,
                              decimal_units[i].suffix);

  return g_strdup_printf ("%" G_GINT64_FORMAT, whole);
}

/**
 * practice_quantity_new_sums:
 *
 * Returns: (transfer full) (element-type utf8 PracticeQuantitySum): sums, none yet
 */
GHashTable *
practice_quantity_new_sums (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

static PracticeQuantitySum *
ensure (GHashTable *sums, const char *name)
{
  PracticeQuantitySum *sum = g_hash_table_lookup (sums, name);

  if (sum == NULL) {
    sum = g_new0 (PracticeQuantitySum, 1);
    g_hash_table_insert (sums, g_strdup (name), sum);
  }

  return sum;
}

/**
 * practice_quantity_add:
 * @sums: (element-type utf8 PracticeQuantitySum): sums
 * @name: of one, which is made where it is missing
 * @quantity: what is added to it
 *
 * Adds to a sum.
 */
void
practice_quantity_add (GHashTable *sums, const char *name, JsonNode *quantity)
{
  PracticeQuantitySum *sum = ensure (sums, name);

  sum->binary = sum->binary || practice_quantity_is_binary (quantity);
  sum->thousandths += practice_quantity_read (quantity);
}

/**
 * practice_quantity_get:
 * @sums: (element-type utf8 PracticeQuantitySum): sums
 * @name: of one
 *
 * Returns: its thousandths
 */
gint64
practice_quantity_get (GHashTable *sums, const char *name)
{
  PracticeQuantitySum *sum = g_hash_table_lookup (sums, name);

  return sum != NULL ? sum->thousandths : 0;
}

/**
 * practice_quantity_add_all:
 * @sums: (element-type utf8 PracticeQuantitySum): sums
 * @more: (element-type utf8 PracticeQuantitySum): others
 * @factor: how often
 *
 * Adds each of @more to that of the same name.
 */
void
practice_quantity_add_all (GHashTable *sums, GHashTable *more, int factor)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    PracticeQuantitySum *sum = ensure (sums, name);
    PracticeQuantitySum *other = value;

    sum->binary = sum->binary || other->binary;
    sum->thousandths += factor * other->thousandths;
  }
}

static void
add_container (GHashTable *sums, JsonNode *container, const char *member)
{
  JsonObject *quantities = base_json_get_object (container, "resources", member, NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *quantity;

  if (quantities == NULL)
    return;
  json_object_iter_init (&iter, quantities);
  while (json_object_iter_next (&iter, &name, &quantity))
    practice_quantity_add (sums, name, quantity);
}

static void
raise_to (GHashTable *sums, GHashTable *least)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, least);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    PracticeQuantitySum *sum = ensure (sums, name);
    PracticeQuantitySum *other = value;

    sum->binary = sum->binary || other->binary;
    sum->thousandths = MAX (sum->thousandths, other->thousandths);
  }
}

/**
 * practice_quantity_sum_pod:
 * @pod: a pod
 * @member: "requests" or "limits"
 *
 * Init containers run before the others and one after the other, so that only the greatest counts.
 *
 * Returns: (transfer full) (element-type utf8 PracticeQuantitySum): what the containers of @pod
 *   have of each resource
 */
GHashTable *
practice_quantity_sum_pod (JsonNode *pod, const char *member)
{
  GHashTable *sums = practice_quantity_new_sums ();
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  JsonArray *init = base_json_get_array (pod, "spec", "initContainers", NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    add_container (sums, json_array_get_element (containers, i), member);
  for (guint i = 0; i < base_json_get_length (init); i++) {
    g_autoptr (GHashTable) least = practice_quantity_new_sums ();

    add_container (least, json_array_get_element (init, i), member);
    raise_to (sums, least);
  }

  return sums;
}

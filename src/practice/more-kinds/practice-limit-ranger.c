/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-limit-ranger.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-quantity.h"
#include "practice-status.h"

#define RANGES "/limitranges"
#define PODS "/pods"
#define CLAIMS "/persistentvolumeclaims"
#define NOTE "kubernetes.io/limit-ranger"

/* What something asks for and may have at most. */
typedef struct {
  GHashTable *requests; /* (element-type utf8 PracticeQuantitySum) */
  GHashTable *limits;   /* (element-type utf8 PracticeQuantitySum) */
} Amounts;

static void
amounts_clear (Amounts *self)
{
  g_clear_pointer (&self->requests, g_hash_table_unref);
  g_clear_pointer (&self->limits, g_hash_table_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Amounts, amounts_clear)

/* (transfer full) (element-type JsonNode): the entries of all ranges of the namespace that are for
 * @type. */
static GPtrArray *
list_items (PracticeStore *store, const char *namespace_, const char *type)
{
  g_autoptr (GPtrArray) ranges = practice_store_list (store, RANGES, namespace_);
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < ranges->len; i++) {
    JsonArray *limits = base_json_get_array (ranges->pdata[i], "spec", "limits", NULL);

    for (guint j = 0; j < base_json_get_length (limits); j++) {
      JsonNode *item = json_array_get_element (limits, j);

      if (g_strcmp0 (base_json_get_string (item, "type", NULL), type) == 0)
        g_ptr_array_add (items, json_node_ref (item));
    }
  }

  return items;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* Sets what @given has and the container does not say. @notes: takes what was set. */
static void
merge (
  JsonNode *container, const char *member, JsonObject *given, const char *what, GPtrArray *notes)
{
  JsonObject *present = practice_object_ensure (container, "resources", member, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *joined = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init (&iter, given);
  while (json_object_iter_next (&iter, &name, &value)) {
    if (json_object_has_member (present, name))
      continue;
    json_object_set_member (present, name, base_json_copy (value));
    g_ptr_array_add (names, (gpointer)name);
  }
  if (names->len == 0)
    return;
  g_ptr_array_sort (names, compare_texts);
  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (", ", (char **)names->pdata);
  g_ptr_array_add (notes, g_strdup_printf ("%s %s for %s %s", joined,
                                           g_str_equal (member, "requests") ? "request" : "limit",
                                           what, base_json_get_string (container, "name", NULL)));
}

static void
set_container_defaults (
  JsonNode *pod, const char *list, const char *what, JsonNode *item, GPtrArray *notes)
{
  JsonArray *containers = base_json_get_array (pod, "spec", list, NULL);
  JsonObject *requests = base_json_get_object (item, "defaultRequest", NULL);
  JsonObject *limits = base_json_get_object (item, "default", NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);

    if (requests != NULL)
      merge (container, "requests", requests, what, notes);
    if (limits != NULL)
      merge (container, "limits", limits, what, notes);
  }
}

/**
 * practice_limit_ranger_set_defaults:
 * @store: the cluster's objects
 * @pod: a new pod, changed in place
 *
 * Gives its containers what they do not say themselves, and notes that.
 */
void
practice_limit_ranger_set_defaults (PracticeStore *store, JsonNode *pod)
{
  g_autoptr (GPtrArray) items = list_items (store, base_metadata_get_namespace (pod), "Container");
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  g_autofree char *note = NULL;

  for (guint i = 0; i < items->len; i++) {
    set_container_defaults (pod, "containers", "container", items->pdata[i], notes);
    set_container_defaults (pod, "initContainers", "init container", items->pdata[i], notes);
  }
  if (notes->len == 0)
    return;
  g_ptr_array_add (notes, NULL);
  joined = g_strjoinv ("; ", (char **)notes->pdata);
  note = g_strconcat ("LimitRanger plugin set: ", joined, NULL);
  json_object_set_string_member (practice_object_ensure (pod, "metadata", "annotations", NULL),
                                 NOTE, note);
}

static char *
dup_amount (GHashTable *sums, const char *name)
{
  PracticeQuantitySum *sum = g_hash_table_lookup (sums, name);

  return practice_quantity_print (sum->thousandths, sum->binary);
}

/* Why @enforced is not kept; NULL: it is. In the words of Kubernetes' LimitRanger. */
static char *
dup_least_refusal (const char *type, const char *name, JsonNode *enforced, const Amounts *amounts)
{
  gint64 least = practice_quantity_read (enforced);
  g_autofree char *text = practice_quantity_print (least, practice_quantity_is_binary (enforced));
  g_autofree char *amount = NULL;
  const char *what = NULL;

  if (!g_hash_table_contains (amounts->requests, name))
    return g_strdup_printf ("minimum %s usage per %s is %s.  No request is specified", name, type,
                            text);
  if (practice_quantity_get (amounts->requests, name) < least) {
    amount = dup_amount (amounts->requests, name);
    what = "request";
  } else if (g_hash_table_contains (amounts->limits, name) &&
             practice_quantity_get (amounts->limits, name) < least) {
    amount = dup_amount (amounts->limits, name);
    what = "limit";
  }

  return what != NULL ? g_strdup_printf ("minimum %s usage per %s is %s, but %s is %s", name, type,
                                         text, what, amount)
                      : NULL;
}

/* A claim has no limit, so that what it asks for counts. */
static char *
dup_most_refusal (const char *type, const char *name, JsonNode *enforced, const Amounts *amounts)
{
  gint64 most = practice_quantity_read (enforced);
  g_autofree char *text = practice_quantity_print (most, practice_quantity_is_binary (enforced));
  gboolean by_request = g_str_equal (type, "PersistentVolumeClaim");
  g_autofree char *amount = NULL;
  const char *what = NULL;

  if (!g_hash_table_contains (by_request ? amounts->requests : amounts->limits, name))
    return g_strdup_printf ("maximum %s usage per %s is %s.  No %s is specified", name, type, text,
                            by_request ? "request" : "limit");
  if (practice_quantity_get (amounts->limits, name) > most) {
    amount = dup_amount (amounts->limits, name);
    what = "limit";
  } else if (practice_quantity_get (amounts->requests, name) > most) {
    amount = dup_amount (amounts->requests, name);
    what = "request";
  }

  return what != NULL ? g_strdup_printf ("maximum %s usage per %s is %s, but %s is %s", name, type,
                                         text, what, amount)
                      : NULL;
}

static char *
dup_ratio_refusal (const char *type, const char *name, JsonNode *enforced, const Amounts *amounts)
{
  gint64 most = practice_quantity_read (enforced);
  g_autofree char *text = practice_quantity_print (most, practice_quantity_is_binary (enforced));
  gint64 request = practice_quantity_get (amounts->requests, name);
  gint64 limit = practice_quantity_get (amounts->limits, name);
  double ratio;

  if (request == 0 || limit == 0)
    return g_strdup_printf ("%s max limit to request ratio per %s is %s, but no %s is specified or "
                            "%s is 0",
                            name, type, text, request == 0 ? "request" : "limit",
                            request == 0 ? "request" : "limit");
  ratio = (double)limit / (double)request;

  return ratio * 1000 > (double)most
           ? g_strdup_printf (
               "%s max limit to request ratio per %s is %s, but provided ratio is %f", name, type,
               text, ratio)
           : NULL;
}

static void
check_item (JsonNode *item, const Amounts *amounts, GPtrArray *refusals)
{
  static const struct {
    const char *member;
    char *(*dup_refusal) (const char *type,
                          const char *name,
                          JsonNode *enforced,
                          const Amounts *amounts);
  } checks[] = {
    { "min", dup_least_refusal },
    { "max", dup_most_refusal },
    { "maxLimitRequestRatio", dup_ratio_refusal },
  };
  const char *type = base_json_get_string (item, "type", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    JsonObject *enforced = base_json_get_object (item, checks[i].member, NULL);
    JsonObjectIter iter;
    const char *name;
    JsonNode *value;

    if (enforced == NULL)
      continue;
    json_object_iter_init (&iter, enforced);
    while (json_object_iter_next (&iter, &name, &value)) {
      char *refusal = checks[i].dup_refusal (type, name, value, amounts);

      if (refusal != NULL)
        g_ptr_array_add (refusals, refusal);
    }
  }
}

static GHashTable *
sum_member (JsonNode *container, const char *member)
{
  JsonObject *quantities = base_json_get_object (container, "resources", member, NULL);
  GHashTable *sums = practice_quantity_new_sums ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *quantity;

  if (quantities == NULL)
    return sums;
  json_object_iter_init (&iter, quantities);
  while (json_object_iter_next (&iter, &name, &quantity))
    practice_quantity_add (sums, name, quantity);

  return sums;
}

static void
check_one (JsonNode *item, JsonNode *with_resources, GPtrArray *refusals)
{
  g_auto (Amounts)
    amounts = { sum_member (with_resources, "requests"), sum_member (with_resources, "limits") };

  check_item (item, &amounts, refusals);
}

static void
check_pod (PracticeStore *store, JsonNode *pod, GPtrArray *refusals)
{
  static const char *const lists[] = { "containers", "initContainers" };
  const char *namespace_ = base_metadata_get_namespace (pod);
  g_autoptr (GPtrArray) of_containers = list_items (store, namespace_, "Container");
  g_autoptr (GPtrArray) of_pods = list_items (store, namespace_, "Pod");
  g_auto (Amounts) amounts = { practice_quantity_sum_pod (pod, "requests"),
                               practice_quantity_sum_pod (pod, "limits") };

  for (guint i = 0; i < of_containers->len; i++) {
    for (guint j = 0; j < G_N_ELEMENTS (lists); j++) {
      JsonArray *containers = base_json_get_array (pod, "spec", lists[j], NULL);

      for (guint k = 0; k < base_json_get_length (containers); k++)
        check_one (of_containers->pdata[i], json_array_get_element (containers, k), refusals);
    }
  }
  for (guint i = 0; i < of_pods->len; i++)
    check_item (of_pods->pdata[i], &amounts, refusals);
}

static void
check_claim (PracticeStore *store, JsonNode *claim, GPtrArray *refusals)
{
  g_autoptr (GPtrArray) items =
    list_items (store, base_metadata_get_namespace (claim), "PersistentVolumeClaim");

  for (guint i = 0; i < items->len; i++)
    check_one (items->pdata[i], base_json_get (claim, "spec", NULL), refusals);
}

/**
 * practice_limit_ranger_check:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a new object, with its defaults
 * @error: return location
 *
 * Asks the LimitRanges of the namespace about a pod or a PersistentVolumeClaim.
 *
 * Returns: %FALSE with a Status that says all that they are against
 */
gboolean
practice_limit_ranger_check (PracticeStore *store,
                             const char *resource,
                             JsonNode *object,
                             GError **error)
{
  g_autoptr (GPtrArray) refusals = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *joined = NULL;
  g_autofree char *why = NULL;

  if (g_str_equal (resource, PODS))
    check_pod (store, object, refusals);
  else if (g_str_equal (resource, CLAIMS))
    check_claim (store, object, refusals);
  if (refusals->len == 0)
    return TRUE;
  why = refusals->len > 1 ? NULL : g_strdup (refusals->pdata[0]);
  g_ptr_array_add (refusals, NULL);
  if (why == NULL) {
    joined = g_strjoinv (", ", (char **)refusals->pdata);
    why = g_strdup_printf ("[%s]", joined);
  }
  practice_status_set_stored_forbidden (error, resource, base_metadata_get_name (object), why);

  return FALSE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-quota.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-quantity.h"
#include "practice-status.h"

#define QUOTAS "/resourcequotas"
#define PODS "/pods"
#define SERVICES "/services"
#define CLAIMS "/persistentvolumeclaims"

/* What a quota names plainly, beside "count/...". */
static const struct {
  const char *name;
  const char *resource;
} plain[] = {
  { "pods", PODS },
  { "services", SERVICES },
  { "services.nodeports", SERVICES },
  { "services.loadbalancers", SERVICES },
  { "configmaps", "/configmaps" },
  { "secrets", "/secrets" },
  { "persistentvolumeclaims", CLAIMS },
  { "requests.storage", CLAIMS },
  { "replicationcontrollers", "/replicationcontrollers" },
  { "resourcequotas", QUOTAS },
};

/* What a quota asks of a pod's containers, and where they say it. */
static const struct {
  const char *name;
  const char *member;
  const char *resource;
} computed[] = {
  { "cpu", "requests", "cpu" },
  { "requests.cpu", "requests", "cpu" },
  { "limits.cpu", "limits", "cpu" },
  { "memory", "requests", "memory" },
  { "requests.memory", "requests", "memory" },
  { "limits.memory", "limits", "memory" },
  { "ephemeral-storage", "requests", "ephemeral-storage" },
  { "requests.ephemeral-storage", "requests", "ephemeral-storage" },
  { "limits.ephemeral-storage", "limits", "ephemeral-storage" },
};

/* Every container has to say these, where they are limited. */
#define N_REQUIRED 6

static int
find_computed (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (computed); i++)
    if (g_str_equal (computed[i].name, name))
      return (int)i;

  return -1;
}

/* (nullable) (transfer full): the resource of the store whose objects @name counts. */
static char *
dup_resource (const char *name)
{
  const char *dot;

  if (find_computed (name) >= 0)
    return g_strdup (PODS);
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    if (g_str_equal (plain[i].name, name))
      return g_strdup (plain[i].resource);
  if (!g_str_has_prefix (name, "count/"))
    return NULL;
  name += strlen ("count/");
  dot = strchr (name, '.');
  if (dot == NULL)
    return g_strdup_printf ("/%s", name);
  return g_strdup_printf ("%s/%.*s", dot + 1, (int)(dot - name), name);
}

static gint64
count_node_ports (JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  const char *type = base_json_get_string (service, "spec", "type", NULL);

  if (ports == NULL || (g_strcmp0 (type, "NodePort") != 0 && g_strcmp0 (type, "LoadBalancer") != 0))
    return 0;
  return json_array_get_length (ports);
}

static void
add_number (GHashTable *sums, const char *name, gint64 number)
{
  g_autoptr (JsonNode) node = json_node_init_int (json_node_alloc (), number);

  practice_quantity_add (sums, name, node);
}

static void
add_pod (GHashTable *sums, const char *name, JsonNode *pod)
{
  int index = find_computed (name);
  g_autoptr (GHashTable) shares = NULL;
  PracticeQuantitySum *share;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;

  if (index < 0) {
    add_number (sums, name, 1);
    return;
  }
  shares = practice_quantity_sum_pod (pod, computed[index].member);
  share = g_hash_table_lookup (shares, computed[index].resource);
  if (share == NULL)
    return;
  text = practice_quantity_print (share->thousandths, share->binary);
  node = json_node_init_string (json_node_alloc (), text);
  practice_quantity_add (sums, name, node);
}

/* What @object uses of what @name counts. */
static void
add_object (GHashTable *sums, const char *name, const char *resource, JsonNode *object)
{
  JsonNode *storage;

  if (g_str_equal (resource, PODS)) {
    add_pod (sums, name, object);
  } else if (g_str_equal (name, "services.nodeports")) {
    add_number (sums, name, count_node_ports (object));
  } else if (g_str_equal (name, "services.loadbalancers")) {
    add_number (sums, name,
                g_strcmp0 (base_json_get_string (object, "spec", "type", NULL), "LoadBalancer") ==
                  0);
  } else if (g_str_equal (name, "requests.storage")) {
    storage = base_json_get (object, "spec", "resources", "requests", "storage", NULL);
    if (storage != NULL)
      practice_quantity_add (sums, name, storage);
  } else {
    add_number (sums, name, 1);
  }
}

static gboolean
is_in_scope (JsonNode *pod, const char *scope)
{
  gboolean is_terminating = base_json_get (pod, "spec", "activeDeadlineSeconds", NULL) != NULL;
  g_autoptr (GHashTable) requests = practice_quantity_sum_pod (pod, "requests");
  g_autoptr (GHashTable) limits = practice_quantity_sum_pod (pod, "limits");
  gboolean is_best_effort = g_hash_table_size (requests) + g_hash_table_size (limits) == 0;

  if (g_str_equal (scope, "Terminating"))
    return is_terminating;
  if (g_str_equal (scope, "NotTerminating"))
    return !is_terminating;
  if (g_str_equal (scope, "BestEffort"))
    return is_best_effort;
  return g_str_equal (scope, "NotBestEffort") && !is_best_effort;
}

/* A quota with scopes is for pods only. */
static gboolean
is_counted (JsonNode *quota, const char *resource, JsonNode *object)
{
  JsonArray *scopes = base_json_get_array (quota, "spec", "scopes", NULL);
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (!g_str_equal (resource, PODS))
    return base_json_get_length (scopes) == 0;
  if (g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0)
    return FALSE;
  for (guint i = 0; i < base_json_get_length (scopes); i++)
    if (!is_in_scope (object, json_array_get_string_element (scopes, i)))
      return FALSE;

  return TRUE;
}

/**
 * practice_quota_sum_up:
 * @store: the cluster's objects
 * @quota: a ResourceQuota
 *
 * Returns: (transfer full) (element-type utf8 PracticeQuantitySum): what is used of each thing that
 *   @quota limits
 */
GHashTable *
practice_quota_sum_up (PracticeStore *store, JsonNode *quota)
{
  const char *namespace_ = base_metadata_get_namespace (quota);
  JsonObject *hard = base_json_get_object (quota, "spec", "hard", NULL);
  GHashTable *sums = practice_quantity_new_sums ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *limit;

  if (hard == NULL)
    return sums;
  json_object_iter_init (&iter, hard);
  while (json_object_iter_next (&iter, &name, &limit)) {
    g_autofree char *resource = dup_resource (name);
    g_autoptr (GPtrArray) objects =
      resource != NULL ? practice_store_list (store, resource, namespace_) : NULL;

    add_number (sums, name, 0);
    for (guint i = 0; objects != NULL && i < objects->len; i++)
      if (is_counted (quota, resource, objects->pdata[i]))
        add_object (sums, name, resource, objects->pdata[i]);
  }

  return sums;
}

static gboolean
says (JsonNode *pod, const char *list, int index)
{
  JsonArray *containers = base_json_get_array (pod, "spec", list, NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++)
    if (base_json_get (json_array_get_element (containers, i), "resources", computed[index].member,
                       computed[index].resource, NULL) == NULL)
      return FALSE;

  return TRUE;
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* (transfer full): with commas between. */
static char *
join (GPtrArray *texts)
{
  g_ptr_array_sort (texts, compare_texts);
  g_ptr_array_add (texts, NULL);

  return g_strjoinv (",", (char **)texts->pdata);
}

/* (nullable) (transfer full): what the containers of @pod have to say and do not. */
static char *
dup_missing (JsonObject *hard, JsonNode *pod)
{
  g_autoptr (GPtrArray) missing = g_ptr_array_new ();

  for (int i = 0; i < N_REQUIRED; i++)
    if (json_object_has_member (hard, computed[i].name) &&
        (!says (pod, "containers", i) || !says (pod, "initContainers", i)))
      g_ptr_array_add (missing, (gpointer)computed[i].name);

  return missing->len > 0 ? join (missing) : NULL;
}

static void
add_part (GPtrArray *parts, const char *name, gint64 thousandths, gboolean binary)
{
  g_autofree char *text = practice_quantity_print (thousandths, binary);

  g_ptr_array_add (parts, g_strdup_printf ("%s=%s", name, text));
}

/* (nullable) (transfer full): why @more is too much. */
static char *
dup_excess (PracticeStore *store, JsonNode *quota, GHashTable *more)
{
  JsonObject *hard = base_json_get_object (quota, "spec", "hard", NULL);
  g_autoptr (GHashTable) used = practice_quota_sum_up (store, quota);
  g_autoptr (GPtrArray) requested = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) present = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) limited = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *requested_text = NULL;
  g_autofree char *present_text = NULL;
  g_autofree char *limited_text = NULL;
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, more);
  while (g_hash_table_iter_next (&iter, &name, &value)) {
    PracticeQuantitySum *sum = value;
    PracticeQuantitySum *old = g_hash_table_lookup (used, name);
    JsonNode *limit = json_object_get_member (hard, name);

    if (sum->thousandths <= 0 || old == NULL ||
        old->thousandths + sum->thousandths <= practice_quantity_read (limit))
      continue;
    add_part (requested, name, sum->thousandths, sum->binary);
    add_part (present, name, old->thousandths, old->binary);
    add_part (limited, name, practice_quantity_read (limit), practice_quantity_is_binary (limit));
  }
  if (requested->len == 0)
    return NULL;
  requested_text = join (requested);
  present_text = join (present);
  limited_text = join (limited);

  return g_strdup_printf ("exceeded quota: %s, requested: %s, used: %s, limited: %s",
                          base_metadata_get_name (quota), requested_text, present_text,
                          limited_text);
}

/* (transfer full): what @object needs of what @quota limits. */
static GHashTable *
sum_object (JsonNode *quota, const char *resource, JsonNode *object)
{
  JsonObject *hard = base_json_get_object (quota, "spec", "hard", NULL);
  GHashTable *more = practice_quantity_new_sums ();
  JsonObjectIter iter;
  const char *name;
  JsonNode *limit;

  json_object_iter_init (&iter, hard);
  while (json_object_iter_next (&iter, &name, &limit)) {
    g_autofree char *counted = dup_resource (name);

    if (g_strcmp0 (counted, resource) == 0)
      add_object (more, name, resource, object);
  }

  return more;
}

/* (nullable) (transfer full): why @quota is against it. @old nullable. */
static char *
dup_refusal (
  PracticeStore *store, JsonNode *quota, const char *resource, JsonNode *object, JsonNode *old)
{
  g_autoptr (GHashTable) more = NULL;
  g_autoptr (GHashTable) before = NULL;
  g_autofree char *missing = NULL;

  if (base_json_get_object (quota, "spec", "hard", NULL) == NULL ||
      !is_counted (quota, resource, object))
    return NULL;
  if (g_str_equal (resource, PODS))
    missing = dup_missing (base_json_get_object (quota, "spec", "hard", NULL), object);
  if (missing != NULL)
    return g_strdup_printf ("failed quota: %s: must specify %s", base_metadata_get_name (quota),
                            missing);
  more = sum_object (quota, resource, object);
  if (old != NULL) {
    before = sum_object (quota, resource, old);
    practice_quantity_add_all (more, before, -1);
  }

  return dup_excess (store, quota, more);
}

/* What can use more after a change than before it. */
static gboolean
can_grow (const char *resource)
{
  return g_str_equal (resource, SERVICES) || g_str_equal (resource, CLAIMS);
}

/**
 * practice_quota_check:
 * @store: the cluster's objects
 * @resource: what @object is, as the store names it
 * @object: a new object, with its defaults
 * @old: (nullable): the stored one that it replaces
 * @error: return location
 *
 * Asks the quotas of the namespace.
 *
 * Returns: %FALSE with a Status where one is against it
 */
gboolean
practice_quota_check (
  PracticeStore *store, const char *resource, JsonNode *object, JsonNode *old, GError **error)
{
  const char *namespace_ = base_metadata_get_namespace (object);
  gboolean counts = namespace_ != NULL && (old == NULL || can_grow (resource));
  g_autoptr (GPtrArray) quotas = counts ? practice_store_list (store, QUOTAS, namespace_) : NULL;

  for (guint i = 0; quotas != NULL && i < quotas->len; i++) {
    g_autofree char *refusal = dup_refusal (store, quotas->pdata[i], resource, object, old);

    if (refusal == NULL)
      continue;
    practice_status_set_stored_forbidden (error, resource, base_metadata_get_name (object),
                                          refusal);
    return FALSE;
  }

  return TRUE;
}

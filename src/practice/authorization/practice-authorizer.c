/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-authorizer.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"

#define MASTERS "system:masters"
#define SERVICE_ACCOUNT_PREFIX "system:serviceaccount:"

static gboolean
matches_subject (const PracticeUser *user, JsonNode *subject, const char *binding_namespace)
{
  const char *kind = base_json_get_string (subject, "kind", NULL);
  const char *name = base_json_get_string (subject, "name", NULL);
  const char *namespace_ = base_json_get_string (subject, "namespace", NULL);
  g_autofree char *account = NULL;

  if (kind == NULL || name == NULL)
    return FALSE;
  if (g_str_equal (kind, "User"))
    return g_str_equal (name, user->name);
  if (g_str_equal (kind, "Group"))
    return practice_user_is_in (user, name);
  if (namespace_ == NULL)
    namespace_ = binding_namespace;
  if (!g_str_equal (kind, "ServiceAccount") || namespace_ == NULL)
    return FALSE;
  account = g_strconcat (SERVICE_ACCOUNT_PREFIX, namespace_, ":", name, NULL);
  return g_str_equal (account, user->name);
}

static gboolean
binds (const PracticeUser *user, JsonNode *binding)
{
  JsonArray *subjects = base_json_get_array (binding, "subjects", NULL);

  for (guint i = 0; i < base_json_get_length (subjects); i++) {
    if (matches_subject (user, json_array_get_element (subjects, i),
                         base_metadata_get_namespace (binding)))
      return TRUE;
  }
  return FALSE;
}

static void
add_rules (PracticeStore *store, JsonNode *binding, GPtrArray *rules)
{
  const char *kind = base_json_get_string (binding, "roleRef", "kind", NULL);
  const char *name = base_json_get_string (binding, "roleRef", "name", NULL);
  gboolean in_cluster = g_strcmp0 (kind, "ClusterRole") == 0;
  JsonNode *role;
  JsonArray *array;

  if (name == NULL)
    return;
  role = practice_store_get (store, in_cluster ? PRACTICE_CLUSTER_ROLES : PRACTICE_ROLES,
                             in_cluster ? NULL : base_metadata_get_namespace (binding), name);
  array = base_json_get_array (role, "rules", NULL);
  for (guint i = 0; i < base_json_get_length (array); i++)
    g_ptr_array_add (rules, json_array_get_element (array, i));
}

static void
add_bound_rules (PracticeStore *store,
                 const char *resource,
                 const PracticeUser *user,
                 const char *namespace_,
                 GPtrArray *rules)
{
  g_autoptr (GPtrArray) bindings = practice_store_list (store, resource, namespace_);

  for (guint i = 0; i < bindings->len; i++) {
    if (binds (user, bindings->pdata[i]))
      add_rules (store, bindings->pdata[i], rules);
  }
}

/**
 * practice_authorizer_list_rules:
 * @store: the state
 * @user: a user
 * @namespace_: (nullable): a namespace; %NULL for the cluster's rules alone
 *
 * Returns: (transfer container) (element-type JsonNode): what the user may do there; the nodes are
 *   the store's
 */
GPtrArray *
practice_authorizer_list_rules (PracticeStore *store,
                                const PracticeUser *user,
                                const char *namespace_)
{
  GPtrArray *rules = g_ptr_array_new ();

  add_bound_rules (store, PRACTICE_CLUSTER_ROLE_BINDINGS, user, NULL, rules);
  if (namespace_ != NULL && *namespace_ != '\0')
    add_bound_rules (store, PRACTICE_ROLE_BINDINGS, user, namespace_, rules);
  return rules;
}

/* Whether @rule's list has @value or "*". */
static gboolean
has (JsonNode *rule, const char *list, const char *value)
{
  JsonArray *array = base_json_get_array (rule, list, NULL);

  for (guint i = 0; array != NULL && value != NULL && i < json_array_get_length (array); i++) {
    const char *item = json_array_get_string_element (array, i);

    if (g_str_equal (item, "*") || g_str_equal (item, value))
      return TRUE;
  }
  return FALSE;
}

static gboolean
allows_resource (JsonNode *rule, const PracticeAccess *access)
{
  JsonArray *names = base_json_get_array (rule, "resourceNames", NULL);
  g_autofree char *full = NULL;
  g_autofree char *any = NULL;

  if (access->subresource != NULL) {
    full = g_strconcat (access->resource, "/", access->subresource, NULL);
    any = g_strconcat ("*/", access->subresource, NULL);
  }
  return has (rule, "apiGroups", access->group) &&
         (has (rule, "resources", full != NULL ? full : access->resource) ||
          has (rule, "resources", any)) &&
         (base_json_get_length (names) == 0 || has (rule, "resourceNames", access->name));
}

static gboolean
allows_path (JsonNode *rule, const char *path)
{
  JsonArray *array = base_json_get_array (rule, "nonResourceURLs", NULL);

  for (guint i = 0; i < base_json_get_length (array); i++) {
    const char *item = json_array_get_string_element (array, i);
    gsize length = strlen (item);

    if (g_str_equal (item, path) ||
        (length > 0 && item[length - 1] == '*' && strncmp (item, path, length - 1) == 0))
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_authorizer_allows:
 * @store: the state
 * @user: who asks
 * @access: what for
 *
 * Returns: whether a role that is bound to the user allows it
 */
gboolean
practice_authorizer_allows (PracticeStore *store,
                            const PracticeUser *user,
                            const PracticeAccess *access)
{
  g_autoptr (GPtrArray) rules = NULL;

  if (practice_user_is_in (user, MASTERS))
    return TRUE;
  rules =
    practice_authorizer_list_rules (store, user, access->group != NULL ? access->namespace_ : NULL);
  for (guint i = 0; i < rules->len; i++) {
    JsonNode *rule = rules->pdata[i];

    if (has (rule, "verbs", access->verb) &&
        (access->group != NULL ? allows_resource (rule, access) : allows_path (rule, access->path)))
      return TRUE;
  }
  return FALSE;
}

/**
 * practice_authorizer_dup_refusal:
 * @user: who asked
 * @access: what for
 *
 * Returns: (transfer full): the words with which a real server refuses it
 */
char *
practice_authorizer_dup_refusal (const PracticeUser *user, const PracticeAccess *access)
{
  g_autofree char *scope = NULL;

  if (access->group == NULL)
    return g_strdup_printf ("User \"%s\" cannot %s path \"%s\"", user->name, access->verb,
                            access->path);
  scope = access->namespace_ != NULL && *access->namespace_ != '\0'
            ? g_strdup_printf ("in the namespace \"%s\"", access->namespace_)
            : g_strdup ("at the cluster scope");
  return g_strdup_printf (
    "User \"%s\" cannot %s resource \"%s%s%s\" in API group \"%s\" %s", user->name, access->verb,
    access->resource, access->subresource != NULL ? "/" : "",
    access->subresource != NULL ? access->subresource : "", access->group, scope);
}

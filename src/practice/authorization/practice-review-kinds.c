/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-authorizer.h"
#include "practice-kinds.h"

/*
 * Reviews are answered and forgotten: may somebody do this
 * (https://kubernetes.io/docs/reference/access-authn-authz/authorization/)?
 */
static void
set_status (JsonNode *object, JsonObject *status)
{
  json_object_set_object_member (json_node_get_object (object), "status", status);
}

static const char *
get_attribute (JsonNode *attributes, const char *member)
{
  return base_json_get_string (attributes, member, NULL);
}

static void
read_access (JsonNode *object, PracticeAccess *access)
{
  JsonNode *attributes = base_json_get (object, "spec", "resourceAttributes", NULL);
  JsonNode *path = base_json_get (object, "spec", "nonResourceAttributes", NULL);

  *access = (PracticeAccess){ NULL };
  if (attributes != NULL) {
    access->verb = get_attribute (attributes, "verb");
    access->group = get_attribute (attributes, "group");
    access->resource = get_attribute (attributes, "resource");
    access->subresource = get_attribute (attributes, "subresource");
    access->namespace_ = get_attribute (attributes, "namespace");
    access->name = get_attribute (attributes, "name");
    if (access->group == NULL)
      access->group = "";
  } else {
    access->verb = get_attribute (path, "verb");
    access->path = get_attribute (path, "path");
  }
  if (access->verb == NULL)
    access->verb = "";
  if (access->resource == NULL)
    access->resource = "";
  if (access->path == NULL)
    access->path = "";
}

static void
answer_access (JsonNode *object, PracticeStore *store, const PracticeUser *user)
{
  JsonObject *status = json_object_new ();
  PracticeAccess access;

  read_access (object, &access);
  json_object_set_boolean_member (status, "allowed",
                                  practice_authorizer_allows (store, user, &access));
  set_status (object, status);
}

/* About somebody else. */
static void
answer_subject (JsonNode *object, PracticeStore *store, const PracticeUser *user)
{
  JsonArray *array = base_json_get_array (object, "spec", "groups", NULL);
  const char *name = base_json_get_string (object, "spec", "user", NULL);
  g_autoptr (GPtrArray) groups = g_ptr_array_new ();
  g_autoptr (PracticeUser) subject = NULL;

  for (guint i = 0; i < base_json_get_length (array); i++)
    g_ptr_array_add (groups, (gpointer)json_array_get_string_element (array, i));
  g_ptr_array_add (groups, NULL);
  subject = practice_user_new (name != NULL ? name : "", NULL, (const char *const *)groups->pdata);
  answer_access (object, store, subject);
}

static JsonArray *
new_strings (const char *text)
{
  JsonArray *array = json_array_new ();

  json_array_add_string_element (array, text);
  return array;
}

static void
add_all (JsonArray *resources, JsonArray *paths)
{
  JsonObject *rule = json_object_new ();
  JsonObject *path = json_object_new ();

  json_object_set_array_member (rule, "verbs", new_strings ("*"));
  json_object_set_array_member (rule, "apiGroups", new_strings ("*"));
  json_object_set_array_member (rule, "resources", new_strings ("*"));
  json_array_add_object_element (resources, rule);
  json_object_set_array_member (path, "verbs", new_strings ("*"));
  json_object_set_array_member (path, "nonResourceURLs", new_strings ("*"));
  json_array_add_object_element (paths, path);
}

static void
answer_rules (JsonNode *object, PracticeStore *store, const PracticeUser *user)
{
  g_autoptr (GPtrArray) rules = practice_authorizer_list_rules (
    store, user, base_json_get_string (object, "spec", "namespace", NULL));
  JsonObject *status = json_object_new ();
  JsonArray *resources = json_array_new ();
  JsonArray *paths = json_array_new ();

  if (practice_user_is_in (user, "system:masters"))
    add_all (resources, paths);
  for (guint i = 0; i < rules->len; i++)
    json_array_add_element (
      base_json_get (rules->pdata[i], "nonResourceURLs", NULL) != NULL ? paths : resources,
      base_json_copy (rules->pdata[i]));
  json_object_set_array_member (status, "resourceRules", resources);
  json_object_set_array_member (status, "nonResourceRules", paths);
  json_object_set_boolean_member (status, "incomplete", FALSE);
  set_status (object, status);
}

/* "kubectl auth whoami" */
static void
answer_self (JsonNode *object, PracticeStore *store, const PracticeUser *user)
{
  JsonObject *status = json_object_new ();
  JsonObject *info = json_object_new ();
  JsonArray *groups = json_array_new ();

  for (guint i = 0; user->groups[i] != NULL; i++)
    json_array_add_string_element (groups, user->groups[i]);
  json_object_set_string_member (info, "username", user->name);
  if (user->uid != NULL)
    json_object_set_string_member (info, "uid", user->uid);
  json_object_set_array_member (info, "groups", groups);
  json_object_set_object_member (status, "userInfo", info);
  set_status (object, status);
}

const PracticeKind practice_access_review_kind = {
  .group = "authorization.k8s.io",
  .plural = "selfsubjectaccessreviews",
  .singular = "selfsubjectaccessreview",
  .kind = "SelfSubjectAccessReview",
  .versions = { "v1" },
  .types = { "SelfSubjectAccessReview" },
  .answer = answer_access,
};

const PracticeKind practice_rules_review_kind = {
  .group = "authorization.k8s.io",
  .plural = "selfsubjectrulesreviews",
  .singular = "selfsubjectrulesreview",
  .kind = "SelfSubjectRulesReview",
  .versions = { "v1" },
  .types = { "SelfSubjectRulesReview" },
  .answer = answer_rules,
};

const PracticeKind practice_subject_review_kind = {
  .group = "authorization.k8s.io",
  .plural = "subjectaccessreviews",
  .singular = "subjectaccessreview",
  .kind = "SubjectAccessReview",
  .versions = { "v1" },
  .types = { "SubjectAccessReview" },
  .answer = answer_subject,
};

const PracticeKind practice_local_review_kind = {
  .group = "authorization.k8s.io",
  .plural = "localsubjectaccessreviews",
  .singular = "localsubjectaccessreview",
  .kind = "LocalSubjectAccessReview",
  .versions = { "v1" },
  .types = { "LocalSubjectAccessReview" },
  .namespaced = TRUE,
  .answer = answer_subject,
};

const PracticeKind practice_self_review_kind = {
  .group = "authentication.k8s.io",
  .plural = "selfsubjectreviews",
  .singular = "selfsubjectreview",
  .kind = "SelfSubjectReview",
  .versions = { "v1", "v1beta1" },
  .types = { "SelfSubjectReview", "SelfSubjectReview" },
  .answer = answer_self,
};

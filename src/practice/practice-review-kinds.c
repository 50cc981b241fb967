/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "practice-kinds.h"

/*
 * What "kubectl auth can-i" asks: who has the token may do all.
 */
static JsonArray *
make_strings (const char *text)
{
  JsonArray *array = json_array_new ();

  json_array_add_string_element (array, text);
  return array;
}

static void
answer_access (JsonNode *object)
{
  JsonObject *status = json_object_new ();

  json_object_set_boolean_member (status, "allowed", TRUE);
  json_object_set_object_member (json_node_get_object (object), "status", status);
}

static void
answer_rules (JsonNode *object)
{
  JsonObject *status = json_object_new ();
  JsonObject *rule = json_object_new ();
  JsonObject *url_rule = json_object_new ();
  JsonArray *rules = json_array_new ();
  JsonArray *url_rules = json_array_new ();

  json_object_set_array_member (rule, "verbs", make_strings ("*"));
  json_object_set_array_member (rule, "apiGroups", make_strings ("*"));
  json_object_set_array_member (rule, "resources", make_strings ("*"));
  json_array_add_object_element (rules, rule);
  json_object_set_array_member (url_rule, "verbs", make_strings ("*"));
  json_object_set_array_member (url_rule, "nonResourceURLs", make_strings ("*"));
  json_array_add_object_element (url_rules, url_rule);
  json_object_set_array_member (status, "resourceRules", rules);
  json_object_set_array_member (status, "nonResourceRules", url_rules);
  json_object_set_boolean_member (status, "incomplete", FALSE);
  json_object_set_object_member (json_node_get_object (object), "status", status);
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

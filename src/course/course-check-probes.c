/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-check-probes.h"

#define DEFAULT_REQUESTS 60
#define MAX_REQUESTS 1000

static const char *const reach_keys[] = {
  "expect", "namespace", "port", "reply", "send", "service", NULL,
};
static const char *const http_keys[] = {
  "as",      "contains", "host",    "namespace",      "path",          "port", "scheme",
  "service", "status",   "through", "takes-at-least", "takes-at-most", NULL,
};
static const char *const terminal_keys[] = {
  "command", "lacks", "matches", "namespace", "port", "prints", "service", "status", NULL,
};
static const char *const traffic_keys[] = {
  "as", "host", "namespace", "path", "port", "requests", "service", "split", NULL,
};

/* "PING\r\n" arrives as written where the YAML has it in single quotes or none. */
static char *
dup_bytes (CourseDraft *self, JsonObject *object, const char *key)
{
  g_autofree char *text = course_draft_dup_scalar (self, object, key);

  return text != NULL && strchr (text, '\\') != NULL ? g_strcompress (text)
                                                     : g_steal_pointer (&text);
}

static void
parse_service (CourseDraft *self, JsonObject *object)
{
  self->check->service = course_draft_dup_scalar (self, object, "service");
  self->check->namespace_ = course_draft_dup_scalar (self, object, "namespace");
  if (self->check->service == NULL)
    course_draft_fail (self, _ ("A “service” is missing"));
}

static void
parse_reach (CourseDraft *self, JsonObject *object)
{
  g_autofree char *expect = course_draft_dup_scalar (self, object, "expect");

  course_draft_check_keys (self, object, reach_keys, NULL);
  self->check->type = COURSE_CHECK_REACH;
  parse_service (self, object);
  self->check->port = course_draft_get_number (self, object, "port", 0, 1, G_MAXUINT16);
  if (!json_object_has_member (object, "port"))
    course_draft_fail (self, _ ("A “port” is missing"));
  self->check->send = dup_bytes (self, object, "send");
  self->check->reply = dup_bytes (self, object, "reply");
  self->check->expect_blocked = g_strcmp0 (expect, "blocked") == 0;
  if (expect != NULL && !self->check->expect_blocked && strcmp (expect, "open") != 0)
    course_draft_fail (self, _ ("“expect” is open or blocked"));
}

/* Who signs in at Bookinfo's page first. */
static void
take_user (CourseDraft *self, JsonObject *object)
{
  self->check->user = course_draft_dup_scalar (self, object, "as");
  if (self->check->user != NULL && self->check->user[0] == '\0')
    course_draft_fail (self, _ ("“as” is the name of a user"));
}

/* Services without an address from outside are asked through the API server. */
static void
take_through (CourseDraft *self, JsonObject *object)
{
  g_autofree char *through = course_draft_dup_scalar (self, object, "through");

  if (through == NULL)
    return;
  self->check->through_api = strcmp (through, "api") == 0;
  if (!self->check->through_api)
    course_draft_fail (self, _ ("“through” is api, or is left out"));
  else if (self->check->user != NULL || self->check->http_host != NULL)
    course_draft_fail (self, _ ("What is asked through the API has neither “as” nor “host”"));
}

static void
parse_http (CourseDraft *self, JsonObject *object)
{
  CourseCheck *check = self->check;
  gboolean is_https;

  course_draft_check_keys (self, object, http_keys, NULL);
  check->type = COURSE_CHECK_HTTP;
  parse_service (self, object);
  check->scheme = course_draft_dup_scalar (self, object, "scheme");
  if (check->scheme == NULL)
    check->scheme = g_strdup ("http");
  is_https = strcmp (check->scheme, "https") == 0;
  if (!is_https && strcmp (check->scheme, "http") != 0)
    course_draft_fail (self, _ ("“scheme” is http or https"));
  check->port = course_draft_get_number (self, object, "port", is_https ? 443 : 80, 1, G_MAXUINT16);
  check->http_host = course_draft_dup_scalar (self, object, "host");
  check->http_path = course_draft_dup_scalar (self, object, "path");
  if (check->http_path == NULL)
    check->http_path = g_strdup ("/");
  if (check->http_path[0] != '/')
    course_draft_fail (self, _ ("The “path” of an address begins with a slash"));
  check->http_status = course_draft_get_number (self, object, "status", 200, 100, 599);
  check->contains = course_draft_dup_scalar (self, object, "contains");
  take_user (self, object);
  take_through (self, object);
  check->takes_at_least = course_draft_get_milliseconds (self, object, "takes-at-least");
  check->takes_at_most = course_draft_get_milliseconds (self, object, "takes-at-most");
}

/* Where the requests go in: by default the page of Bookinfo, behind Istio's gateway, which hands on
 * what reviews say. */
static void
parse_entrance (CourseDraft *self, JsonObject *object)
{
  CourseCheck *check = self->check;

  check->service = course_draft_dup_scalar (self, object, "service");
  check->namespace_ = course_draft_dup_scalar (self, object, "namespace");
  check->http_path = course_draft_dup_scalar (self, object, "path");
  check->port = course_draft_get_number (self, object, "port", 80, 1, G_MAXUINT16);
  if (check->service == NULL) {
    check->service = g_strdup ("istio-ingressgateway");
    if (check->namespace_ == NULL)
      check->namespace_ = g_strdup ("istio-system");
  }
  if (check->http_path == NULL)
    check->http_path = g_strdup ("/api/v1/products/0/reviews");
  if (check->http_path[0] != '/')
    course_draft_fail (self, _ ("The “path” of an address begins with a slash"));
}

static void
parse_traffic (CourseDraft *self, JsonObject *object)
{
  JsonObject *split = base_json_get_object (json_object_get_member (object, "split"), NULL);
  g_autoptr (GList) subsets = split != NULL ? json_object_get_members (split) : NULL;

  course_draft_check_keys (self, object, traffic_keys, NULL);
  self->check->type = COURSE_CHECK_TRAFFIC;
  self->check->traffic_host = course_draft_dup_scalar (self, object, "host");
  parse_entrance (self, object);
  take_user (self, object);
  self->check->requests =
    course_draft_get_number (self, object, "requests", DEFAULT_REQUESTS, 1, MAX_REQUESTS);
  if (self->check->traffic_host == NULL)
    course_draft_fail (self, _ ("A “host” is missing"));
  if (subsets == NULL)
    course_draft_fail (self, _ ("A “split” is missing"));
  for (GList *l = subsets; l != NULL; l = l->next)
    g_hash_table_insert (
      self->check->split, g_strdup (l->data),
      GUINT_TO_POINTER (course_draft_get_number (self, split, l->data, 0, 0, 1000)));
}

/* Whom the command asks, if anybody: where it prints something else, that may be the cause. */
static void
take_asked (CourseDraft *self, JsonObject *object)
{
  if (json_object_has_member (object, "service") || json_object_has_member (object, "namespace") ||
      json_object_has_member (object, "port"))
    parse_service (self, object);
  if (json_object_has_member (object, "port"))
    self->check->port = course_draft_get_number (self, object, "port", 0, 1, G_MAXUINT16);
}

/* What the step's command has printed, and how it ended. */
static void
parse_terminal (CourseDraft *self, JsonObject *object)
{
  CourseCheck *check = self->check;

  course_draft_check_keys (self, object, terminal_keys, NULL);
  check->type = COURSE_CHECK_TERMINAL;
  check->contains = course_draft_dup_scalar (self, object, "prints");
  check->lacks = course_draft_dup_scalar (self, object, "lacks");
  check->command = course_draft_dup_scalar (self, object, "command");
  check->regex = course_draft_new_regex (self, object, "matches");
  if (json_object_has_member (object, "status"))
    check->exit_status = (int)course_draft_get_number (self, object, "status", 0, 0, 255);
  take_asked (self, object);
}

/**
 * course_check_parse_probe:
 * @self: a check on its way
 * @key: its kind: "reach", "http", "traffic" or "terminal"
 * @object: what it says of it
 *
 * Reads what is tried, or was.
 */
void
course_check_parse_probe (CourseDraft *self, const char *key, JsonObject *object)
{
  if (strcmp (key, "reach") == 0)
    parse_reach (self, object);
  else if (strcmp (key, "http") == 0)
    parse_http (self, object);
  else if (strcmp (key, "terminal") == 0)
    parse_terminal (self, object);
  else
    parse_traffic (self, object);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-check-parser.h"
#include "course-check-private.h"
#include "course-kinds.h"
#include "course-selector.h"
#include "course-yaml.h"

#define MAX_CHECKS 64
#define MAX_SECONDS (60 * 60)
#define MAX_PATTERN 1024
#define DEFAULT_REQUESTS 60
#define MAX_REQUESTS 1000

/* One check on its way from YAML. */
typedef struct {
  CourseCheck *check;
  JsonObject *object;
  const CourseReport *report;
  guint line;
  gboolean failed;
} Parser;

static const char *const common_keys[] = { "hint", "says", "within", NULL };
static const char *const resource_keys[] = {
  "absent",    "at-least", "count",    "equals",   "exists", "matches",
  "namespace", "path",     "resource", "selector", NULL,
};
static const char *const reach_keys[] = {
  "expect", "namespace", "port", "reply", "send", "service", NULL,
};
static const char *const http_keys[] = {
  "contains", "host",   "namespace",      "path",          "port", "scheme",
  "service",  "status", "takes-at-least", "takes-at-most", NULL,
};
static const char *const traffic_keys[] = {
  "host", "namespace", "path", "port", "requests", "service", "split", NULL,
};

static void fail (Parser *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
fail (Parser *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list args;

  va_start (args, format);
  text = g_strdup_vprintf (format, args);
  va_end (args);
  course_report_error (self->report, self->line, "%s", text);
  self->failed = TRUE;
}

static void
check_keys (Parser *self, JsonObject *object, const char *const *known, const char *const *more)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next) {
    const char *key = l->data;

    if (!g_strv_contains (known, key) && (more == NULL || !g_strv_contains (more, key)))
      fail (self, _ ("A check knows no “%s” here"), key);
  }
}

/* (transfer full) (nullable): a scalar as text: a label or a version may look like a number */
static char *
dup_scalar (Parser *self, JsonObject *object, const char *key)
{
  JsonNode *node = json_object_get_member (object, key);

  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_VALUE (node)) {
    fail (self, _ ("“%s” must be text"), key);
    return NULL;
  }
  if (base_json_get_string (node, NULL) != NULL)
    return g_strdup (base_json_get_string (node, NULL));
  return base_json_write (node, FALSE);
}

static guint
get_number (
  Parser *self, JsonObject *object, const char *key, guint fallback, guint lowest, guint highest)
{
  JsonNode *node = json_object_get_member (object, key);
  gint64 number;

  if (node == NULL)
    return fallback;
  number = base_json_get_int (node, -1, NULL);
  if (number < lowest || number > highest) {
    fail (self, _ ("“%s” must be a number from %u to %u"), key, lowest, highest);
    return fallback;
  }
  return number;
}

static void
take_equals (Parser *self, JsonNode *node)
{
  self->check->match = COURSE_MATCH_EQUALS;
  self->check->expected = base_json_copy (node);
}

static void
take_regex (Parser *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pattern = dup_scalar (self, self->object, "matches");
  g_autofree char *limited = NULL;

  self->check->match = COURSE_MATCH_REGEX;
  if (pattern == NULL)
    return;
  if (strlen (pattern) > MAX_PATTERN) {
    fail (self, _ ("“%s” is too long"), "matches");
    return;
  }
  /* A pattern like (a+)+$ must not hold the program up: pcre2pattern(3), "Setting match resource
   * limits". */
  limited = g_strconcat ("(*LIMIT_MATCH=100000)", pattern, NULL);
  self->check->regex = g_regex_new (limited, 0, 0, &error);
  if (self->check->regex == NULL)
    fail (self, _ ("“matches” is not a regular expression: %s"), error->message);
}

static void
take_number (Parser *self, const char *key, CourseMatch match)
{
  JsonNode *node = json_object_get_member (self->object, key);

  self->check->match = match;
  if (!JSON_NODE_HOLDS_VALUE (node) || (json_node_get_value_type (node) != G_TYPE_INT64 &&
                                        json_node_get_value_type (node) != G_TYPE_DOUBLE)) {
    fail (self, _ ("“%s” must be a number"), key);
    return;
  }
  self->check->number = json_node_get_double (node);
}

static void
take_presence (Parser *self, const char *key, gboolean present)
{
  JsonNode *node = json_object_get_member (self->object, key);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    fail (self, _ ("“%s” must be true or false"), key);
    return;
  }
  self->check->match =
    json_node_get_boolean (node) == present ? COURSE_MATCH_EXISTS : COURSE_MATCH_ABSENT;
}

static void
parse_match (Parser *self)
{
  static const char *const matches[] = {
    "exists", "absent", "equals", "matches", "at-least", "count",
  };
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (matches); i++) {
    if (!json_object_has_member (self->object, matches[i]))
      continue;
    if (found != NULL) {
      fail (self, _ ("A check has either “%s” or “%s”"), found, matches[i]);
      return;
    }
    found = matches[i];
  }

  if (found == NULL)
    self->check->match = COURSE_MATCH_EXISTS;
  else if (strcmp (found, "exists") == 0)
    take_presence (self, found, TRUE);
  else if (strcmp (found, "absent") == 0)
    take_presence (self, found, FALSE);
  else if (strcmp (found, "equals") == 0)
    take_equals (self, json_object_get_member (self->object, found));
  else if (strcmp (found, "matches") == 0)
    take_regex (self);
  else
    take_number (self, found, found[0] == 'c' ? COURSE_MATCH_COUNT : COURSE_MATCH_AT_LEAST);

  if ((self->check->match == COURSE_MATCH_EQUALS || self->check->match == COURSE_MATCH_REGEX) &&
      self->check->path == NULL)
    fail (self, _ ("“%s” needs a “path”"), found);
}

static void
parse_resource (Parser *self)
{
  CourseCheck *check = self->check;
  g_autoptr (GError) error = NULL;
  g_autofree char *resource = dup_scalar (self, self->object, "resource");
  g_autofree char *path = dup_scalar (self, self->object, "path");
  const char *slash = resource != NULL ? strchr (resource, '/') : NULL;

  check_keys (self, self->object, resource_keys, common_keys);
  check->type = COURSE_CHECK_RESOURCE;
  check->namespace_ = dup_scalar (self, self->object, "namespace");
  check->selector = dup_scalar (self, self->object, "selector");
  if (resource == NULL) {
    fail (self, _ ("“resource” must be a kind, or kind/name"));
    return;
  }
  check->resource = slash != NULL ? g_strndup (resource, slash - resource) : g_strdup (resource);
  if (slash != NULL)
    check->name = g_strdup (slash + 1);
  if (!course_kinds_contain (check->resource))
    fail (self, _ ("“%s” is no kind of resource that can be checked"), check->resource);
  if (check->name != NULL && (check->name[0] == '\0' || strchr (check->name, '/') != NULL))
    fail (self, _ ("“%s” is not kind/name"), resource);
  if (check->name != NULL && check->selector != NULL)
    fail (self, _ ("A check has either a name or a “selector”"));
  if (check->selector != NULL && !course_selector_validate (check->selector, &error))
    fail (self, "%s", error->message);

  if (path != NULL) {
    g_clear_error (&error);
    check->path = base_json_path_new (path, &error);
    if (check->path == NULL)
      fail (self, _ ("“path” is not a JSONPath: %s"), error->message);
  }
  parse_match (self);
}

/* "PING\r\n" arrives as written where the YAML has it in single quotes or none. */
static char *
dup_bytes (Parser *self, JsonObject *object, const char *key)
{
  g_autofree char *text = dup_scalar (self, object, key);

  return text != NULL && strchr (text, '\\') != NULL ? g_strcompress (text)
                                                     : g_steal_pointer (&text);
}

static void
parse_service (Parser *self, JsonObject *object)
{
  self->check->service = dup_scalar (self, object, "service");
  self->check->namespace_ = dup_scalar (self, object, "namespace");
  if (self->check->service == NULL)
    fail (self, _ ("A “service” is missing"));
}

static void
parse_reach (Parser *self, JsonObject *object)
{
  g_autofree char *expect = dup_scalar (self, object, "expect");

  check_keys (self, object, reach_keys, NULL);
  self->check->type = COURSE_CHECK_REACH;
  parse_service (self, object);
  self->check->port = get_number (self, object, "port", 0, 1, G_MAXUINT16);
  if (!json_object_has_member (object, "port"))
    fail (self, _ ("A “port” is missing"));
  self->check->send = dup_bytes (self, object, "send");
  self->check->reply = dup_bytes (self, object, "reply");
  self->check->expect_blocked = g_strcmp0 (expect, "blocked") == 0;
  if (expect != NULL && !self->check->expect_blocked && strcmp (expect, "open") != 0)
    fail (self, _ ("“expect” is open or blocked"));
}

/* "1.5s", "500ms" or seconds; 0 where there is none */
static guint
get_milliseconds (Parser *self, JsonObject *object, const char *key)
{
  g_autofree char *text = dup_scalar (self, object, key);
  char *end = NULL;
  double number;

  if (text == NULL)
    return 0;
  number = g_ascii_strtod (text, &end);
  if (end != text && strcmp (end, "ms") == 0)
    number /= 1000;
  else if (end == text || (*end != '\0' && strcmp (end, "s") != 0))
    number = 0;
  if (number >= 0.001 && number <= MAX_SECONDS)
    return number * 1000;
  fail (self, _ ("“%s” is a time, such as 2s or 500ms"), key);
  return 0;
}

static void
parse_http (Parser *self, JsonObject *object)
{
  CourseCheck *check = self->check;
  gboolean is_https;

  check_keys (self, object, http_keys, NULL);
  check->type = COURSE_CHECK_HTTP;
  parse_service (self, object);
  check->scheme = dup_scalar (self, object, "scheme");
  if (check->scheme == NULL)
    check->scheme = g_strdup ("http");
  is_https = strcmp (check->scheme, "https") == 0;
  if (!is_https && strcmp (check->scheme, "http") != 0)
    fail (self, _ ("“scheme” is http or https"));
  check->port = get_number (self, object, "port", is_https ? 443 : 80, 1, G_MAXUINT16);
  check->http_host = dup_scalar (self, object, "host");
  check->http_path = dup_scalar (self, object, "path");
  if (check->http_path == NULL)
    check->http_path = g_strdup ("/");
  if (check->http_path[0] != '/')
    fail (self, _ ("The “path” of an address begins with a slash"));
  check->http_status = get_number (self, object, "status", 200, 100, 599);
  check->contains = dup_scalar (self, object, "contains");
  check->takes_at_least = get_milliseconds (self, object, "takes-at-least");
  check->takes_at_most = get_milliseconds (self, object, "takes-at-most");
}

/* Where the requests go in: by default the page of Bookinfo, behind Istio's gateway, which hands on
 * what reviews say. */
static void
parse_entrance (Parser *self, JsonObject *object)
{
  CourseCheck *check = self->check;

  check->service = dup_scalar (self, object, "service");
  check->namespace_ = dup_scalar (self, object, "namespace");
  check->http_path = dup_scalar (self, object, "path");
  check->port = get_number (self, object, "port", 80, 1, G_MAXUINT16);
  if (check->service == NULL) {
    check->service = g_strdup ("istio-ingressgateway");
    if (check->namespace_ == NULL)
      check->namespace_ = g_strdup ("istio-system");
  }
  if (check->http_path == NULL)
    check->http_path = g_strdup ("/api/v1/products/0/reviews");
  if (check->http_path[0] != '/')
    fail (self, _ ("The “path” of an address begins with a slash"));
}

static void
parse_traffic (Parser *self, JsonObject *object)
{
  JsonObject *split = base_json_get_object (json_object_get_member (object, "split"), NULL);
  g_autoptr (GList) subsets = split != NULL ? json_object_get_members (split) : NULL;

  check_keys (self, object, traffic_keys, NULL);
  self->check->type = COURSE_CHECK_TRAFFIC;
  self->check->traffic_host = dup_scalar (self, object, "host");
  parse_entrance (self, object);
  self->check->requests = get_number (self, object, "requests", DEFAULT_REQUESTS, 1, MAX_REQUESTS);
  if (self->check->traffic_host == NULL)
    fail (self, _ ("A “host” is missing"));
  if (subsets == NULL)
    fail (self, _ ("A “split” is missing"));
  for (GList *l = subsets; l != NULL; l = l->next)
    g_hash_table_insert (self->check->split, g_strdup (l->data),
                         GUINT_TO_POINTER (get_number (self, split, l->data, 0, 0, 1000)));
}

static void
parse_probe (Parser *self, const char *key)
{
  JsonObject *object = base_json_get_object (json_object_get_member (self->object, key), NULL);
  const char *own[] = { key, NULL };

  check_keys (self, self->object, own, common_keys);
  if (object == NULL)
    fail (self, _ ("“%s” must be a mapping"), key);
  else if (strcmp (key, "reach") == 0)
    parse_reach (self, object);
  else if (strcmp (key, "http") == 0)
    parse_http (self, object);
  else
    parse_traffic (self, object);
}

/* What the page says of a check whose author wrote nothing. */
static char *
dup_default_sentence (CourseCheck *check)
{
  if (check->type == COURSE_CHECK_REACH && check->expect_blocked)
    return g_strdup_printf (_ ("The service %s does not answer"), check->service);
  if (check->type == COURSE_CHECK_REACH || check->type == COURSE_CHECK_HTTP)
    return g_strdup_printf (_ ("The service %s answers"), check->service);
  if (check->type == COURSE_CHECK_TRAFFIC)
    return g_strdup_printf (_ ("Requests to %s are split as planned"), check->traffic_host);
  if (check->match == COURSE_MATCH_ABSENT && check->path == NULL && check->name != NULL)
    return g_strdup_printf (_ ("%s/%s is gone"), check->resource, check->name);
  if (check->name != NULL)
    return g_strdup_printf (_ ("%s/%s is as it should be"), check->resource, check->name);
  return g_strdup_printf (_ ("%s are as they should be"), check->resource);
}

static void
parse_common (Parser *self, guint default_within)
{
  JsonNode *within = json_object_get_member (self->object, "within");

  self->check->line = self->line;
  self->check->within = default_within;
  if (within != NULL && !course_check_parse_seconds (within, &self->check->within))
    fail (self, _ ("“within” is a time, such as 90s or 3m, of an hour at most"));
  self->check->says = dup_scalar (self, self->object, "says");
  self->check->hint = dup_scalar (self, self->object, "hint");
  if (self->failed)
    return;
  if (self->check->says == NULL) {
    self->check->says = dup_default_sentence (self->check);
    course_report_warning (self->report, self->line,
                           _ ("A check should say in a sentence what it waits for (“says”)"));
  }
}

static CourseCheck *
parse_check (JsonNode *node, guint line, guint default_within, const CourseReport *report)
{
  static const char *const types[] = { "resource", "reach", "http", "traffic" };
  g_autoptr (CourseCheck) check = g_object_new (COURSE_TYPE_CHECK, NULL);
  Parser self = { .check = check, .report = report, .line = line };
  const char *type = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    fail (&self, _ ("A check is a mapping with resource, reach, http or traffic"));
    return NULL;
  }
  self.object = json_node_get_object (node);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (!json_object_has_member (self.object, types[i]))
      continue;
    if (type != NULL)
      fail (&self, _ ("A check has either “%s” or “%s”"), type, types[i]);
    type = types[i];
  }
  if (type == NULL)
    fail (&self, _ ("A check is a mapping with resource, reach, http or traffic"));
  else if (type == types[0])
    parse_resource (&self);
  else
    parse_probe (&self, type);
  parse_common (&self, default_within);

  return self.failed ? NULL : g_steal_pointer (&check);
}

/**
 * course_check_parse_seconds:
 * @node: 90, "90s", "3m" or "1m30s"
 * @seconds: (out): the time, in seconds
 *
 * Returns: whether @node is a time from a second to an hour
 */
gboolean
course_check_parse_seconds (JsonNode *node, guint *seconds)
{
  const char *p = base_json_get_string (node, NULL);
  gint64 total = 0;

  if (p == NULL) {
    total = base_json_get_int (node, 0, NULL);
  } else {
    do {
      const char *start = p;
      guint64 number = g_ascii_strtoull (p, (char **)&p, 10);

      if (p == start || !g_ascii_isdigit (*start) || number > MAX_SECONDS)
        return FALSE;
      if (*p == 'm')
        number *= 60;
      else if (*p != 's' && *p != '\0')
        return FALSE;
      if (*p != '\0')
        p++;
      total += number;
    } while (*p != '\0' && total <= MAX_SECONDS);
  }
  if (total < 1 || total > MAX_SECONDS)
    return FALSE;
  *seconds = total;
  return TRUE;
}

/**
 * course_check_parse_list:
 * @yaml: what stands in a `check` fence: a list of checks
 * @first_line: line of the file where @yaml begins
 * @default_within: seconds for the checks that do not say
 * @report: where to say what is wrong
 *
 * Returns: (transfer full) (element-type CourseCheck): the checks that are right
 */
GPtrArray *
course_check_parse_list (const char *yaml,
                         guint first_line,
                         guint default_within,
                         const CourseReport *report)
{
  g_autoptr (GPtrArray) checks = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (JsonNode) node = course_yaml_parse (yaml, first_line, report);
  g_autoptr (GArray) lines = NULL;
  JsonArray *array;

  if (node == NULL)
    return g_steal_pointer (&checks);
  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    course_report_error (report, first_line, _ ("A “check” fence holds a list of checks"));
    return g_steal_pointer (&checks);
  }
  array = json_node_get_array (node);
  lines = course_yaml_find_items (yaml, first_line);
  for (guint i = 0; i < json_array_get_length (array); i++) {
    gboolean lines_fit = lines->len == json_array_get_length (array);
    guint line = lines_fit ? g_array_index (lines, guint, i) : first_line;
    CourseCheck *check;

    if (i == MAX_CHECKS) {
      course_report_error (report, line, _ ("A step has %d checks at most"), MAX_CHECKS);
      break;
    }
    check = parse_check (json_array_get_element (array, i), line, default_within, report);
    if (check != NULL)
      g_ptr_array_add (checks, check);
  }
  return g_steal_pointer (&checks);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-draft.h"
#include "course-check-parser.h"
#include "course-check-probes.h"
#include "course-condition.h"
#include "course-kinds.h"
#include "course-selector.h"
#include "course-yaml.h"

#define MAX_CHECKS 64
#define MAX_SECONDS (60 * 60)

static const char *const common_keys[] = { "hint", "says", "until", "when", "within", NULL };
static const char *const file_keys[] = {
  "absent", "at-least", "contains", "count", "equals", "exists",
  "file",   "matches",  "mode",     "path",  NULL,
};
static const char *const resource_keys[] = {
  "absent",    "at-least", "count",    "equals",   "exists", "matches",
  "namespace", "path",     "resource", "selector", NULL,
};

static void
take_equals (CourseDraft *self, JsonNode *node)
{
  self->check->match = COURSE_MATCH_EQUALS;
  self->check->expected = base_json_copy (node);
}

static void
take_regex (CourseDraft *self)
{
  self->check->match = COURSE_MATCH_REGEX;
  self->check->regex = course_draft_new_regex (self, self->object, "matches");
}

static void
take_number (CourseDraft *self, const char *key, CourseMatch match)
{
  JsonNode *node = json_object_get_member (self->object, key);

  self->check->match = match;
  if (!JSON_NODE_HOLDS_VALUE (node) || (json_node_get_value_type (node) != G_TYPE_INT64 &&
                                        json_node_get_value_type (node) != G_TYPE_DOUBLE)) {
    course_draft_fail (self, _ ("“%s” must be a number"), key);
    return;
  }
  self->check->number = json_node_get_double (node);
}

static void
take_presence (CourseDraft *self, const char *key, gboolean present)
{
  JsonNode *node = json_object_get_member (self->object, key);

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN) {
    course_draft_fail (self, _ ("“%s” must be true or false"), key);
    return;
  }
  self->check->match =
    json_node_get_boolean (node) == present ? COURSE_MATCH_EXISTS : COURSE_MATCH_ABSENT;
}

/* A file as a whole may be there, or fit a pattern; objects may also be counted. */
static gboolean
needs_path (CourseCheck *check)
{
  switch (check->match) {
    case COURSE_MATCH_EQUALS:
      return TRUE;
    case COURSE_MATCH_REGEX:
      return check->type == COURSE_CHECK_RESOURCE;
    case COURSE_MATCH_AT_LEAST:
    case COURSE_MATCH_COUNT:
      return check->type == COURSE_CHECK_FILE;
    case COURSE_MATCH_EXISTS:
    case COURSE_MATCH_ABSENT:
    default:
      return FALSE;
  }
}

static void
parse_match (CourseDraft *self)
{
  static const char *const matches[] = {
    "exists", "absent", "equals", "matches", "at-least", "count",
  };
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (matches); i++) {
    if (!json_object_has_member (self->object, matches[i]))
      continue;
    if (found != NULL) {
      course_draft_fail (self, _ ("A check has either “%s” or “%s”"), found, matches[i]);
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

  if (self->check->path == NULL && needs_path (self->check))
    course_draft_fail (self, _ ("“%s” needs a “path”"), found);
}

static void
take_path (CourseDraft *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = course_draft_dup_scalar (self, self->object, "path");

  if (path == NULL)
    return;
  self->check->path = base_json_path_new (path, &error);
  if (self->check->path == NULL)
    course_draft_fail (self, _ ("“path” is not a JSONPath: %s"), error->message);
}

/* "0400" and 0400 are the same to an author, and not to YAML: 0400 may be read as 256. */
static void
take_mode (CourseDraft *self)
{
  g_autofree char *text = course_draft_dup_scalar (self, self->object, "mode");
  JsonNode *node = json_object_get_member (self->object, "mode");
  char *end = NULL;
  guint64 mode;

  if (text == NULL)
    return;
  mode = g_ascii_strtoull (text, &end, 8);
  if (base_json_get_string (node, NULL) == NULL || end == text || *end != '\0' || mode > 07777)
    course_draft_fail (self, _ ("“mode” is who may do what with a file, such as \"0400\""));
  else
    self->check->mode = (int)mode;
}

static void
parse_file (CourseDraft *self)
{
  CourseCheck *check = self->check;

  course_draft_check_keys (self, self->object, file_keys, common_keys);
  check->type = COURSE_CHECK_FILE;
  check->file = course_draft_dup_scalar (self, self->object, "file");
  if (check->file == NULL || check->file[0] == '\0' || check->file[0] == '-')
    course_draft_fail (self, _ ("“file” must be the path of a file or folder"));
  check->contains = course_draft_dup_scalar (self, self->object, "contains");
  take_mode (self);
  take_path (self);
  parse_match (self);
  if (check->match == COURSE_MATCH_ABSENT && check->path == NULL &&
      (check->contains != NULL || check->mode >= 0))
    course_draft_fail (self, _ ("What is absent has neither “contains” nor “mode”"));
}

static void
parse_resource (CourseDraft *self)
{
  CourseCheck *check = self->check;
  g_autoptr (GError) error = NULL;
  g_autofree char *resource = course_draft_dup_scalar (self, self->object, "resource");
  const char *slash = resource != NULL ? strchr (resource, '/') : NULL;

  course_draft_check_keys (self, self->object, resource_keys, common_keys);
  check->type = COURSE_CHECK_RESOURCE;
  check->namespace_ = course_draft_dup_scalar (self, self->object, "namespace");
  check->selector = course_draft_dup_scalar (self, self->object, "selector");
  if (resource == NULL) {
    course_draft_fail (self, _ ("“resource” must be a kind, or kind/name"));
    return;
  }
  check->resource = slash != NULL ? g_strndup (resource, slash - resource) : g_strdup (resource);
  if (slash != NULL)
    check->name = g_strdup (slash + 1);
  if (!course_kinds_contain (check->resource))
    course_draft_fail (self, _ ("“%s” is no kind of resource that can be checked"),
                       check->resource);
  if (check->name != NULL && (check->name[0] == '\0' || strchr (check->name, '/') != NULL))
    course_draft_fail (self, _ ("“%s” is not kind/name"), resource);
  if (check->name != NULL && check->selector != NULL)
    course_draft_fail (self, _ ("A check has either a name or a “selector”"));
  if (check->selector != NULL && !course_selector_validate (check->selector, &error))
    course_draft_fail (self, "%s", error->message);

  take_path (self);
  parse_match (self);
}

static void
parse_probe (CourseDraft *self, const char *key)
{
  JsonObject *object = base_json_get_object (json_object_get_member (self->object, key), NULL);
  const char *own[] = { key, NULL };

  course_draft_check_keys (self, self->object, own, common_keys);
  if (object == NULL)
    course_draft_fail (self, _ ("“%s” must be a mapping"), key);
  else
    course_check_parse_probe (self, key, object);
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
  if (check->type == COURSE_CHECK_TERMINAL)
    return g_strdup (_ ("The command was run"));
  if (check->type == COURSE_CHECK_FILE)
    return g_strdup_printf (_ ("%s is as it should be"), check->file);
  if (check->match == COURSE_MATCH_ABSENT && check->path == NULL && check->name != NULL)
    return g_strdup_printf (_ ("%s/%s is gone"), check->resource, check->name);
  if (check->name != NULL)
    return g_strdup_printf (_ ("%s/%s is as it should be"), check->resource, check->name);
  return g_strdup_printf (_ ("%s are as they should be"), check->resource);
}

/* Forms of a step may be another at each place, and so may what proves them. Only the place is
 * known from the start, and never changes: checks do not come and go. */
static void
take_when (CourseDraft *self)
{
  g_autoptr (GError) error = NULL;

  self->check->when = course_draft_dup_scalar (self, self->object, "when");
  if (self->check->when == NULL)
    return;
  if (!course_condition_validate (self->check->when, &error))
    course_draft_fail (self, "%s", error->message);
  else if (!course_condition_is_of_place (self->check->when))
    course_draft_fail (self, _ ("The “when” of a check speaks of the place only"));
}

static void
parse_common (CourseDraft *self, guint default_within)
{
  JsonNode *within = json_object_get_member (self->object, "within");

  self->check->line = self->line;
  self->check->within = default_within;
  if (within != NULL && !course_check_parse_seconds (within, &self->check->within))
    course_draft_fail (self, _ ("“within” is a time, such as 90s or 3m, of an hour at most"));
  course_draft_check_unit (self, self->object, "within");
  take_when (self);
  self->check->until = course_draft_dup_scalar (self, self->object, "until");
  self->check->says = course_draft_dup_scalar (self, self->object, "says");
  self->check->hint = course_draft_dup_scalar (self, self->object, "hint");
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
  static const char *const types[] = {
    "resource", "file", "reach", "http", "traffic", "terminal",
  };
  g_autoptr (CourseCheck) check = g_object_new (COURSE_TYPE_CHECK, NULL);
  CourseDraft self = { .check = check, .report = report, .line = line };
  const char *type = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node)) {
    course_draft_fail (
      &self, _ ("A check is a mapping with resource, file, reach, http, traffic or terminal"));
    return NULL;
  }
  self.object = json_node_get_object (node);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    if (!json_object_has_member (self.object, types[i]))
      continue;
    if (type != NULL)
      course_draft_fail (&self, _ ("A check has either “%s” or “%s”"), type, types[i]);
    type = types[i];
  }
  if (type == NULL)
    course_draft_fail (
      &self, _ ("A check is a mapping with resource, file, reach, http, traffic or terminal"));
  else if (type == types[0])
    parse_resource (&self);
  else if (type == types[1])
    parse_file (&self);
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

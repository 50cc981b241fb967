/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-patch.h"
#include "course-yaml.h"

/* The operations of RFC 6902, and what each has beside its "path". */
static const struct {
  const char *name;
  const char *member; /* (nullable) */
} operations[] = {
  { "add", "value" }, { "copy", "from" },     { "move", "from" },
  { "remove", NULL }, { "replace", "value" }, { "test", "value" },
};

/* (nullable): what @name takes; FALSE where there is no such operation */
static gboolean
find_operation (const char *name, const char **member)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (operations); i++)
    if (strcmp (operations[i].name, name) == 0) {
      *member = operations[i].member;
      return TRUE;
    }
  return FALSE;
}

static void
check_operation (JsonNode *node, guint line, const CourseReport *report)
{
  const char *name = base_json_get_string (node, "op", NULL);
  const char *path = base_json_get_string (node, "path", NULL);
  const char *member = NULL;

  if (name == NULL)
    course_report_error (report, line,
                         _ ("A change is a mapping with “op”, “path” and mostly “value”"));
  else if (!find_operation (name, &member))
    course_report_error (report, line,
                         _ ("There is no change “%s”: “op” is add, copy, move, remove, replace or "
                            "test"),
                         name);
  else if (path == NULL || (*path != '\0' && *path != '/'))
    course_report_error (report, line,
                         _ ("The “path” of a change begins with a slash, as /spec/replicas does"));
  else if (member != NULL && base_json_get (node, member, NULL) == NULL)
    course_report_error (report, line, _ ("The change “%s” needs a “%s”"), name, member);
}

/**
 * course_patch_check:
 * @patch: what stands in an `edit` fence
 * @line: line of the file where @patch begins
 * @report: where to say what is wrong with it
 *
 * Whether it fits the file shows only where that is.
 */
void
course_patch_check (const char *patch, guint line, const CourseReport *report)
{
  g_autoptr (JsonNode) node = course_yaml_parse (patch, line, report);
  g_autoptr (GArray) lines = NULL;
  JsonArray *changes = NULL;

  if (node == NULL || JSON_NODE_HOLDS_OBJECT (node))
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node)) {
    course_report_error (report, line,
                         _ ("An edit holds a list of changes, or a mapping that is merged into the "
                            "file"));
    return;
  }
  changes = json_node_get_array (node);
  lines = course_yaml_find_items (patch, line);
  for (guint i = 0; i < json_array_get_length (changes); i++) {
    gboolean lines_fit = lines->len == json_array_get_length (changes);

    check_operation (json_array_get_element (changes, i),
                     lines_fit ? g_array_index (lines, guint, i) : line, report);
  }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-front-matter.h"
#include "course-section-private.h"
#include "course-slug.h"
#include "course-typed.h"
#include "course-yaml.h"

#define FIRST_LINE 2
#define MAX_MINUTES 600

static const char *const keys[] = {
  "id", "minutes", "needs", "objectives", "panel", "shell", "title", NULL,
};
static const char *const panels[] = {
  "ingresses", "networkpolicies", "nodes", "pods", "services", "traffic", "virtualservices", NULL,
};

static guint
find_line (CourseSource *source, const char *key)
{
  return course_yaml_find_key (source->front_text, FIRST_LINE, key);
}

static void
check_keys (CourseSource *source, const CourseReport *report)
{
  g_autoptr (GList) members = json_object_get_members (json_node_get_object (source->front));

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (keys, l->data))
      course_report_error (report, find_line (source, l->data), _ ("“%s” is not known here"),
                           (const char *)l->data);
}

/**
 * course_front_matter_dup_id_of_file:
 * @file: the name of a section's file
 *
 * Returns: (transfer full): the id that goes with it: "02-load-balancer.md" is the file of
 *   "load-balancer", and "02.md" that of "02"
 */
char *
course_front_matter_dup_id_of_file (const char *file)
{
  const char *suffix = strrchr (file, '.');
  g_autofree char *stem = suffix != NULL ? g_strndup (file, suffix - file) : g_strdup (file);
  const char *name = stem + strspn (stem, "0123456789-_. ");

  return course_slug_new (*name != '\0' ? name : stem);
}

static char *
dup_id (CourseSource *source, const char *file, const CourseReport *report)
{
  const char *id = base_json_get_string (source->front, "id", NULL);

  if (id != NULL && course_slug_is_id (id))
    return g_strdup (id);
  course_report_error (report, source->front != NULL ? find_line (source, "id") : 1,
                       _ ("A section needs an “id” of small letters, digits and dashes in its "
                          "front matter"));
  return course_front_matter_dup_id_of_file (file);
}

static void
take_panel (CourseSection *section, CourseSource *source, const CourseReport *report)
{
  const char *panel = base_json_get_string (source->front, "panel", NULL);

  if (panel == NULL)
    return;
  section->panel = g_strdup (panel);
  if (!g_strv_contains (panels, panel))
    course_report_error (report, find_line (source, "panel"), _ ("There is no panel “%s”"), panel);
}

static void
take_minutes (CourseSection *section, CourseSource *source, const CourseReport *report)
{
  gint64 minutes = base_json_get_int (source->front, 0, "minutes", NULL);

  if (base_json_get (source->front, "minutes", NULL) == NULL)
    return;
  if (minutes < 1 || minutes > MAX_MINUTES)
    course_report_error (report, find_line (source, "minutes"),
                         _ ("“minutes” is a number from 1 to %d"), MAX_MINUTES);
  else
    section->minutes = minutes;
}

static void
take_strings (GStrv *strings, CourseSource *source, const char *key, const CourseReport *report)
{
  JsonNode *node = base_json_get (source->front, key, NULL);
  guint length;

  if (node == NULL)
    return;
  g_strfreev (*strings);
  *strings = course_yaml_dup_strings (node);
  length = JSON_NODE_HOLDS_ARRAY (node) ? json_array_get_length (json_node_get_array (node)) : 1;
  if (g_strv_length (*strings) < length)
    course_report_error (report, find_line (source, key),
                         /* Translators: a key of the front matter */
                         _ ("“%s” is a list of texts; what looks like a number, or like yes or no, "
                            "stands in quotes"),
                         key);
}

/**
 * course_front_matter_read:
 * @source: a section's file
 * @file: the file's name
 * @report: where to say what is wrong
 *
 * Returns: (transfer full): a section with what the front matter says, and nothing else in it yet
 */
CourseSection *
course_front_matter_read (CourseSource *source, const char *file, const CourseReport *report)
{
  g_autofree char *id = dup_id (source, file, report);
  const char *title = base_json_get_string (source->front, "title", NULL);
  CourseSection *section = course_section_new (id, title != NULL ? title : id);

  if (source->front == NULL)
    return section;
  if (title == NULL)
    course_report_error (report, FIRST_LINE, _ ("A section needs a “title” in its front matter"));
  check_keys (source, report);
  take_panel (section, source, report);
  take_minutes (section, source, report);
  take_strings (&section->objectives, source, "objectives", report);
  take_strings (&section->shell, source, "shell", report);
  for (guint i = 0; section->shell[i] != NULL; i++)
    course_typed_check (section->shell[i], find_line (source, "shell"), report);
  take_strings (&section->needs, source, "needs", report);
  return section;
}

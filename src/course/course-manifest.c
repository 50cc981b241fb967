/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "course-check-parser.h"
#include "course-file.h"
#include "course-manifest.h"
#include "course-slug.h"
#include "course-yaml.h"

static const char *const manifest_keys[] = {
  "defaults", "id", "language", "sections", "title", NULL,
};
static const char *const default_keys[] = { "namespace", "within", NULL };
static const char *const group_keys[] = { "group", "sections", NULL };

/* The text of course.yaml on its way into the manifest. */
typedef struct {
  CourseManifest *manifest;
  const char *text;
  const CourseReport *report;
} Reader;

static void
entry_free (gpointer data)
{
  CourseManifestEntry *entry = data;

  g_free (entry->file);
  g_free (entry->group);
  g_free (entry);
}

static void
check_keys (Reader *self, JsonObject *object, const char *const *known, gboolean is_top)
{
  g_autoptr (GList) members = json_object_get_members (object);

  for (GList *l = members; l != NULL; l = l->next)
    if (!g_strv_contains (known, l->data))
      course_report_error (self->report, is_top ? course_yaml_find_key (self->text, 1, l->data) : 0,
                           _ ("“%s” is not known here"), (const char *)l->data);
}

/* The line that names @file: names are not repeated in a manifest that is right. */
static guint
find_file_line (Reader *self, const char *file)
{
  const char *found = strstr (self->text, file);
  guint line = 1;

  for (const char *p = self->text; found != NULL && p < found; p++)
    line += *p == '\n';
  return line;
}

static void
add_section (Reader *self, const char *file, const char *group)
{
  guint line = find_file_line (self, file);

  if (strchr (file, '/') != NULL || !g_str_has_suffix (file, ".md") || file[0] == '.') {
    course_report_error (self->report, line,
                         _ ("“%s” is not the name of a Markdown file beside course.yaml"), file);
    return;
  }
  if (!course_manifest_add_entry (self->manifest, file, group, line))
    course_report_error (self->report, line, _ ("A course has %d sections at most"),
                         COURSE_MAX_SECTIONS);
}

static void
add_group (Reader *self, JsonNode *node)
{
  const char *group = base_json_get_string (node, "group", NULL);
  JsonArray *sections = base_json_get_array (node, "sections", NULL);

  if (group == NULL || sections == NULL) {
    course_report_error (self->report, course_yaml_find_key (self->text, 1, "sections"),
                         _ ("A section is the name of a file, or a “group” with its “sections”"));
    return;
  }
  check_keys (self, json_node_get_object (node), group_keys, FALSE);
  for (guint i = 0; i < json_array_get_length (sections); i++) {
    const char *file = base_json_get_string (json_array_get_element (sections, i), NULL);

    if (file != NULL)
      add_section (self, file, group);
    else
      course_report_error (self->report, course_yaml_find_key (self->text, 1, "sections"),
                           _ ("A section of a group is the name of a file"));
  }
}

static void
read_sections (Reader *self, JsonArray *sections)
{
  for (guint i = 0; i < base_json_get_length (sections); i++) {
    JsonNode *node = json_array_get_element (sections, i);
    const char *file = base_json_get_string (node, NULL);

    if (file != NULL)
      add_section (self, file, NULL);
    else
      add_group (self, node);
  }
}

static void
read_defaults (Reader *self, JsonNode *node)
{
  JsonObject *defaults = base_json_get_object (node, "defaults", NULL);
  const char *namespace_ = base_json_get_string (node, "defaults", "namespace", NULL);
  JsonNode *within = base_json_get (node, "defaults", "within", NULL);

  if (defaults != NULL)
    check_keys (self, defaults, default_keys, FALSE);
  if (namespace_ != NULL) {
    g_free (self->manifest->namespace_);
    self->manifest->namespace_ = g_strdup (namespace_);
  }
  if (within != NULL && !course_check_parse_seconds (within, &self->manifest->within))
    course_report_error (self->report, course_yaml_find_key (self->text, 1, "defaults"),
                         _ ("“within” is a time, such as 90s or 3m, of an hour at most"));
  if (course_yaml_lacks_unit (within))
    course_report_warning (self->report, course_yaml_find_key (self->text, 1, "defaults"),
                           _ ("“%s” has no unit, and counts as seconds"), "within");
}

static void
read_manifest (Reader *self, JsonNode *node)
{
  const char *id = base_json_get_string (node, "id", NULL);

  check_keys (self, json_node_get_object (node), manifest_keys, TRUE);
  if (id != NULL && course_slug_is_id (id))
    self->manifest->id = g_strdup (id);
  else
    course_report_error (self->report, course_yaml_find_key (self->text, 1, "id"),
                         _ ("A course needs an “id” of small letters, digits and dashes"));
  self->manifest->title = g_strdup (base_json_get_string (node, "title", NULL));
  if (self->manifest->title == NULL)
    course_report_error (self->report, 1, _ ("A course needs a “title”"));
  read_defaults (self, node);
  read_sections (self, base_json_get_array (node, "sections", NULL));
}

/**
 * course_manifest_new:
 *
 * Returns: (transfer full): a manifest that says nothing yet
 */
CourseManifest *
course_manifest_new (void)
{
  CourseManifest *self = g_new0 (CourseManifest, 1);

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  self->namespace_ = g_strdup (COURSE_DEFAULT_NAMESPACE);
  self->within = COURSE_DEFAULT_WITHIN;
  return self;
}

/**
 * course_manifest_add_entry:
 * @self: a manifest
 * @file: a name in the course's folder
 * @group: (nullable): what the section is listed under
 * @line: of course.yaml, for messages; 0 where there is none
 *
 * Returns: whether there was room for one more section
 */
gboolean
course_manifest_add_entry (CourseManifest *self, const char *file, const char *group, guint line)
{
  CourseManifestEntry *entry;

  if (self->entries->len >= COURSE_MAX_SECTIONS)
    return FALSE;
  entry = g_new0 (CourseManifestEntry, 1);
  entry->file = g_strdup (file);
  entry->group = g_strdup (group);
  entry->line = line;
  g_ptr_array_add (self->entries, entry);
  return TRUE;
}

/**
 * course_manifest_load:
 * @folder: a course's folder
 * @report: where to say what is wrong
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Reads the course.yaml of @folder.
 *
 * Returns: (transfer full) (nullable): what it says, as far as it was understood
 */
CourseManifest *
course_manifest_load (const char *folder, const CourseReport *report, GError **error)
{
  g_autoptr (CourseManifest) manifest = course_manifest_new ();
  g_autofree char *path = g_build_filename (folder, COURSE_MANIFEST_FILE, NULL);
  g_autofree char *raw = course_file_read (path, error);
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) node = NULL;
  Reader reader = { .manifest = manifest, .report = report };

  if (raw == NULL)
    return NULL;
  text = g_utf8_make_valid (raw, -1);
  reader.text = text;
  node = course_yaml_parse (text, 1, report);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node)) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("its course.yaml is not a YAML mapping"));
    return NULL;
  }
  read_manifest (&reader, node);
  return g_steal_pointer (&manifest);
}

/**
 * course_manifest_free:
 * @self: (nullable): a manifest
 *
 * Frees @self.
 */
void
course_manifest_free (CourseManifest *self)
{
  if (self == NULL)
    return;
  g_free (self->id);
  g_free (self->title);
  g_free (self->namespace_);
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "course-listing.h"

/* Of the names in a folder, so that a huge one holds nothing up. */
#define MAX_NAMES 20000

/* Which files of a folder are its text. The second are asked for where there are none of the first:
 * beside a Markdown file a text file is a licence, or something that a step needs. */
static const char *const markdown[] = { ".md", ".markdown", NULL };
static const char *const plain_text[] = { ".txt", NULL };

static gboolean
has_suffix (const char *name, const char *const *suffixes)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  for (guint i = 0; suffixes[i] != NULL; i++)
    if (g_str_has_suffix (lower, suffixes[i]) && strlen (lower) > strlen (suffixes[i]))
      return TRUE;
  return FALSE;
}

/* What a viewer of the folder shows before anything is chosen. */
static gboolean
is_front_page (const char *name)
{
  static const char *const stems[] = { "index", "readme", NULL };
  g_autofree char *lower = g_ascii_strdown (name, -1);

  lower[strcspn (lower, ".")] = '\0';
  return g_strv_contains (stems, lower);
}

typedef struct {
  char *name;
  char *key; /* by which names with numbers in them are in the order of these */
  gboolean is_front;
} Name;

static void
name_free (gpointer data)
{
  Name *name = data;

  g_free (name->name);
  g_free (name->key);
  g_free (name);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const Name *first = *(const Name *const *)a;
  const Name *second = *(const Name *const *)b;

  if (first->is_front != second->is_front)
    return first->is_front ? -1 : 1;
  return strcmp (first->key, second->key);
}

/* A name that is no UTF-8 could be named in no message. */
static gboolean
is_text_file (const char *folder, const char *name, const char *const *suffixes)
{
  g_autofree char *path = NULL;

  if (name[0] == '.' || !has_suffix (name, suffixes) || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  path = g_build_filename (folder, name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

static GPtrArray *
list_names (GDir *dir, const char *folder, const char *const *suffixes)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (name_free);
  const char *entry;

  g_dir_rewind (dir);
  for (guint i = 0; i < MAX_NAMES && (entry = g_dir_read_name (dir)) != NULL; i++) {
    Name *name;

    if (!is_text_file (folder, entry, suffixes))
      continue;
    name = g_new0 (Name, 1);
    name->name = g_strdup (entry);
    name->key = g_utf8_collate_key_for_filename (entry, -1);
    name->is_front = is_front_page (entry);
    g_ptr_array_add (names, name);
  }
  g_ptr_array_sort (names, compare);
  return names;
}

/**
 * course_listing_read:
 * @folder: a folder without a course.yaml
 * @report: where to say what is wrong
 * @error: return location for a #GError in the COURSE_ERROR domain
 *
 * Makes a course of the Markdown files of @folder: README.md or index.md first, the others by their
 * names, numbers in their order. Where there are none, its text files are taken for such.
 *
 * Returns: (transfer full) (nullable): what a course.yaml would say; without a title, where none of
 *   them has to be the folder's first page
 */
CourseManifest *
course_listing_read (const char *folder, const CourseReport *report, GError **error)
{
  g_autoptr (CourseManifest) manifest = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) local_error = NULL;
  GDir *dir = g_dir_open (folder, 0, &local_error);

  if (dir == NULL) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_READ, local_error->message);
    return NULL;
  }
  names = list_names (dir, folder, markdown);
  if (names->len == 0) {
    g_ptr_array_unref (names);
    names = list_names (dir, folder, plain_text);
  }
  g_dir_close (dir);
  if (names->len == 0) {
    g_set_error_literal (error, COURSE_ERROR, COURSE_ERROR_NOT_A_COURSE,
                         _ ("there is no Markdown file in it, such as README.md. Open the folder "
                            "that has the files of the lab, or one of the files."));
    return NULL;
  }
  manifest = course_manifest_new ();
  manifest->is_listing = TRUE;
  manifest->has_front_page = ((const Name *)g_ptr_array_index (names, 0))->is_front;
  for (guint i = 0; i < names->len; i++)
    if (!course_manifest_add_entry (manifest, ((const Name *)g_ptr_array_index (names, i))->name,
                                    NULL, 0)) {
      course_report_warning (report, 0,
                             _ ("There are more than %d Markdown files in this folder; the last "
                                "ones are left out"),
                             COURSE_MAX_SECTIONS);
      break;
    }
  return g_steal_pointer (&manifest);
}

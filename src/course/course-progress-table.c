/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-progress-table.h"

#include "base-json.h"
#include "base-private-file.h"

#define VERSION 1
#define MAX_BYTES (1024 * 1024)

GHashTable *
course_progress_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify)g_hash_table_unref);
}

gint64
course_progress_table_get (GHashTable *table, const char *section, const char *step)
{
  GHashTable *steps = g_hash_table_lookup (table, section);
  gint64 *at = steps != NULL ? g_hash_table_lookup (steps, step) : NULL;

  return at != NULL ? *at : 0;
}

void
course_progress_table_set (GHashTable *table, const char *section, const char *step, gint64 at)
{
  GHashTable *steps = g_hash_table_lookup (table, section);

  if (steps == NULL) {
    steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert (table, g_strdup (section), steps);
  }
  g_hash_table_insert (steps, g_strdup (step), g_memdup2 (&at, sizeof at));
}

void
course_progress_table_forget (GHashTable *table, const char *section, const char *step)
{
  GHashTable *steps = section != NULL ? g_hash_table_lookup (table, section) : NULL;

  if (section == NULL)
    g_hash_table_remove_all (table);
  else if (step == NULL)
    g_hash_table_remove (table, section);
  else if (steps != NULL)
    g_hash_table_remove (steps, step);
}

/* What @a knows, and @b does not know as well. With @absent only what @b does not know at all. */
static void
compare_one_way (GHashTable *a,
                 GHashTable *b,
                 gboolean absent,
                 CourseProgressDifference difference,
                 gpointer user_data)
{
  GHashTableIter sections, steps;
  gpointer section, table, step, at;

  g_hash_table_iter_init (&sections, a);
  while (g_hash_table_iter_next (&sections, &section, &table)) {
    g_hash_table_iter_init (&steps, table);
    while (g_hash_table_iter_next (&steps, &step, &at)) {
      gint64 other = course_progress_table_get (b, section, step);

      if (absent ? other == 0 : other != *(gint64 *)at)
        difference (section, step, user_data);
    }
  }
}

void
course_progress_table_compare (GHashTable *a,
                               GHashTable *b,
                               CourseProgressDifference difference,
                               gpointer user_data)
{
  compare_one_way (a, b, FALSE, difference, user_data);
  compare_one_way (b, a, TRUE, difference, user_data);
}

static void
read_sections (GHashTable *table, JsonObject *done)
{
  JsonObjectIter sections;
  const char *section;
  JsonNode *node;

  json_object_iter_init (&sections, done);
  while (json_object_iter_next (&sections, &section, &node)) {
    JsonObject *steps = base_json_get_object (node, NULL);
    JsonObjectIter iter;
    const char *step;
    JsonNode *at;

    if (steps == NULL)
      continue;
    json_object_iter_init (&iter, steps);
    while (json_object_iter_next (&iter, &step, &at)) {
      gint64 time = base_json_get_int (at, 0, NULL);

      if (time > 0)
        course_progress_table_set (table, section, step, time);
    }
  }
}

GHashTable *
course_progress_table_read (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) document = NULL;
  JsonObject *done = NULL;
  GHashTable *table = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, NULL) || length > MAX_BYTES)
    return NULL;
  document = base_json_parse (text, length, NULL);
  done = base_json_get_object (document, "done", NULL);
  if (base_json_get_int (document, 0, "version", NULL) != VERSION || done == NULL)
    return NULL;
  table = course_progress_table_new ();
  read_sections (table, done);
  return table;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static JsonNode *
write_document (GHashTable *table)
{
  JsonObject *root = json_object_new ();
  JsonObject *done = json_object_new ();
  g_autoptr (GList) sections = g_list_sort (g_hash_table_get_keys (table), compare_keys);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (GList *l = sections; l != NULL; l = l->next) {
    GHashTable *section = g_hash_table_lookup (table, l->data);
    g_autoptr (GList) steps = g_list_sort (g_hash_table_get_keys (section), compare_keys);
    JsonObject *object = json_object_new ();

    for (GList *s = steps; s != NULL; s = s->next)
      json_object_set_int_member (object, s->data,
                                  *(gint64 *)g_hash_table_lookup (section, s->data));
    json_object_set_object_member (done, l->data, object);
  }
  json_object_set_int_member (root, "version", VERSION);
  json_object_set_object_member (root, "done", done);
  json_node_take_object (node, root);
  return node;
}

gboolean
course_progress_table_write (GHashTable *table, const char *path, GError **error)
{
  g_autoptr (JsonNode) document = write_document (table);
  g_autofree char *text = base_json_write (document, TRUE);

  return base_private_file_write (path, text, error);
}

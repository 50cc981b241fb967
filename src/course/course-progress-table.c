/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-progress-table.h"

#include <string.h>

#include "base-json.h"
#include "base-private-file.h"

#define VERSION 1
#define MAX_BYTES (8 * 1024 * 1024)

typedef struct {
  gint64 at;        /* 0: done once, and put back */
  GPtrArray *waits; /* (nullable) of CourseWait */
} Entry;

static void
entry_free (gpointer data)
{
  Entry *self = data;

  g_clear_pointer (&self->waits, g_ptr_array_unref);
  g_free (self);
}

GHashTable *
course_progress_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                (GDestroyNotify)g_hash_table_unref);
}

/* (nullable) */
static const Entry *
find_entry (GHashTable *table, const char *section, const char *step)
{
  GHashTable *steps = g_hash_table_lookup (table, section);

  return steps != NULL ? g_hash_table_lookup (steps, step) : NULL;
}

gint64
course_progress_table_get (GHashTable *table, const char *section, const char *step)
{
  const Entry *entry = find_entry (table, section, step);

  return entry != NULL ? entry->at : 0;
}

GPtrArray *
course_progress_table_get_waits (GHashTable *table, const char *section, const char *step)
{
  const Entry *entry = find_entry (table, section, step);

  return entry != NULL ? entry->waits : NULL;
}

void
course_progress_table_set (
  GHashTable *table, const char *section, const char *step, gint64 at, GPtrArray *waits)
{
  GHashTable *steps = g_hash_table_lookup (table, section);
  Entry *entry = g_new0 (Entry, 1);

  if (steps == NULL) {
    steps = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
    g_hash_table_insert (table, g_strdup (section), steps);
  }
  entry->at = at;
  if (waits != NULL && waits->len > 0)
    entry->waits = g_ptr_array_ref (waits);
  g_hash_table_insert (steps, g_strdup (step), entry);
}

gboolean
course_progress_table_is_put_back (GHashTable *table, const char *section, const char *step)
{
  const Entry *entry = find_entry (table, section, step);

  return entry != NULL && entry->at == 0;
}

static void
put_back (Entry *entry)
{
  entry->at = 0;
  g_clear_pointer (&entry->waits, g_ptr_array_unref);
}

static void
put_all_back (GHashTable *steps)
{
  GHashTableIter iter;
  gpointer entry;

  g_hash_table_iter_init (&iter, steps);
  while (g_hash_table_iter_next (&iter, NULL, &entry))
    put_back (entry);
}

void
course_progress_table_forget (GHashTable *table, const char *section, const char *step)
{
  GHashTable *steps = section != NULL ? g_hash_table_lookup (table, section) : NULL;
  Entry *entry = steps != NULL && step != NULL ? g_hash_table_lookup (steps, step) : NULL;
  GHashTableIter iter;
  gpointer all;

  if (step != NULL) {
    if (entry != NULL)
      put_back (entry);
  } else if (steps != NULL) {
    put_all_back (steps);
  } else if (section == NULL) {
    g_hash_table_iter_init (&iter, table);
    while (g_hash_table_iter_next (&iter, NULL, &all))
      put_all_back (all);
  }
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
  gpointer section, table, step, entry;

  g_hash_table_iter_init (&sections, a);
  while (g_hash_table_iter_next (&sections, &section, &table)) {
    g_hash_table_iter_init (&steps, table);
    while (g_hash_table_iter_next (&steps, &step, &entry)) {
      gint64 other = course_progress_table_get (b, section, step);

      gint64 at = ((const Entry *)entry)->at;

      if (absent ? other == 0 && at != 0 : other != at)
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

/* What cannot be read of the waits is as if it were not there: it proves nothing. */
static void
read_sections (GHashTable *table, JsonObject *done, JsonNode *waits)
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
      gint64 time = base_json_get_int (at, -1, NULL);
      g_autoptr (GPtrArray) waited = NULL;

      if (time < 0)
        continue;
      waited = course_waits_new_from_json (base_json_get (waits, section, step, NULL));
      course_progress_table_set (table, section, step, time, waited);
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
  read_sections (table, done, base_json_get (document, "waits", NULL));
  return table;
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (a, b);
}

static JsonNode *
write_at (const Entry *entry)
{
  return json_node_init_int (json_node_alloc (), entry->at);
}

static JsonNode *
write_waits (const Entry *entry)
{
  return entry->waits != NULL ? course_waits_to_json (entry->waits) : NULL;
}

/* An object of sections, each one of steps, each of those what @write makes of it. */
static JsonObject *
write_steps (GHashTable *table, JsonNode *(*write) (const Entry *entry))
{
  JsonObject *all = json_object_new ();
  g_autoptr (GList) sections = g_list_sort (g_hash_table_get_keys (table), compare_keys);

  for (GList *l = sections; l != NULL; l = l->next) {
    GHashTable *section = g_hash_table_lookup (table, l->data);
    g_autoptr (GList) steps = g_list_sort (g_hash_table_get_keys (section), compare_keys);
    JsonObject *object = json_object_new ();

    for (GList *s = steps; s != NULL; s = s->next) {
      JsonNode *node = write (g_hash_table_lookup (section, s->data));

      if (node != NULL)
        json_object_set_member (object, s->data, node);
    }
    json_object_set_object_member (all, l->data, object);
  }
  return all;
}

static char *
write_document (GHashTable *table, gboolean with_waits)
{
  JsonObject *root = json_object_new ();
  g_autoptr (JsonNode) document = base_json_take_object (root);

  json_object_set_int_member (root, "version", VERSION);
  json_object_set_object_member (root, "done", write_steps (table, write_at));
  if (with_waits)
    json_object_set_object_member (root, "waits", write_steps (table, write_waits));
  return base_json_write (document, TRUE);
}

gboolean
course_progress_table_write (GHashTable *table, const char *path, GError **error)
{
  g_autofree char *text = write_document (table, TRUE);

  /* what was done counts more than how long it took */
  if (strlen (text) > MAX_BYTES) {
    g_free (text);
    text = write_document (table, FALSE);
  }
  return base_private_file_write (path, text, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-targets.h"

/**
 * course_targets_new:
 *
 * Returns: (transfer full): no targets yet
 */
CourseTargets *
course_targets_new (void)
{
  CourseTargets *self = g_new0 (CourseTargets, 1);

  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

/**
 * course_targets_free:
 * @self: (nullable): targets
 *
 * Frees @self.
 */
void
course_targets_free (CourseTargets *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->ids);
  g_hash_table_unref (self->files);
  g_free (self);
}

/**
 * course_targets_add:
 * @self: targets
 * @id: id of a section
 * @file: (nullable): name of its file
 *
 * Makes the section one that links can lead to.
 */
void
course_targets_add (CourseTargets *self, const char *id, const char *file)
{
  g_hash_table_add (self->ids, g_strdup (id));
  if (file != NULL)
    g_hash_table_insert (self->files, g_strdup (file), g_strdup (id));
}

/**
 * course_targets_find:
 * @self: targets
 * @address: "#ingress", "03-ingress.md" or "03-ingress.md#the-end", as Markdown viewers follow them
 *
 * Returns: (transfer none) (nullable): the id of the section that @address leads to
 */
const char *
course_targets_find (CourseTargets *self, const char *address)
{
  g_autofree char *name = NULL;
  gpointer id = NULL;

  if (address[0] == '#') {
    name = g_utf8_strdown (address + 1, -1);
    g_hash_table_lookup_extended (self->ids, name, &id, NULL);
    return id;
  }
  if (g_str_has_prefix (address, "./"))
    address += 2;
  name = g_strndup (address, strcspn (address, "#"));
  return g_hash_table_lookup (self->files, name);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-deadlines.h"

struct _PracticeDeadlines {
  GObject parent_instance;

  GHashTable *times; /* name to gint64, monotonic */
};

G_DEFINE_FINAL_TYPE (PracticeDeadlines, practice_deadlines, G_TYPE_OBJECT)

static void
practice_deadlines_finalize (GObject *object)
{
  PracticeDeadlines *self = PRACTICE_DEADLINES (object);

  g_hash_table_unref (self->times);

  G_OBJECT_CLASS (practice_deadlines_parent_class)->finalize (object);
}

static void
practice_deadlines_class_init (PracticeDeadlinesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_deadlines_finalize;
}

static void
practice_deadlines_init (PracticeDeadlines *self)
{
  self->times = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * practice_deadlines_new:
 *
 * Returns: (transfer full): deadlines, none yet
 */
PracticeDeadlines *
practice_deadlines_new (void)
{
  return g_object_new (PRACTICE_TYPE_DEADLINES, NULL);
}

/**
 * practice_deadlines_wait:
 * @self: deadlines
 * @name: what is waited for
 * @milliseconds: for how long, from the first call with this name on
 *
 * Returns: milliseconds that are left; 0: the time is over, and the next call begins a new one
 */
guint
practice_deadlines_wait (PracticeDeadlines *self, const char *name, guint milliseconds)
{
  gint64 now = g_get_monotonic_time ();
  gint64 *time;

  g_return_val_if_fail (PRACTICE_IS_DEADLINES (self), 0);
  g_return_val_if_fail (name != NULL, 0);

  time = g_hash_table_lookup (self->times, name);
  if (time == NULL) {
    time = g_new (gint64, 1);
    *time = now + milliseconds * G_TIME_SPAN_MILLISECOND;
    g_hash_table_insert (self->times, g_strdup (name), time);
  }
  if (now < *time)
    return (*time - now) / G_TIME_SPAN_MILLISECOND + 1;

  g_hash_table_remove (self->times, name);

  return 0;
}

/**
 * practice_deadlines_forget:
 * @self: deadlines
 * @prefix: how their names begin
 */
void
practice_deadlines_forget (PracticeDeadlines *self, const char *prefix)
{
  GHashTableIter iter;
  gpointer name;

  g_return_if_fail (PRACTICE_IS_DEADLINES (self));
  g_return_if_fail (prefix != NULL);

  g_hash_table_iter_init (&iter, self->times);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    if (g_str_has_prefix (name, prefix))
      g_hash_table_iter_remove (&iter);
}

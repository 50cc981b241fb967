/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
  MeshAnswer answer;
  guint era; /* how many marks were before it */
} Entry;

struct _MeshHistory {
  GObject parent_instance;

  Entry entries[MESH_HISTORY_SIZE]; /* a ring */
  guint first;
  guint n;
  guint64 n_ever;

  gint64 from; /* what was asked before is not of the present settings */
  guint era;
  guint n_counted;
  guint n_errors;
  MeshCount counts[MESH_HISTORY_VERSIONS];
  guint n_counts;
};

G_DEFINE_FINAL_TYPE (MeshHistory, mesh_history, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
mesh_history_class_init (MeshHistoryClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", MESH_TYPE_HISTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mesh_history_init (MeshHistory *self)
{
}

/**
 * mesh_history_new:
 *
 * Returns: (transfer full): without an answer
 */
MeshHistory *
mesh_history_new (void)
{
  return g_object_new (MESH_TYPE_HISTORY, NULL);
}

static Entry *
get_entry (MeshHistory *self, guint index)
{
  return &self->entries[(self->first + index) % MESH_HISTORY_SIZE];
}

/* Versions beyond what a page can show are counted in the sum only. */
static void
count (MeshHistory *self, const MeshAnswer *answer)
{
  guint i = 0;

  self->n_counted++;
  if (mesh_answer_is_error (answer))
    self->n_errors++;
  if (answer->version[0] == '\0')
    return;
  while (i < self->n_counts && !g_str_equal (self->counts[i].version, answer->version))
    i++;
  if (i == MESH_HISTORY_VERSIONS)
    return;
  if (i == self->n_counts) {
    memcpy (self->counts[i].version, answer->version, MESH_VERSION_SIZE);
    self->counts[i].count = 0;
    self->n_counts++;
  }
  self->counts[i].count++;
}

/* Makes room for one more behind the last of an era: answers come in another order than they were
 * asked for. */
static Entry *
insert (MeshHistory *self, guint era)
{
  guint index;

  if (self->n == MESH_HISTORY_SIZE)
    self->first = (self->first + 1) % MESH_HISTORY_SIZE;
  else
    self->n++;
  for (index = self->n - 1; index > 0 && get_entry (self, index - 1)->era > era; index--)
    *get_entry (self, index) = *get_entry (self, index - 1);
  return get_entry (self, index);
}

/**
 * mesh_history_add:
 * @answer: copied; one that was asked for before the last mark stands before it, and is not counted
 */
void
mesh_history_add (MeshHistory *self, const MeshAnswer *answer)
{
  Entry *entry;
  gboolean is_counted;
  guint era;

  g_return_if_fail (MESH_IS_HISTORY (self));
  g_return_if_fail (answer != NULL);

  is_counted = answer->asked_at >= self->from;
  era = is_counted ? self->era : self->era - 1;
  entry = insert (self, era);
  self->n_ever++;
  entry->answer = *answer;
  entry->era = era;
  if (is_counted)
    count (self, answer);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_history_mark:
 * @from: monotonic time, microseconds: when what is asked has the new settings. It may be a moment
 *   ahead, since Istio takes that to hand them to all sidecars
 *
 * The counts begin anew.
 */
void
mesh_history_mark (MeshHistory *self, gint64 from)
{
  g_return_if_fail (MESH_IS_HISTORY (self));

  /* settings that no answer was counted with need no mark of their own */
  if (self->n_counted > 0 || self->era == 0)
    self->era++;
  self->from = MAX (self->from, from);
  self->n_counted = 0;
  self->n_errors = 0;
  self->n_counts = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_history_clear:
 *
 * Forgets all.
 */
void
mesh_history_clear (MeshHistory *self)
{
  g_return_if_fail (MESH_IS_HISTORY (self));

  self->n = 0;
  self->n_ever = 0;
  self->first = 0;
  self->era = 0;
  self->from = 0;
  self->n_counted = 0;
  self->n_errors = 0;
  self->n_counts = 0;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_history_get_n:
 *
 * Returns: how many answers are kept, at most %MESH_HISTORY_SIZE
 */
guint
mesh_history_get_n (MeshHistory *self)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);

  return self->n;
}

/**
 * mesh_history_get_n_ever:
 *
 * Returns: how many answers came, the forgotten ones too
 */
guint64
mesh_history_get_n_ever (MeshHistory *self)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);

  return self->n_ever;
}

/**
 * mesh_history_get:
 * @index: from 0, the oldest
 *
 * Returns: (transfer none): good until the next answer
 */
const MeshAnswer *
mesh_history_get (MeshHistory *self, guint index)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), NULL);
  g_return_val_if_fail (index < self->n, NULL);

  return &get_entry (self, index)->answer;
}

/**
 * mesh_history_is_marked:
 * @index: from 0, the oldest; the number of answers for the one that comes next
 *
 * Returns: whether new settings apply from this answer on
 */
gboolean
mesh_history_is_marked (MeshHistory *self, guint index)
{
  guint era;

  g_return_val_if_fail (MESH_IS_HISTORY (self), FALSE);
  g_return_val_if_fail (index <= self->n, FALSE);

  if (index == 0)
    return FALSE;
  era = index < self->n ? get_entry (self, index)->era : self->era;
  return era != get_entry (self, index - 1)->era;
}

/**
 * mesh_history_get_n_counted:
 *
 * Returns: how many answers there were since the last mark, the forgotten ones too
 */
guint
mesh_history_get_n_counted (MeshHistory *self)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);

  return self->n_counted;
}

/**
 * mesh_history_get_n_errors:
 *
 * Returns: how many answers since the last mark show an error
 */
guint
mesh_history_get_n_errors (MeshHistory *self)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);

  return self->n_errors;
}

/**
 * mesh_history_get_n_told:
 *
 * Returns: how many answers since the last mark tell their version
 */
guint
mesh_history_get_n_told (MeshHistory *self)
{
  guint n = 0;

  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);

  for (guint i = 0; i < self->n_counts; i++)
    n += self->counts[i].count;
  return n;
}

/**
 * mesh_history_get_count:
 *
 * Returns: how many answers since the last mark are of @version
 */
guint
mesh_history_get_count (MeshHistory *self, const char *version)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);
  g_return_val_if_fail (version != NULL, 0);

  for (guint i = 0; i < self->n_counts; i++)
    if (g_str_equal (self->counts[i].version, version))
      return self->counts[i].count;
  return 0;
}

/**
 * mesh_history_get_counts:
 * @n_counts: (out)
 *
 * Returns: (array length=n_counts) (transfer none): good until the next answer
 */
const MeshCount *
mesh_history_get_counts (MeshHistory *self, guint *n_counts)
{
  g_return_val_if_fail (MESH_IS_HISTORY (self), NULL);

  *n_counts = self->n_counts;
  return self->counts;
}

static int
compare_latencies (gconstpointer a, gconstpointer b)
{
  guint first = *(const guint *)a, second = *(const guint *)b;

  return first < second ? -1 : first > second;
}

/**
 * mesh_history_get_latency:
 * @part: 0.5 for the median, 0.95 for what 95 % of the answers are within
 *
 * Returns: milliseconds, of those answers since the last mark that are still kept; 0: none
 */
guint
mesh_history_get_latency (MeshHistory *self, double part)
{
  guint latencies[MESH_HISTORY_SIZE];
  guint n = 0;

  g_return_val_if_fail (MESH_IS_HISTORY (self), 0);
  g_return_val_if_fail (part > 0 && part <= 1, 0);

  for (guint i = 0; i < self->n; i++) {
    Entry *entry = get_entry (self, i);

    if (entry->era == self->era && entry->answer.asked_at >= self->from)
      latencies[n++] = entry->answer.latency_ms;
  }
  if (n == 0)
    return 0;
  qsort (latencies, n, sizeof *latencies, compare_latencies);
  return latencies[(guint)ceil (n * part) - 1];
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-weights.h"

#define TOTAL 100
#define NO_INDEX G_MAXSIZE

/**
 * MeshWeights:
 *
 * The whole weights of one route's destinations. They sum to 100, as Istio before 1.15
 * demands (`total destination weight %d != 100`), whatever is done to them.
 */
struct _MeshWeights {
  GObject parent_instance;

  GArray *values; /* of int */
  GArray *locked; /* of gboolean */
  /* The values that the others' shares follow, until another one is moved. */
  GArray *base; /* of int */
  gsize moved;  /* index that the base belongs to */
  gboolean dragging;
};

G_DEFINE_FINAL_TYPE (MeshWeights, mesh_weights, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static int
value_at (GArray *values, gsize index)
{
  return g_array_index (values, int, index);
}

/* Whether @index takes part where another one is moved. */
static gboolean
is_free (MeshWeights *self, gsize index)
{
  return !g_array_index (self->locked, gboolean, index);
}

/* Which takes part in sharing out what @moved leaves (NO_INDEX: everything). */
static gboolean
takes_part (MeshWeights *self, gsize index, gsize moved)
{
  return index != moved && is_free (self, index);
}

static int
sum_locked (MeshWeights *self, gsize except)
{
  int sum = 0;

  for (gsize i = 0; i < self->values->len; i++) {
    if (i != except && !is_free (self, i))
      sum += value_at (self->values, i);
  }
  return sum;
}

/* Shares @total out in the proportions of @parts (all the same where they are all 0), leaving
 * @moved and what is locked alone. What rounding leaves goes to the largest remainders, and among
 * equal ones to the first. At least one takes part. */
static void
share_out (MeshWeights *self, GArray *parts, gsize moved, int total)
{
  g_autofree gint64 *remainders = g_new0 (gint64, self->values->len);
  gboolean even = TRUE;
  gint64 sum = 0;
  int left = total;

  for (gsize i = 0; i < parts->len; i++)
    even = even && !(takes_part (self, i, moved) && value_at (parts, i) > 0);
  for (gsize i = 0; i < parts->len; i++) {
    if (takes_part (self, i, moved))
      sum += even ? 1 : value_at (parts, i);
  }
  for (gsize i = 0; i < self->values->len; i++) {
    gint64 part = even ? 1 : value_at (parts, i);

    remainders[i] = -1;
    if (!takes_part (self, i, moved))
      continue;
    g_array_index (self->values, int, i) = (int)(part * total / sum);
    left -= value_at (self->values, i);
    if (part > 0)
      remainders[i] = part * total % sum;
  }
  for (; left > 0; left--) {
    gsize best = NO_INDEX;

    for (gsize i = 0; i < self->values->len; i++) {
      if (remainders[i] >= 0 && (best == NO_INDEX || remainders[i] > remainders[best]))
        best = i;
    }
    g_assert (best != NO_INDEX);
    g_array_index (self->values, int, best) += 1;
    remainders[best] = -1;
  }
}

static void
take_base (MeshWeights *self)
{
  g_array_set_size (self->base, 0);
  g_array_append_vals (self->base, self->values->data, self->values->len);
  self->moved = NO_INDEX;
}

static void
mesh_weights_finalize (GObject *object)
{
  MeshWeights *self = MESH_WEIGHTS (object);

  g_array_unref (self->values);
  g_array_unref (self->base);
  g_array_unref (self->locked);
  G_OBJECT_CLASS (mesh_weights_parent_class)->finalize (object);
}

static void
mesh_weights_class_init (MeshWeightsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mesh_weights_finalize;

  /**
   * MeshWeights::changed:
   *
   * At least one weight or lock is another one.
   */
  signals[CHANGED] = g_signal_new ("changed", MESH_TYPE_WEIGHTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mesh_weights_init (MeshWeights *self)
{
  self->values = g_array_new (FALSE, TRUE, sizeof (int));
  self->base = g_array_new (FALSE, TRUE, sizeof (int));
  self->locked = g_array_new (FALSE, TRUE, sizeof (gboolean));
  self->moved = NO_INDEX;
}

/**
 * mesh_weights_new:
 * @values: (array length=n_values): what the route says, each at least 0
 *
 * Values that sum to something else than 100, as Istio allows from 1.15 on, are scaled to it;
 * where all are 0 each gets the same.
 */
MeshWeights *
mesh_weights_new (const int *values, gsize n_values)
{
  MeshWeights *self = g_object_new (MESH_TYPE_WEIGHTS, NULL);
  g_autoptr (GArray) parts = g_array_new (FALSE, TRUE, sizeof (int));

  for (gsize i = 0; i < n_values; i++) {
    int part = MAX (values[i], 0);

    g_array_append_val (parts, part);
  }
  g_array_set_size (self->values, n_values);
  g_array_set_size (self->locked, n_values);
  if (n_values > 0)
    share_out (self, parts, NO_INDEX, TOTAL);
  take_base (self);
  return self;
}

gsize
mesh_weights_get_n (MeshWeights *self)
{
  g_return_val_if_fail (MESH_IS_WEIGHTS (self), 0);

  return self->values->len;
}

int
mesh_weights_get (MeshWeights *self, gsize index)
{
  g_return_val_if_fail (MESH_IS_WEIGHTS (self), 0);
  g_return_val_if_fail (index < self->values->len, 0);

  return value_at (self->values, index);
}

/**
 * mesh_weights_append:
 *
 * One more destination. It starts at 0, so that nothing of the others moves; the very first one
 * has all.
 */
void
mesh_weights_append (MeshWeights *self)
{
  int value;

  g_return_if_fail (MESH_IS_WEIGHTS (self));

  value = self->values->len == 0 ? TOTAL : 0;
  g_array_append_val (self->values, value);
  g_array_set_size (self->locked, self->values->len);
  take_base (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_weights_begin_drag:
 *
 * The present values become those that the others' shares follow.
 */
void
mesh_weights_begin_drag (MeshWeights *self)
{
  g_return_if_fail (MESH_IS_WEIGHTS (self));

  take_base (self);
  self->dragging = TRUE;
}

static void
emit_if_changed (MeshWeights *self, GArray *before)
{
  if (memcmp (before->data, self->values->data, before->len * sizeof (int)) != 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_weights_move:
 * @value: clamped to 0 and what locks leave; one that is locked or has nobody to share with stays
 *
 * Also outside a drag (keys) going there and back with one destination restores the others: only
 * moving another one makes the then present values the new proportions.
 */
void
mesh_weights_move (MeshWeights *self, gsize index, int value)
{
  g_autoptr (GArray) before = NULL;
  int most;

  g_return_if_fail (MESH_IS_WEIGHTS (self));
  g_return_if_fail (index < self->values->len);

  if (!mesh_weights_can_move (self, index))
    return;
  most = TOTAL - sum_locked (self, index);
  if (self->moved != index && !(self->dragging && self->moved == NO_INDEX))
    take_base (self);
  self->moved = index;

  before = g_array_copy (self->values);
  g_array_index (self->values, int, index) = CLAMP (value, 0, most);
  share_out (self, self->base, index, most - value_at (self->values, index));
  emit_if_changed (self, before);
}

/**
 * mesh_weights_can_move:
 *
 * Returns: whether it is not locked, and there is another one to share with
 */
gboolean
mesh_weights_can_move (MeshWeights *self, gsize index)
{
  g_return_val_if_fail (MESH_IS_WEIGHTS (self), FALSE);
  g_return_val_if_fail (index < self->values->len, FALSE);

  for (gsize i = 0; i < self->values->len; i++) {
    if (takes_part (self, i, index))
      return is_free (self, index);
  }
  return FALSE;
}

/**
 * mesh_weights_set_locked:
 *
 * A locked weight stays where others are moved. It needs more than two of them: of two, one is what
 * the other leaves.
 */
void
mesh_weights_set_locked (MeshWeights *self, gsize index, gboolean locked)
{
  g_return_if_fail (MESH_IS_WEIGHTS (self));
  g_return_if_fail (index < self->values->len);

  locked = locked && self->values->len > 2;
  if (locked == mesh_weights_get_locked (self, index))
    return;
  g_array_index (self->locked, gboolean, index) = locked;
  take_base (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
mesh_weights_get_locked (MeshWeights *self, gsize index)
{
  g_return_val_if_fail (MESH_IS_WEIGHTS (self), FALSE);
  g_return_val_if_fail (index < self->values->len, FALSE);

  return !is_free (self, index);
}

/**
 * mesh_weights_split_evenly:
 *
 * What locks leave is shared out in equal parts.
 */
void
mesh_weights_split_evenly (MeshWeights *self)
{
  g_autoptr (GArray) before = NULL;
  g_autoptr (GArray) parts = NULL;
  gboolean any = FALSE;

  g_return_if_fail (MESH_IS_WEIGHTS (self));

  for (gsize i = 0; i < self->values->len; i++)
    any = any || is_free (self, i);
  if (!any)
    return;
  before = g_array_copy (self->values);
  parts = g_array_new (FALSE, TRUE, sizeof (int));
  g_array_set_size (parts, self->values->len);
  share_out (self, parts, NO_INDEX, TOTAL - sum_locked (self, NO_INDEX));
  take_base (self);
  emit_if_changed (self, before);
}

void
mesh_weights_end_drag (MeshWeights *self)
{
  g_return_if_fail (MESH_IS_WEIGHTS (self));

  self->dragging = FALSE;
  self->moved = NO_INDEX;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-weights.h"

#define TOTAL 100

/**
 * MeshWeights:
 *
 * The whole weights of one route's destinations. They sum to 100, as Istio before 1.15
 * demands (`total destination weight %d != 100`), whatever is done to them.
 */
struct _MeshWeights {
  GObject parent_instance;

  GArray *values; /* of int */
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

#define NO_INDEX G_MAXSIZE

static int
value_at (GArray *values, gsize index)
{
  return g_array_index (values, int, index);
}

/* Shares @total out to @values in the proportions of @parts (all the same where they are all 0),
 * leaving @skip alone. What rounding leaves goes to the largest remainders, and among equal ones
 * to the first. */
static void
share_out (GArray *values, GArray *parts, gsize skip, int total)
{
  g_autofree gint64 *remainders = g_new0 (gint64, values->len);
  gboolean even = TRUE;
  gint64 sum = 0;
  int left = total;

  for (gsize i = 0; i < parts->len; i++) {
    if (i != skip && value_at (parts, i) > 0)
      even = FALSE;
  }
  for (gsize i = 0; i < parts->len; i++) {
    if (i != skip)
      sum += even ? 1 : value_at (parts, i);
  }
  for (gsize i = 0; i < values->len; i++) {
    gint64 part = even ? 1 : value_at (parts, i);

    remainders[i] = -1;
    if (i == skip)
      continue;
    g_array_index (values, int, i) = (int)(part * total / sum);
    left -= value_at (values, i);
    if (part > 0)
      remainders[i] = part * total % sum;
  }
  for (; left > 0; left--) {
    gsize best = NO_INDEX;

    for (gsize i = 0; i < values->len; i++) {
      if (remainders[i] >= 0 && (best == NO_INDEX || remainders[i] > remainders[best]))
        best = i;
    }
    g_assert (best != NO_INDEX);
    g_array_index (values, int, best) += 1;
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
  G_OBJECT_CLASS (mesh_weights_parent_class)->finalize (object);
}

static void
mesh_weights_class_init (MeshWeightsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mesh_weights_finalize;

  /**
   * MeshWeights::changed:
   *
   * At least one weight is another one.
   */
  signals[CHANGED] = g_signal_new ("changed", MESH_TYPE_WEIGHTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
mesh_weights_init (MeshWeights *self)
{
  self->values = g_array_new (FALSE, TRUE, sizeof (int));
  self->base = g_array_new (FALSE, TRUE, sizeof (int));
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
  if (n_values > 0)
    share_out (self->values, parts, NO_INDEX, TOTAL);
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

/**
 * mesh_weights_move:
 * @value: clamped to 0 and 100; a destination that is alone stays at 100
 *
 * Also outside a drag (keys) going there and back with one destination restores the others: only
 * moving another one makes the then present values the new proportions.
 */
void
mesh_weights_move (MeshWeights *self, gsize index, int value)
{
  g_autoptr (GArray) before = NULL;

  g_return_if_fail (MESH_IS_WEIGHTS (self));
  g_return_if_fail (index < self->values->len);

  value = self->values->len == 1 ? TOTAL : CLAMP (value, 0, TOTAL);
  if (self->moved != index && !(self->dragging && self->moved == NO_INDEX))
    take_base (self);
  self->moved = index;

  before = g_array_copy (self->values);
  g_array_index (self->values, int, index) = value;
  if (self->values->len > 1)
    share_out (self->values, self->base, index, TOTAL - value);
  if (memcmp (before->data, self->values->data, before->len * sizeof (int)) != 0)
    g_signal_emit (self, signals[CHANGED], 0);
}

void
mesh_weights_end_drag (MeshWeights *self)
{
  g_return_if_fail (MESH_IS_WEIGHTS (self));

  self->dragging = FALSE;
  self->moved = NO_INDEX;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-rows.h"

#include "kube-object-private.h"

struct _KubeRows {
  GPtrArray *objects; /* of KubeObject */
};

/* The first row at or after @from that is not before the key. Looks near @from first, since changes
 * come in the same order as rows. */
static guint
find_position (KubeRows *self, guint from, const char *namespace_, const char *name)
{
  guint low = from;
  guint high = self->objects->len;

  for (guint step = 1; low + step < high; step *= 2) {
    KubeObject *object = g_ptr_array_index (self->objects, low + step);

    if (kube_object_compare_key (object, namespace_, name) >= 0) {
      high = low + step;
      break;
    }
    low += step;
  }
  while (low < high) {
    guint middle = low + (high - low) / 2;

    if (kube_object_compare_key (g_ptr_array_index (self->objects, middle), namespace_, name) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static gboolean
has_key (KubeRows *self, guint position, KubeObject *object)
{
  return position < self->objects->len &&
         kube_object_compare (g_ptr_array_index (self->objects, position), object) == 0;
}

/* Of one name, but deleted and made anew in between? */
static gboolean
is_same (KubeObject *a, KubeObject *b)
{
  return g_str_equal (kube_object_get_uid (a), kube_object_get_uid (b));
}

static void
update (KubeObject *object, KubeObject *newer, GPtrArray *updated)
{
  if (kube_object_take (object, newer))
    g_ptr_array_add (updated, g_object_ref (object));
}

/* Updates in place what stays. Returns whether any row comes or goes. */
static gboolean
update_in_place (KubeRows *self, GPtrArray *changes, gboolean complete, GPtrArray *updated)
{
  gboolean structural = FALSE;
  guint n_met = 0;
  guint at = 0;

  for (guint i = 0; i < changes->len; i++) {
    const KubeChange *change = g_ptr_array_index (changes, i);
    KubeObject *row;

    at = find_position (self, at, kube_object_get_namespace (change->object),
                        kube_object_get_name (change->object));
    if (!has_key (self, at, change->object)) {
      structural |= !change->deleted;
      continue;
    }
    row = g_ptr_array_index (self->objects, at);
    n_met++;
    if (change->deleted || !is_same (row, change->object))
      structural = TRUE;
    else
      update (row, change->object, updated);
  }
  return structural || (complete && n_met < self->objects->len);
}

static void
keep (KubeRows *self, guint from, guint to, GPtrArray *next)
{
  for (guint i = from; i < to; i++)
    g_ptr_array_add (next, g_object_ref (g_ptr_array_index (self->objects, i)));
}

/* The rows after the changes; those that stay are updated already. */
static GPtrArray *
merge (KubeRows *self, GPtrArray *changes, gboolean complete)
{
  GPtrArray *next = g_ptr_array_new_full (self->objects->len + changes->len, g_object_unref);
  guint at = 0;

  for (guint i = 0; i < changes->len; i++) {
    const KubeChange *change = g_ptr_array_index (changes, i);
    guint position = find_position (self, at, kube_object_get_namespace (change->object),
                                    kube_object_get_name (change->object));
    gboolean met = has_key (self, position, change->object);

    if (!complete)
      keep (self, at, position, next);
    if (!change->deleted) {
      KubeObject *row = met ? g_ptr_array_index (self->objects, position) : NULL;
      KubeObject *object = row != NULL && is_same (row, change->object) ? row : change->object;

      g_ptr_array_add (next, g_object_ref (object));
    }
    at = position + (met ? 1 : 0);
  }
  if (!complete)
    keep (self, at, self->objects->len, next);
  return next;
}

/* What of @next is not as it was: without the rows that are the same at both ends. */
static KubeSplice
compare (GPtrArray *old, GPtrArray *next)
{
  guint shorter = MIN (old->len, next->len);
  guint head = 0;
  guint tail = 0;

  while (head < shorter && old->pdata[head] == next->pdata[head])
    head++;
  while (tail < shorter - head &&
         old->pdata[old->len - 1 - tail] == next->pdata[next->len - 1 - tail])
    tail++;
  return (KubeSplice){ head, old->len - head - tail, next->len - head - tail };
}

/**
 * kube_rows_new:
 *
 * Returns: (transfer full): no rows
 */
KubeRows *
kube_rows_new (void)
{
  KubeRows *self = g_new0 (KubeRows, 1);

  self->objects = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

/**
 * kube_rows_free:
 * @self: (transfer full): rows
 */
void
kube_rows_free (KubeRows *self)
{
  g_ptr_array_unref (self->objects);
  g_free (self);
}

/**
 * kube_rows_get_n_rows:
 * @self: rows
 *
 * Returns: how many there are
 */
guint
kube_rows_get_n_rows (KubeRows *self)
{
  return self->objects->len;
}

/**
 * kube_rows_get:
 * @self: rows
 * @position: which one
 *
 * Returns: (transfer none) (nullable): the object there
 */
KubeObject *
kube_rows_get (KubeRows *self, guint position)
{
  return position < self->objects->len ? g_ptr_array_index (self->objects, position) : NULL;
}

/**
 * kube_rows_find:
 * @self: rows
 * @namespace_: (nullable): a namespace
 * @name: a name
 *
 * Returns: (transfer none) (nullable): the object of that name
 */
KubeObject *
kube_rows_find (KubeRows *self, const char *namespace_, const char *name)
{
  guint position = find_position (self, 0, namespace_, name);
  KubeObject *object = kube_rows_get (self, position);

  return object != NULL && kube_object_compare_key (object, namespace_, name) == 0 ? object : NULL;
}

/**
 * kube_rows_apply:
 * @self: rows
 * @changes: (element-type KubeChange): settled changes
 * @complete: whether @changes is all there is, as after a list
 * @updated: (element-type KubeObject): where to add the rows that stay and have changed
 *
 * A row stays the same #KubeObject as long as its uid does.
 *
 * Returns: the rows that came and went: one range, which has those in it that stayed between them
 */
KubeSplice
kube_rows_apply (KubeRows *self, GPtrArray *changes, gboolean complete, GPtrArray *updated)
{
  g_autoptr (GPtrArray) old = NULL;
  GPtrArray *next;

  if (!update_in_place (self, changes, complete, updated))
    return (KubeSplice){ 0, 0, 0 };

  next = merge (self, changes, complete);
  old = g_steal_pointer (&self->objects);
  self->objects = next;
  return compare (old, next);
}

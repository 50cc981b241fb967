/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-change.h"

#include "kube-object-private.h"

/**
 * kube_change_new:
 * @object: (transfer full): an object
 * @deleted: whether it is gone
 *
 * Returns: (transfer full): the change
 */
KubeChange *
kube_change_new (KubeObject *object, gboolean deleted)
{
  KubeChange *self = g_new (KubeChange, 1);

  self->object = object;
  self->deleted = deleted;
  return self;
}

/**
 * kube_change_free:
 * @self: (transfer full) (nullable): a change
 */
void
kube_change_free (KubeChange *self)
{
  if (self == NULL)
    return;
  g_clear_object (&self->object);
  g_free (self);
}

/**
 * kube_change_new_array:
 *
 * Returns: (transfer full) (element-type KubeChange): an empty array that owns its changes
 */
GPtrArray *
kube_change_new_array (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)kube_change_free);
}

static int
compare_changes (gconstpointer a, gconstpointer b)
{
  const KubeChange *first = *(const KubeChange *const *)a;
  const KubeChange *second = *(const KubeChange *const *)b;

  return kube_object_compare (first->object, second->object);
}

/**
 * kube_change_settle:
 * @changes: (element-type KubeChange): changes in the order in which they came
 *
 * Sorts @changes by namespace and name, and drops all but the last one of each object.
 */
void
kube_change_settle (GPtrArray *changes)
{
  guint kept = 0;

  /* a stable sort: what came later stays behind */
  g_ptr_array_sort (changes, compare_changes);

  for (guint i = 0; i < changes->len; i++) {
    gboolean superseded =
      i + 1 < changes->len && compare_changes (&changes->pdata[i], &changes->pdata[i + 1]) == 0;

    if (superseded)
      kube_change_free (changes->pdata[i]);
    else
      changes->pdata[kept++] = changes->pdata[i];
  }
  /* the rest are moved or freed */
  for (guint i = kept; i < changes->len; i++)
    changes->pdata[i] = NULL;
  g_ptr_array_set_size (changes, (int)kept);
}

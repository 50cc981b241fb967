/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-weak.h"

/**
 * kube_weak_new:
 * @object: who wants to hear of an operation's end, if it lives till then
 *
 * Returns: (transfer full): data for exactly one callback
 */
gpointer
kube_weak_new (gpointer object)
{
  GWeakRef *weak = g_new0 (GWeakRef, 1);

  g_weak_ref_init (weak, object);
  return weak;
}

/**
 * kube_weak_get:
 * @weak: what kube_weak_new() gave
 *
 * Returns: (transfer full) (nullable): the object, if it is still there
 */
gpointer
kube_weak_get (gpointer weak)
{
  return g_weak_ref_get (weak);
}

/**
 * kube_weak_take:
 * @weak: (transfer full): what kube_weak_new() gave
 *
 * Returns: (transfer full) (nullable): the object, if it is still there
 */
gpointer
kube_weak_take (gpointer weak)
{
  gpointer object = g_weak_ref_get (weak);

  g_weak_ref_clear (weak);
  g_free (weak);
  return object;
}

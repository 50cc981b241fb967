/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * base_source_clear:
 * @source: (not nullable): address of a source that is owned, or of %NULL
 *
 * Destroys and forgets a #GSource. It may be the one that is being dispatched.
 */
static inline void
base_source_clear (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-echo.h"

struct _MeshEcho {
  char *awaited;     /* (nullable): version of the last write */
  GHashTable *older; /* versions that were before it */
};

MeshEcho *
mesh_echo_new (void)
{
  MeshEcho *self = g_new0 (MeshEcho, 1);

  self->older = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
mesh_echo_free (MeshEcho *self)
{
  g_free (self->awaited);
  g_hash_table_unref (self->older);
  g_free (self);
}

/**
 * mesh_echo_add_older:
 * @version: (nullable): that something is written upon
 */
void
mesh_echo_add_older (MeshEcho *self, const char *version)
{
  if (version != NULL)
    g_hash_table_add (self->older, g_strdup (version));
}

/**
 * mesh_echo_await:
 * @version: (nullable): that the server gave to what was written; NULL: there is nothing to wait
 *   for
 */
void
mesh_echo_await (MeshEcho *self, const char *version)
{
  g_free (self->awaited);
  self->awaited = g_strdup (version);
}

gboolean
mesh_echo_is_awaited (MeshEcho *self)
{
  return self->awaited != NULL;
}

/**
 * mesh_echo_is_shown_by:
 * @version: (nullable): that the watch has brought
 *
 * What a watch shows on the way there are our own earlier writes; nobody else's can be between, or
 * the server had found a conflict.
 */
gboolean
mesh_echo_is_shown_by (MeshEcho *self, const char *version)
{
  return version != NULL && self->awaited != NULL &&
         (g_str_equal (version, self->awaited) || !g_hash_table_contains (self->older, version));
}

void
mesh_echo_clear (MeshEcho *self)
{
  g_clear_pointer (&self->awaited, g_free);
  g_hash_table_remove_all (self->older);
}

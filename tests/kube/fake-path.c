/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-path.h"

#include <string.h>

static const KubeKind *
find_kind (const char *plural, const char *group)
{
  g_autofree char *full = g_strconcat (plural, *group != '\0' ? "." : NULL, group, NULL);
  const KubeKind *kind = kube_kind_lookup (full);

  /* nothing but the plural stands in a path */
  return kind != NULL && g_str_equal (kind->plural, plural) && g_str_equal (kind->group, group)
           ? kind
           : NULL;
}

static char *
dup_part (const char *const *parts, guint n_parts, guint index)
{
  return index < n_parts ? g_uri_unescape_string (parts[index], NULL) : NULL;
}

gboolean
fake_path_parse (FakePath *self, const char *path)
{
  g_auto (GStrv) all = g_strsplit (path, "/", -1);
  const char *const *parts = (const char *const *)all + 1;
  guint n_parts = g_strv_length (all) - 1;
  const char *group = "";
  guint at = 1;

  if (n_parts >= 3 && g_str_equal (parts[0], "apis"))
    group = parts[at++];
  else if (n_parts < 3 || !g_str_equal (parts[0], "api"))
    return FALSE;

  self->version = dup_part (parts, n_parts, at++);
  if (n_parts > at + 2 && g_str_equal (parts[at], "namespaces")) {
    self->namespace_ = dup_part (parts, n_parts, at + 1);
    at += 2;
  }
  if (at >= n_parts || n_parts > at + 2)
    return FALSE;
  self->kind = find_kind (parts[at], group);
  self->name = dup_part (parts, n_parts, at + 1);
  return self->kind != NULL;
}

void
fake_path_clear (FakePath *self)
{
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->namespace_, g_free);
  g_clear_pointer (&self->name, g_free);
}

char *
fake_path_dup_api_version (const FakePath *self)
{
  return *self->kind->group == '\0' ? g_strdup (self->version)
                                    : g_strconcat (self->kind->group, "/", self->version, NULL);
}

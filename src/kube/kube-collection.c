/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-collection.h"

/**
 * kube_collection_dup_path:
 * @self: a collection
 * @format: parameters of the query as printf() has them, percent-encoded
 * @...: arguments of @format
 *
 * Returns: (transfer full): a path of the API with a query
 */
char *
kube_collection_dup_path (const KubeCollection *self, const char *format, ...)
{
  g_autofree char *path = kube_kind_dup_path (self->kind, self->version, self->namespace_, NULL);
  GString *text = g_string_new (path);
  va_list args;

  g_string_append_c (text, '?');
  va_start (args, format);
  g_string_append_vprintf (text, format, args);
  va_end (args);
  if (self->label_selector != NULL) {
    g_string_append (text, "&labelSelector=");
    g_string_append_uri_escaped (text, self->label_selector, NULL, FALSE);
  }
  return g_string_free (text, FALSE);
}

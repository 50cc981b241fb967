/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-consent.h"

#include "base-metadata.h"

struct _MeshConsent {
  GHashTable *given; /* (element-type utf8): objects and causes */
};

/**
 * mesh_consent_new:
 *
 * Returns: (transfer full): to nothing yet
 */
MeshConsent *
mesh_consent_new (void)
{
  MeshConsent *self = g_new0 (MeshConsent, 1);

  self->given = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
mesh_consent_free (MeshConsent *self)
{
  g_hash_table_unref (self->given);
  g_free (self);
}

/* One that is made anew under the same name is another one. */
static char *
dup_key (JsonNode *object, const MeshWarning *warning)
{
  const char *uid = base_metadata_get_uid (object);

  return g_strdup_printf ("%s\n%s", uid != NULL ? uid : "", warning->text);
}

static gboolean
has_text (GPtrArray *warnings, const char *text)
{
  for (guint i = 0; i < warnings->len; i++) {
    const MeshWarning *warning = g_ptr_array_index (warnings, i);

    if (g_str_equal (warning->text, text))
      return TRUE;
  }
  return FALSE;
}

/**
 * mesh_consent_find:
 * @before: the VirtualService as the server has it
 * @after: as it is to be
 *
 * Returns: (transfer full) (element-type MeshWarning): what will not work as it looks with @after,
 *   was not so with @before, and was not agreed to
 */
GPtrArray *
mesh_consent_find (MeshConsent *self,
                   JsonNode *before,
                   JsonNode *after,
                   const MeshSurroundings *surroundings)
{
  GPtrArray *warnings = mesh_preflight (after, surroundings);
  g_autoptr (GPtrArray) present = NULL;

  if (warnings->len == 0)
    return warnings;
  present = mesh_preflight (before, surroundings);
  for (guint i = warnings->len; i > 0; i--) {
    const MeshWarning *warning = g_ptr_array_index (warnings, i - 1);
    g_autofree char *key = dup_key (before, warning);

    if (has_text (present, warning->text) || g_hash_table_contains (self->given, key))
      g_ptr_array_remove_index (warnings, i - 1);
  }
  return warnings;
}

/**
 * mesh_consent_give:
 * @object: a VirtualService
 * @warnings: (element-type MeshWarning): what is agreed to for it
 */
void
mesh_consent_give (MeshConsent *self, JsonNode *object, GPtrArray *warnings)
{
  for (guint i = 0; i < warnings->len; i++)
    g_hash_table_add (self->given, dup_key (object, g_ptr_array_index (warnings, i)));
}

/**
 * mesh_consent_dup_text:
 * @warnings: (element-type MeshWarning)
 *
 * Returns: (transfer full): what they say, a paragraph each
 */
char *
mesh_consent_dup_text (GPtrArray *warnings)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < warnings->len; i++) {
    const MeshWarning *warning = g_ptr_array_index (warnings, i);

    g_string_append_printf (text, "%s%s %s", i > 0 ? "\n\n" : "", warning->text, warning->advice);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-store-rescue.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* Two in one second have names of their own. */
#define MAX_TRIES 100

/* What SQLite keeps beside a file; the log has what was written last. */
static const char *const suffixes[] = { "-wal", "-shm", "-journal" };

static gboolean
is_good (const char *path, GError **error)
{
  g_autoptr (PracticeStore) store = practice_store_new (path, error);

  return store != NULL;
}

/* (transfer full) (nullable): a name that nothing has */
static char *
dup_free_path (const char *path)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *when = g_date_time_format (now, "%Y%m%d-%H%M%S");

  for (guint i = 1; i <= MAX_TRIES; i++) {
    g_autofree char *number = i > 1 ? g_strdup_printf ("-%u", i) : g_strdup ("");
    g_autofree char *free_path = g_strconcat (path, ".damaged-", when, number, NULL);

    if (!g_file_test (free_path, G_FILE_TEST_EXISTS))
      return g_steal_pointer (&free_path);
  }
  return NULL;
}

static gboolean
move (const char *path, const char *to, GError **error)
{
  if (g_rename (path, to) == 0)
    return TRUE;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
               /* Translators: a file, a new name for it, and the system's reason */
               _ ("“%s” is damaged and cannot be renamed to “%s”: %s"), path, to,
               g_strerror (errno));
  return FALSE;
}

/* The log goes first: beside a new file it would be taken for the new one's. */
static gboolean
move_all (const char *path, const char *to, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++) {
    g_autofree char *from = g_strconcat (path, suffixes[i], NULL);
    g_autofree char *beside = g_strconcat (to, suffixes[i], NULL);

    if (g_file_test (from, G_FILE_TEST_EXISTS) && !move (from, beside, error))
      return FALSE;
  }
  return move (path, to, error);
}

/**
 * practice_store_rescue:
 * @path: the file of a store that nobody has open
 * @set_aside: (out) (transfer full) (nullable): where the file is now, where it was damaged
 * @error: return location
 *
 * Reads the whole file. Where it is damaged it is renamed, so that practice_store_new() begins
 * anew. A file that is good, or missing, or cannot be read for another reason stays as it is.
 *
 * Returns: %FALSE with the error of practice_store_new() where it is not damaged and cannot be used
 *   all the same, or with a #GFileError where it cannot be renamed
 */
gboolean
practice_store_rescue (const char *path, char **set_aside, GError **error)
{
  g_autoptr (GError) reason = NULL;
  g_autofree char *to = NULL;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (set_aside != NULL && *set_aside == NULL, FALSE);

  if (!g_file_test (path, G_FILE_TEST_EXISTS) || is_good (path, &reason))
    return TRUE;
  if (!g_error_matches (reason, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED)) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  to = dup_free_path (path);
  if (to == NULL) {
    g_propagate_error (error, g_steal_pointer (&reason));
    return FALSE;
  }
  if (!move_all (path, to, error))
    return FALSE;
  *set_aside = g_steal_pointer (&to);
  return TRUE;
}

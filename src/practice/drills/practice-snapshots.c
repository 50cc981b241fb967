/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-snapshots.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "practice-cluster.h"
#include "practice-home-file.h"
#include "practice-skeleton.h"
#include "practice-store-copy.h"

#define SUFFIX ".db"
#define MAX_NAME 64
#define MAX_SNAPSHOTS 200

/* What the first start looked like; no snapshot has such a name. */
#define FIRST_START ".first-start" SUFFIX

/* The one file of the home that is the cluster's. In the store's settings it waits to be written:
 * the state and the file change together, also where this process dies between them. */
#define FILE_FOLDER "lab"
#define FILE_NAME "cluster.yaml"
#define FILE_SETTING "home/" FILE_FOLDER "/" FILE_NAME

struct _PracticeSnapshots {
  GObject parent_instance;

  PracticeStore *store;
  char *folder;
  char *home;
};

G_DEFINE_FINAL_TYPE (PracticeSnapshots, practice_snapshots, G_TYPE_OBJECT)

/**
 * practice_snapshots_check_name:
 * @name: what a user gave
 * @error: return location
 *
 * Returns: whether a snapshot can have that name; %G_IO_ERROR_INVALID_FILENAME
 */
gboolean
practice_snapshots_check_name (const char *name, GError **error)
{
  gsize length;

  g_return_val_if_fail (name != NULL, FALSE);

  length = strlen (name);
  if (length > 0 && length <= MAX_NAME && g_ascii_isalnum (*name) &&
      strspn (name, G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS "._-") == length)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME,
               _ ("“%s” cannot be the name of a snapshot. Use up to %d letters, digits, dots, "
                  "hyphens and underscores, beginning with a letter or a digit."),
               name, MAX_NAME);
  return FALSE;
}

static char *
dup_path (PracticeSnapshots *self, const char *name)
{
  g_autofree char *file = g_strconcat (name, SUFFIX, NULL);

  return g_build_filename (self->folder, file, NULL);
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The names there are, sorted. */
static GPtrArray *
list_names (PracticeSnapshots *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *file;

  while (dir != NULL && (file = g_dir_read_name (dir)) != NULL) {
    g_autofree char *name = NULL;

    if (!g_str_has_suffix (file, SUFFIX))
      continue;
    name = g_strndup (file, strlen (file) - strlen (SUFFIX));
    if (practice_snapshots_check_name (name, NULL))
      g_ptr_array_add (names, g_steal_pointer (&name));
  }
  g_ptr_array_sort (names, compare_names);
  return names;
}

/* Writes the file that a restore has left to be written. */
static gboolean
finish_file (PracticeSnapshots *self, GError **error)
{
  g_autofree char *text = practice_store_dup_setting (self->store, FILE_SETTING);

  if (text == NULL || *text == '\0')
    return TRUE;
  return practice_home_file_write (self->home, FILE_FOLDER, FILE_NAME, text, error) &&
         practice_store_set_setting (self->store, FILE_SETTING, "", error);
}

static void
practice_snapshots_finalize (GObject *object)
{
  PracticeSnapshots *self = PRACTICE_SNAPSHOTS (object);

  g_clear_object (&self->store);
  g_free (self->folder);
  g_free (self->home);

  G_OBJECT_CLASS (practice_snapshots_parent_class)->finalize (object);
}

static void
practice_snapshots_class_init (PracticeSnapshotsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_snapshots_finalize;
}

static void
practice_snapshots_init (PracticeSnapshots *self)
{
}

/**
 * practice_snapshots_new:
 * @store: the cluster's state
 * @folder: where snapshots are kept, made if missing
 * @home: the home of the user on the jumpserver
 * @error: return location
 *
 * Finishes what a restore left undone when its process died.
 *
 * Returns: (transfer full) (nullable): the snapshots
 */
PracticeSnapshots *
practice_snapshots_new (PracticeStore *store, const char *folder, const char *home, GError **error)
{
  g_autoptr (PracticeSnapshots) self = NULL;
  g_autoptr (GError) local_error = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (folder != NULL && home != NULL, NULL);

  if (g_mkdir (folder, 0700) < 0 && errno != EEXIST) {
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("The folder “%s” cannot be made: %s"), folder, g_strerror (errno));
    return NULL;
  }
  self = g_object_new (PRACTICE_TYPE_SNAPSHOTS, NULL);
  self->store = g_object_ref (store);
  self->folder = g_strdup (folder);
  self->home = g_strdup (home);
  /* A file that cannot be written must not keep the cluster from starting. */
  if (!finish_file (self, &local_error))
    g_debug ("%s", local_error->message);
  return g_steal_pointer (&self);
}

/**
 * practice_snapshots_save:
 * @self: the snapshots
 * @name: a name; a snapshot that has it is replaced
 * @error: return location
 *
 * Keeps the present state.
 *
 * Returns: whether it is kept
 */
gboolean
practice_snapshots_save (PracticeSnapshots *self, const char *name, GError **error)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (PRACTICE_IS_SNAPSHOTS (self), FALSE);

  if (!practice_snapshots_check_name (name, error))
    return FALSE;
  path = dup_path (self, name);
  names = list_names (self);
  if (names->len >= MAX_SNAPSHOTS && !g_file_test (path, G_FILE_TEST_EXISTS)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                 _ ("There are %u snapshots already. Use the name of an old one again."),
                 names->len);
    return FALSE;
  }
  text = practice_home_file_read (self->home, FILE_FOLDER, FILE_NAME, &local_error);
  if (local_error != NULL) {
    g_propagate_error (error, g_steal_pointer (&local_error));
    return FALSE;
  }
  return practice_store_save (self->store, path, FILE_SETTING, text != NULL ? text : "", error);
}

/**
 * practice_snapshots_restore:
 * @self: the snapshots
 * @name: of a snapshot
 * @error: return location
 *
 * Goes back to the state that was kept; certificates, token and port stay as they are.
 *
 * Returns: whether it is so
 */
gboolean
practice_snapshots_restore (PracticeSnapshots *self, const char *name, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (PRACTICE_IS_SNAPSHOTS (self), FALSE);

  if (!practice_snapshots_check_name (name, error))
    return FALSE;
  path = dup_path (self, name);
  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _ ("There is no snapshot named “%s”. “snapshot” without a name lists them."),
                 name);
    return FALSE;
  }
  return practice_store_restore (self->store, path, error) && finish_file (self, error);
}

static gboolean
write_first_start (const char *path, GError **error)
{
  g_autoptr (PracticeStore) store = practice_store_new (path, error);
  g_autofree char *text = NULL;

  if (store == NULL || !practice_cluster_fill (store, error))
    return FALSE;
  text = practice_skeleton_dup_file ("home/" FILE_FOLDER "/" FILE_NAME, error);
  return text != NULL && practice_store_set_setting (store, FILE_SETTING, text, error);
}

/* The file is open, and cannot be set aside before it is closed. */
static void
say_damaged (GError **error)
{
  if (error == NULL ||
      !g_error_matches (*error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED))
    return;
  g_prefix_error (error, "%s ",
                  _ ("The file of the cluster's state has been damaged. Leave the practice "
                     "cluster, and then ask for a new one again."));
}

/**
 * practice_snapshots_reset:
 * @self: the snapshots
 * @error: return location
 *
 * Goes back to the first start of a cluster.
 *
 * Returns: whether it is so
 */
gboolean
practice_snapshots_reset (PracticeSnapshots *self, GError **error)
{
  g_autofree char *path = NULL;
  gboolean done;

  g_return_val_if_fail (PRACTICE_IS_SNAPSHOTS (self), FALSE);

  path = g_build_filename (self->folder, FIRST_START, NULL);
  practice_store_remove_file (path);
  done = write_first_start (path, error) && practice_store_restore (self->store, path, error) &&
         finish_file (self, error);
  practice_store_remove_file (path);
  if (!done)
    say_damaged (error);
  return done;
}

/**
 * practice_snapshots_dup_list:
 * @self: the snapshots
 *
 * Returns: (transfer full): a line for each: when it was made, and its name
 */
char *
practice_snapshots_dup_list (PracticeSnapshots *self)
{
  g_autoptr (GPtrArray) names = NULL;
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (PRACTICE_IS_SNAPSHOTS (self), NULL);

  names = list_names (self);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = dup_path (self, names->pdata[i]);
    g_autoptr (GDateTime) made = NULL;
    g_autofree char *when = NULL;
    GStatBuf info;

    if (g_stat (path, &info) < 0)
      continue;
    made = g_date_time_new_from_unix_local (info.st_mtime);
    when = g_date_time_format (made, "%Y-%m-%d %H:%M:%S");
    g_string_append_printf (text, "%s  %s\n", when, (char *)names->pdata[i]);
  }
  return g_string_free (text, FALSE);
}

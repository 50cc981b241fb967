/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-install.h"
#include "practice-folder.h"

#define LOCK_NAME "lock"
#define STORE_NAME "cluster.db"
#define PATH_LIMIT 4096

/* Digits of the folder's hash in the name of the folder for its sockets: short, because a
 * socket's address has 108 bytes. */
#define HASH_DIGITS 16

struct _PracticeFolder {
  GObject parent_instance;

  char *path;
  int lock; /* file descriptor; the lock is held until all that share it are closed */
};

G_DEFINE_FINAL_TYPE (PracticeFolder, practice_folder, G_TYPE_OBJECT)

static void
set_error (GError **error, const char *path)
{
  int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               /* Translators: a folder's path, and the system's reason */
               _ ("The folder “%s” cannot be used: %s. Make it one that you can write to, or start "
                  "with another folder: konvoy-lab --practice=FOLDER"),
               path, g_strerror (saved_errno));
}

/* A folder of the user's that has other things in it is not made private, nor filled. */
static gboolean
is_free (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autofree char *lock = g_build_filename (path, LOCK_NAME, NULL);

  return dir && (!g_dir_read_name (dir) || g_file_test (lock, G_FILE_TEST_IS_REGULAR));
}

static gboolean
make_private (const char *path, GError **error)
{
  struct stat info;

  if (g_mkdir_with_parents (path, 0700) < 0 || stat (path, &info) < 0) {
    set_error (error, path);
    return FALSE;
  }
  if (!S_ISDIR (info.st_mode)) {
    errno = ENOTDIR;
    set_error (error, path);
    return FALSE;
  }
  if (info.st_uid != geteuid ()) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                 _ ("The folder “%s” belongs to another user. Choose another one."), path);
    return FALSE;
  }
  if (!is_free (path)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
                 _ ("The folder “%s” has other files in it. Choose an empty one."), path);
    return FALSE;
  }
  if ((info.st_mode & 0777) != 0700 && g_chmod (path, 0700) < 0) {
    set_error (error, path);
    return FALSE;
  }
  return TRUE;
}

static void
practice_folder_finalize (GObject *object)
{
  PracticeFolder *self = PRACTICE_FOLDER (object);

  if (self->lock >= 0)
    close (self->lock);
  g_free (self->path);

  G_OBJECT_CLASS (practice_folder_parent_class)->finalize (object);
}

static void
practice_folder_class_init (PracticeFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = practice_folder_finalize;
}

static void
practice_folder_init (PracticeFolder *self)
{
  self->lock = -1;
}

/**
 * practice_folder_new:
 * @path: where the cluster is kept, made if missing
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the folder, which is the user's alone now; an error with a
 * sentence for the user where it cannot be, or is used for something else
 */
PracticeFolder *
practice_folder_new (const char *path, GError **error)
{
  g_autoptr (PracticeFolder) self = NULL;
  g_autofree char *absolute = NULL;
  g_autofree char *real = NULL;
  g_autofree char *lock = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  absolute = g_canonicalize_filename (path, NULL);
  if (!make_private (absolute, error))
    return NULL;
  self = g_object_new (PRACTICE_TYPE_FOLDER, NULL);
  real = realpath (absolute, NULL);
  self->path = g_strdup (real ? real : absolute);
  lock = practice_folder_dup_file (self, LOCK_NAME);
  self->lock = open (lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock < 0) {
    set_error (error, absolute);
    return NULL;
  }
  return g_steal_pointer (&self);
}

/**
 * practice_folder_get_path:
 * @self: a folder
 *
 * Returns: its absolute path, without links, so that each folder has one
 */
const char *
practice_folder_get_path (PracticeFolder *self)
{
  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), NULL);

  return self->path;
}

/**
 * practice_folder_dup_file:
 * @self: a folder
 * @name: name of something in it
 *
 * Returns: (transfer full): its absolute path
 */
char *
practice_folder_dup_file (PracticeFolder *self, const char *name)
{
  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), NULL);

  return g_build_filename (self->path, name, NULL);
}

/**
 * practice_folder_dup_store:
 * @self: a folder
 *
 * Returns: (transfer full): the absolute path of the cluster's state in it
 */
char *
practice_folder_dup_store (PracticeFolder *self)
{
  return practice_folder_dup_file (self, STORE_NAME);
}

/**
 * practice_folder_lock:
 * @self: a folder
 * @error: return location for an error
 *
 * Takes the lock (flock(2)) if nobody has it. It ends with the last process that has it since a
 * fork, however that ends, so that a dead owner never blocks.
 *
 * Returns: whether this process owns the folder now; `G_IO_ERROR_WOULD_BLOCK` where another does
 */
gboolean
practice_folder_lock (PracticeFolder *self, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), FALSE);

  if (flock (self->lock, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  set_error (error, self->path);
  return FALSE;
}

/**
 * practice_folder_publish:
 * @self: a folder that this process owns
 * @sockets: the folder of the owner's sockets
 * @error: return location for an error
 *
 * Says in the lock's file where the owner is found, since another process may have other
 * variables such as `XDG_RUNTIME_DIR`.
 *
 * Returns: whether it is written
 */
gboolean
practice_folder_publish (PracticeFolder *self, const char *sockets, GError **error)
{
  gsize length;

  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), FALSE);
  g_return_val_if_fail (sockets != NULL, FALSE);

  length = strlen (sockets);
  if (ftruncate (self->lock, 0) == 0 && pwrite (self->lock, sockets, length, 0) == (gssize)length)
    return TRUE;
  set_error (error, self->path);
  return FALSE;
}

/**
 * practice_folder_dup_published:
 * @self: a folder that another process owns
 *
 * Returns: (transfer full) (nullable): what the owner has published; %NULL: nothing yet
 */
char *
practice_folder_dup_published (PracticeFolder *self)
{
  char buffer[PATH_LIMIT] = "";

  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), NULL);

  if (pread (self->lock, buffer, sizeof buffer - 1, 0) <= 0)
    return NULL;
  return g_strdup (buffer);
}

/**
 * practice_folder_dup_sockets:
 * @self: a folder that this process owns
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the private folder for the sockets, made if missing: the
 * same each time, so that what others know of them stays true
 */
char *
practice_folder_dup_sockets (PracticeFolder *self, GError **error)
{
  g_autofree char *runtime = base_install_dup_runtime_dir (error);
  g_autofree char *hash = NULL;
  g_autofree char *sockets = NULL;

  g_return_val_if_fail (PRACTICE_IS_FOLDER (self), NULL);

  if (!runtime)
    return NULL;
  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->path, -1);
  hash[HASH_DIGITS] = '\0';
  sockets = g_build_filename (runtime, hash, NULL);
  if (g_mkdir (sockets, 0700) < 0 && errno != EEXIST) {
    set_error (error, sockets);
    return NULL;
  }
  return g_steal_pointer (&sockets);
}

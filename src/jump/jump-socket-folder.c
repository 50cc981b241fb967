/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <sys/un.h>
#include <unistd.h>

#include "base-install.h"
#include "jump-address.h"
#include "jump-place.h"
#include "jump-socket-folder.h"

/**
 * JumpSocketFolder:
 *
 * A folder that only its owner can enter, for the sockets of one place. It holds a lock while it is
 * in use; folders without a holder were left by a process that was killed, and go when the next one
 * is made.
 */

#define LOCK "lock"
/* For the longest name in a folder: ssh binds its control socket under a temporary one, with a dot
 * and 16 letters after it (mux.c). */
#define ROOM_FOR_NAME 20

struct _JumpSocketFolder {
  GObject parent_instance;

  char *path;
  int lock;
  GHashTable *sockets; /* "host:port" → path */
};

G_DEFINE_FINAL_TYPE (JumpSocketFolder, jump_socket_folder, G_TYPE_OBJECT)

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    g_unlink (child);
  }
  g_rmdir (path);
}

/* Returns the lock's descriptor, or -1 where another process has it or there is none. */
static int
take_lock (const char *folder, int flags)
{
  g_autofree char *path = g_build_filename (folder, LOCK, NULL);
  int fd = open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) != 0) {
    close (fd);
    return -1;
  }
  return fd;
}

static void
remove_abandoned (const char *runtime_dir, const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (runtime_dir, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = NULL;
    int lock;

    if (!g_str_has_prefix (name, prefix))
      continue;
    path = g_build_filename (runtime_dir, name, NULL);
    lock = take_lock (path, 0);
    if (lock < 0)
      continue;
    remove_folder (path);
    close (lock);
  }
}

/* The folder gets the name by which others look for abandoned ones only once it is locked. */
static gboolean
make_folder (JumpSocketFolder *self, const char *runtime_dir, const char *prefix, GError **error)
{
  g_autofree char *hidden_name = g_strdup_printf (".%sXXXXXX", prefix);
  g_autofree char *hidden = g_build_filename (runtime_dir, hidden_name, NULL);
  g_autofree char *path = NULL;

  if (g_mkdtemp_full (hidden, 0700) != NULL) {
    path = g_build_filename (runtime_dir, strrchr (hidden, '/') + 2, NULL);
    self->lock = take_lock (hidden, O_CREAT);
    if (self->lock >= 0 && rename (hidden, path) == 0) {
      self->path = g_steal_pointer (&path);
      return TRUE;
    }
  }
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               /* Translators: %s is a folder, the second %s the system's reason */
               _ ("Cannot make a folder in %s: %s"), runtime_dir, g_strerror (errno));
  remove_folder (hidden);
  return FALSE;
}

static void
jump_socket_folder_finalize (GObject *object)
{
  JumpSocketFolder *self = JUMP_SOCKET_FOLDER (object);

  if (self->path != NULL)
    remove_folder (self->path);
  if (self->lock >= 0)
    close (self->lock);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->sockets, g_hash_table_unref);

  G_OBJECT_CLASS (jump_socket_folder_parent_class)->finalize (object);
}

static void
jump_socket_folder_class_init (JumpSocketFolderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = jump_socket_folder_finalize;
}

static void
jump_socket_folder_init (JumpSocketFolder *self)
{
  self->lock = -1;
  self->sockets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * jump_socket_folder_new:
 * @kind: a short word that begins the folder's name
 *
 * Returns: (transfer full): a new folder below the runtime folder, or %NULL with an error
 */
JumpSocketFolder *
jump_socket_folder_new (const char *kind, GError **error)
{
  g_autoptr (JumpSocketFolder) self = g_object_new (JUMP_TYPE_SOCKET_FOLDER, NULL);
  g_autofree char *runtime_dir = base_install_dup_runtime_dir (error);
  g_autofree char *prefix = g_strconcat (kind, "-", NULL);
  struct sockaddr_un address;

  if (runtime_dir == NULL)
    return NULL;
  remove_abandoned (runtime_dir, prefix);
  if (!make_folder (self, runtime_dir, prefix, error))
    return NULL;
  /* unix(7): the path of a socket is limited, usually to 108 bytes. */
  if (strlen (self->path) + ROOM_FOR_NAME >= sizeof address.sun_path) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: %s is a folder */
                 _ ("The path %s is too long for sockets. Set XDG_RUNTIME_DIR to a shorter one."),
                 self->path);
    return NULL;
  }
  return g_steal_pointer (&self);
}

const char *
jump_socket_folder_get_path (JumpSocketFolder *self)
{
  g_return_val_if_fail (JUMP_IS_SOCKET_FOLDER (self), NULL);

  return self->path;
}

char *
jump_socket_folder_dup_child (JumpSocketFolder *self, const char *name)
{
  g_return_val_if_fail (JUMP_IS_SOCKET_FOLDER (self), NULL);

  return g_build_filename (self->path, name, NULL);
}

/**
 * jump_socket_folder_get_socket:
 *
 * Returns: the path for a socket that leads to @host and @port: always the same for the same two
 */
const char *
jump_socket_folder_get_socket (JumpSocketFolder *self, const char *host, guint16 port)
{
  g_autofree char *key = NULL;
  char *path;

  g_return_val_if_fail (JUMP_IS_SOCKET_FOLDER (self), NULL);

  key = jump_address_format (host, port);
  path = g_hash_table_lookup (self->sockets, key);
  if (path == NULL) {
    path = g_strdup_printf ("%s/%u.sock", self->path, g_hash_table_size (self->sockets));
    g_hash_table_insert (self->sockets, g_steal_pointer (&key), path);
  }
  return path;
}

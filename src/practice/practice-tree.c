/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* Programs may have taken their own rights to a folder away. */
#define MODE 0700

/* Deeper than any that people make, and less than there are file descriptors. */
#define MAX_DEPTH 256

static void remove_at (int parent, const char *name, guint depth);

static void
empty (int fd, guint depth)
{
  DIR *dir = fdopendir (fd);
  struct dirent *entry;

  if (dir == NULL) {
    close (fd);
    return;
  }
  while ((entry = readdir (dir)) != NULL)
    if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
      remove_at (fd, entry->d_name, depth);
  closedir (dir);
}

/* By file descriptor, since a name may lead elsewhere by the time it is used. */
static void
remove_at (int parent, const char *name, guint depth)
{
  int fd;

  if (unlinkat (parent, name, 0) == 0 || depth > MAX_DEPTH)
    return;
  fchmodat (parent, name, MODE, AT_SYMLINK_NOFOLLOW);
  fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0)
    empty (fd, depth + 1);
  unlinkat (parent, name, AT_REMOVEDIR);
}

/**
 * practice_tree_remove:
 * @path: a folder, or nothing
 *
 * Removes it with all that is in it, as far as the system allows. A symbolic link goes; what it
 * points to stays.
 */
void
practice_tree_remove (const char *path)
{
  remove_at (AT_FDCWD, path, 0);
}

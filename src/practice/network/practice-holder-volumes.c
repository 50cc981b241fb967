/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-holder-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of all volumes of a pod together that are in memory. */
#define VOLUMES_OPTIONS "size=134217728,mode=0755"

static guint n_parts;

/* One step down, which is made where it is missing. @at is closed. */
static int
step_down (int at, const char *name)
{
  int next = openat (at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);

  if (next < 0 && errno == ENOENT && mkdirat (at, name, 0777) == 0)
    next = openat (at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
  close (at);
  return next;
}

/* Walks to @path in the folder @at, which is closed, and never out of it: there is no way up, and a
 * symbolic link is not followed. */
static int
walk (int at, char *path)
{
  char *rest = NULL;

  for (char *name = strtok_r (path, "/", &rest); name != NULL && at >= 0;
       name = strtok_r (NULL, "/", &rest)) {
    if (strcmp (name, "..") == 0) {
      close (at);
      errno = EINVAL;
      return -1;
    }
    if (strcmp (name, ".") != 0)
      at = step_down (at, name);
  }
  return at;
}

/* Shows what @fd is at @target, a new file or folder. */
static int
show (int fd, const char *target)
{
  char source[32];
  struct stat info;
  int made;

  if (fstat (fd, &info) < 0)
    return errno;
  if (S_ISDIR (info.st_mode)) {
    made = mkdir (target, 0777);
  } else if (S_ISREG (info.st_mode)) {
    made = open (target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (made >= 0)
      close (made);
  } else {
    return ELOOP;
  }
  snprintf (source, sizeof source, "/proc/self/fd/%d", fd);
  if (made < 0 || mount (source, target, NULL, MS_BIND | MS_REC, NULL) < 0)
    return errno;
  return 0;
}

/* Mounts a part of a volume, where its programs cannot put anything else in its place. */
int
practice_holder_mount_part (guint volume, char *path, guint *number)
{
  char name[sizeof PRACTICE_HOLDER_PART + 16];
  int fd, error;

  snprintf (name, sizeof name, PRACTICE_HOLDER_VOLUMES "/%u", volume);
  fd = open (name, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0)
    fd = walk (fd, path);
  if (fd < 0)
    return errno;
  snprintf (name, sizeof name, PRACTICE_HOLDER_PART "%u", n_parts);
  error = show (fd, name);
  close (fd);
  *number = n_parts++;
  return error;
}

/* In the order of their numbers; -1 for those that begin empty. */
static int
open_folders (const char *const *volumes, guint n_volumes, int *fds)
{
  for (guint i = 0; i < n_volumes; i++) {
    fds[i] =
      volumes[i] != NULL ? open (volumes[i], O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (volumes[i] != NULL && fds[i] < 0)
      return errno;
  }
  return 0;
}

/* What mounts there are in a namespace that a user made does not spread to the system's. */
int
practice_holder_make_volumes (const char *const *volumes, guint n_volumes)
{
  int fds[PRACTICE_HOLDER_MAX_VOLUMES];
  int error;

  if (n_volumes > PRACTICE_HOLDER_MAX_VOLUMES)
    return E2BIG;
  if (unshare (CLONE_NEWNS) < 0)
    return errno;
  /* Before what they may be in is covered. */
  error = open_folders (volumes, n_volumes, fds);
  if (error != 0)
    return error;
  if (mount ("tmpfs", PRACTICE_HOLDER_VOLUMES, "tmpfs", MS_NOSUID | MS_NODEV, VOLUMES_OPTIONS) < 0)
    return errno;
  umask (0);
  for (guint i = 0; i < n_volumes && error == 0; i++) {
    char path[sizeof PRACTICE_HOLDER_VOLUMES + 16];

    snprintf (path, sizeof path, PRACTICE_HOLDER_VOLUMES "/%u", i);
    if (fds[i] >= 0)
      error = show (fds[i], path);
    else if (mkdir (path, 0777) < 0)
      error = errno;
    if (fds[i] >= 0)
      close (fds[i]);
  }
  return error;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "practice-folder.h"

typedef struct {
  char *root;
  char *path; /* a folder in it that is not there yet */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->root = g_dir_make_tmp ("konvoy-folder-XXXXXX", NULL);
  self->path = g_build_filename (self->root, "state", "practice", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  const char *const argv[] = { "rm", "-rf", self->root, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (self->root);
  g_free (self->path);
}

static guint
mode_of (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_private (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeFolder) folder = practice_folder_new (self->path, &error);
  g_autofree char *lock = NULL;
  g_autofree char *real = realpath (self->path, NULL);

  g_assert_no_error (error);
  g_assert_cmpstr (practice_folder_get_path (folder), ==, real);
  g_assert_cmphex (mode_of (self->path), ==, 0700);
  lock = practice_folder_dup_file (folder, "lock");
  g_assert_cmphex (mode_of (lock), ==, 0600);

  /* One that others can read is mended. */
  g_clear_object (&folder);
  g_assert_cmpint (g_chmod (self->path, 0755), ==, 0);
  folder = practice_folder_new (self->path, &error);
  g_assert_no_error (error);
  g_assert_cmphex (mode_of (self->path), ==, 0700);
}

/* The same folder by other names is the same folder. */
static void
test_names (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeFolder) folder = practice_folder_new (self->path, NULL);
  g_autofree char *link = g_build_filename (self->root, "link", NULL);
  g_autofree char *dots = g_build_filename (self->root, "state", "..", "state", "practice/", NULL);
  g_autoptr (PracticeFolder) by_link = NULL;
  g_autoptr (PracticeFolder) by_dots = practice_folder_new (dots, NULL);

  g_assert_cmpint (symlink (self->path, link), ==, 0);
  by_link = practice_folder_new (link, NULL);
  g_assert_cmpstr (practice_folder_get_path (by_link), ==, practice_folder_get_path (folder));
  g_assert_cmpstr (practice_folder_get_path (by_dots), ==, practice_folder_get_path (folder));
}

static void
test_one_owner (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeFolder) owner = practice_folder_new (self->path, NULL);
  g_autoptr (PracticeFolder) other = practice_folder_new (self->path, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *published = NULL;

  g_assert_null (practice_folder_dup_published (other));
  g_assert_true (practice_folder_lock (owner, NULL));
  g_assert_false (practice_folder_lock (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  g_assert_true (practice_folder_publish (owner, "/run/user/1000/konvoy-lab/0123/control", NULL));
  g_assert_true (practice_folder_publish (owner, "/run/control", NULL));
  published = practice_folder_dup_published (other);
  g_assert_cmpstr (published, ==, "/run/control");

  g_clear_object (&owner);
  g_assert_true (practice_folder_lock (other, NULL));
}

/* However an owner ends, its lock ends too. */
static void
test_dead_owner (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeFolder) folder = practice_folder_new (self->path, NULL);
  int ready[2];
  char byte;
  pid_t pid;

  g_assert_cmpint (pipe (ready), ==, 0);
  pid = fork ();
  if (pid == 0) {
    g_autoptr (PracticeFolder) owner = practice_folder_new (self->path, NULL);

    if (practice_folder_lock (owner, NULL) && write (ready[1], "", 1) == 1)
      pause ();
    _exit (1);
  }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  g_assert_false (practice_folder_lock (folder, NULL));
  kill (pid, SIGKILL);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  g_assert_true (practice_folder_lock (folder, NULL));
  close (ready[0]);
  close (ready[1]);
}

/* Sockets have a private place outside, the same each time, with room for their names. */
static void
test_sockets (Fixture *self, gconstpointer data)
{
  g_autoptr (PracticeFolder) folder = practice_folder_new (self->path, NULL);
  g_autofree char *runtime = g_build_filename (self->root, "run", NULL);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  g_assert_cmpint (g_mkdir (runtime, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  first = practice_folder_dup_sockets (folder, NULL);
  second = practice_folder_dup_sockets (folder, NULL);
  g_assert_cmpstr (first, ==, second);
  g_assert_cmphex (mode_of (first), ==, 0700);
  g_assert_false (g_str_has_prefix (first, self->path));
  g_assert_cmpuint (strlen (first), <, 108 - strlen ("/inside/addons"));
}

static void
test_not_ours (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->root, "file", NULL);
  g_autofree char *below = g_build_filename (file, "practice", NULL);
  g_autoptr (GError) full = NULL;
  g_autoptr (GError) not_folder = NULL;
  g_autoptr (GError) under_file = NULL;

  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  g_assert_cmpint (g_chmod (self->root, 0755), ==, 0);
  g_assert_null (practice_folder_new (self->root, &full));
  g_assert_error (full, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_cmphex (mode_of (self->root), ==, 0755);
  g_assert_null (practice_folder_new (file, &not_folder));
  g_assert_error (not_folder, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY);
  g_assert_null (practice_folder_new (below, &under_file));
  g_assert_nonnull (under_file);
}

/* One in which nobody may make anything. */
static void
test_denied (Fixture *self, gconstpointer data)
{
  const char *path = "/proc/konvoy";
  g_autoptr (GError) error = NULL;

  g_assert_null (practice_folder_new (path, &error));
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, "konvoy-lab --practice=FOLDER"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/practice-folder/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("private", test_private);
  ADD ("names", test_names);
  ADD ("one-owner", test_one_owner);
  ADD ("dead-owner", test_dead_owner);
  ADD ("sockets", test_sockets);
  ADD ("not-ours", test_not_ours);
  ADD ("denied", test_denied);
#undef ADD

  return g_test_run ();
}

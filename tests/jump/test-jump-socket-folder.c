/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "base-install.h"
#include "jump-socket-folder.h"
#include "test-place.h"

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  JumpSocketFolder *folder = jump_socket_folder_new ("ssh", &error);
  JumpSocketFolder *other = jump_socket_folder_new ("ssh", &error);
  g_autofree char *path = NULL;
  g_autofree char *child = NULL;
  struct stat status;

  g_assert_no_error (error);
  path = g_strdup (jump_socket_folder_get_path (folder));
  g_assert_cmpstr (path, !=, jump_socket_folder_get_path (other));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
  child = jump_socket_folder_dup_child (folder, "m");
  g_assert_true (g_file_set_contents (child, "", -1, NULL));
  g_assert_finalize_object (folder);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (jump_socket_folder_get_path (other), G_FILE_TEST_IS_DIR));
  g_assert_finalize_object (other);
}

static void
test_sockets (void)
{
  g_autoptr (JumpSocketFolder) folder = jump_socket_folder_new ("ssh", NULL);
  const char *one = jump_socket_folder_get_socket (folder, "10.0.0.1", 443);

  g_assert_cmpstr (one, ==, jump_socket_folder_get_socket (folder, "10.0.0.1", 443));
  g_assert_cmpstr (one, !=, jump_socket_folder_get_socket (folder, "10.0.0.1", 444));
  g_assert_cmpstr (one, !=, jump_socket_folder_get_socket (folder, "10.0.0.2", 443));
  g_assert_cmpuint (strlen (one), <, 108);
}

/* What a process left that was killed goes with the next one; what is in use stays. */
static void
test_abandoned (void)
{
  g_autofree char *runtime = base_install_dup_runtime_dir (NULL);
  g_autofree char *abandoned = g_build_filename (runtime, "ssh-aaaaaa", NULL);
  g_autofree char *unlocked = g_build_filename (runtime, "ssh-bbbbbb", NULL);
  g_autofree char *foreign = g_build_filename (runtime, "other", NULL);
  g_autofree char *lock = g_build_filename (abandoned, "lock", NULL);
  g_autoptr (JumpSocketFolder) used = jump_socket_folder_new ("ssh", NULL);
  g_autoptr (JumpSocketFolder) folder = NULL;

  g_assert_cmpint (g_mkdir (abandoned, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (unlocked, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (foreign, 0700), ==, 0);
  g_assert_true (g_file_set_contents (lock, "", -1, NULL));
  folder = jump_socket_folder_new ("ssh", NULL);
  g_assert_false (g_file_test (abandoned, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (unlocked, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (foreign, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (jump_socket_folder_get_path (used), G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/socket-folder/folder", test_folder);
  g_test_add_func ("/jump/socket-folder/sockets", test_sockets);
  g_test_add_func ("/jump/socket-folder/abandoned", test_abandoned);

  return test_place_run_tests ();
}

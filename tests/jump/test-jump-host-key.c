/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <sys/stat.h>

#include "jump-host-key.h"
#include "test-place.h"

/* A line as a known_hosts file has it. */
#define KEY "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPlaceholderPlaceholderPlaceholderPlacehol"
#define LINE "[127.0.0.1]:2222 " KEY

static char *
dup_keygen_fingerprint (const char *folder, const char *line)
{
  g_autofree char *path = g_build_filename (folder, "line", NULL);
  const char *argv[] = { "ssh-keygen", "-l", "-E", "sha256", "-f", path, NULL };
  g_autofree char *output = NULL;
  g_auto (GStrv) words = NULL;

  g_assert_true (g_file_set_contents (path, line, -1, NULL));
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output,
                               NULL, NULL, NULL));
  words = g_strsplit (output, " ", 3);
  return g_strdup (words[1]);
}

static void
test_fingerprint (void)
{
  static const char *const types[] = { "ed25519", "ecdsa", "rsa" };
  static const char *const kinds[] = { "ED25519", "ECDSA", "RSA" };
  g_autofree char *folder = g_dir_make_tmp ("jump-host-key-XXXXXX", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    g_autofree char *path = g_build_filename (folder, types[i], NULL);
    g_autofree char *pub = g_strconcat (path, ".pub", NULL);
    const char *argv[] = { "ssh-keygen", "-q", "-t", types[i], "-N", "", "-f", path, NULL };
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;
    g_autofree char *expected = NULL;
    g_autoptr (JumpHostKey) key = NULL;
    g_autoptr (GError) error = NULL;

    g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                                 NULL, NULL, NULL));
    g_assert_true (g_file_get_contents (pub, &text, NULL, NULL));
    line = g_strconcat ("[127.0.0.1]:2222 ", text, NULL);
    expected = dup_keygen_fingerprint (folder, line);
    key = jump_host_key_parse (line, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (key->fingerprint, ==, expected);
    g_assert_cmpstr (key->kind, ==, kinds[i]);
  }
  test_place_remove_tree (folder);
}

static void
test_bad (void)
{
  static const char *const lines[] = {
    "",
    "\n",
    "host",
    "host ssh-ed25519",
    "host ssh-ed25519 ",
    "host ssh-ed25519 !!!!",
    "# host ssh-ed25519 AAAA",
    "@revoked * ssh-ed25519 AAAA",
    LINE "\n" LINE,
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (jump_host_key_parse (lines[i], &error));
    g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
  }
}

static void
test_trust (void)
{
  g_autofree char *folder = g_dir_make_tmp ("jump-host-key-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "konvoy-lab", "known_hosts", NULL);
  g_autoptr (JumpHostKey) key = jump_host_key_parse (LINE "\n", NULL);
  g_autofree char *text = NULL;
  g_autofree char *appended = NULL;
  g_autoptr (GError) error = NULL;
  struct stat status;

  g_assert_true (jump_host_key_trust (key, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, LINE "\n");
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* What was there before is kept, be it without a line end. */
  g_assert_true (g_file_set_contents (path, "other ssh-rsa AAAA", -1, NULL));
  g_assert_true (jump_host_key_trust (key, path, NULL));
  g_assert_true (g_file_get_contents (path, &appended, NULL, NULL));
  g_assert_cmpstr (appended, ==, "other ssh-rsa AAAA\n" LINE "\n");

  g_assert_false (jump_host_key_trust (key, "/proc/no/such/known_hosts", &error));
  g_assert_nonnull (error);
  test_place_remove_tree (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/host-key/fingerprint", test_fingerprint);
  g_test_add_func ("/jump/host-key/bad", test_bad);
  g_test_add_func ("/jump/host-key/trust", test_trust);

  return g_test_run ();
}

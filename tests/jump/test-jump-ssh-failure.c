/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "jump-ssh-failure.h"
#include "jump-ssh-master.h"
#include "jump-ssh.h"
#include "test-place.h"

static JumpSshSettings *
new_settings (void)
{
  g_autoptr (JumpAddress) address = jump_address_parse ("centos@10.1.2.3", NULL);
  g_autoptr (GError) error = NULL;
  JumpSshSettings *settings =
    jump_ssh_settings_new (address, "/keys/id", "/state/known_hosts", &error);

  g_assert_no_error (error);
  return settings;
}

/* What OpenSSH 7.4 to 9.2 really print, with what it is about. */
static void
test_words (void)
{
  static const struct {
    const char *errors;
    JumpError code;
    const char *words;
  } cases[] = {
    { "ssh: connect to host 10.1.2.3 port 22: Connection refused\r\n", JUMP_ERROR_UNREACHABLE,
      "refuses the connection" },
    { "ssh: connect to host 10.1.2.3 port 22: Connection timed out\r\n", JUMP_ERROR_UNREACHABLE,
      "does not answer" },
    { "Connection timed out during banner exchange\r\n", JUMP_ERROR_UNREACHABLE,
      "does not answer" },
    { "ssh: connect to host 10.1.2.3 port 22: No route to host\r\n", JUMP_ERROR_UNREACHABLE,
      "no way" },
    { "ssh: Could not resolve hostname jump: Name or service not known\r\n", JUMP_ERROR_UNREACHABLE,
      "no host named" },
    { "kex_exchange_identification: Connection closed by remote host\r\n", JUMP_ERROR_UNREACHABLE,
      "before the login" },
    { "Timeout, server 10.1.2.3 not responding.\r\n", JUMP_ERROR_UNREACHABLE, "stopped answering" },
    { "Connection to 10.1.2.3 closed by remote host.\r\n", JUMP_ERROR_UNREACHABLE, "has closed" },
    { "client_loop: send disconnect: Broken pipe\r\n", JUMP_ERROR_UNREACHABLE, "was cut" },
    { "Warning: Permanently added 'x' (ED25519) to the list of known hosts.\r\n"
      "centos@10.1.2.3: Permission denied (publickey,gssapi-keyex,gssapi-with-mic).\r\n",
      JUMP_ERROR_DENIED, "does not accept" },
    { "Received disconnect from 10.1.2.3 port 22:2: Too many authentication failures\r\n"
      "Disconnected from 10.1.2.3 port 22\r\n",
      JUMP_ERROR_DENIED, "too many keys" },
    { "@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r\n"
      "Permissions 0644 for '/keys/id' are too open.\r\nPermission denied (publickey).\r\n",
      JUMP_ERROR_KEY_TOO_OPEN, "can read" },
    { "No ED25519 host key is known for 10.1.2.3 and you have requested strict checking.\r\n"
      "Host key verification failed.\r\n",
      JUMP_ERROR_HOST_KEY_UNKNOWN, "not known yet" },
    { "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n"
      "Offending RSA key in /home/ann/.ssh/known_hosts:7\r\nHost key verification failed.\r\n",
      JUMP_ERROR_HOST_KEY_CHANGED, "ssh-keygen -R" },
    { "Unable to negotiate with 10.1.2.3 port 22: no matching host key type found. Their offer: "
      "ssh-rsa,ssh-dss\r\n",
      JUMP_ERROR_FAILED, "HostKeyAlgorithms" },
    { "Unable to negotiate with 10.1.2.3 port 22: no matching cipher found. Their offer: x\r\n",
      JUMP_ERROR_FAILED, "no method in common" },
    { "/home/ann/.ssh/config: line 3: Bad configuration option: x\r\n"
      "/home/ann/.ssh/config: terminating, 1 bad configuration options\r\n",
      JUMP_ERROR_FAILED, "terminating, 1 bad" },
    { "Bad owner or permissions on /home/ann/.ssh/config\r\n", JUMP_ERROR_FAILED,
      "Bad owner or permissions on /home/ann/.ssh/config" },
    { "", JUMP_ERROR_FAILED, "has ended" },
    { "\r\n\r\n", JUMP_ERROR_FAILED, "has ended" },
  };
  JumpSshSettings *settings = new_settings ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = jump_ssh_failure_new (settings, cases[i].errors);

    g_assert_error (error, JUMP_ERROR, (int)cases[i].code);
    g_assert_nonnull (strstr (error->message, cases[i].words));
    g_assert_nonnull (strstr (error->message, "10.1.2.3"));
    g_assert_null (strpbrk (error->message, "\r\n"));
  }
  g_assert_finalize_object (settings);
}

static void
test_changed_line (void)
{
  JumpSshSettings *settings = new_settings ();
  g_autofree char *errors = NULL;
  g_autoptr (GError) error = NULL;

  errors = g_strdup_printf ("WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\r\n"
                            "Offending ED25519 key in %s/known_hosts:12\r\n",
                            jump_socket_folder_get_path (jump_ssh_settings_get_folder (settings)));
  error = jump_ssh_failure_new (settings, errors);
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_HOST_KEY_CHANGED);
  g_assert_nonnull (strstr (error->message, "line 12 of /state/known_hosts"));
  g_assert_finalize_object (settings);
}

/* A program in ssh's place, first in PATH. */
static void
with_fake_ssh (const char *script, JumpError code, const char *words)
{
  g_autofree char *folder = g_dir_make_tmp ("jump-fake-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (folder, "ssh", NULL);
  g_autofree char *text = g_strconcat ("#!/bin/sh\n", script, NULL);
  g_autofree char *old = g_strdup (g_getenv ("PATH"));
  g_autofree char *path = g_strconcat (folder, ":", old, NULL);
  JumpPlace *place = jump_ssh_new_for_spec ("centos@10.1.2.3", NULL, NULL);
  g_autoptr (GError) error = NULL;

  if (script != NULL) {
    g_assert_true (g_file_set_contents (program, text, -1, NULL));
    g_assert_cmpint (g_chmod (program, 0755), ==, 0);
  }
  g_setenv ("PATH", script != NULL ? path : folder, TRUE);
  g_assert_false (test_place_connect (place, NULL, &error));
  g_setenv ("PATH", old, TRUE);
  g_assert_error (error, JUMP_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_finalize_object (place);
  test_place_remove_tree (folder);
}

static void
test_odd_programs (void)
{
  with_fake_ssh (NULL, JUMP_ERROR_NOT_INSTALLED, "OpenSSH");
  with_fake_ssh ("exit 0\n", JUMP_ERROR_FAILED, "has ended");
  with_fake_ssh ("printf 'odd \\377 \\033[31m words' >&2; exit 255\n", JUMP_ERROR_FAILED, "odd ");
  with_fake_ssh ("i=0; while [ $i -lt 3000 ]; do echo noise noise noise >&2; i=$((i + 1)); done; "
                 "echo 'ssh: connect to host x port 22: Connection refused' >&2; exit 255\n",
                 JUMP_ERROR_UNREACHABLE, "refuses");
  with_fake_ssh ("kill -9 $$\n", JUMP_ERROR_FAILED, "has ended");
  /* The locale's language must not matter. */
  with_fake_ssh ("[ \"$LC_ALL\" = C ] && echo 'Permission denied (publickey).' >&2; exit 255\n",
                 JUMP_ERROR_DENIED, "does not accept");
}

/* Nothing that is secret, and nothing that is not ours, is on a command line. */
static void
test_command_lines (void)
{
  JumpSshSettings *settings = new_settings ();
  g_auto (GStrv) master = jump_ssh_settings_dup_master_argv (settings);
  g_auto (GStrv) command = jump_ssh_settings_dup_command_argv (settings, "id");
  g_auto (GStrv) terminal = jump_ssh_settings_dup_terminal_argv (settings, NULL);
  g_auto (GStrv) forward = jump_ssh_settings_dup_forward_argv (settings, "2001:db8::1", 443);
  GStrv slaves[] = { command, terminal, forward };
  guint n = g_strv_length (master);

  g_assert_cmpstr (master[n - 2], ==, "--");
  g_assert_cmpstr (master[n - 1], ==, "10.1.2.3");
  g_assert_true (g_strv_contains ((const char *const *)master, "IdentitiesOnly=yes"));
  for (guint i = 0; i < G_N_ELEMENTS (slaves); i++) {
    const char *const *argv = (const char *const *)slaves[i];

    /* Never a connection of its own, never the user's configuration. */
    g_assert_true (g_strv_contains (argv, "ProxyCommand=false"));
    g_assert_true (g_strv_contains (argv, "/dev/null"));
    g_assert_true (g_strv_contains (argv, "--"));
  }
  n = g_strv_length (forward);
  g_assert_true (g_str_has_suffix (forward[n - 3], "/0.sock:[2001:db8::1]:443"));
  g_assert_finalize_object (settings);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/jump/ssh-failure/words", test_words);
  g_test_add_func ("/jump/ssh-failure/changed-line", test_changed_line);
  g_test_add_func ("/jump/ssh-failure/odd-programs", test_odd_programs);
  g_test_add_func ("/jump/ssh-failure/command-lines", test_command_lines);

  return test_place_run_tests ();
}

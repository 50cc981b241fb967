/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base-install.h"
#include "jump-question.h"
#include "jump-ssh.h"
#include "test-sshd.h"

typedef struct {
  TestSshd *sshd;
  char *known_hosts;
  JumpPlace *place; /* (nullable) */

  gboolean answer;
  guint n_questions;
  char *fingerprint;      /* (nullable) */
  JumpQuestion *question; /* (nullable): kept to be answered later */
} Fixture;

static void
make_home (TestSshd *sshd)
{
  g_autofree char *home = test_sshd_dup_path (sshd, "home");
  g_autofree char *kube = g_build_filename (home, ".kube", NULL);

  g_assert_cmpint (g_mkdir_with_parents (kube, 0700), ==, 0);
}

/* Logins have a home of their own and bash, whoever runs the test; ~/.bashrc makes noise. */
static char *
dup_environment_lines (TestSshd *sshd, const char *more)
{
  return g_strdup_printf ("SetEnv HOME=%s/home SHELL=/bin/bash %s\n", sshd->folder, more);
}

static void
start_server (Fixture *fixture, const char *environment, const char *more)
{
  g_autofree char *lines = dup_environment_lines (fixture->sshd, environment);
  g_autofree char *config = g_strconcat (lines, more, NULL);

  test_sshd_start (fixture->sshd, config);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->sshd = test_sshd_new ();
  fixture->known_hosts =
    g_build_filename (g_get_user_state_dir (), "konvoy-lab", "known_hosts", NULL);
  fixture->answer = TRUE;
  make_home (fixture->sshd);
}

static gboolean
no_ssh_is_left (gpointer data)
{
  g_autofree char *runtime = base_install_dup_runtime_dir (NULL);
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
    g_autofree char *line = NULL;
    gsize length;

    if (g_ascii_isdigit (*name) && g_file_get_contents (path, &line, &length, NULL) &&
        memmem (line, length, runtime, strlen (runtime)) != NULL)
      return FALSE;
  }
  return TRUE;
}

static gboolean
folder_is_empty (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  return dir == NULL || g_dir_read_name (dir) == NULL;
}

static gboolean
is_gone (gpointer place)
{
  return *(gpointer *)place == NULL;
}

/* An attempt that was given up holds it until it is out of the way. */
static void
drop_place (Fixture *fixture)
{
  gpointer place = fixture->place;

  if (place == NULL)
    return;
  g_object_add_weak_pointer (place, &place);
  g_clear_object (&fixture->place);
  test_wait_until (is_gone, &place, 5, "the place to be freed");
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autofree char *runtime = base_install_dup_runtime_dir (NULL);

  drop_place (fixture);
  test_wait_until (no_ssh_is_left, NULL, 10, "every ssh to end with its place");
  g_assert_true (folder_is_empty (runtime));
  test_sshd_free (fixture->sshd);
  g_clear_object (&fixture->question);
  g_clear_pointer (&fixture->known_hosts, g_free);
  g_clear_pointer (&fixture->fingerprint, g_free);
}

static void
question_cb (Fixture *fixture, const char *fingerprint, JumpQuestion *question)
{
  fixture->n_questions++;
  g_free (fixture->fingerprint);
  fixture->fingerprint = g_strdup (fingerprint);
  g_assert_nonnull (strstr (jump_question_get_body (question), fingerprint));
  jump_question_answer (question, fixture->answer);
}

static void
keep_question_cb (Fixture *fixture, const char *fingerprint, JumpQuestion *question)
{
  g_set_object (&fixture->question, question);
}

static void
new_place (Fixture *fixture, const char *key)
{
  g_autofree char *identity = test_sshd_dup_path (fixture->sshd, key);
  g_autoptr (GError) error = NULL;

  fixture->place =
    jump_ssh_new (g_get_user_name (), "127.0.0.1", fixture->sshd->port, identity, &error);
  g_assert_no_error (error);
}

static void
new_answering_place (Fixture *fixture, const char *key)
{
  new_place (fixture, key);
  g_signal_connect_swapped (fixture->place, "host-key-question", G_CALLBACK (question_cb), fixture);
}

static void
connect_place (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  new_answering_place (fixture, "id");
  test_place_connect (fixture->place, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (test_place_is_connected (fixture->place));
}

static void
assert_connect_fails (Fixture *fixture, JumpError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) kept = NULL;

  g_assert_false (test_place_connect (fixture->place, NULL, &error));
  g_assert_error (error, JUMP_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
  g_object_get (fixture->place, "error", &kept, NULL);
  g_assert_error (kept, JUMP_ERROR, (int)code);
  g_assert_true (test_place_is_disconnected (fixture->place));
}

static void
test_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JumpPlace) place = jump_ssh_new_for_spec ("centos@10.1.2.3", NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *title = NULL;

  g_assert_cmpstr (jump_place_get_id (place), ==, "ssh:centos@10.1.2.3:22");
  g_object_get (place, "title", &title, NULL);
  g_assert_cmpstr (title, ==, "centos@10.1.2.3");
  g_assert_null (jump_ssh_get_identity (JUMP_SSH (place)));
  g_assert_null (jump_ssh_new_for_spec ("centos@-oProxyCommand=x", NULL, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (jump_ssh_new ("-l", "host", 0, NULL, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
}

static void
test_commands (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = {
    "sh", "-c", "cat; printf '%s' \"$1\" >&2; exit 255", "x", "a 'b' \"c\" $d \\e\nf!*?~ ä", NULL
  };
  const char *missing[] = { "no-such-program", NULL };
  g_autoptr (GBytes) input = g_bytes_new_static ("in\0put", 6);
  g_autoptr (BaseCommandResult) result = NULL;
  g_autoptr (BaseCommandResult) not_found = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *errors = NULL;

  start_server (fixture, "", "");
  test_sshd_write (fixture->sshd, "home/.bashrc", "echo noise; echo more noise >&2\n", 0600);
  connect_place (fixture);
  result = test_place_run (fixture->place, argv, input, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (result->output, NULL), g_bytes_get_size (result->output),
                   "in\0put", 6);
  errors = test_place_dup_bytes (result->errors);
  g_assert_cmpstr (errors, ==, argv[4]);
  g_assert_cmpint (result->exit_status, ==, 255);

  not_found = test_place_run (fixture->place, missing, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (not_found->exit_status, ==, 127);
  g_assert_cmpuint (g_bytes_get_size (not_found->output), ==, 0);
}

static void
test_run_cancelled (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "sleep", "600", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  connect_place (fixture);
  jump_place_run_async (fixture->place, argv, NULL, cancellable, test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 10, "the cancelled command");
  g_assert_null (jump_place_run_finish (fixture->place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (test_place_is_connected (fixture->place));
}

static void
test_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = test_sshd_dup_path (fixture->sshd, "home/it's a \"file\" \\ $x");
  g_autofree char *over = test_sshd_dup_path (fixture->sshd, "over");
  g_autofree char *whole = test_sshd_dup_path (fixture->sshd, "whole");
  g_autofree char *zeros = g_malloc0 (1024 * 1024 + 1);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) mebibyte = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  start_server (fixture, "", "");
  test_sshd_write (fixture->sshd, "home/.bashrc", "echo noise\n", 0600);
  g_assert_true (g_file_set_contents (path, "kind: Config\n\n", -1, NULL));
  g_assert_true (g_file_set_contents (whole, zeros, 1024 * 1024, NULL));
  g_assert_true (g_file_set_contents (over, zeros, 1024 * 1024 + 1, NULL));
  connect_place (fixture);

  bytes = test_place_read_file (fixture->place, path, &error);
  g_assert_no_error (error);
  text = test_place_dup_bytes (bytes);
  g_assert_cmpstr (text, ==, "kind: Config\n\n");
  mebibyte = test_place_read_file (fixture->place, whole, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (mebibyte), ==, 1024 * 1024);

  g_assert_null (test_place_read_file (fixture->place, over, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
  g_clear_error (&error);
  g_assert_null (test_place_read_file (fixture->place, "/no/such/file", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (test_place_read_file (fixture->place, "/tmp", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE);
  g_clear_error (&error);
  if (geteuid () != 0) {
    g_assert_cmpint (g_chmod (whole, 0), ==, 0);
    g_assert_null (test_place_read_file (fixture->place, whole, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  }
}

static void
assert_kubeconfigs (Fixture *fixture, const char *first, const char *second)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) paths = test_place_list_kubeconfigs (fixture->place, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (paths[0], ==, first);
  g_assert_cmpstr (paths[1], ==, second);
}

static void
test_kubeconfigs (Fixture *fixture, gconstpointer data)
{
  g_autofree char *home = test_sshd_dup_path (fixture->sshd, "home/.kube/config");
  g_autofree char *other = test_sshd_dup_path (fixture->sshd, "home/other config");
  g_autofree char *profile =
    g_strdup_printf ("echo 'Welcome to the jumpserver'\nexport KUBECONFIG='/no/such:other "
                     "config::%s'\n",
                     home);

  start_server (fixture, "", "");
  connect_place (fixture);
  if (!g_file_test ("/etc/kubernetes/admin.conf", G_FILE_TEST_EXISTS) &&
      !g_file_test ("/etc/rancher/k3s/k3s.yaml", G_FILE_TEST_EXISTS)) {
    g_autoptr (GError) error = NULL;

    g_assert_null (test_place_list_kubeconfigs (fixture->place, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  }
  test_sshd_write (fixture->sshd, "home/.kube/config", "x\n", 0600);
  assert_kubeconfigs (fixture, home, NULL);
  /* Set where only a login shell sees it, among noise. */
  test_sshd_write (fixture->sshd, "home/other config", "y\n", 0600);
  test_sshd_write (fixture->sshd, "home/.bash_profile", profile, 0600);
  assert_kubeconfigs (fixture, other, home);
}

static void
test_terminal_argv (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) argv = NULL;
  g_auto (GStrv) environment = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autoptr (GSubprocess) terminal = NULL;
  g_autoptr (GBytes) input = g_bytes_new_static ("false\necho $((40 + 2))\nlogout\n", 30);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) output = NULL;
  g_autofree char *text = NULL;

  start_server (fixture, "", "");
  test_sshd_write (fixture->sshd, "home/.bash_profile",
                   "PS1='ready> '\nPROMPT_COMMAND='echo seen $?'\n", 0600);
  connect_place (fixture);
  g_assert_true (jump_place_has_prompt_marks (fixture->place));
  argv = jump_place_dup_terminal_argv (fixture->place);
  environment = jump_place_dup_terminal_environment (fixture->place);
  /* Here is no terminal to make ssh ask for one there; -tt does all the same. */
  g_assert_true (g_strv_contains ((const char *const *)argv, "-t"));
  for (guint i = 0; argv[i] != NULL; i++) {
    if (g_str_equal (argv[i], "-t")) {
      g_free (argv[i]);
      argv[i] = g_strdup ("-tt");
    }
  }
  g_subprocess_launcher_set_environ (launcher, environment);
  terminal = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_async (terminal, input, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the terminal to end");
  g_subprocess_communicate_finish (terminal, result, &output, NULL, &error);
  g_assert_no_error (error);
  text = test_place_dup_bytes (output);
  if (strstr (text, "133;A") == NULL && geteuid () != 0) {
    g_test_skip ("the SSH server of an ordinary user cannot make terminals here");
    return;
  }

  /* A prompt, a command that fails, one that does not; the user's own hook runs, too. */
  g_assert_nonnull (strstr (text, "\033]133;A\007"));
  g_assert_nonnull (strstr (text, "ready> "));
  g_assert_nonnull (strstr (text, "\033]133;D;1\007"));
  g_assert_nonnull (strstr (text, "seen 1"));
  g_assert_nonnull (strstr (text, "42"));
  g_assert_nonnull (strstr (text, "\033]133;D;0\007"));
  g_assert_true (strstr (text, "\033]133;A\007") < strstr (text, "\033]133;D;"));
  g_assert_null (strstr (text, "not login shell"));
}

static void
test_other_shell (Fixture *fixture, gconstpointer data)
{
  g_auto (GStrv) argv = NULL;

  g_clear_pointer (&fixture->sshd->process, g_object_unref);
  test_sshd_start (fixture->sshd, "SetEnv SHELL=/bin/dash\n");
  connect_place (fixture);
  g_assert_false (jump_place_has_prompt_marks (fixture->place));
  argv = jump_place_dup_terminal_argv (fixture->place);
  g_assert_cmpstr (argv[g_strv_length (argv) - 1], ==, "127.0.0.1");
}

/* A menu is all there is. */
static void
test_menu_only (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "true", NULL };
  g_autofree char *notice = NULL;
  g_autoptr (GError) run = NULL;
  g_autoptr (GError) reach = NULL;

  start_server (fixture, "", "ForceCommand echo '1) Hosts  2) Quit'\nAllowTcpForwarding no\n");
  connect_place (fixture);
  g_object_get (fixture->place, "notice", &notice, NULL);
  g_assert_nonnull (strstr (notice, "terminal and nothing else"));
  g_assert_false (jump_place_has_prompt_marks (fixture->place));
  g_assert_null (test_place_run (fixture->place, argv, NULL, &run));
  g_assert_nonnull (run);
  g_assert_null (
    test_place_reach (fixture->place, JUMP_TARGET_API, "127.0.0.1", fixture->sshd->port, &reach));
  g_assert_error (reach, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING);
}

static void
test_host_key_yes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = test_sshd_dup_path (fixture->sshd, "host_key.pub");
  g_autofree char *shown = NULL;
  g_autoptr (GSubprocess) keygen = NULL;
  struct stat status;

  start_server (fixture, "", "");
  connect_place (fixture);
  g_assert_cmpuint (fixture->n_questions, ==, 1);
  keygen = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "ssh-keygen", "-lf", path, NULL);
  g_assert_true (g_subprocess_communicate_utf8 (keygen, NULL, NULL, &shown, NULL, NULL));
  g_assert_nonnull (strstr (shown, fixture->fingerprint));
  g_assert_cmpint (g_stat (fixture->known_hosts, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  /* Now it is known. */
  g_assert_finalize_object (g_steal_pointer (&fixture->place));
  connect_place (fixture);
  g_assert_cmpuint (fixture->n_questions, ==, 1);
}

static void
test_host_key_no (Fixture *fixture, gconstpointer data)
{
  start_server (fixture, "", "");
  fixture->answer = FALSE;
  new_answering_place (fixture, "id");
  assert_connect_fails (fixture, JUMP_ERROR_HOST_KEY_UNKNOWN, "was not confirmed");
  g_assert_cmpuint (fixture->n_questions, ==, 1);
  g_assert_false (g_file_test (fixture->known_hosts, G_FILE_TEST_EXISTS));

  /* Nobody there to answer. */
  g_assert_finalize_object (g_steal_pointer (&fixture->place));
  new_place (fixture, "id");
  assert_connect_fails (fixture, JUMP_ERROR_HOST_KEY_UNKNOWN, "was not confirmed");
  g_assert_false (g_file_test (fixture->known_hosts, G_FILE_TEST_EXISTS));
}

static gboolean
has_question (gpointer data)
{
  return ((Fixture *)data)->question != NULL;
}

/* The key that was shown is the one that is trusted, not whatever the server has by then. */
static void
test_host_key_swapped (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  new_place (fixture, "id");
  g_signal_connect_swapped (fixture->place, "host-key-question", G_CALLBACK (keep_question_cb),
                            fixture);
  jump_place_connect_async (fixture->place, NULL, test_wait_keep_result, &result);
  test_wait_until (has_question, fixture, 20, "the question");
  test_sshd_stop (fixture->sshd);
  test_sshd_make_key (fixture->sshd, "host_key", "");
  start_server (fixture, "", "");
  jump_question_answer (fixture->question, TRUE);
  test_wait_for_pointer (&result, 20, "the connection to fail");
  g_assert_false (jump_place_connect_finish (fixture->place, result, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_HOST_KEY_CHANGED);
}

static void
test_host_key_question_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  new_place (fixture, "id");
  g_signal_connect_swapped (fixture->place, "host-key-question", G_CALLBACK (keep_question_cb),
                            fixture);
  jump_place_connect_async (fixture->place, cancellable, test_wait_keep_result, &result);
  test_wait_until (has_question, fixture, 20, "the question");
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_false (jump_place_connect_finish (fixture->place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  /* Too late. */
  jump_question_answer (fixture->question, TRUE);
  g_assert_false (g_file_test (fixture->known_hosts, G_FILE_TEST_EXISTS));
}

static void
test_host_key_changed (Fixture *fixture, gconstpointer data)
{
  start_server (fixture, "", "");
  connect_place (fixture);
  g_assert_finalize_object (g_steal_pointer (&fixture->place));
  test_sshd_stop (fixture->sshd);
  test_sshd_make_key (fixture->sshd, "host_key", "");
  start_server (fixture, "", "");
  new_answering_place (fixture, "id");
  assert_connect_fails (fixture, JUMP_ERROR_HOST_KEY_CHANGED, fixture->known_hosts);
  g_assert_cmpuint (fixture->n_questions, ==, 1);
}

/* The user's own ~/.ssh is read as well, and is not written to. */
static void
test_user_files (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ssh = g_build_filename (g_get_home_dir (), ".ssh", NULL);
  g_autofree char *known_hosts = g_build_filename (ssh, "known_hosts", NULL);
  g_autofree char *config = g_build_filename (ssh, "config", NULL);
  g_autofree char *pub = test_sshd_dup_path (fixture->sshd, "host_key.pub");
  g_autofree char *identity = test_sshd_dup_path (fixture->sshd, "id");
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (ssh, 0700), ==, 0);
  g_assert_true (g_file_get_contents (pub, &key, NULL, NULL));
  line = g_strdup_printf ("[127.0.0.1]:%u %s", fixture->sshd->port, key);
  g_assert_true (g_file_set_contents (known_hosts, line, -1, NULL));
  /* An alias, and lines that would break or slow each connection over the master. */
  text = g_strdup_printf ("Host classroom\n  HostName 127.0.0.1\n  Port %u\n  LocalForward 1 "
                          "127.0.0.1:1\n  RemoteCommand false\n  StrictHostKeyChecking no\n",
                          fixture->sshd->port);
  g_assert_true (g_file_set_contents_full (config, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));

  start_server (fixture, "", "");
  fixture->place = jump_ssh_new (g_get_user_name (), "classroom", 0, identity, &error);
  g_assert_no_error (error);
  test_place_connect (fixture->place, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (g_file_test (fixture->known_hosts, G_FILE_TEST_EXISTS));
  g_clear_pointer (&key, g_free);
  g_assert_true (g_file_get_contents (known_hosts, &key, NULL, NULL));
  g_assert_cmpstr (key, ==, line);
}

static void
test_wrong_key (Fixture *fixture, gconstpointer data)
{
  start_server (fixture, "", "");
  test_sshd_make_key (fixture->sshd, "stranger", "");
  new_answering_place (fixture, "stranger");
  assert_connect_fails (fixture, JUMP_ERROR_DENIED, "does not accept this key");
}

static void
test_odd_keys (Fixture *fixture, gconstpointer data)
{
  start_server (fixture, "", "");
  test_sshd_make_key (fixture->sshd, "locked", "secret passphrase");
  new_answering_place (fixture, "locked");
  assert_connect_fails (fixture, JUMP_ERROR_DENIED, "ssh-add");
  g_assert_finalize_object (g_steal_pointer (&fixture->place));

  test_sshd_write (fixture->sshd, "no-key", "PuTTY-User-Key-File-3: ssh-ed25519\n", 0600);
  new_answering_place (fixture, "no-key");
  assert_connect_fails (fixture, JUMP_ERROR_DENIED, "is not a private key");
  g_assert_finalize_object (g_steal_pointer (&fixture->place));

  new_answering_place (fixture, "missing");
  assert_connect_fails (fixture, JUMP_ERROR_KEY_MISSING, "There is no private key");
}

/* Whatever a file may be called. */
static void
test_key_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *from = test_sshd_dup_path (fixture->sshd, "id");
  g_autofree char *to = test_sshd_dup_path (fixture->sshd, "my \"key\" 100%h ${HOME} #1 'x'");
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  g_assert_cmpint (g_rename (from, to), ==, 0);
  new_answering_place (fixture, "my \"key\" 100%h ${HOME} #1 'x'");
  test_place_connect (fixture->place, NULL, &error);
  g_assert_no_error (error);
}

static void
test_key_too_open (Fixture *fixture, gconstpointer data)
{
  g_autofree char *identity = test_sshd_dup_path (fixture->sshd, "id");
  g_autoptr (GError) error = NULL;
  struct stat status;

  start_server (fixture, "", "");
  g_assert_cmpint (g_chmod (identity, 0644), ==, 0);
  new_answering_place (fixture, "id");
  assert_connect_fails (fixture, JUMP_ERROR_KEY_TOO_OPEN, identity);
  g_assert_true (jump_ssh_mend_identity (JUMP_SSH (fixture->place), &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (identity, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  test_place_connect (fixture->place, NULL, &error);
  g_assert_no_error (error);
}

static void
test_unreachable (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  new_answering_place (fixture, "id");
  assert_connect_fails (fixture, JUMP_ERROR_UNREACHABLE, "refuses the connection");
  g_assert_finalize_object (g_steal_pointer (&fixture->place));
  fixture->place = jump_ssh_new_for_spec ("someone@no-such-host.invalid", NULL, &error);
  g_assert_no_error (error);
  assert_connect_fails (fixture, JUMP_ERROR_UNREACHABLE, "no host named");
}

static gboolean
count_connection_cb (guint *n_connections)
{
  ++*n_connections;
  return TRUE;
}

/* A server that says nothing. */
static void
test_connect_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  guint n_connections = 0;

  g_assert_true (
    g_socket_listener_add_inet_port (G_SOCKET_LISTENER (service), fixture->sshd->port, NULL, NULL));
  g_signal_connect_swapped (service, "incoming", G_CALLBACK (count_connection_cb), &n_connections);
  new_answering_place (fixture, "id");
  jump_place_connect_async (fixture->place, cancellable, test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_false (jump_place_connect_finish (fixture->place, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);

  jump_place_connect_async (fixture->place, NULL, test_wait_keep_result, &second);
  jump_place_disconnect (fixture->place);
  test_wait_for_pointer (&second, 5, "the caller of the ended attempt");
  g_assert_false (jump_place_connect_finish (fixture->place, second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_wait_until (no_ssh_is_left, NULL, 10, "every ssh to end with its attempt");
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

/* Killed, and there again: noticed at once, and connected again with nobody doing anything. */
static void
test_killed (Fixture *fixture, gconstpointer data)
{
  const char *argv[] = { "sleep", "600", NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) lost = NULL;
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  connect_place (fixture);
  jump_place_run_async (fixture->place, argv, NULL, NULL, test_wait_keep_result, &result);
  test_sshd_signal_connections (fixture->sshd, SIGKILL);
  test_wait_until (test_place_is_disconnected, fixture->place, 3, "the place to notice");
  g_object_get (fixture->place, "error", &error, NULL);
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  test_wait_for_pointer (&result, 5, "the command over the lost connection");
  g_assert_null (jump_place_run_finish (fixture->place, result, &lost));
  g_assert_nonnull (lost);

  test_wait_until (test_place_is_connected, fixture->place, 20, "the place to connect again");
  g_assert_cmpuint (fixture->n_questions, ==, 1);
}

/* A server that neither answers nor goes away. */
static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  connect_place (fixture);
  test_sshd_signal_connections (fixture->sshd, SIGSTOP);
  test_wait_until (test_place_is_disconnected, fixture->place, 30, "the place to notice");
  g_object_get (fixture->place, "error", &error, NULL);
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE);
  g_assert_nonnull (strstr (error->message, "stopped answering"));
}

static void
test_disconnect (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start_server (fixture, "", "");
  connect_place (fixture);
  jump_place_disconnect (fixture->place);
  g_assert_true (test_place_is_disconnected (fixture->place));
  test_wait_until (no_ssh_is_left, NULL, 10, "every ssh to end");
  g_object_get (fixture->place, "error", &error, NULL);
  g_assert_no_error (error);
  test_place_connect (fixture->place, NULL, &error);
  g_assert_no_error (error);
}

#define ADD(name, func) g_test_add ("/jump/ssh/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_unsetenv ("SSH_AUTH_SOCK");

  if (test_sshd_find () == NULL || !test_sshd_prepare_root ()) {
    g_print ("1..0 # SKIP no SSH server here: install openssh-server to run these tests\n");
    return 0;
  }

  ADD ("names", test_names);
  ADD ("commands", test_commands);
  ADD ("run-cancelled", test_run_cancelled);
  ADD ("files", test_files);
  ADD ("kubeconfigs", test_kubeconfigs);
  ADD ("terminal-argv", test_terminal_argv);
  ADD ("other-shell", test_other_shell);
  ADD ("menu-only", test_menu_only);
  ADD ("host-key-yes", test_host_key_yes);
  ADD ("host-key-no", test_host_key_no);
  ADD ("host-key-swapped", test_host_key_swapped);
  ADD ("host-key-question-cancelled", test_host_key_question_cancelled);
  ADD ("host-key-changed", test_host_key_changed);
  ADD ("user-files", test_user_files);
  ADD ("wrong-key", test_wrong_key);
  ADD ("odd-keys", test_odd_keys);
  ADD ("key-name", test_key_name);
  ADD ("key-too-open", test_key_too_open);
  ADD ("unreachable", test_unreachable);
  ADD ("connect-cancelled", test_connect_cancelled);
  ADD ("killed", test_killed);
  ADD ("frozen", test_frozen);
  ADD ("disconnect", test_disconnect);

  return test_place_run_tests ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-json.h"
#include "practice-program.h"
#include "test-user-namespace.h"
#include "test-wait.h"

static void
test_line (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_autofree char *kubeconfig = NULL;
  JsonArray *terminal;
  struct stat info;

  program_attach (self, &owner);
  kubeconfig = g_strdup (base_json_get_string (owner.root, "kubeconfig", NULL));
  g_assert_true (g_str_has_prefix (kubeconfig, self->dir));
  g_assert_cmpint (stat (kubeconfig, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  g_assert_true (
    g_str_has_prefix (base_json_get_string (owner.root, "api", NULL), "https://127.0.0.1:"));
  g_assert_false (g_str_has_prefix (base_json_get_string (owner.root, "socket", NULL), self->dir));
  terminal = base_json_get_array (owner.root, "terminal", NULL);
  g_assert_cmpstr (json_array_get_string_element (terminal, 0), ==, self->program);
  program_detach (&owner);
  g_assert_cmpint (g_subprocess_get_exit_status (owner.process), ==, 0);
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

static void
test_second (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) first = { 0 };
  g_auto (ProgramOwner) second = { 0 };
  g_auto (ProgramRun) run = { 0 };

  program_attach (self, &first);
  program_attach (self, &second);
  g_assert_cmpstr (first.line, ==, second.line);
  program_detach (&first);
  program_run_script (self, &run, "echo here", NULL);
  g_assert_cmpstr (run.output, ==, "here\n");
  program_detach (&second);
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

static void
assert_private (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  if (!S_ISLNK (info.st_mode))
    g_assert_cmphex (info.st_mode & 0077, ==, 0);
  g_assert_false (S_ISSOCK (info.st_mode));
  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    assert_private (child);
  }
}

static int
pid_of (GSubprocess *process)
{
  return g_ascii_strtoull (g_subprocess_get_identifier (process), NULL, 10);
}

/* All is the user's alone, and no socket is among it; the next time finds it again. */
static void
test_kept (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) first = { 0 };
  g_auto (ProgramOwner) second = { 0 };
  g_auto (ProgramRun) run = { 0 };

  program_attach (self, &first);
  program_run_script (self, &run, "echo kept >~/file", NULL);
  assert_private (self->dir);
  program_run_clear (&run);
  program_detach (&first);
  program_attach (self, &second);
  g_assert_cmpstr (first.line, ==, second.line);
  program_run_script (self, &run, "cat ~/file", NULL);
  g_assert_cmpstr (run.output, ==, "kept\n");
}

/* The owner is a child of the client who started it. */
static int
owner_of (ProgramOwner *attached)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/task/%d/children", pid_of (attached->process),
                                           pid_of (attached->process));
  g_autofree char *children = NULL;

  g_assert_true (g_file_get_contents (path, &children, NULL, NULL));
  return g_ascii_strtoull (children, NULL, 10);
}

static gboolean
is_gone (gpointer data)
{
  return program_count_processes (data) == 0;
}

static void
test_owner_killed (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramOwner) next = { 0 };
  g_auto (ProgramRun) run = { 0 };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);
  g_autofree char *seconds = g_strdup_printf ("60.%d", getpid ());
  g_autofree char *script = g_strdup_printf ("touch ~/ready; sleep %s; true", seconds);

  if (!program_attach_or_skip (self, &owner))
    return;
  program_start (self, &run, script, NULL);
  test_wait_until (program_file_exists, ready, 30, "the start of the program");
  g_assert_cmpuint (program_count_processes (seconds), >, 0);
  kill (owner_of (&owner), SIGKILL);
  test_wait_until (program_owner_has_ended, &owner, 30, "the end of the client");
  test_wait_until (program_run_has_ended, &run, 30, "the end of the other client");
  g_assert_cmpint (g_subprocess_get_exit_status (owner.process), ==, 1);
  g_assert_nonnull (strstr (run.errors, "Start it again."));
  test_wait_until (program_nothing_left, self, 30, "the end of all that belongs to it");
  test_wait_until (is_gone, seconds, 30, "the end of the sandbox");
  program_attach (self, &next);
}

static void
test_bad_folder (Program *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->dir, "mine", NULL);
  g_auto (ProgramRun) run = { 0 };

  g_assert_cmpint (g_mkdir (self->dir, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  program_run_script (self, &run, "true", NULL);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.errors, "Choose an empty one."));
}

/* A disk that takes nothing more: the size of each file is limited to none. */
static void
test_no_room (Program *self, gconstpointer data)
{
  g_autofree char *command =
    g_strdup_printf ("trap '' XFSZ; ulimit -f 0; exec %s --dir %s", self->program, self->dir);
  const char *const argv[] = { "sh", "-c", command, NULL };
  g_auto (ProgramRun) run = { 0 };

  program_start_argv (self, &run, argv, NULL);
  test_wait_until (program_run_has_ended, &run, 30, "the end without room");
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.output, ==, "");
  g_assert_true (g_str_has_prefix (run.errors, "konvoy-practice: "));
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

static void
refuse_cb (gpointer user_data)
{
  /* Where even that is refused, so is what the program needs. */
  test_refuse_user_namespaces ();
}

static void
test_refused (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };
  g_autofree char *expected =
    g_strdup_printf ("%s/home\n%s/kubeconfig\n%s/home\n", self->dir, self->dir, self->dir);

  g_subprocess_launcher_set_child_setup (self->launcher, refuse_cb, NULL, NULL);
  program_attach (self, &owner);
  g_assert_nonnull (strstr (base_json_get_string (owner.root, "notice", NULL), "sandbox"));
  program_run_script (self, &run, "echo $HOME; echo $KUBECONFIG; pwd; konvoy --help >&2; exit 4",
                      NULL);
  g_assert_cmpstr (run.output, ==, expected);
  g_assert_nonnull (strstr (run.errors, "konvoy COMMAND"));
  g_assert_cmpint (run.status, ==, 4);
  program_detach (&owner);
}

static void
test_no_bubblewrap (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };

  g_subprocess_launcher_setenv (self->launcher, "PATH", self->root, TRUE);
  program_attach (self, &owner);
  g_assert_nonnull (base_json_get_string (owner.root, "notice", NULL));
}

static char *
exchange (const char *path, const char *text)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);
  g_autoptr (GDataInputStream) input = NULL;

  g_assert_nonnull (connection);
  g_socket_client_set_timeout (client, 10);
  g_assert_true (
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                               strlen (text), NULL, NULL, NULL));
  input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  return g_data_input_stream_read_line (input, NULL, NULL, NULL);
}

static void
test_socket (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  const char *path;
  g_autofree char *found = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *unknown = NULL;

  if (!program_attach_or_skip (self, &owner))
    return;
  path = base_json_get_string (owner.root, "socket", NULL);
  found = exchange (path, "127.0.0.53 53\n");
  g_assert_cmpstr (found, ==, "ok");
  refused = exchange (path, "jumpserver 2222\n");
  g_assert_cmpstr (refused, ==, "Nothing listens on port 2222 of jumpserver.");
  unknown = exchange (path, "nobody.example 80\n");
  g_assert_cmpstr (unknown, ==, "The practice network has no host named nobody.example.");
}

static void
test_konvoy (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) help = { 0 };
  g_auto (ProgramRun) before = { 0 };
  g_auto (ProgramRun) after = { 0 };
  g_auto (ProgramRun) off = { 0 };
  g_auto (ProgramRun) wrong = { 0 };

  program_attach (self, &owner);
  program_run_script (self, &help, "konvoy --help; konvoy chekc", NULL);
  g_assert_nonnull (strstr (help.output, "  up "));
  g_assert_nonnull (strstr (help.errors, "“chekc”"));
  g_assert_cmpint (help.status, ==, 1);

  program_run_script (self, &before, "cd ~/lab; konvoy check", NULL);
  g_assert_cmpstr (before.errors, ==, "");
  g_assert_cmpint (before.status, ==, 0);
  g_assert_nonnull (strstr (before.output, "\nSTAGE [Checking Addons]\nelasticsearch "));
  g_assert_nonnull (strstr (before.output, ".us-west-2.elb.amazonaws.com/ops/landing\n"));
  g_assert_true (g_regex_match_simple ("\n  Username: [a-z]+_[a-z]+\n  Password: \\w{64}\n",
                                       before.output, 0, 0));
  g_assert_null (strstr (before.output, "istio"));

  program_run_script (
    self, &after,
    "cd ~/lab; sed -i '/enabled: false/{N;/name: istio/s/false/true/}' cluster.yaml; "
    "konvoy up --yes --upgrade --force-upgrade",
    NULL);
  g_assert_cmpstr (after.errors, ==, "");
  g_assert_cmpint (after.status, ==, 0);
  g_assert_nonnull (strstr (after.output,
                            "STAGE [Deploying Enabled Addons]\n"
                            "elasticsearch                                                        "
                            "  [OK]\n"));
  g_assert_nonnull (strstr (after.output,
                            "\nistio                                                              "
                            "    [OK]\n"));

  program_run_script (
    self, &off,
    "cd ~/lab; sed -i '/enabled: true/{N;/name: istio/s/true/false/}' cluster.yaml; "
    "konvoy up --yes && konvoy check && konvoy deploy addons --yes",
    NULL);
  g_assert_cmpint (off.status, ==, 0);
  g_assert_nonnull (strstr (off.output, "\nSTAGE [Removing Disabled Addons]\nistio "));

  program_run_script (self, &wrong,
                      "cd ~/lab; sed -i 's/name: istio/name: istoi/' cluster.yaml; konvoy up --yes",
                      NULL);
  g_assert_cmpint (wrong.status, ==, 1);
  g_assert_true (
    g_regex_match_simple ("^konvoy: cluster.yaml:[0-9]+: .*istoi", wrong.errors, 0, 0));
}

/* `apply kubeconfig` mends what a student has broken, and keeps it beside. */
static void
test_konvoy_kubeconfig (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };

  program_attach (self, &owner);
  program_run_script (self, &run,
                      "cp $KUBECONFIG good; echo broken > $KUBECONFIG; konvoy apply kubeconfig && "
                      "cmp good $KUBECONFIG && cat $KUBECONFIG.before-konvoy >&2",
                      NULL);
  g_assert_cmpint (run.status, ==, 0);
  g_assert_cmpstr (run.errors, ==, "broken\n");
}

/* Nothing is changed by one who does not agree, or has lost the file. */
static void
test_konvoy_asks (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) no = { 0 };
  g_auto (ProgramRun) silent = { 0 };
  g_auto (ProgramRun) yes = { 0 };
  g_auto (ProgramRun) lost = { 0 };
  g_auto (ProgramRun) unknown = { 0 };

  program_attach (self, &owner);
  program_run_script (self, &no, "konvoy up", "n\n");
  g_assert_cmpint (no.status, ==, 1);
  g_assert_true (g_str_has_suffix (no.output, "[y/n]: "));
  program_run_script (self, &silent, "konvoy up", "");
  g_assert_cmpint (silent.status, ==, 1);
  program_run_script (self, &yes, "konvoy up", "y\n");
  g_assert_cmpint (yes.status, ==, 0);
  program_run_script (self, &lost, "rm ~/lab/cluster.yaml; konvoy up --yes", NULL);
  g_assert_cmpint (lost.status, ==, 1);
  g_assert_nonnull (strstr (lost.errors, "lab/cluster.yaml"));
  program_run_script (self, &unknown, "konvoy up --yes --now", NULL);
  g_assert_cmpint (unknown.status, ==, 1);
  g_assert_nonnull (strstr (unknown.errors, "--now"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/konvoy-practice/" path, Program, NULL, program_set_up, func, program_tear_down)
  ADD ("line", test_line);
  ADD ("second", test_second);
  ADD ("kept", test_kept);
  ADD ("owner-killed", test_owner_killed);
  ADD ("bad-folder", test_bad_folder);
  ADD ("no-room", test_no_room);
  ADD ("refused", test_refused);
  ADD ("no-bubblewrap", test_no_bubblewrap);
  ADD ("socket", test_socket);
  ADD ("konvoy", test_konvoy);
  ADD ("konvoy-kubeconfig", test_konvoy_kubeconfig);
  ADD ("konvoy-asks", test_konvoy_asks);
#undef ADD

  return g_test_run ();
}

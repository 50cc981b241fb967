/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base-install.h"
#include "base-json.h"
#include "test-user-namespace.h"
#include "test-wait.h"

/* The whole program as others start it, on a folder of its own. */
typedef struct {
  char *root;
  char *dir;
  char *program;
  GSubprocessLauncher *launcher;
} Fixture;

typedef struct {
  GSubprocess *process;
  char *output;
  char *errors;
  int status; /* as a shell has it; -1: not ended */
} Run;

static gboolean
has_ended (gpointer data)
{
  return ((Run *)data)->status >= 0;
}

static void
run_clear (Run *self)
{
  if (self->process && self->status < 0) {
    g_subprocess_force_exit (self->process);
    test_wait_until (has_ended, self, 20, "the end of a program");
  }
  g_clear_object (&self->process);
  g_clear_pointer (&self->output, g_free);
  g_clear_pointer (&self->errors, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static void
remove_tree (const char *path)
{
  const char *const argv[] = { "rm", "-rf", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *runtime = NULL;

  self->root = g_dir_make_tmp ("konvoy-XXXXXX", NULL);
  self->dir = g_build_filename (self->root, "practice", NULL);
  self->program = base_install_dup_program ("konvoy-practice");
  runtime = g_build_filename (self->root, "run", NULL);
  g_assert_cmpint (g_mkdir (runtime, 0700), ==, 0);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("TERM", "xterm", TRUE);
  self->launcher =
    g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                               G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (self->launcher, "KONVOY_TEST_SECRET", "hidden", TRUE);
  g_subprocess_launcher_setenv (self->launcher, "LC_ALL", "C.UTF-8", TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->launcher);
  remove_tree (self->root);
  g_free (self->root);
  g_free (self->dir);
  g_free (self->program);
}

/* Arguments of `konvoy-practice --dir DIR -- sh -c SCRIPT`, without the last two where NULL. */
static GStrv
dup_argv (Fixture *self, const char *script)
{
  const char *const argv[] = {
    self->program, "--dir", self->dir, script ? "--" : NULL, "sh", "-c", script, NULL,
  };

  return g_strdupv ((char **)argv);
}

static void
communicated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  GSubprocess *process = G_SUBPROCESS (source);

  g_subprocess_communicate_utf8_finish (process, result, &run->output, &run->errors, NULL);
  run->status = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                     : 128 + g_subprocess_get_term_sig (process);
}

static void
start (Fixture *self, Run *run, const char *script, const char *input)
{
  g_auto (GStrv) argv = dup_argv (self, script);
  g_autoptr (GError) error = NULL;

  run->status = -1;
  run->process = g_subprocess_launcher_spawnv (self->launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8_async (run->process, input, NULL, communicated_cb, run);
}

static void
run_script (Fixture *self, Run *run, const char *script, const char *input)
{
  start (self, run, script, input);
  test_wait_until (has_ended, run, 20, script);
}

static int
pid_of (GSubprocess *process)
{
  return g_ascii_strtoull (g_subprocess_get_identifier (process), NULL, 10);
}

/* A client that keeps the cluster running until its input is closed. */
typedef struct {
  GSubprocess *process;
  GDataInputStream *output;
  char *line;
  JsonNode *root;
  gboolean has_read;
  gboolean has_ended;
} Attached;

static gboolean
attached_has_ended (gpointer data)
{
  return ((Attached *)data)->has_ended;
}

static void
attached_clear (Attached *self)
{
  if (self->process) {
    g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
    test_wait_until (attached_has_ended, self, 20, "the end of the client");
  }
  g_clear_object (&self->output);
  g_clear_object (&self->process);
  g_clear_pointer (&self->line, g_free);
  g_clear_pointer (&self->root, json_node_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Attached, attached_clear)

static void
line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attached *self = user_data;

  self->line =
    g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  self->has_read = TRUE;
}

static void
waited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Attached *self = user_data;

  self->has_ended = TRUE;
}

static gboolean
line_is_read (gpointer data)
{
  return ((Attached *)data)->has_read;
}

static void
attach (Fixture *self, Attached *attached)
{
  g_auto (GStrv) argv = dup_argv (self, NULL);
  g_autoptr (GError) error = NULL;

  attached->process =
    g_subprocess_launcher_spawnv (self->launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  attached->output = g_data_input_stream_new (g_subprocess_get_stdout_pipe (attached->process));
  g_data_input_stream_read_line_async (attached->output, 0, NULL, line_read_cb, attached);
  g_subprocess_wait_async (attached->process, NULL, waited_cb, attached);
  test_wait_until (line_is_read, attached, 20, "the owner's line");
  g_assert_nonnull (attached->line);
  attached->root = base_json_parse (attached->line, -1, &error);
  g_assert_no_error (error);
}

static void
detach (Attached *self)
{
  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, NULL);
  test_wait_until (attached_has_ended, self, 10, "the end after standard input");
}

/* Skips the test where this computer refuses a sandbox, which is no fault of ours. */
static gboolean
attach_or_skip (Fixture *self, Attached *attached)
{
  const char *notice;

  attach (self, attached);
  notice = base_json_get_string (attached->root, "notice", NULL);
  if (notice)
    g_test_skip (notice);
  return notice == NULL;
}

/* Processes that have @text on their command line. */
static guint
count_processes (const char *text)
{
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (proc))) {
    g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
    g_autofree char *words = NULL;
    gsize length;

    if (g_file_get_contents (path, &words, &length, NULL) &&
        memmem (words, length, text, strlen (text)))
      n++;
  }
  return n;
}

static gboolean
nothing_left (gpointer data)
{
  Fixture *self = data;

  return count_processes (self->dir) == 0;
}

static void
test_streams (Fixture *self, gconstpointer data)
{
  g_auto (Run) run = { 0 };

  run_script (self, &run, "cat; echo wrong >&2; exit 3", "typed\n");
  g_assert_cmpstr (run.output, ==, "typed\n");
  g_assert_cmpstr (run.errors, ==, "wrong\n");
  g_assert_cmpint (run.status, ==, 3);
  test_wait_until (nothing_left, self, 5, "the end of the owner");
}

static void
test_status (Fixture *self, gconstpointer data)
{
  const char *const argv[] = { self->program, "--dir", self->dir, "--", "no-such-program", NULL };
  g_autoptr (GSubprocess) missing = NULL;
  g_auto (Run) killed = { 0 };
  g_auto (Run) usage = { 0 };

  run_script (self, &killed, "kill -9 $$", NULL);
  g_assert_cmpint (killed.status, ==, 128 + SIGKILL);

  missing = g_subprocess_launcher_spawnv (self->launcher, argv, NULL);
  usage.status = -1;
  g_subprocess_communicate_utf8_async (missing, NULL, NULL, communicated_cb, &usage);
  test_wait_until (has_ended, &usage, 20, "the end of no program");
  g_assert_cmpint (usage.status, ==, 127);
  g_assert_nonnull (strstr (usage.errors, "no-such-program"));
}

static void
test_much (Fixture *self, gconstpointer data)
{
  g_autofree char *input = g_strnfill (3 * 1000 * 1000, 'x');
  g_auto (Run) run = { 0 };

  run_script (self, &run, "cat", input);
  g_assert_cmpuint (strlen (run.output), ==, strlen (input));
}

static void
test_environment (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };
  g_auto (GStrv) variables = NULL;

  if (!attach_or_skip (self, &owner))
    return;
  run_script (self, &run, "env", NULL);
  variables = g_strsplit (run.output, "\n", -1);
  g_assert_true (g_strv_contains ((const char *const *)variables, "HOME=/home/centos"));
  g_assert_true (
    g_strv_contains ((const char *const *)variables, "KUBECONFIG=/home/centos/.kube/config"));
  g_assert_true (g_strv_contains ((const char *const *)variables, "TERM=xterm"));
  g_assert_true (g_strv_contains ((const char *const *)variables, "LC_ALL=C.UTF-8"));
  g_assert_null (strstr (run.output, "hidden"));
  g_assert_null (strstr (run.output, self->root));
}

static void
test_kubectl (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };

  g_subprocess_launcher_setenv (self->launcher, "KONVOY_LAB_KUBECTL", "/usr/bin/id", TRUE);
  if (!attach_or_skip (self, &owner))
    return;
  run_script (self, &run, "kubectl -un", NULL);
  g_assert_cmpstr (run.output, ==, "centos\n");
}

/* Each line of the script is a way out that must be closed. */
static void
test_sandbox (Fixture *self, gconstpointer data)
{
  g_autofree char *script = g_strdup_printf (
    "[ $(id -un):$(id -u):$(hostname) = centos:1000:jumpserver ] || echo identity\n"
    "[ $PWD = /home/centos ] || echo folder\n"
    "grep -q '^Cap...:.*[1-9a-f]' /proc/self/status && echo capabilities\n"
    "[ -e %s ] && echo state\n"
    "[ -e %s ] && echo home\n"
    "[ -e /var/run/dbus ] || [ -e /etc/shadow ] || [ -e /sys ] && echo host\n"
    "echo x 2>&- >/usr/konvoy-test && echo usr\n"
    "echo x 2>&- >/etc/konvoy-test && echo etc\n"
    "true 2>&- >>/proc/sys/kernel/core_pattern && echo sysctl\n"
    "echo x 2>&- >/run/konvoy/x && echo sockets\n"
    "kill -0 %d 2>&- && echo processes\n"
    "[ $(ls /proc/sys/net/ipv4/conf | grep -cv -e all -e default -e lo) = 0 ] || echo network\n"
    "[ $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start) = 0 ] || echo ports\n"
    "echo x >/tmp/x && echo x >/run/x && echo x >~/x || echo own\n",
    self->dir, g_get_home_dir (), getpid ());
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };

  if (!attach_or_skip (self, &owner))
    return;
  run_script (self, &run, script, NULL);
  g_assert_cmpstr (run.output, ==, "");
}

static void
test_names (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };

  if (!attach_or_skip (self, &owner))
    return;
  run_script (self, &run,
              "getent ahostsv4 jumpserver | head -n 1 | cut -d ' ' -f 1\n"
              "getent ahostsv4 ip-10-0-193-118.us-west-2.compute.internal | head -n 1 | "
              "cut -d ' ' -f 1\n"
              "getent ahostsv4 nobody.example || echo none\n",
              NULL);
  g_assert_cmpstr (run.output, ==, "127.0.0.1\n10.0.193.118\nnone\n");
}

/* The first that needs an owner starts it; its end is not the end of the others. */
static void
test_parallel (Fixture *self, gconstpointer data)
{
  Run runs[6] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autofree char *script =
      g_strdup_printf ("echo %u; for i in $(seq %u); do sleep 0.05; done; echo end", i, i * 4);

    start (self, &runs[i], script, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autofree char *expected = g_strdup_printf ("%u\nend\n", i);

    test_wait_until (has_ended, &runs[i], 30, "the end of one of many");
    g_assert_cmpstr (runs[i].errors, ==, "");
    g_assert_cmpstr (runs[i].output, ==, expected);
    g_assert_cmpint (runs[i].status, ==, 0);
    run_clear (&runs[i]);
  }
  test_wait_until (nothing_left, self, 5, "the end of the owner");
}

static gboolean
file_exists (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static void
test_signals (Fixture *self, gconstpointer data)
{
  const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_auto (Run) run = { 0 };

    start (self, &run,
           "trap 'echo HUP; exit 1' HUP; trap 'echo INT; exit 2' INT; trap 'echo TERM; exit 15' "
           "TERM; touch ~/ready; while :; do sleep 0.01; done",
           NULL);
    test_wait_until (file_exists, ready, 20, "the start of the program");
    g_unlink (ready);
    g_subprocess_send_signal (run.process, numbers[i]);
    test_wait_until (has_ended, &run, 20, "the end by a signal");
    g_assert_cmpint (run.status, ==, numbers[i]);
    g_assert_cmpstr (run.output, ==,
                     numbers[i] == SIGHUP   ? "HUP\n"
                     : numbers[i] == SIGINT ? "INT\n"
                                            : "TERM\n");
  }
}

/* A client that is killed takes its program with it, and nothing else. */
static void
test_client_killed (Fixture *self, gconstpointer data)
{
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);
  g_autofree char *ended = g_build_filename (self->dir, "home", "ended", NULL);
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };
  g_auto (Run) after = { 0 };

  if (!attach_or_skip (self, &owner))
    return;
  start (self, &run, "trap 'touch ~/ended; exit' TERM; touch ~/ready; while :; do sleep 0.01; done",
         NULL);
  test_wait_until (file_exists, ready, 20, "the start of the program");
  g_subprocess_force_exit (run.process);
  test_wait_until (file_exists, ended, 20, "the end of the program");
  run_script (self, &after, "echo here", NULL);
  g_assert_cmpstr (after.output, ==, "here\n");
}

/* Whoever kills all on the jumpserver finds a new one. */
static void
test_sandbox_killed (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) other = { 0 };
  g_auto (Run) killer = { 0 };
  g_auto (Run) after = { 0 };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);

  if (!attach_or_skip (self, &owner))
    return;
  start (self, &other, "touch ~/ready; sleep 60", NULL);
  test_wait_until (file_exists, ready, 20, "the start of the program");
  start (self, &killer, "kill -9 -1", NULL);
  test_wait_until (has_ended, &killer, 20, "the end of the killer");
  test_wait_until (has_ended, &other, 20, "the end of the killed");
  g_assert_cmpint (other.status, ==, 128 + SIGKILL);
  run_script (self, &after, "echo here", NULL);
  g_assert_cmpstr (after.output, ==, "here\n");
}

static void
test_line (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_autofree char *kubeconfig = NULL;
  JsonArray *terminal;
  struct stat info;

  attach (self, &owner);
  kubeconfig = g_strdup (base_json_get_string (owner.root, "kubeconfig", NULL));
  g_assert_true (g_str_has_prefix (kubeconfig, self->dir));
  g_assert_cmpint (stat (kubeconfig, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  g_assert_true (
    g_str_has_prefix (base_json_get_string (owner.root, "api", NULL), "https://127.0.0.1:"));
  g_assert_false (g_str_has_prefix (base_json_get_string (owner.root, "socket", NULL), self->dir));
  terminal = base_json_get_array (owner.root, "terminal", NULL);
  g_assert_cmpstr (json_array_get_string_element (terminal, 0), ==, self->program);
  detach (&owner);
  g_assert_cmpint (g_subprocess_get_exit_status (owner.process), ==, 0);
  test_wait_until (nothing_left, self, 2, "the end of the owner");
}

static void
test_second (Fixture *self, gconstpointer data)
{
  g_auto (Attached) first = { 0 };
  g_auto (Attached) second = { 0 };
  g_auto (Run) run = { 0 };

  attach (self, &first);
  attach (self, &second);
  g_assert_cmpstr (first.line, ==, second.line);
  detach (&first);
  run_script (self, &run, "echo here", NULL);
  g_assert_cmpstr (run.output, ==, "here\n");
  detach (&second);
  test_wait_until (nothing_left, self, 2, "the end of the owner");
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

/* All is the user's alone, and no socket is among it; the next time finds it again. */
static void
test_kept (Fixture *self, gconstpointer data)
{
  g_auto (Attached) first = { 0 };
  g_auto (Attached) second = { 0 };
  g_auto (Run) run = { 0 };

  attach (self, &first);
  run_script (self, &run, "echo kept >~/file", NULL);
  assert_private (self->dir);
  run_clear (&run);
  detach (&first);
  attach (self, &second);
  g_assert_cmpstr (first.line, ==, second.line);
  run_script (self, &run, "cat ~/file", NULL);
  g_assert_cmpstr (run.output, ==, "kept\n");
}

/* The owner is a child of the client who started it. */
static int
owner_of (Attached *attached)
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
  return count_processes (data) == 0;
}

static void
test_owner_killed (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Attached) next = { 0 };
  g_auto (Run) run = { 0 };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);
  g_autofree char *seconds = g_strdup_printf ("60.%d", getpid ());
  g_autofree char *script = g_strdup_printf ("touch ~/ready; sleep %s; true", seconds);

  if (!attach_or_skip (self, &owner))
    return;
  start (self, &run, script, NULL);
  test_wait_until (file_exists, ready, 20, "the start of the program");
  g_assert_cmpuint (count_processes (seconds), >, 0);
  kill (owner_of (&owner), SIGKILL);
  test_wait_until (attached_has_ended, &owner, 10, "the end of the client");
  test_wait_until (has_ended, &run, 10, "the end of the other client");
  g_assert_cmpint (g_subprocess_get_exit_status (owner.process), ==, 1);
  g_assert_nonnull (strstr (run.errors, "Start it again."));
  test_wait_until (nothing_left, self, 10, "the end of all that belongs to it");
  test_wait_until (is_gone, seconds, 10, "the end of the sandbox");
  attach (self, &next);
}

static void
test_bad_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *file = g_build_filename (self->dir, "mine", NULL);
  g_auto (Run) run = { 0 };

  g_assert_cmpint (g_mkdir (self->dir, 0755), ==, 0);
  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  run_script (self, &run, "true", NULL);
  g_assert_cmpint (run.status, ==, 1);
  g_assert_nonnull (strstr (run.errors, "Choose an empty one."));
}

/* A disk that takes nothing more: the size of each file is limited to none. */
static void
test_no_room (Fixture *self, gconstpointer data)
{
  g_autofree char *command =
    g_strdup_printf ("trap '' XFSZ; ulimit -f 0; exec %s --dir %s", self->program, self->dir);
  const char *const argv[] = { "sh", "-c", command, NULL };
  g_auto (Run) run = { 0 };

  run.status = -1;
  run.process = g_subprocess_launcher_spawnv (self->launcher, argv, NULL);
  g_subprocess_communicate_utf8_async (run.process, NULL, NULL, communicated_cb, &run);
  test_wait_until (has_ended, &run, 20, "the end without room");
  g_assert_cmpint (run.status, ==, 1);
  g_assert_cmpstr (run.output, ==, "");
  g_assert_true (g_str_has_prefix (run.errors, "konvoy-practice: "));
  test_wait_until (nothing_left, self, 10, "the end of the owner");
}

static void
refuse_cb (gpointer user_data)
{
  if (!test_refuse_user_namespaces ())
    _exit (77);
}

static void
test_refused (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) run = { 0 };
  g_autofree char *expected =
    g_strdup_printf ("%s/home\n%s/kubeconfig\n%s/home\n", self->dir, self->dir, self->dir);

  g_subprocess_launcher_set_child_setup (self->launcher, refuse_cb, NULL, NULL);
  attach (self, &owner);
  g_assert_nonnull (strstr (base_json_get_string (owner.root, "notice", NULL), "sandbox"));
  run_script (self, &run, "echo $HOME; echo $KUBECONFIG; pwd; konvoy --help >&2; exit 4", NULL);
  g_assert_cmpstr (run.output, ==, expected);
  g_assert_nonnull (strstr (run.errors, "konvoy COMMAND"));
  g_assert_cmpint (run.status, ==, 4);
  detach (&owner);
}

static void
test_no_bubblewrap (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };

  g_subprocess_launcher_setenv (self->launcher, "PATH", self->root, TRUE);
  attach (self, &owner);
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
test_socket (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  const char *path;
  g_autofree char *found = NULL;
  g_autofree char *refused = NULL;
  g_autofree char *unknown = NULL;

  if (!attach_or_skip (self, &owner))
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
test_konvoy (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) help = { 0 };
  g_auto (Run) before = { 0 };
  g_auto (Run) after = { 0 };
  g_auto (Run) wrong = { 0 };

  attach (self, &owner);
  run_script (self, &help, "konvoy --help; konvoy check", NULL);
  g_assert_nonnull (strstr (help.output, "  up "));
  g_assert_nonnull (strstr (help.errors, "“check”"));
  g_assert_cmpint (help.status, ==, 1);

  run_script (self, &before, "cd ~/lab; konvoy up --yes", NULL);
  g_assert_cmpint (before.status, ==, 0);
  g_assert_null (strstr (before.output, "istio"));

  run_script (self, &after,
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

  run_script (self, &wrong,
              "cd ~/lab; sed -i 's/name: istio/name: istoi/' cluster.yaml; konvoy up --yes", NULL);
  g_assert_cmpint (wrong.status, ==, 1);
  g_assert_true (
    g_regex_match_simple ("^konvoy: cluster.yaml:[0-9]+: .*istoi", wrong.errors, 0, 0));
}

/* Nothing is changed by one who does not agree, or has lost the file. */
static void
test_konvoy_asks (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Run) no = { 0 };
  g_auto (Run) silent = { 0 };
  g_auto (Run) yes = { 0 };
  g_auto (Run) lost = { 0 };
  g_auto (Run) unknown = { 0 };

  attach (self, &owner);
  run_script (self, &no, "konvoy up", "n\n");
  g_assert_cmpint (no.status, ==, 1);
  g_assert_true (g_str_has_suffix (no.output, "[y/n]: "));
  run_script (self, &silent, "konvoy up", "");
  g_assert_cmpint (silent.status, ==, 1);
  run_script (self, &yes, "konvoy up", "y\n");
  g_assert_cmpint (yes.status, ==, 0);
  run_script (self, &lost, "rm ~/lab/cluster.yaml; konvoy up --yes", NULL);
  g_assert_cmpint (lost.status, ==, 1);
  g_assert_nonnull (strstr (lost.errors, "lab/cluster.yaml"));
  run_script (self, &unknown, "konvoy up --yes --now", NULL);
  g_assert_cmpint (unknown.status, ==, 1);
  g_assert_nonnull (strstr (unknown.errors, "--now"));
}

/* A terminal as a window or another terminal program has it. */
typedef struct {
  int master;
  int slave;
  pid_t pid;
  int status;
  GString *screen;
  const char *wanted;
} Screen;

static void
screen_clear (Screen *self)
{
  if (self->master >= 0)
    close (self->master);
  if (self->slave >= 0)
    close (self->slave);
  if (self->screen)
    g_string_free (self->screen, TRUE);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Screen, screen_clear)

static gboolean
screen_shows (gpointer data)
{
  Screen *self = data;
  char buffer[4096];
  gssize length;

  while ((length = read (self->master, buffer, sizeof buffer)) > 0)
    g_string_append_len (self->screen, buffer, length);
  return strstr (self->screen->str, self->wanted) != NULL;
}

static void
screen_wait (Screen *self, const char *wanted)
{
  self->wanted = wanted;
  test_wait_until (screen_shows, self, 20, wanted);
  g_string_erase (self->screen, 0,
                  strstr (self->screen->str, wanted) - self->screen->str + strlen (wanted));
}

static void
screen_type (Screen *self, const char *keys)
{
  g_assert_cmpint (write (self->master, keys, strlen (keys)), ==, strlen (keys));
}

static void
terminal_child (int slave, char *const *argv)
{
  setsid ();
  ioctl (slave, TIOCSCTTY, 0);
  for (int fd = 0; fd < 3; fd++)
    dup2 (slave, fd);
  execv (argv[0], argv);
  _exit (126);
}

static void
open_screen (Screen *self, char *const *argv)
{
  struct winsize size = { .ws_row = 31, .ws_col = 97 };

  self->screen = g_string_new (NULL);
  self->master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (grantpt (self->master), ==, 0);
  g_assert_cmpint (unlockpt (self->master), ==, 0);
  self->slave = open (ptsname (self->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (ioctl (self->master, TIOCSWINSZ, &size), ==, 0);
  self->pid = fork ();
  if (self->pid == 0)
    terminal_child (self->slave, argv);
}

/* What the owner's line says a terminal is. */
static GStrv
dup_terminal_argv (Attached *owner)
{
  JsonArray *terminal = base_json_get_array (owner->root, "terminal", NULL);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (terminal); i++)
    g_strv_builder_add (builder, json_array_get_string_element (terminal, i));
  return g_strv_builder_end (builder);
}

static gboolean
screen_has_ended (gpointer data)
{
  Screen *self = data;

  self->wanted = "";
  screen_shows (self);
  return waitpid (self->pid, &self->status, WNOHANG) == self->pid;
}

static void
test_terminal (Fixture *self, gconstpointer data)
{
  struct winsize wider = { .ws_row = 40, .ws_col = 120 };
  struct termios before, during, after;
  g_auto (Attached) owner = { 0 };
  g_auto (GStrv) argv = NULL;
  g_auto (Screen) screen = { .master = -1, .slave = -1 };

  if (!attach_or_skip (self, &owner))
    return;
  argv = dup_terminal_argv (&owner);
  open_screen (&screen, argv);
  tcgetattr (screen.slave, &before);

  screen_wait (&screen, "\033]133;A\a[centos@jumpserver ~]$ \033]133;B\a");
  tcgetattr (screen.slave, &during);
  g_assert_cmphex (during.c_lflag & (ICANON | ECHO | ISIG), ==, 0);
  screen_type (&screen, "cd lab; tty; stty size\r");
  screen_wait (&screen, "/dev/pts/0\r\n31 97\r\n\033]133;D;0\a");
  screen_wait (&screen, "[centos@jumpserver lab]$ ");

  /* Keys that mean something to a terminal mean it inside. */
  screen_type (&screen, "sleep 60\r");
  screen_wait (&screen, "\033]133;C\a");
  screen_type (&screen, "\003");
  screen_wait (&screen, "\033]133;D;130\a");
  g_assert_cmpint (ioctl (screen.master, TIOCSWINSZ, &wider), ==, 0);
  screen_type (&screen, "until stty size | grep '40 120'; do :; done\r");
  screen_wait (&screen, "\a40 120\r\n");
  screen_type (&screen, "exit 5\r");
  test_wait_until (screen_has_ended, &screen, 20, "the end of the shell");
  g_assert_cmpint (WEXITSTATUS (screen.status), ==, 5);
  tcgetattr (screen.slave, &after);
  g_assert_cmphex (after.c_lflag, ==, before.c_lflag);
}

/* A window that is closed ends the shell in it, and a program there that does not want to end. */
static void
test_terminal_closed (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (GStrv) argv = NULL;
  g_auto (Screen) screen = { .master = -1, .slave = -1 };
  g_auto (Run) run = { 0 };

  if (!attach_or_skip (self, &owner))
    return;
  argv = dup_terminal_argv (&owner);
  open_screen (&screen, argv);
  screen_wait (&screen, "\033]133;B\a");
  screen_type (&screen, "trap '' HUP TERM; echo read''y\r");
  screen_wait (&screen, "\aready\r\n");
  close (screen.slave);
  screen.slave = -1;
  close (screen.master);
  screen.master = -1;
  test_wait_until (screen_has_ended, &screen, 20, "the end of the client");
  run_script (self, &run, "while pgrep -f '[b]ash --login'; do sleep 0.05; done >/dev/null", NULL);
  g_assert_cmpint (run.status, ==, 0);
}

/* Only the streams that are a terminal are replaced by the sandbox's. */
static void
test_terminal_mixed (Fixture *self, gconstpointer data)
{
  g_auto (Attached) owner = { 0 };
  g_auto (Screen) screen = { .master = -1, .slave = -1 };
  g_autofree char *script =
    g_strdup_printf ("%s --dir %s -- sh -c 'test -t 0 && echo in; test -t 1 || echo out >&2; "
                     "read word; echo $word' >%s/output",
                     self->program, self->dir, self->root);
  char *argv[] = { (char *)"/bin/sh", (char *)"-c", script, NULL };
  g_autofree char *output = g_build_filename (self->root, "output", NULL);
  g_autofree char *text = NULL;

  if (!attach_or_skip (self, &owner))
    return;
  open_screen (&screen, argv);
  screen_wait (&screen, "out\r\n");
  screen_type (&screen, "typed\r");
  test_wait_until (screen_has_ended, &screen, 20, "the end of the program");
  g_assert_cmpint (WEXITSTATUS (screen.status), ==, 0);
  g_assert_true (g_file_get_contents (output, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "in\ntyped\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/konvoy-practice/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("streams", test_streams);
  ADD ("status", test_status);
  ADD ("much", test_much);
  ADD ("environment", test_environment);
  ADD ("kubectl", test_kubectl);
  ADD ("sandbox", test_sandbox);
  ADD ("names", test_names);
  ADD ("parallel", test_parallel);
  ADD ("signals", test_signals);
  ADD ("client-killed", test_client_killed);
  ADD ("sandbox-killed", test_sandbox_killed);
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
  ADD ("konvoy-asks", test_konvoy_asks);
  ADD ("terminal/typing", test_terminal);
  ADD ("terminal/closed", test_terminal_closed);
  ADD ("terminal/mixed", test_terminal_mixed);
#undef ADD

  return g_test_run ();
}

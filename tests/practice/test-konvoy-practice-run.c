/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "practice-program.h"
#include "test-wait.h"

static void
test_streams (Program *self, gconstpointer data)
{
  g_auto (ProgramRun) run = { 0 };

  program_run_script (self, &run, "cat; echo wrong >&2; exit 3", "typed\n");
  g_assert_cmpstr (run.output, ==, "typed\n");
  g_assert_cmpstr (run.errors, ==, "wrong\n");
  g_assert_cmpint (run.status, ==, 3);
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

static void
test_status (Program *self, gconstpointer data)
{
  const char *const argv[] = { self->program, "--dir", self->dir, "--", "no-such-program", NULL };
  g_auto (ProgramRun) killed = { 0 };
  g_auto (ProgramRun) usage = { 0 };

  program_run_script (self, &killed, "kill -9 $$", NULL);
  g_assert_cmpint (killed.status, ==, 128 + SIGKILL);

  program_start_argv (self, &usage, argv, NULL);
  test_wait_until (program_run_has_ended, &usage, 30, "the end of no program");
  g_assert_cmpint (usage.status, ==, 127);
  g_assert_nonnull (strstr (usage.errors, "no-such-program"));
}

static void
test_much (Program *self, gconstpointer data)
{
  g_autofree char *input = g_strnfill (3 * 1000 * 1000, 'x');
  g_auto (ProgramRun) run = { 0 };

  program_run_script (self, &run, "cat", input);
  g_assert_cmpuint (strlen (run.output), ==, strlen (input));
}

static void
test_environment (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };
  g_auto (GStrv) variables = NULL;

  if (!program_attach_or_skip (self, &owner))
    return;
  program_run_script (self, &run, "env", NULL);
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
test_kubectl (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };

  g_subprocess_launcher_setenv (self->launcher, "KONVOY_LAB_KUBECTL", "/usr/bin/id", TRUE);
  if (!program_attach_or_skip (self, &owner))
    return;
  program_run_script (self, &run, "kubectl -un", NULL);
  g_assert_cmpstr (run.output, ==, "centos\n");
}

/* Each line of the script is a way out that must be closed. */
static void
test_sandbox (Program *self, gconstpointer data)
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
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };

  if (!program_attach_or_skip (self, &owner))
    return;
  program_run_script (self, &run, script, NULL);
  g_assert_cmpstr (run.output, ==, "");
}

static void
test_names (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };

  if (!program_attach_or_skip (self, &owner))
    return;
  program_run_script (self, &run,
                      "getent ahostsv4 jumpserver | head -n 1 | cut -d ' ' -f 1\n"
                      "getent ahostsv4 ip-10-0-193-118.us-west-2.compute.internal | head -n 1 | "
                      "cut -d ' ' -f 1\n"
                      "getent ahostsv4 nobody.example || echo none\n",
                      NULL);
  g_assert_cmpstr (run.output, ==, "127.0.0.1\n10.0.193.118\nnone\n");
}

/* Installed, asked about and removed again, by what the sandbox's own site hands out. */
static void
test_istioctl (Program *self, gconstpointer data)
{
  g_autofree char *curl = g_find_program_in_path ("curl");
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };

  if (curl == NULL) {
    g_test_skip ("there is no curl");
    return;
  }
  if (!program_attach_or_skip (self, &owner))
    return;
  program_run_script (
    self, &run,
    "curl -sL https://istio.io/downloadIstioctl | sh - >/dev/null 2>&1\n"
    "PATH=$PATH:$HOME/.istioctl/bin\n"
    "istioctl install </dev/null\n"
    "echo\n"
    "istioctl version 2>&1 | tail -n 1\n"
    "istioctl manifest apply | tail -n 1\n"
    "istioctl manifest generate 2>/dev/null || echo not so\n"
    "until istioctl version 2>/dev/null | grep 'control plane'; do sleep 0.05; done\n"
    "istioctl uninstall --purge -y\n"
    "until istioctl version 2>&1 | grep 'not installed'; do sleep 0.05; done\n",
    NULL);
  g_assert_cmpstr (run.output, ==,
                   "This will install Istio 1.3.3 into the cluster. Proceed? (y/N) \n"
                   "Istio is not installed in this cluster.\n"
                   "✔ Finished applying manifest for component IngressGateway.\n"
                   "not so\n"
                   "control plane version: 1.3.3\n"
                   "✔ Uninstall complete\n"
                   "Istio is not installed in this cluster.\n");
}

/* The first that needs an owner starts it; its end is not the end of the others. */
static void
test_parallel (Program *self, gconstpointer data)
{
  ProgramRun runs[6] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autofree char *script =
      g_strdup_printf ("echo %u; for i in $(seq %u); do sleep 0.05; done; echo end", i, i * 4);

    program_start (self, &runs[i], script, NULL);
  }
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++) {
    g_autofree char *expected = g_strdup_printf ("%u\nend\n", i);

    test_wait_until (program_run_has_ended, &runs[i], 30, "the end of one of many");
    g_assert_cmpstr (runs[i].errors, ==, "");
    g_assert_cmpstr (runs[i].output, ==, expected);
    g_assert_cmpint (runs[i].status, ==, 0);
    program_run_clear (&runs[i]);
  }
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

static void
test_signals (Program *self, gconstpointer data)
{
  const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_auto (ProgramRun) run = { 0 };

    program_start (
      self, &run,
      "trap 'echo HUP; exit 1' HUP; trap 'echo INT; exit 2' INT; trap 'echo TERM; exit 15' "
      "TERM; touch ~/ready; while :; do sleep 0.01; done",
      NULL);
    test_wait_until (program_file_exists, ready, 30, "the start of the program");
    g_unlink (ready);
    g_subprocess_send_signal (run.process, numbers[i]);
    test_wait_until (program_run_has_ended, &run, 30, "the end by a signal");
    g_assert_cmpint (run.status, ==, numbers[i]);
    g_assert_cmpstr (run.output, ==,
                     numbers[i] == SIGHUP   ? "HUP\n"
                     : numbers[i] == SIGINT ? "INT\n"
                                            : "TERM\n");
  }
}

/* A client that is killed takes its program with it, and nothing else. */
static void
test_client_killed (Program *self, gconstpointer data)
{
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);
  g_autofree char *ended = g_build_filename (self->dir, "home", "ended", NULL);
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };
  g_auto (ProgramRun) after = { 0 };

  if (!program_attach_or_skip (self, &owner))
    return;
  program_start (self, &run,
                 "trap 'touch ~/ended; exit' TERM; touch ~/ready; while :; do sleep 0.01; done",
                 NULL);
  test_wait_until (program_file_exists, ready, 30, "the start of the program");
  g_subprocess_force_exit (run.process);
  test_wait_until (program_file_exists, ended, 30, "the end of the program");
  program_run_script (self, &after, "echo here", NULL);
  g_assert_cmpstr (after.output, ==, "here\n");
}

/* Whoever kills all on the jumpserver finds a new one. */
static void
test_sandbox_killed (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) other = { 0 };
  g_auto (ProgramRun) killer = { 0 };
  g_auto (ProgramRun) after = { 0 };
  g_autofree char *ready = g_build_filename (self->dir, "home", "ready", NULL);

  if (!program_attach_or_skip (self, &owner))
    return;
  program_start (self, &other, "touch ~/ready; sleep 60", NULL);
  test_wait_until (program_file_exists, ready, 30, "the start of the program");
  program_start (self, &killer, "kill -9 -1", NULL);
  test_wait_until (program_run_has_ended, &killer, 30, "the end of the killer");
  test_wait_until (program_run_has_ended, &other, 30, "the end of the killed");
  g_assert_cmpint (other.status, ==, 128 + SIGKILL);
  program_run_script (self, &after, "echo here", NULL);
  g_assert_cmpstr (after.output, ==, "here\n");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, func)                                                                            \
  g_test_add ("/konvoy-practice-run/" path, Program, NULL, program_set_up, func, program_tear_down)
  ADD ("streams", test_streams);
  ADD ("status", test_status);
  ADD ("much", test_much);
  ADD ("environment", test_environment);
  ADD ("kubectl", test_kubectl);
  ADD ("sandbox", test_sandbox);
  ADD ("names", test_names);
  ADD ("istioctl", test_istioctl);
  ADD ("parallel", test_parallel);
  ADD ("signals", test_signals);
  ADD ("client-killed", test_client_killed);
  ADD ("sandbox-killed", test_sandbox_killed);
#undef ADD

  return g_test_run ();
}

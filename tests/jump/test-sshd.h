/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test-place.h"

/* A real SSH server on loopback, for the present user, root or not. */
typedef struct {
  char *folder;
  guint16 port;
  GSubprocess *process; /* (nullable) */
} TestSshd;

static inline char *
test_sshd_dup_path (TestSshd *self, const char *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static inline void
test_sshd_write (TestSshd *self, const char *name, const char *text, int mode)
{
  g_autofree char *path = test_sshd_dup_path (self, name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, mode), ==, 0);
}

/* Makes NAME and NAME.pub. */
static inline void
test_sshd_make_key (TestSshd *self, const char *name, const char *passphrase)
{
  g_autofree char *path = test_sshd_dup_path (self, name);
  g_autofree char *pub = g_strconcat (path, ".pub", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  g_unlink (pub);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "ssh-keygen", "-q", "-t", "ed25519",
                              "-C", "test", "-N", passphrase, "-f", path, NULL);
  g_assert_no_error (error);
  g_subprocess_wait_check (process, NULL, &error);
  g_assert_no_error (error);
}

/* The program, or NULL where a test must be skipped. sshd wants to be started by its whole path. */
static inline const char *
test_sshd_find (void)
{
  static const char *const places[] = { "/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd" };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (g_file_test (places[i], G_FILE_TEST_IS_EXECUTABLE))
      return places[i];
  return NULL;
}

/* Where the init system has not started a server yet, root has to make this folder. */
static inline gboolean
test_sshd_prepare_root (void)
{
  return geteuid () != 0 || g_mkdir ("/run/sshd", 0755) == 0 || errno == EEXIST;
}

static inline guint16
test_sshd_find_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static inline gboolean
test_sshd_answers (gpointer data)
{
  TestSshd *self = data;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);
  return connection != NULL;
}

/* In the child: an end with the test, also with one that is aborted. */
static inline void
test_sshd_child_setup (gpointer data)
{
  prctl (PR_SET_PDEATHSIG, SIGKILL);
}

static inline void
test_sshd_start (TestSshd *self, const char *more)
{
  g_autofree char *config = test_sshd_dup_path (self, "sshd_config");
  g_autofree char *text = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;

  text = g_strdup_printf ("Port %u\n"
                          "ListenAddress 127.0.0.1\n"
                          "HostKey %s/host_key\n"
                          "AuthorizedKeysFile %s/authorized_keys\n"
                          "PidFile none\n"
                          "StrictModes no\n"
                          "UsePAM no\n"
                          "PasswordAuthentication no\n"
                          "KbdInteractiveAuthentication no\n"
                          "PermitRootLogin prohibit-password\n"
                          "%s",
                          self->port, self->folder, self->folder, more);
  test_sshd_write (self, "sshd_config", text, 0600);
  self->process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error,
                      test_sshd_find (), "-D", "-e", "-f", config, NULL);
  g_assert_no_error (error);
  test_wait_until (test_sshd_answers, self, 10, "the SSH server to listen");
}

static inline TestSshd *
test_sshd_new (void)
{
  TestSshd *self = g_new0 (TestSshd, 1);
  g_autofree char *pub = NULL;
  g_autofree char *keys = NULL;

  self->folder = g_dir_make_tmp ("jump-sshd-XXXXXX", NULL);
  self->port = test_sshd_find_port ();
  test_sshd_make_key (self, "host_key", "");
  test_sshd_make_key (self, "id", "");
  pub = test_sshd_dup_path (self, "id.pub");
  g_assert_true (g_file_get_contents (pub, &keys, NULL, NULL));
  test_sshd_write (self, "authorized_keys", keys, 0600);
  return self;
}

/* Signals what serves the connections, at any depth below @pid. */
static inline void
test_sshd_signal_below (const char *pid, int number)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/task/%s/children", pid, pid);
  g_autofree char *text = NULL;
  g_auto (GStrv) children = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return;
  children = g_strsplit (g_strstrip (text), " ", -1);
  for (guint i = 0; children[i] != NULL; i++) {
    if (*children[i] == '\0')
      continue;
    test_sshd_signal_below (children[i], number);
    kill ((pid_t)g_ascii_strtoll (children[i], NULL, 10), number);
  }
}

static inline void
test_sshd_signal_connections (TestSshd *self, int number)
{
  test_sshd_signal_below (g_subprocess_get_identifier (self->process), number);
}

static inline void
test_sshd_stop (TestSshd *self)
{
  if (self->process == NULL)
    return;
  test_sshd_signal_connections (self, SIGKILL);
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

static inline void
test_sshd_free (TestSshd *self)
{
  test_sshd_stop (self);
  test_place_remove_tree (self->folder);
  g_free (self->folder);
  g_free (self);
}

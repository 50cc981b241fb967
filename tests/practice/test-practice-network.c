/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "practice-network.h"
#include "test-user-namespace.h"
#include "test-wait.h"

typedef struct {
  GSocketConnection *connection;
  GError *error;
  gboolean done;
} Connect;

static void
connect_clear (Connect *self)
{
  g_clear_object (&self->connection);
  g_clear_error (&self->error);
  self->done = FALSE;
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Connect, connect_clear)

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Connect *self = user_data;

  self->connection =
    practice_network_connect_finish (PRACTICE_NETWORK (source), result, &self->error);
  self->done = TRUE;
}

static gboolean
connect_done (gpointer data)
{
  return ((Connect *)data)->done;
}

static void
connect_to (Connect *self, PracticeNetwork *network, const char *address, guint16 port)
{
  practice_network_connect_async (network, address, port, NULL, connect_cb, self);
  test_wait_until (connect_done, self, 30, "an answer to a connection");
}

static PracticeNetwork *
network_or_skip (void)
{
  g_autoptr (GError) error = NULL;
  PracticeNetwork *network = practice_network_new (&error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    g_test_skip (error->message);
  else
    g_assert_no_error (error);
  return network;
}

static guint16
local_port (GSocket *socket)
{
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (socket, NULL);

  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
}

static guint
count_fds (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir))
    n++;
  return n;
}

static void
test_stream (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  g_autoptr (GSocket) listener = NULL;
  g_autoptr (GSocket) accepted = NULL;
  g_autoptr (GSocketAddress) seen = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (Connect) connect = { 0 };
  g_autofree char *text = NULL;
  char buffer[8] = "";

  if (!network)
    return;
  /* Below 1024, on an address that no device has: what a Service's cluster IP needs. */
  listener = practice_network_listen (network, G_SOCKET_TYPE_STREAM, "10.0.51.32", 80, &error);
  g_assert_no_error (error);
  connect_to (&connect, network, "10.0.51.32", 80);
  g_assert_no_error (connect.error);

  accepted = g_socket_accept (listener, NULL, &error);
  g_assert_no_error (error);
  seen = g_socket_get_local_address (accepted, NULL);
  text =
    g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (seen)));
  g_assert_cmpstr (text, ==, "10.0.51.32");

  g_assert_true (g_output_stream_write_all (
    g_io_stream_get_output_stream (G_IO_STREAM (connect.connection)), "PING", 4, NULL, NULL, NULL));
  g_assert_cmpint (g_socket_receive (accepted, buffer, sizeof buffer, NULL, &error), ==, 4);
  g_assert_cmpstr (buffer, ==, "PING");
}

static void
test_datagram (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[8] = "";

  if (!network)
    return;
  socket = practice_network_listen (network, G_SOCKET_TYPE_DATAGRAM, "127.0.0.53", 53, &error);
  g_assert_no_error (error);
  address = g_socket_get_local_address (socket, &error);
  g_assert_cmpint (g_socket_send_to (socket, address, "name", 4, NULL, &error), ==, 4);
  g_assert_cmpint (g_socket_receive (socket, buffer, sizeof buffer, NULL, &error), ==, 4);
  g_assert_cmpstr (buffer, ==, "name");
}

static void
test_apart (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  g_autoptr (GSocket) inside = NULL;
  g_autoptr (GSocket) outside = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GError) error = NULL;
  g_auto (Connect) connect = { 0 };

  if (!network)
    return;
  outside = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, 0, &error);
  g_assert_true (g_socket_bind (outside, any_port, TRUE, &error));
  g_assert_true (g_socket_listen (outside, &error));

  /* What listens on this computer's loopback is not there, so its port is free ... */
  connect_to (&connect, network, "127.0.0.1", local_port (outside));
  g_assert_error (connect.error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  inside = practice_network_listen (network, G_SOCKET_TYPE_STREAM, "127.0.0.1",
                                    local_port (outside), &error);
  g_assert_no_error (error);

  /* ... and there is no way out. */
  connect_clear (&connect);
  connect_to (&connect, network, "192.0.2.1", 80);
  g_assert_error (connect.error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE);
}

static void
test_taken (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  g_autoptr (GSocket) first = NULL;
  g_autoptr (GSocket) second = NULL;
  g_autoptr (GError) error = NULL;

  if (!network)
    return;
  first = practice_network_listen (network, G_SOCKET_TYPE_STREAM, "10.0.0.1", 0, &error);
  g_assert_no_error (error);
  second =
    practice_network_listen (network, G_SOCKET_TYPE_STREAM, "10.0.0.1", local_port (first), &error);
  g_assert_null (second);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
}

static void
test_bad_address (void)
{
  const char *const addresses[] = { "", "10.0.0.256", "::1", "localhost", "10.0.0.1:80", "10" };
  g_autoptr (PracticeNetwork) network = network_or_skip ();

  if (!network)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++) {
    g_autoptr (GError) error = NULL;
    g_auto (Connect) connect = { 0 };

    g_assert_null (
      practice_network_listen (network, G_SOCKET_TYPE_STREAM, addresses[i], 80, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    connect_to (&connect, network, addresses[i], 80);
    g_assert_error (connect.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  }
}

static void
test_many (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  guint before;

  if (!network)
    return;
  before = count_fds ();
  for (guint i = 0; i < 5000; i++) {
    g_autofree char *address = g_strdup_printf ("10.1.%u.%u", i / 250, 1 + i % 250);
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) socket =
      practice_network_listen (network, G_SOCKET_TYPE_STREAM, address, 443, &error);

    g_assert_no_error (error);
  }
  g_assert_cmpuint (count_fds (), ==, before);
}

static void
test_cancel (void)
{
  g_autoptr (PracticeNetwork) network = network_or_skip ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Connect) connect = { 0 };

  if (!network)
    return;
  g_cancellable_cancel (cancellable);
  practice_network_connect_async (network, "10.0.0.1", 80, cancellable, connect_cb, &connect);
  test_wait_until (connect_done, &connect, 30, "the cancelled connection");
  g_assert_error (connect.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_finalize (void)
{
  PracticeNetwork *network = network_or_skip ();

  if (!network)
    return;
  g_assert_finalize_object (network);
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static gboolean
reaped (gpointer data)
{
  pid_t *pid = data;

  *pid = waitpid (-1, NULL, WNOHANG);
  return *pid > 0;
}

/* The child that holds the network must not outlive an owner that is killed. */
static void
test_killed (void)
{
  g_autoptr (PracticeNetwork) probe = network_or_skip ();
  int ready[2];
  pid_t owner, found;
  char byte;

  if (!probe)
    return;
  g_clear_object (&probe);
  g_assert_cmpint (pipe (ready), ==, 0);
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 1), ==, 0);
  owner = fork ();
  if (owner == 0) {
    g_autoptr (PracticeNetwork) network = practice_network_new (NULL);

    if (network && write (ready[1], "", 1) == 1)
      pause ();
    _exit (1);
  }
  g_assert_cmpint (read (ready[0], &byte, 1), ==, 1);
  kill (owner, SIGKILL);
  test_wait_until (reaped, &found, 30, "the end of the owner");
  test_wait_until (reaped, &found, 30, "the end of the network's holder");
  g_assert_cmpint (prctl (PR_SET_CHILD_SUBREAPER, 0), ==, 0);
  close (ready[0]);
  close (ready[1]);
}

static void
test_refused_process (void)
{
  g_autoptr (PracticeNetwork) network = NULL;
  g_autoptr (GError) error = NULL;

  if (!test_refuse_user_namespaces ()) {
    g_print ("no user namespaces: G_IO_ERROR_NOT_SUPPORTED\n");
    return;
  }
  network = practice_network_new (&error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_nonnull (strstr (error->message, "user.max_user_namespaces"));
}

static void
test_refused (void)
{
  g_test_trap_subprocess ("/practice-network/refused/subprocess", 10 * G_USEC_PER_SEC, 0);
  g_test_trap_assert_passed ();
}

/* The path of a part of the first volume; NULL: it cannot be had. */
static char *
dup_part (PracticeNetwork *network, const char *part, GError **error)
{
  return practice_network_dup_volume (network, 0, part, error);
}

/* A folder of this computer is seen, a part of it is made, and nothing in it leads out of it. */
static void
test_volumes (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("practice-network-XXXXXX", &error);
  g_autofree char *made = g_build_filename (folder, "a", "b", NULL);
  g_autofree char *parent = g_build_filename (folder, "a", NULL);
  g_autofree char *link = g_build_filename (folder, "link", NULL);
  static const char *const leading_out[] = { "link", "link/passwd", "a/../..", ".." };
  g_autoptr (GPtrArray) volumes = g_ptr_array_new ();
  g_autoptr (PracticeNetwork) network = NULL;
  g_autofree char *part = NULL;
  g_autofree char *whole = NULL;

  g_assert_no_error (error);
  g_ptr_array_add (volumes, folder);
  g_ptr_array_add (volumes, NULL);
  network = practice_network_new_at ("10.1.0.20", volumes, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_test_skip (error->message);
    g_rmdir (folder);
    return;
  }
  g_assert_no_error (error);
  part = dup_part (network, "a//b/", &error);
  g_assert_no_error (error);
  whole = dup_part (network, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (part, !=, whole);
  g_assert_true (g_file_test (made, G_FILE_TEST_IS_DIR));

  g_assert_cmpint (symlink ("/etc", link), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (leading_out); i++) {
    g_autofree char *refused = dup_part (network, leading_out[i], &error);

    g_assert_null (refused);
    g_assert_nonnull (error);
    g_clear_error (&error);
  }
  g_unlink (link);
  g_rmdir (made);
  g_rmdir (parent);
  g_rmdir (folder);
}

/* Under a sanitizer memory is not where it would be. */
#ifndef __SANITIZE_ADDRESS__
/* The only child of this thread. */
static gint64
get_child (void)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/task/%d/children", gettid ());
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) ? g_ascii_strtoll (text, NULL, 10) : 0;
}

/* In kB; -1: it is not told. */
static gint64
get_own_memory (gint64 pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%" G_GINT64_FORMAT "/status", pid);
  g_autofree char *text = NULL;
  const char *line =
    g_file_get_contents (path, &text, NULL, NULL) ? strstr (text, "RssAnon:") : NULL;

  return line != NULL ? g_ascii_strtoll (line + strlen ("RssAnon:"), NULL, 10) : -1;
}

typedef struct {
  gint64 pid;
  gint64 most;
} Size;

static gboolean
is_small (gpointer data)
{
  Size *size = data;

  return get_own_memory (size->pid) < size->most;
}

/* What holds the network does not keep the memory that its parent had when it was made. */
static void
test_small (void)
{
  static const guint n_blocks = 4096;
  static const gsize block = 8 * 1024;
  g_autoptr (GPtrArray) blocks = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (PracticeNetwork) network = NULL;
  Size size = { .most = n_blocks * block / 1024 / 2 };

  for (guint i = 0; i < n_blocks; i++)
    g_ptr_array_add (blocks, memset (g_malloc (block), 1, block));
  network = network_or_skip ();
  size.pid = network != NULL ? get_child () : 0;
  if (size.pid == 0)
    return;
  g_assert_cmpint (get_own_memory (getpid ()), >, size.most);
  g_assert_cmpint (get_own_memory (size.pid), >=, 0);
  test_wait_until (is_small, &size, 30, "memory to be given back");
  /* It still works. */
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (GSocket) socket =
      practice_network_listen (network, G_SOCKET_TYPE_STREAM, "10.0.0.77", 80, &error);

    g_assert_no_error (error);
    g_assert_nonnull (socket);
  }
}
#endif

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-network/stream", test_stream);
  g_test_add_func ("/practice-network/datagram", test_datagram);
  g_test_add_func ("/practice-network/apart", test_apart);
  g_test_add_func ("/practice-network/taken", test_taken);
  g_test_add_func ("/practice-network/bad-address", test_bad_address);
  g_test_add_func ("/practice-network/many", test_many);
  g_test_add_func ("/practice-network/cancel", test_cancel);
  g_test_add_func ("/practice-network/finalize", test_finalize);
  g_test_add_func ("/practice-network/killed", test_killed);
  g_test_add_func ("/practice-network/volumes", test_volumes);
  g_test_add_func ("/practice-network/refused", test_refused);
  g_test_add_func ("/practice-network/refused/subprocess", test_refused_process);

#ifndef __SANITIZE_ADDRESS__
  g_test_add_func ("/practice-network/small", test_small);
#endif
  return g_test_run ();
}

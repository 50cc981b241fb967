/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixsocketaddress.h>
#include <string.h>

#include "jump-ssh-tunnels.h"
#include "test-sshd.h"

#define LARGE (4 * 1024 * 1024)

/* A jumpserver, and a service on loopback that sends back what it is sent. */
typedef struct _Client Client;

typedef struct {
  TestSshd *sshd;
  JumpSshSettings *settings;
  JumpSshMaster *master; /* (nullable) */
  JumpSshTunnels *tunnels;

  GSocketService *service;
  guint16 port;
  gboolean hangs_up; /* closes after its first answer */
  gboolean deaf;     /* does not close when its client does */
  Client *forgotten;
  guint n_open;
  guint n_served;
} Fixture;

struct _Client {
  Fixture *fixture;
  GSocketConnection *connection;
};

static void read_client (Client *client);

static void
end_client (Client *client)
{
  client->fixture->n_open--;
  g_io_stream_close (G_IO_STREAM (client->connection), NULL, NULL);
  g_object_unref (client->connection);
  g_free (client);
}

static void
written_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL) ||
      client->fixture->hangs_up)
    end_client (client);
  else
    read_client (client);
}

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  g_autoptr (GBytes) bytes =
    g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (client->connection));

  if (client->fixture->deaf && bytes != NULL && g_bytes_get_size (bytes) == 0) {
    client->fixture->forgotten = client;
    return;
  }
  if (bytes == NULL || g_bytes_get_size (bytes) == 0) {
    end_client (client);
    return;
  }
  g_output_stream_write_all_async (output, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                   G_PRIORITY_DEFAULT, NULL, written_cb, client);
  g_object_set_data_full (G_OBJECT (client->connection), "bytes", g_steal_pointer (&bytes),
                          (GDestroyNotify)g_bytes_unref);
}

static void
read_client (Client *client)
{
  g_input_stream_read_bytes_async (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)),
                                   32768, G_PRIORITY_DEFAULT, NULL, read_cb, client);
}

static gboolean
incoming_cb (Fixture *fixture, GSocketConnection *connection)
{
  Client *client = g_new0 (Client, 1);

  client->fixture = fixture;
  client->connection = g_object_ref (connection);
  fixture->n_open++;
  fixture->n_served++;
  read_client (client);
  return TRUE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *identity = NULL;
  g_autofree char *known_hosts = NULL;
  g_autofree char *pub = NULL;
  g_autofree char *key = NULL;
  g_autofree char *line = NULL;
  g_autoptr (JumpAddress) address = NULL;
  g_autoptr (GError) error = NULL;

  fixture->sshd = test_sshd_new ();
  identity = test_sshd_dup_path (fixture->sshd, "id");
  known_hosts = test_sshd_dup_path (fixture->sshd, "known_hosts");
  pub = test_sshd_dup_path (fixture->sshd, "host_key.pub");
  g_assert_true (g_file_get_contents (pub, &key, NULL, NULL));
  line = g_strdup_printf ("[127.0.0.1]:%u %s", fixture->sshd->port, key);
  test_sshd_write (fixture->sshd, "known_hosts", line, 0600);

  address = jump_address_new (g_get_user_name (), "127.0.0.1", fixture->sshd->port, &error);
  g_assert_no_error (error);
  fixture->settings = jump_ssh_settings_new (address, identity, known_hosts, &error);
  g_assert_no_error (error);
  fixture->tunnels = jump_ssh_tunnels_new (fixture->settings);

  fixture->service = g_socket_service_new ();
  fixture->port =
    g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (fixture->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect_swapped (fixture->service, "incoming", G_CALLBACK (incoming_cb), fixture);
}

static gboolean
nothing_is_open (gpointer data)
{
  return ((Fixture *)data)->n_open == 0;
}

static gboolean
is_gone (gpointer object)
{
  return *(gpointer *)object == NULL;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer tunnels = fixture->tunnels;
  gpointer settings = fixture->settings;

  jump_ssh_tunnels_close (fixture->tunnels);
  g_object_add_weak_pointer (tunnels, &tunnels);
  g_clear_object (&fixture->tunnels);
  test_wait_until (is_gone, &tunnels, 5, "the tunnels to be freed");
  g_clear_object (&fixture->master);
  g_object_add_weak_pointer (settings, &settings);
  g_clear_object (&fixture->settings);
  test_wait_until (is_gone, &settings, 5, "what is relayed to be out of the way");

  test_sshd_free (fixture->sshd);
  test_wait_until (nothing_is_open, fixture, 10, "every connection to the service to end");
  g_socket_service_stop (fixture->service);
  g_socket_listener_close (G_SOCKET_LISTENER (fixture->service));
  g_clear_object (&fixture->service);
}

static void
start_master (Fixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  jump_ssh_master_start_async (fixture->settings, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the connection");
  g_clear_object (&fixture->master);
  fixture->master = jump_ssh_master_start_finish (result, &error);
  g_assert_no_error (error);
  jump_ssh_tunnels_set_master (fixture->tunnels, fixture->master);
}

static void
start (Fixture *fixture, const char *config)
{
  test_sshd_start (fixture->sshd, config);
  start_master (fixture);
}

static GSocketConnectable *
reach (Fixture *fixture, const char *host, guint16 port, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  jump_ssh_tunnels_reach_async (fixture->tunnels, host, port, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 60, "a way to an address");
  return jump_ssh_tunnels_reach_finish (fixture->tunnels, result, error);
}

static void
assert_unreachable (
  Fixture *fixture, const char *host, guint16 port, JumpError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (reach (fixture, host, port, &error));
  g_assert_error (error, JUMP_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, words));
}

static GSocketConnection *
dial (GSocketConnectable *address)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_async (client, address, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 5, "the connection to the socket");
  return g_socket_client_connect_finish (client, result, NULL);
}

static void
send (GSocketConnection *connection, const char *data, gsize length)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all_async (output, data, length, G_PRIORITY_DEFAULT, NULL,
                                   test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the request to be sent");
  g_output_stream_write_all_finish (output, result, NULL, &error);
  g_assert_no_error (error);
}

/* Up to @max bytes, fewer where the connection ends. */
static GBytes *
receive (GSocketConnection *connection, gsize max)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  g_autoptr (GAsyncResult) result = NULL;
  char *buffer = g_malloc (max);
  gsize length = 0;

  g_input_stream_read_all_async (input, buffer, max, G_PRIORITY_DEFAULT, NULL,
                                 test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer through the jumpserver");
  g_input_stream_read_all_finish (input, result, &length, NULL);
  return g_bytes_new_take (buffer, length);
}

static void
assert_echo (GSocketConnectable *address)
{
  g_autoptr (GSocketConnection) connection = dial (address);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_nonnull (connection);
  send (connection, "PING", 4);
  bytes = receive (connection, 4);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "PING", 4);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
}

/* Both directions at once, with bytes that a shell or a terminal would change. */
static void
assert_large (GSocketConnectable *address)
{
  g_autoptr (GSocketConnection) connection = dial (address);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *data = g_malloc (LARGE);
  g_autoptr (GBytes) bytes = NULL;

  for (gsize i = 0; i < LARGE; i++)
    data[i] = (char)(i * 31 + i / 251);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (connection)), data,
                                   LARGE, G_PRIORITY_DEFAULT, NULL, test_wait_keep_result, &result);
  bytes = receive (connection, LARGE);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), data, LARGE);
  test_wait_for_pointer (&result, 5, "all to be sent");
}

/* The service hangs up: so must the socket. */
static void
assert_hang_up (Fixture *fixture, GSocketConnectable *address)
{
  g_autoptr (GSocketConnection) connection = dial (address);
  g_autoptr (GBytes) bytes = NULL;

  fixture->hangs_up = TRUE;
  send (connection, "BYE", 3);
  bytes = receive (connection, 100);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "BYE", 3);
  fixture->hangs_up = FALSE;
}

/* The client has said all, and still gets its answer. */
static void
assert_half_close (GSocketConnectable *address)
{
  g_autoptr (GSocketConnection) connection = dial (address);
  g_autoptr (GBytes) bytes = NULL;

  send (connection, "LAST", 4);
  g_socket_shutdown (g_socket_connection_get_socket (connection), FALSE, TRUE, NULL);
  bytes = receive (connection, 100);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "LAST", 4);
}

static void
test_forward (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketConnectable) again = NULL;
  g_autoptr (GError) error = NULL;
  const char *path;
  struct stat status;

  start (fixture, "");
  address = reach (fixture, "127.0.0.1", fixture->port, &error);
  g_assert_no_error (error);
  g_assert_false (jump_ssh_tunnels_get_relaying (fixture->tunnels));
  path = g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (address));
  g_assert_cmpuint (strlen (path), <, 108);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 077, ==, 0);
  assert_echo (address);
  assert_large (address);
  assert_hang_up (fixture, address);
  assert_half_close (address);

  again = reach (fixture, "127.0.0.1", fixture->port, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_unix_socket_address_get_path (G_UNIX_SOCKET_ADDRESS (again)), ==, path);
  assert_echo (again);
}

static void
test_forward_unreachable (Fixture *fixture, gconstpointer data)
{
  start (fixture, "");
  assert_unreachable (fixture, "127.0.0.1", test_sshd_find_port (), JUMP_ERROR_REFUSED,
                      "Nothing listens at");
  assert_unreachable (fixture, "no-such-host.invalid", 80, JUMP_ERROR_NAMELESS,
                      "no host named no-such-host.invalid");
}

/* What was forwarded is so again over a new connection, with nobody reaching anew. */
static void
test_forward_restored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GSocketConnection) connection = NULL;

  start (fixture, "");
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  assert_echo (address);
  jump_ssh_tunnels_set_master (fixture->tunnels, NULL);
  jump_ssh_master_stop (fixture->master);
  test_wait_until (nothing_is_open, fixture, 5, "the connections to end with the master");
  start_master (fixture);
  while ((connection = dial (address)) == NULL)
    g_main_context_iteration (NULL, TRUE);
  assert_echo (address);
}

static void
test_reach_cancelled (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  start (fixture, "");
  jump_ssh_tunnels_reach_async (fixture->tunnels, "127.0.0.1", fixture->port, cancellable,
                                test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled caller");
  g_assert_null (jump_ssh_tunnels_reach_finish (fixture->tunnels, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_master_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (fixture, "");
  test_sshd_stop (fixture->sshd);
  g_assert_null (reach (fixture, "127.0.0.1", fixture->port, &error));
  g_assert_nonnull (error);
}

/* A PATH with no more than @programs in it. */
static char *
make_path (Fixture *fixture, const char *const *programs)
{
  g_autofree char *folder = test_sshd_dup_path (fixture->sshd, "bin");

  g_mkdir (folder, 0755);
  for (guint i = 0; programs[i] != NULL; i++) {
    g_autofree char *program = g_find_program_in_path (programs[i]);
    g_autofree char *link = g_build_filename (folder, programs[i], NULL);

    if (program == NULL)
      return NULL;
    g_assert_cmpint (symlink (program, link), ==, 0);
  }
  return g_strdup_printf ("AllowTcpForwarding no\nSetEnv PATH=%s\n", folder);
}

static void
check_relay (Fixture *fixture, gboolean passes_hang_up)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GError) error = NULL;

  address = reach (fixture, "127.0.0.1", fixture->port, &error);
  g_assert_no_error (error);
  g_assert_true (jump_ssh_tunnels_get_relaying (fixture->tunnels));
  assert_echo (address);
  assert_large (address);
  if (passes_hang_up)
    assert_hang_up (fixture, address);
  test_wait_until (nothing_is_open, fixture, 10, "the relayed connections to end");
  assert_unreachable (fixture, "127.0.0.1", test_sshd_find_port (), JUMP_ERROR_REFUSED,
                      "Nothing listens at");
}

static void
test_relay_python (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autofree char *python = g_find_program_in_path ("python3");

  if (python == NULL) {
    g_test_skip ("no python3 here");
    return;
  }
  start (fixture, "AllowTcpForwarding no\n");
  check_relay (fixture, TRUE);
  assert_unreachable (fixture, "no-such-host.invalid", 80, JUMP_ERROR_NAMELESS,
                      "no host named no-such-host.invalid");
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  assert_half_close (address);
}

static void
test_relay_bash (Fixture *fixture, gconstpointer data)
{
  static const char *const programs[] = { "bash", "cat", "sleep", NULL };
  g_autofree char *config = make_path (fixture, programs);
  g_autoptr (GSocketConnectable) address = NULL;

  if (config == NULL) {
    g_test_skip ("no bash here");
    return;
  }
  start (fixture, config);
  check_relay (fixture, TRUE);
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  assert_half_close (address);
}

static void
test_relay_nc (Fixture *fixture, gconstpointer data)
{
  static const char *const programs[] = { "nc", "grep", NULL };
  g_autofree char *config = make_path (fixture, programs);

  if (config == NULL) {
    g_test_skip ("no nc here");
    return;
  }
  start (fixture, config);
  /* Not all of the programs of that name end with the far end. */
  check_relay (fixture, FALSE);
}

static void
test_relay_nothing (Fixture *fixture, gconstpointer data)
{
  static const char *const programs[] = { NULL };
  g_autofree char *config = make_path (fixture, programs);
  g_autoptr (GError) error = NULL;

  start (fixture, config);
  g_assert_null (reach (fixture, "127.0.0.1", fixture->port, &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_NO_FORWARDING);
  g_assert_nonnull (strstr (error->message, "AllowTcpForwarding"));
}

/* One host is allowed, the other not: each gets what works for it. */
static void
test_relay_one (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) forwarded = NULL;
  g_autoptr (GSocketConnectable) relayed = NULL;
  g_autofree char *config = g_strdup_printf ("PermitOpen 127.0.0.1:%u\n", fixture->port);

  start (fixture, config);
  forwarded = reach (fixture, "127.0.0.1", fixture->port, NULL);
  g_assert_false (jump_ssh_tunnels_get_relaying (fixture->tunnels));
  assert_echo (forwarded);
  relayed = reach (fixture, "localhost", fixture->port, NULL);
  g_assert_true (jump_ssh_tunnels_get_relaying (fixture->tunnels));
  assert_echo (relayed);
  assert_echo (forwarded);
}

static gboolean
nothing_is_relayed (gpointer data)
{
  Fixture *fixture = data;
  const char *folder =
    jump_socket_folder_get_path (jump_ssh_settings_get_folder (fixture->settings));
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename ("/proc", name, "cmdline", NULL);
    g_autofree char *line = NULL;
    gsize length;

    if (g_ascii_isdigit (*name) && g_file_get_contents (path, &line, &length, NULL) &&
        memmem (line, length, folder, strlen (folder)) != NULL &&
        memmem (line, length, "/bin/sh", 7) != NULL)
      return FALSE;
  }
  return TRUE;
}

/* A service that does not notice that its client is gone holds no session of the server for ever.
 */
static void
test_relay_deaf (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;

  start (fixture, "AllowTcpForwarding no\n");
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  test_wait_until (nothing_is_open, fixture, 5, "the first look at the service to end");
  fixture->deaf = TRUE;
  assert_echo (address);
  g_assert_false (nothing_is_relayed (fixture));
  test_wait_until (nothing_is_relayed, fixture, 15, "the relay to give its client up");
  end_client (fixture->forgotten);
}

/* More connections at once than the server allows sessions over one of its own. */
static void
test_relay_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);

  start (fixture, "AllowTcpForwarding no\nMaxSessions 5\n");
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  for (guint i = 0; i < 8; i++) {
    g_ptr_array_add (connections, dial (address));
    send (g_ptr_array_index (connections, i), "x", 1);
  }
  for (guint i = 0; i < connections->len; i++) {
    g_autoptr (GBytes) echo = receive (g_ptr_array_index (connections, i), 1);

    g_assert_cmpuint (g_bytes_get_size (echo), ==, 1);
  }
  assert_echo (address);
}

/* None of them outlives the connection; the socket is there again with the next one. */
static void
test_relay_restored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GSocketConnectable) address = NULL;
  g_autoptr (GPtrArray) connections = g_ptr_array_new_with_free_func (g_object_unref);

  start (fixture, "AllowTcpForwarding no\n");
  address = reach (fixture, "127.0.0.1", fixture->port, NULL);
  for (guint i = 0; i < 6; i++) {
    g_autoptr (GBytes) echo = NULL;

    g_ptr_array_add (connections, dial (address));
    send (g_ptr_array_index (connections, i), "x", 1);
    echo = receive (g_ptr_array_index (connections, i), 1);
  }
  jump_ssh_tunnels_set_master (fixture->tunnels, NULL);
  jump_ssh_master_stop (fixture->master);
  for (guint i = 0; i < connections->len; i++) {
    g_autoptr (GBytes) end = receive (g_ptr_array_index (connections, i), 1);

    g_assert_cmpuint (g_bytes_get_size (end), ==, 0);
  }
  test_wait_until (nothing_is_open, fixture, 10, "the connections to end with the master");
  g_assert_null (dial (address));
  start_master (fixture);
  assert_echo (address);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/jump/ssh-tunnels/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_unsetenv ("SSH_AUTH_SOCK");

  if (test_sshd_find () == NULL || !test_sshd_prepare_root ()) {
    g_print ("1..0 # SKIP no SSH server here: install openssh-server to run these tests\n");
    return 0;
  }

  ADD ("forward", test_forward);
  ADD ("forward-unreachable", test_forward_unreachable);
  ADD ("forward-restored", test_forward_restored);
  ADD ("reach-cancelled", test_reach_cancelled);
  ADD ("master-gone", test_master_gone);
  ADD ("relay-python", test_relay_python);
  ADD ("relay-bash", test_relay_bash);
  ADD ("relay-nc", test_relay_nc);
  ADD ("relay-nothing", test_relay_nothing);
  ADD ("relay-one", test_relay_one);
  ADD ("relay-deaf", test_relay_deaf);
  ADD ("relay-many", test_relay_many);
  ADD ("relay-restored", test_relay_restored);

  return test_place_run_tests ();
}

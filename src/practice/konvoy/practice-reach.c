/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-reach.h"

#include <errno.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-addon-client.h"
#include "practice-socks-client.h"

#define RESOLVER "127.0.0.53"
#define CLUSTER_RESOLVER "10.0.0.10"
/* ^], with which one leaves telnet. */
#define ESCAPE '\x1d'

/* (nullable): the address of a host, which may be one itself */
static char *
resolve (const char *host, GError **error)
{
  const char *proxy = g_getenv (PRACTICE_SOCKS_VARIABLE);
  g_autoptr (GVariant) answer = NULL;
  const char *address = "";

  if (proxy != NULL)
    return practice_socks_client_resolve (proxy, host, error);
  answer = practice_addon_client_ask (
    g_variant_new_parsed ("{'op': <'resolve'>, 'name': <%s>}", host), error);
  if (answer == NULL)
    return NULL;
  g_variant_lookup (answer, "address", "&s", &address);

  return g_strdup (address);
}

/* The relay's first line, a byte at a time: what follows is the other side's. */
static char *
read_line (GSocket *socket, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char byte;
  gssize length;

  while ((length = g_socket_receive (socket, &byte, 1, NULL, error)) == 1 && byte != '\n' &&
         line->len < 1024)
    g_string_append_c (line, byte);

  return length < 0 ? NULL : g_string_free (g_steal_pointer (&line), FALSE);
}

static GSocket *
connect_relay (const char *host, const char *port, GError **error)
{
  const char *path = g_getenv (PRACTICE_RELAY_VARIABLE);
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, 0, error);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path != NULL ? path : "");
  g_autofree char *request = g_strdup_printf ("%s %s\n", host, port);
  g_autofree char *line = NULL;

  if (socket == NULL || !g_socket_connect (socket, address, NULL, error) ||
      g_socket_send (socket, request, strlen (request), NULL, error) < 0)
    return NULL;
  line = read_line (socket, error);
  if (line == NULL)
    return NULL;
  if (g_str_equal (line, "ok"))
    return g_steal_pointer (&socket);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, line);

  return NULL;
}

/* (nullable): from the pod that this runs in, or from the jumpserver. */
static GSocket *
connect_to (const char *host, const char *port, GError **error)
{
  const char *proxy = g_getenv (PRACTICE_SOCKS_VARIABLE);
  guint64 number;

  if (proxy == NULL)
    return connect_relay (host, port, error);
  return g_ascii_string_to_unsigned (port, 10, 1, G_MAXUINT16, &number, error)
           ? practice_socks_client_connect (proxy, host, (guint16)number, error)
           : NULL;
}

static gboolean
write_all (int fd, const char *data, gsize length)
{
  while (length > 0) {
    gssize written = write (fd, data, length);

    if (written < 0 && errno != EINTR)
      return FALSE;
    if (written > 0) {
      data += written;
      length -= written;
    }
  }

  return TRUE;
}

/* Carries both ways until the other side ends. FALSE: the user left. */
static gboolean
talk (int remote, gboolean is_telnet)
{
  struct pollfd fds[] = { { .fd = remote, .events = POLLIN },
                          { .fd = STDIN_FILENO, .events = POLLIN } };
  char buffer[4096];

  for (;;) {
    gssize length;

    if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
      return FALSE;
    if (fds[0].revents != 0) {
      length = read (remote, buffer, sizeof buffer);
      if (length <= 0 || !write_all (STDOUT_FILENO, buffer, length))
        return TRUE;
    }
    if (fds[1].revents != 0) {
      length = read (STDIN_FILENO, buffer, sizeof buffer);
      if (is_telnet && length > 0 && memchr (buffer, ESCAPE, length) != NULL)
        return FALSE;
      if (length > 0 && !write_all (remote, buffer, length))
        return TRUE;
      if (length <= 0) {
        shutdown (remote, SHUT_WR);
        fds[1].fd = -1;
      }
    }
  }
}

static int
run_telnet (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  g_autoptr (GSocket) socket = NULL;

  if (argc != 3) {
    g_printerr ("%s telnet HOST PORT\n", _ ("Usage:"));
    return EXIT_FAILURE;
  }
  address = resolve (argv[1], &error);
  if (address == NULL || *address == '\0') {
    g_printerr ("telnet: could not resolve %s/%s: %s\n", argv[1], argv[2],
                error != NULL ? error->message : "Name or service not known");
    return EXIT_FAILURE;
  }
  g_print ("Trying %s...\n", address);
  fflush (stdout);
  socket = connect_to (argv[1], argv[2], &error);
  if (socket == NULL) {
    g_printerr ("telnet: %s\n", error->message);
    return EXIT_FAILURE;
  }
  g_print ("Connected to %s.\nEscape character is '^]'.\n", argv[1]);
  fflush (stdout);
  if (talk (g_socket_get_fd (socket), TRUE)) {
    g_print ("Connection closed by foreign host.\n");
    return EXIT_FAILURE;
  }
  g_print ("\ntelnet> quit\nConnection closed.\n");

  return EXIT_SUCCESS;
}

static int
run_nc (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = NULL;
  gboolean verbose = FALSE;
  gboolean scan = FALSE;
  int option;

  while ((option = getopt (argc, argv, "vznw:")) != -1) {
    if (option == '?')
      return EXIT_FAILURE;
    verbose = verbose || option == 'v';
    scan = scan || option == 'z';
  }
  if (argc - optind != 2) {
    g_printerr ("%s nc [-vz] HOST PORT\n", _ ("Usage:"));
    return EXIT_FAILURE;
  }
  socket = connect_to (argv[optind], argv[optind + 1], &error);
  if (socket == NULL) {
    g_printerr ("nc: %s\n", error->message);
    return EXIT_FAILURE;
  }
  if (verbose)
    g_printerr ("Connection to %s %s port [tcp/*] succeeded!\n", argv[optind], argv[optind + 1]);
  if (!scan)
    talk (g_socket_get_fd (socket), FALSE);

  return EXIT_SUCCESS;
}

static int
run_nslookup (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  const char *server = g_getenv (PRACTICE_SOCKS_VARIABLE) != NULL ? CLUSTER_RESOLVER : RESOLVER;

  if (argc < 2 || argc > 3) {
    g_printerr ("%s nslookup NAME\n", _ ("Usage:"));
    return EXIT_FAILURE;
  }
  address = resolve (argv[1], &error);
  if (address == NULL) {
    g_printerr ("nslookup: %s\n", error->message);
    return EXIT_FAILURE;
  }
  g_print ("Server:\t\t%s\nAddress:\t%s#53\n\n", server, server);
  if (*address == '\0') {
    g_print ("** server can't find %s: NXDOMAIN\n\n", argv[1]);
    return EXIT_FAILURE;
  }
  g_print ("Name:\t%s\nAddress: %s\n\n", argv[1], address);

  return EXIT_SUCCESS;
}

static const struct {
  const char *name;
  int (*run) (int argc, char *argv[]);
} commands[] = {
  { "nc", run_nc },
  { "nslookup", run_nslookup },
  { "telnet", run_telnet },
};

/**
 * practice_reach_is_command:
 * @name: of a program
 *
 * Returns: whether practice_reach_main() runs it
 */
gboolean
practice_reach_is_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (name, commands[i].name) == 0)
      return TRUE;

  return FALSE;
}

/**
 * practice_reach_main:
 * @name: of a program
 * @argc: number of @argv
 * @argv: its arguments
 *
 * Does what the program of that name does, in the practice network by way of its owner.
 *
 * Returns: the status for the process to end with
 */
int
practice_reach_main (const char *name, int argc, char *argv[])
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (name, commands[i].name) == 0)
      return commands[i].run (argc, argv);

  return EXIT_FAILURE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "jump-address.h"
#include "jump-place.h"

/* RFC 1035, section 2.3.4 */
#define MAX_HOST 253
#define MAX_USER 255
#define SSH_PORT 22

G_DEFINE_BOXED_TYPE (JumpAddress, jump_address, jump_address_copy, jump_address_free)

/* The user and the host become arguments of ssh, and ssh hands them on to a shell where a
 * ProxyCommand of the user's own configuration names them (%h, %r). A leading dash would be an
 * option; a host with @ or / would be read as a user or as a URI. ssh itself refuses these
 * characters only from version 9.6 on. */
static gboolean
is_safe_word (const char *word, const char *more_refused, gsize max_length)
{
  if (*word == '\0' || *word == '-' || strlen (word) > max_length)
    return FALSE;
  if (!g_utf8_validate (word, -1, NULL) || strpbrk (word, "'`\"$\\;&<>|(){}") != NULL ||
      strpbrk (word, more_refused) != NULL)
    return FALSE;
  for (const char *p = word; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_isspace (c) || g_unichar_iscntrl (c) || !g_unichar_isprint (c))
      return FALSE;
  }
  return TRUE;
}

/**
 * jump_address_parse_port:
 * @port: (out): a number from 1 to 65535
 *
 * Returns: whether @text is a port
 */
gboolean
jump_address_parse_port (const char *text, guint16 *port, GError **error)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &value, NULL)) {
    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: %s is what was typed after the colon */
                 _ ("“%s” is not a port. A port is a number from 1 to 65535."), text);
    return FALSE;
  }
  *port = value;
  return TRUE;
}

/**
 * jump_address_new:
 * @user: (nullable): %NULL for ssh's default
 * @host: a host name, an IP address or a Host of the user's ssh configuration
 * @port: 0 for ssh's default
 *
 * Returns: (transfer full): an address whose parts are safe on a command line, or %NULL with
 *   %JUMP_ERROR_FAILED
 */
JumpAddress *
jump_address_new (const char *user, const char *host, guint16 port, GError **error)
{
  g_autoptr (JumpAddress) self = NULL;

  g_return_val_if_fail (host != NULL, NULL);

  if (!is_safe_word (host, "@/", MAX_HOST)) {
    g_autofree char *shown = g_strescape (host, NULL);

    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: %s is what was typed */
                 _ ("“%s” is not a host name. Give the name or the IP address of the jumpserver."),
                 shown);
    return NULL;
  }
  if (user != NULL && !is_safe_word (user, "", MAX_USER)) {
    g_autofree char *shown = g_strescape (user, NULL);

    g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                 /* Translators: %s is what was typed */
                 _ ("“%s” is not a user name. Give the name to log in with on the jumpserver."),
                 shown);
    return NULL;
  }

  self = g_new0 (JumpAddress, 1);
  self->user = g_strdup (user);
  self->host = g_strdup (host);
  self->port = port;
  return g_steal_pointer (&self);
}

/**
 * jump_address_parse:
 * @spec: USER@HOST:PORT, where "USER@" and ":PORT" may be missing and an IPv6 address that has a
 *   port stands in brackets
 *
 * The last @ divides, since user names may have one.
 *
 * Returns: (transfer full): the address, or %NULL with %JUMP_ERROR_FAILED
 */
JumpAddress *
jump_address_parse (const char *spec, GError **error)
{
  g_autofree char *user = NULL;
  g_autofree char *host = NULL;
  const char *at, *rest, *colon;
  guint16 port = 0;

  g_return_val_if_fail (spec != NULL, NULL);

  at = strrchr (spec, '@');
  rest = at != NULL ? at + 1 : spec;
  if (at != NULL)
    user = g_strndup (spec, at - spec);

  if (*rest == '[') {
    const char *end = strchr (rest, ']');

    if (end == NULL || (end[1] != '\0' && end[1] != ':')) {
      g_set_error (error, JUMP_ERROR, JUMP_ERROR_FAILED,
                   _ ("“%s” is not a jumpserver's address. Write it as USER@HOST or "
                      "USER@HOST:PORT."),
                   spec);
      return NULL;
    }
    host = g_strndup (rest + 1, end - rest - 1);
    colon = end[1] == ':' ? end + 1 : NULL;
  } else {
    colon = strchr (rest, ':');
    /* More than one colon: an IPv6 address without a port. */
    if (colon != NULL && strchr (colon + 1, ':') != NULL)
      colon = NULL;
    host = colon != NULL ? g_strndup (rest, colon - rest) : g_strdup (rest);
  }
  if (colon != NULL && !jump_address_parse_port (colon + 1, &port, error))
    return NULL;
  return jump_address_new (user, host, port, error);
}

JumpAddress *
jump_address_copy (const JumpAddress *self)
{
  JumpAddress *copy = g_new0 (JumpAddress, 1);

  copy->user = g_strdup (self->user);
  copy->host = g_strdup (self->host);
  copy->port = self->port;
  return copy;
}

void
jump_address_free (JumpAddress *self)
{
  g_clear_pointer (&self->user, g_free);
  g_clear_pointer (&self->host, g_free);
  g_free (self);
}

/**
 * jump_address_dup_title:
 *
 * Returns: (transfer full): the address as people write it: the port only where it is not 22
 */
char *
jump_address_dup_title (const JumpAddress *self)
{
  g_autofree char *place = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  place = self->port == 0 || self->port == SSH_PORT ? g_strdup (self->host)
                                                    : jump_address_format (self->host, self->port);
  return self->user != NULL ? g_strdup_printf ("%s@%s", self->user, place)
                            : g_steal_pointer (&place);
}

/**
 * jump_address_dup_id:
 *
 * Returns: (transfer full): "ssh:USER@HOST:PORT" with the port always there, as a stable name
 */
char *
jump_address_dup_id (const JumpAddress *self)
{
  g_autofree char *place = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  place = jump_address_format (self->host, self->port != 0 ? self->port : SSH_PORT);
  return self->user != NULL ? g_strdup_printf ("ssh:%s@%s", self->user, place)
                            : g_strdup_printf ("ssh:%s", place);
}

/**
 * jump_address_check_target:
 * @host: a host name or IP address that came from a kubeconfig or a cluster
 *
 * A target becomes part of ssh's forwarding specification, where a slash would make it a path.
 *
 * Returns: whether @host is nothing but letters, digits, dots, dashes, underscores and colons, and
 *   @port is not 0
 */
gboolean
jump_address_check_target (const char *host, guint16 port, GError **error)
{
  gsize length;

  g_return_val_if_fail (host != NULL, FALSE);

  length = strspn (host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:");
  if (length == 0 || host[length] != '\0' || length > MAX_HOST || *host == '-' || port == 0) {
    g_autofree char *shown = g_strescape (host, NULL);

    g_set_error (error, JUMP_ERROR, JUMP_ERROR_UNREACHABLE,
                 /* Translators: %s is a host name, %u a port */
                 _ ("“%s”, port %u, is not an address that can be reached."), shown, port);
    return FALSE;
  }
  return TRUE;
}

char *
jump_address_format (const char *host, guint16 port)
{
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

GSocketConnectable *
jump_address_dup_connectable (const char *host, guint16 port)
{
  GSocketAddress *address = g_inet_socket_address_new_from_string (host, port);

  if (address != NULL)
    return G_SOCKET_CONNECTABLE (address);
  return g_network_address_new (host, port);
}

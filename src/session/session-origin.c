/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-origin.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static guint16
get_default_port (const char *scheme)
{
  return g_str_equal (scheme, "https") ? 443 : 80;
}

/**
 * session_origin_parse:
 * @url: an absolute URL
 * @via: (nullable): another host to connect to
 * @path: (out) (optional) (transfer full): the rest of the URL, beginning with "/", without
 * fragment
 * @error: %G_IO_ERROR_NOT_SUPPORTED where it is no web page
 *
 * Returns: (transfer full): whose page it is
 */
SessionOrigin *
session_origin_parse (const char *url, const char *via, char **path, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_ENCODED, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char *rest, *query;
  SessionOrigin *self;

  if (scheme == NULL || !(g_str_equal (scheme, "http") || g_str_equal (scheme, "https")) ||
      g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_port (uri) == 0) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 /* Translators: %s is a URL */
                 _ ("“%s” is not the address of a web page."), url);
    return NULL;
  }

  rest = g_uri_get_path (uri);
  query = g_uri_get_query (uri);
  if (path != NULL)
    *path = g_strconcat (*rest != '\0' ? rest : "/", query != NULL ? "?" : NULL, query, NULL);
  self = g_new0 (SessionOrigin, 1);
  self->scheme = g_strdup (scheme);
  self->host = g_ascii_strdown (g_uri_get_host (uri), -1);
  self->port = g_uri_get_port (uri) > 0 ? (guint16)g_uri_get_port (uri) : get_default_port (scheme);
  self->via = g_strdup (via);
  return self;
}

SessionOrigin *
session_origin_copy (const SessionOrigin *self)
{
  SessionOrigin *copy = g_new0 (SessionOrigin, 1);

  copy->scheme = g_strdup (self->scheme);
  copy->host = g_strdup (self->host);
  copy->port = self->port;
  copy->via = g_strdup (self->via);
  return copy;
}

void
session_origin_free (SessionOrigin *self)
{
  g_free (self->scheme);
  g_free (self->host);
  g_free (self->via);
  g_free (self);
}

/**
 * session_origin_equal:
 *
 * Returns: whether they are the same pages, reached the same way
 */
gboolean
session_origin_equal (const SessionOrigin *self, const SessionOrigin *other)
{
  return self->port == other->port && g_str_equal (self->scheme, other->scheme) &&
         g_str_equal (self->host, other->host) && g_strcmp0 (self->via, other->via) == 0;
}

/**
 * session_origin_get_target:
 *
 * Returns: the host to connect to
 */
const char *
session_origin_get_target (const SessionOrigin *self)
{
  return self->via != NULL ? self->via : self->host;
}

static char *
dup_host (const SessionOrigin *self)
{
  return strchr (self->host, ':') != NULL ? g_strdup_printf ("[%s]", self->host)
                                          : g_strdup (self->host);
}

/**
 * session_origin_to_string:
 *
 * Returns: (transfer full): a URL without a path, without the port where it goes without saying
 */
char *
session_origin_to_string (const SessionOrigin *self)
{
  g_autofree char *host = dup_host (self);

  if (self->port == get_default_port (self->scheme))
    return g_strdup_printf ("%s://%s", self->scheme, host);
  return g_strdup_printf ("%s://%s:%u", self->scheme, host, self->port);
}

/* What may follow the host of a URL, other than the rest of a longer name or another port. */
static gboolean
ends_origin (char c)
{
  return !g_ascii_isalnum (c) && c != '-' && c != '.' && c != ':' && c != '_';
}

static char *
replace_all (const char *text, const char *from, const char *by)
{
  g_autoptr (GString) result = g_string_new (NULL);
  gsize length = strlen (from);
  const char *at;

  while ((at = strstr (text, from)) != NULL) {
    g_string_append_len (result, text, at - text);
    g_string_append (result, ends_origin (at[length]) ? by : from);
    text = at + length;
  }
  g_string_append (result, text);
  return g_string_free (g_steal_pointer (&result), FALSE);
}

/**
 * session_origin_replace:
 * @text: a page
 * @by: another origin, as session_origin_to_string() writes it
 *
 * Returns: (transfer full): @text, in which URLs of this origin are of @by
 */
char *
session_origin_replace (const SessionOrigin *self, const char *text, const char *by)
{
  g_autofree char *host = dup_host (self);
  g_autofree char *full = g_strdup_printf ("%s://%s:%u", self->scheme, host, self->port);
  g_autofree char *replaced = replace_all (text, full, by);
  g_autofree char *bare = NULL;

  if (self->port != get_default_port (self->scheme))
    return g_steal_pointer (&replaced);
  bare = g_strdup_printf ("%s://%s", self->scheme, host);
  return replace_all (replaced, bare, by);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-page-headers.h"

#include <string.h>

/* What belongs to one connection (RFC 9110 §7.6.1), or is ours to say. */
static gboolean
is_passed_on (const char *name)
{
  static const char *const held[] = {
    "Date",
    "Connection",
    "Keep-Alive",
    "Proxy-Authenticate",
    "Proxy-Authorization",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Host",
    "Content-Length",
    "Accept-Encoding",
    "Content-Encoding",
    "Expect",
    "Cookie",
    "Set-Cookie",
    "Location",
    "Origin",
    "Referer",
    "Alt-Svc",
    "Strict-Transport-Security",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (held); i++)
    if (g_ascii_strcasecmp (name, held[i]) == 0)
      return FALSE;
  return TRUE;
}

static void
pass_header (const char *name, const char *value, gpointer headers)
{
  if (is_passed_on (name))
    soup_message_headers_append (headers, name, value);
}

/* (transfer full) (nullable): the page's own cookies */
static char *
dup_cookies (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_list (headers, "Cookie");
  g_auto (GStrv) all = value != NULL ? g_strsplit (value, ";", -1) : NULL;
  g_autoptr (GString) rest = g_string_new (NULL);

  for (guint i = 0; all != NULL && all[i] != NULL; i++) {
    const char *cookie = g_strstrip (all[i]);

    if (*cookie != '\0' && !g_str_has_prefix (cookie, SESSION_PAGE_COOKIE_PREFIX))
      g_string_append_printf (rest, "%s%s", rest->len > 0 ? "; " : "", cookie);
  }
  return rest->len > 0 ? g_string_free (g_steal_pointer (&rest), FALSE) : NULL;
}

/* What the page's server compares with its own address. */
static void
pass_rewritten (const SessionOrigin *origin,
                const char *own,
                SoupMessageHeaders *from,
                SoupMessageHeaders *to)
{
  static const char *const names[] = { "Origin", "Referer" };
  g_autofree char *theirs = session_origin_to_string (origin);
  g_autofree char *cookies = dup_cookies (from);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    const char *value = soup_message_headers_get_one (from, names[i]);
    g_autofree char *rewritten = NULL;

    if (value == NULL || !g_str_has_prefix (value, own))
      continue;
    rewritten = g_strconcat (theirs, value + strlen (own), NULL);
    soup_message_headers_append (to, names[i], rewritten);
  }
  if (cookies != NULL)
    soup_message_headers_append (to, "Cookie", cookies);
}

/* Without the attributes that hold for the page's own name and for https. */
static void
pass_cookie (const char *name, const char *value, gpointer headers)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GString) cookie = g_string_new (NULL);

  if (g_ascii_strcasecmp (name, "Set-Cookie") != 0)
    return;
  parts = g_strsplit (value, ";", -1);
  for (guint i = 0; parts[i] != NULL; i++) {
    const char *part = g_strstrip (parts[i]);

    if (g_ascii_strncasecmp (part, "Domain=", 7) == 0 || g_ascii_strcasecmp (part, "Secure") == 0)
      continue;
    g_string_append_printf (cookie, "%s%s", cookie->len > 0 ? "; " : "", part);
  }
  soup_message_headers_append (headers, "Set-Cookie", cookie->str);
}

/**
 * session_page_headers_pass_request:
 * @origin: the page's server
 * @own: the origin that the browser sees
 * @from: of the browser's request
 * @to: of the request to @origin
 *
 * Hands on what is neither one connection's nor a relay's, with the page's own address in place of
 * ours.
 */
void
session_page_headers_pass_request (const SessionOrigin *origin,
                                   const char *own,
                                   SoupMessageHeaders *from,
                                   SoupMessageHeaders *to)
{
  soup_message_headers_foreach (from, pass_header, to);
  pass_rewritten (origin, own, from, to);
}

/**
 * session_page_headers_pass_response:
 * @from: of the answer of the page's server
 * @to: of the answer to the browser
 *
 * Hands on what is not one connection's. The header Location is the caller's.
 */
void
session_page_headers_pass_response (SoupMessageHeaders *from, SoupMessageHeaders *to)
{
  soup_message_headers_foreach (from, pass_header, to);
  soup_message_headers_foreach (from, pass_cookie, to);
}

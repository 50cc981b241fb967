/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-spdy-dictionary.h"

#include <string.h>

/* The dictionary of SPDY/3, draft-mbelshe-httpbis-spdy-00, 2.6.10.1: words with their length before
 * them, then some text. */
static const char *const words[] = { "options",
                                     "head",
                                     "post",
                                     "put",
                                     "delete",
                                     "trace",
                                     "accept",
                                     "accept-charset",
                                     "accept-encoding",
                                     "accept-language",
                                     "accept-ranges",
                                     "age",
                                     "allow",
                                     "authorization",
                                     "cache-control",
                                     "connection",
                                     "content-base",
                                     "content-encoding",
                                     "content-language",
                                     "content-length",
                                     "content-location",
                                     "content-md5",
                                     "content-range",
                                     "content-type",
                                     "date",
                                     "etag",
                                     "expect",
                                     "expires",
                                     "from",
                                     "host",
                                     "if-match",
                                     "if-modified-since",
                                     "if-none-match",
                                     "if-range",
                                     "if-unmodified-since",
                                     "last-modified",
                                     "location",
                                     "max-forwards",
                                     "pragma",
                                     "proxy-authenticate",
                                     "proxy-authorization",
                                     "range",
                                     "referer",
                                     "retry-after",
                                     "server",
                                     "te",
                                     "trailer",
                                     "transfer-encoding",
                                     "upgrade",
                                     "user-agent",
                                     "vary",
                                     "via",
                                     "warning",
                                     "www-authenticate",
                                     "method",
                                     "get",
                                     "status",
                                     "200 OK",
                                     "version",
                                     "HTTP/1.1",
                                     "url",
                                     "public",
                                     "set-cookie",
                                     "keep-alive",
                                     "origin" };

static const char tail[] =
  "10010120120220520630030230330430530630740240540640740840941041141241341441541641"
  "7502504505203 Non-Authoritative Information204 No Content301 Moved Permanently40"
  "0 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error"
  "501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept O"
  "ct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,imag"
  "e/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/"
  "javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1"
  ",utf-,*,enq=0.";

static GBytes *
make_dictionary (void)
{
  GByteArray *bytes = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (words); i++) {
    guint32 length = GUINT32_TO_BE ((guint32)strlen (words[i]));

    g_byte_array_append (bytes, (const guint8 *)&length, sizeof length);
    g_byte_array_append (bytes, (const guint8 *)words[i], strlen (words[i]));
  }
  g_byte_array_append (bytes, (const guint8 *)tail, strlen (tail));
  return g_byte_array_free_to_bytes (bytes);
}

/**
 * practice_spdy_dictionary_get:
 *
 * Returns: (transfer none): the dictionary of SPDY/3 header blocks
 */
GBytes *
practice_spdy_dictionary_get (void)
{
  static GBytes *dictionary;

  if (g_once_init_enter (&dictionary))
    g_once_init_leave (&dictionary, make_dictionary ());
  return dictionary;
}

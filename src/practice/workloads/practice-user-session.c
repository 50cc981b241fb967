/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-user-session.h"

#include <string.h>

#include "base-json.h"

/* Content, time and signature with dots between, as Flask's sessions have them
 * (https://flask.palletsprojects.com/en/latest/api/#sessions). The key only tells a cookie of ours
 * from another: whoever signs in is believed, and every replica takes each other's. */

#define KEY "practice productpage"
#define NAME "session"
#define MAX_USER 256

static char *
encode (const guint8 *data, gsize length)
{
  g_autofree char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';

  return g_steal_pointer (&text);
}

/* (nullable): text, up to its first NUL. */
static char *
decode (const char *text)
{
  g_autoptr (GString) padded = g_string_new (text);
  g_autofree guchar *data = NULL;
  gsize length;

  g_strdelimit (padded->str, "-", '+');
  g_strdelimit (padded->str, "_", '/');
  while (padded->len % 4 != 0)
    g_string_append_c (padded, '=');
  data = g_base64_decode (padded->str, &length);

  return data != NULL ? g_strndup ((const char *)data, length) : NULL;
}

static char *
dup_signature (const char *content, const char *time)
{
  g_autofree char *text = g_strconcat (content, ".", time, NULL);
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *)KEY, strlen (KEY));
  guint8 digest[20];
  gsize length = sizeof digest;

  g_hmac_update (hmac, (const guchar *)text, -1);
  g_hmac_get_digest (hmac, digest, &length);

  return encode (digest, length);
}

static char *
dup_user (const char *value)
{
  g_auto (GStrv) pieces = g_strsplit (value, ".", 4);
  g_autofree char *signature = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonNode) content = NULL;

  if (g_strv_length (pieces) != 3)
    return NULL;
  signature = dup_signature (pieces[0], pieces[1]);
  if (!g_str_equal (signature, pieces[2]))
    return NULL;
  text = decode (pieces[0]);
  if (text == NULL)
    return NULL;
  content = base_json_parse (text, -1, NULL);

  return g_strdup (base_json_get_string (content, "user", NULL));
}

/**
 * practice_user_session_dup_user:
 * @request: a request
 *
 * Returns: (transfer full) (nullable): the name under which its sender has signed in
 */
char *
practice_user_session_dup_user (PracticeHttpRequest *request)
{
  const char *header =
    soup_message_headers_get_list (practice_http_request_get_headers (request), "Cookie");
  g_auto (GStrv) cookies = header != NULL ? g_strsplit (header, ";", -1) : NULL;

  for (guint i = 0; cookies != NULL && cookies[i] != NULL; i++) {
    const char *cookie = g_strstrip (cookies[i]);

    if (g_str_has_prefix (cookie, NAME "="))
      return dup_user (cookie + strlen (NAME "="));
  }

  return NULL;
}

/**
 * practice_user_session_dup_cookie:
 * @user: (nullable): who signs in; %NULL: nobody any more
 *
 * Returns: (transfer full): the value of a Set-Cookie header
 */
char *
practice_user_session_dup_cookie (const char *user)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  g_autofree char *content = NULL;
  g_autofree char *time = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *valid = NULL;
  guint32 now = GUINT32_TO_BE ((guint32)(g_get_real_time () / G_USEC_PER_SEC));

  if (user == NULL)
    return g_strdup (NAME "=; Expires=Thu, 01-Jan-1970 00:00:00 GMT; Max-Age=0; Path=/");

  valid = g_utf8_make_valid (user, strnlen (user, MAX_USER));
  /* it becomes a header of other requests */
  for (char *c = valid; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = ' ';
  json_object_set_string_member (object, "user", valid);
  json_node_set_object (node, object);
  text = base_json_write (node, FALSE);
  content = encode ((const guint8 *)text, strlen (text));
  time = encode ((const guint8 *)&now, sizeof now);
  signature = dup_signature (content, time);

  return g_strdup_printf (NAME "=%s.%s.%s; HttpOnly; Path=/", content, time, signature);
}

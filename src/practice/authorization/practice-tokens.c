/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-tokens.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"

#define KEY_SETTING "api/signing-key"
#define KEY_BYTES 32
#define DIGEST_BYTES 32

/* More than any token of ours has. */
#define MAX_TOKEN 4096

/* A token for some time: ten minutes at least, and no more than a year. */
#define MIN_SECONDS 600
#define MAX_SECONDS (365 * 24 * 3600)

#define ISSUER "kubernetes/serviceaccount"
#define HEADER "{\"alg\":\"HS256\",\"kid\":\"\"}"

/* RFC 7515: base64 for URLs, without padding. */
static char *
encode (const void *data, gsize length)
{
  char *text = g_base64_encode (data, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

static GBytes *
decode (const char *text)
{
  g_autoptr (GString) plain = g_string_new (text);
  gsize length;
  guchar *data;

  g_strdelimit (plain->str, "-", '+');
  g_strdelimit (plain->str, "_", '/');
  while (plain->len % 4 != 0)
    g_string_append_c (plain, '=');
  data = g_base64_decode (plain->str, &length);
  return g_bytes_new_take (data, length);
}

/* (nullable): the secret that signs. */
static GBytes *
ensure_key (PracticeStore *store)
{
  g_autofree char *text = practice_store_dup_setting (store, KEY_SETTING);
  guint8 bytes[KEY_BYTES];

  if (text != NULL)
    return decode (text);
  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) < 0)
    return NULL;
  text = encode (bytes, sizeof bytes);
  if (!practice_store_set_setting (store, KEY_SETTING, text, NULL))
    return NULL;
  return g_bytes_new (bytes, sizeof bytes);
}

static gboolean
sign (PracticeStore *store, const char *text, gsize length, guint8 digest[DIGEST_BYTES])
{
  g_autoptr (GBytes) key = ensure_key (store);

  return key != NULL && gnutls_hmac_fast (GNUTLS_MAC_SHA256, g_bytes_get_data (key, NULL),
                                          g_bytes_get_size (key), text, length, digest) == 0;
}

/* Takes @claims. */
static char *
make_token (PracticeStore *store, JsonObject *claims)
{
  g_autoptr (JsonNode) node = base_json_take_object (claims);
  g_autofree char *text = NULL;
  g_autofree char *header = encode (HEADER, strlen (HEADER));
  g_autofree char *payload = NULL;
  g_autofree char *signed_text = NULL;
  g_autofree char *signature = NULL;
  guint8 digest[DIGEST_BYTES];

  text = base_json_write (node, FALSE);
  payload = encode (text, strlen (text));
  signed_text = g_strconcat (header, ".", payload, NULL);
  if (!sign (store, signed_text, strlen (signed_text), digest))
    return NULL;
  signature = encode (digest, sizeof digest);
  return g_strconcat (signed_text, ".", signature, NULL);
}

static JsonObject *
new_claims (JsonNode *account)
{
  const char *namespace_ = base_metadata_get_namespace (account);
  const char *name = base_metadata_get_name (account);
  g_autofree char *subject = g_strdup_printf ("system:serviceaccount:%s:%s", namespace_, name);
  JsonObject *claims = json_object_new ();

  json_object_set_string_member (claims, "iss", ISSUER);
  json_object_set_string_member (claims, "kubernetes.io/serviceaccount/namespace", namespace_);
  json_object_set_string_member (claims, "kubernetes.io/serviceaccount/service-account.name", name);
  json_object_set_string_member (claims, "kubernetes.io/serviceaccount/service-account.uid",
                                 base_metadata_get_uid (account));
  json_object_set_string_member (claims, "sub", subject);
  return claims;
}

/**
 * practice_tokens_new_for_secret:
 * @store: the state
 * @account: a stored ServiceAccount
 * @secret: the name of a Secret in its namespace
 *
 * Returns: (transfer full) (nullable): a token that is good while both are there; never to be
 *   logged
 */
char *
practice_tokens_new_for_secret (PracticeStore *store, JsonNode *account, const char *secret)
{
  JsonObject *claims = new_claims (account);

  json_object_set_string_member (claims, "kubernetes.io/serviceaccount/secret.name", secret);
  return make_token (store, claims);
}

/**
 * practice_tokens_new_for_time:
 * @store: the state
 * @account: a stored ServiceAccount
 * @seconds: how long it is to be good
 * @end: (out) (transfer full): when it ends
 *
 * Returns: (transfer full) (nullable): a token for some time; never to be logged
 */
char *
practice_tokens_new_for_time (PracticeStore *store, JsonNode *account, gint64 seconds, char **end)
{
  JsonObject *claims = new_claims (account);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GDateTime) time = NULL;

  seconds = CLAMP (seconds, MIN_SECONDS, MAX_SECONDS);
  time = g_date_time_new_from_unix_utc (now + seconds);
  *end = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");

  json_object_set_int_member (claims, "iat", now);
  json_object_set_int_member (claims, "exp", now + seconds);
  return make_token (store, claims);
}

static const char *
get_claim (JsonNode *claims, const char *name)
{
  g_autofree char *member = g_strconcat ("kubernetes.io/serviceaccount/", name, NULL);

  return base_json_get_string (claims, member, NULL);
}

/* The claims of a token whose signature is good. */
static JsonNode *
verify (PracticeStore *store, const char *token)
{
  g_auto (GStrv) parts = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) payload = NULL;
  guint8 digest[DIGEST_BYTES];

  if (strnlen (token, MAX_TOKEN) == MAX_TOKEN)
    return NULL;
  parts = g_strsplit (token, ".", 4);
  if (g_strv_length (parts) != 3)
    return NULL;
  signature = decode (parts[2]);
  if (g_bytes_get_size (signature) != DIGEST_BYTES ||
      !sign (store, token, strlen (parts[0]) + 1 + strlen (parts[1]), digest) ||
      gnutls_memcmp (digest, g_bytes_get_data (signature, NULL), DIGEST_BYTES) != 0)
    return NULL;
  payload = decode (parts[1]);
  return base_json_parse (g_bytes_get_data (payload, NULL), (gssize)g_bytes_get_size (payload),
                          NULL);
}

/**
 * practice_tokens_check:
 * @store: the state
 * @token: what somebody has sent
 *
 * Returns: (transfer full) (nullable): the account that @token stands for, where it was made here,
 *   has not run out, and the account, and the Secret that holds it, are still there
 */
PracticeUser *
practice_tokens_check (PracticeStore *store, const char *token)
{
  g_autoptr (JsonNode) claims = verify (store, token);
  const char *namespace_ = get_claim (claims, "namespace");
  const char *name = get_claim (claims, "service-account.name");
  const char *uid = get_claim (claims, "service-account.uid");
  const char *secret = get_claim (claims, "secret.name");
  gint64 end = base_json_get_int (claims, G_MAXINT64, "exp", NULL);
  JsonNode *account;

  if (namespace_ == NULL || name == NULL || end < g_get_real_time () / G_USEC_PER_SEC)
    return NULL;
  account = practice_store_get (store, "/serviceaccounts", namespace_, name);
  if (account == NULL || g_strcmp0 (base_metadata_get_uid (account), uid) != 0 ||
      (secret != NULL && practice_store_get (store, "/secrets", namespace_, secret) == NULL))
    return NULL;
  return practice_user_new_service_account (namespace_, name, uid);
}

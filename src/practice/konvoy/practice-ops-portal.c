/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ops-portal.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

#include "base-json.h"
#include "practice-addon-manifest.h"
#include "practice-object.h"

#define NAMESPACE "kubeaddons"
#define SECRET "ops-portal-credentials"
#define SERVICE "traefik-kubeaddons"
#define PASSWORD_LENGTH 64

/* Names as containers get them where nobody gives one. */
static const char *const moods[] = {
  "goofy",  "brave",  "quiet", "curious", "gentle", "jolly",
  "lively", "modest", "nifty", "patient", "sunny",  "witty",
};
static const char *const people[] = {
  "einstein", "curie",  "hopper",  "lovelace", "noether", "turing",
  "meitner",  "pascal", "goodall", "franklin", "hamming", "germain",
};

static char *
dup_random_password (void)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  char *password = g_new0 (char, PASSWORD_LENGTH + 1);
  guint8 bytes[PASSWORD_LENGTH];

  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) < 0)
    g_error ("There is no source of randomness");
  for (guint i = 0; i < PASSWORD_LENGTH; i++)
    password[i] = alphabet[bytes[i] % (sizeof alphabet - 1)];

  return password;
}

static void
set_data (JsonObject *data, const char *name, const char *value)
{
  g_autofree char *encoded = g_base64_encode ((const guchar *)value, strlen (value));

  json_object_set_string_member (data, name, encoded);
}

static char *
dup_data (PracticeStore *store, const char *name)
{
  JsonNode *secret = practice_store_get (store, "/secrets", NAMESPACE, SECRET);
  const char *encoded = base_json_get_string (secret, "data", name, NULL);
  g_autofree guchar *bytes = NULL;
  gsize length;

  if (encoded == NULL)
    return NULL;
  bytes = g_base64_decode (encoded, &length);

  return g_utf8_make_valid ((const char *)bytes, length);
}

/**
 * practice_ops_portal_new_secret:
 *
 * Returns: (transfer full): a Secret with a new user name and password
 */
JsonNode *
practice_ops_portal_new_secret (void)
{
  JsonNode *secret = practice_object_new ("v1", "Secret", NAMESPACE, SECRET);
  JsonObject *data = practice_object_ensure (secret, "data", NULL);
  g_autofree char *username =
    g_strdup_printf ("%s_%s", moods[g_random_int_range (0, G_N_ELEMENTS (moods))],
                     people[g_random_int_range (0, G_N_ELEMENTS (people))]);
  g_autofree char *password = dup_random_password ();

  set_data (data, "username", username);
  set_data (data, "password", password);
  json_object_set_string_member (json_node_get_object (secret), "type", "Opaque");

  return secret;
}

/**
 * practice_ops_portal_dup_url:
 * @store: the cluster's objects
 *
 * Returns: (transfer full) (nullable): where a browser finds the portal; %NULL while the load
 *   balancer has no address
 */
char *
practice_ops_portal_dup_url (PracticeStore *store)
{
  JsonNode *service = practice_store_get (store, "/services", NAMESPACE, SERVICE);
  JsonArray *ingress = base_json_get_array (service, "status", "loadBalancer", "ingress", NULL);
  const char *host =
    base_json_get_length (ingress) > 0
      ? base_json_get_string (json_array_get_element (ingress, 0), "hostname", NULL)
      : NULL;

  return host != NULL ? g_strconcat ("https://", host, PRACTICE_OPS_PORTAL_PATH, NULL) : NULL;
}

/**
 * practice_ops_portal_dup_username:
 * @store: the cluster's objects
 *
 * Returns: (transfer full) (nullable): who may log in
 */
char *
practice_ops_portal_dup_username (PracticeStore *store)
{
  return dup_data (store, "username");
}

/**
 * practice_ops_portal_dup_password:
 * @store: the cluster's objects
 *
 * Returns: (transfer full) (nullable): their password
 */
char *
practice_ops_portal_dup_password (PracticeStore *store)
{
  return dup_data (store, "password");
}

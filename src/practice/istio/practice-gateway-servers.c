/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-gateway-servers.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"
#include "practice-object.h"

#define SECRETS "/secrets"

/* Where Istio's gateways look for what credentialName names, and the Secret that is mounted where
 * Gateways of the first releases say that their certificate is. */
#define NAMESPACE "istio-system"
#define MOUNTED_SECRET "istio-ingressgateway-certs"
#define AUTHORITY_SUFFIX "-cacert"

/**
 * practice_gateway_servers_get_kind:
 * @server: a server of a Gateway
 *
 * Returns: how it speaks
 *   (https://istio.io/v1.4/docs/reference/config/networking/gateway/#Server)
 */
PracticeGatewayKind
practice_gateway_servers_get_kind (JsonNode *server)
{
  static const char *const http[] = { "HTTP", "HTTP2", "HTTPS", "GRPC", "GRPC-WEB", NULL };
  static const char *const tcp[] = { "TCP", "TLS", "MONGO", "MYSQL", "REDIS", NULL };
  const char *protocol = base_json_get_string (server, "port", "protocol", NULL);
  g_autofree char *upper = g_ascii_strup (protocol != NULL ? protocol : "", -1);
  JsonNode *tls = base_json_get (server, "tls", NULL);
  gboolean is_http = g_strv_contains (http, upper);

  if (!is_http && !g_strv_contains (tcp, upper))
    return PRACTICE_GATEWAY_NONE;
  if (g_strcmp0 (base_json_get_string (tls, "mode", NULL), "PASSTHROUGH") == 0)
    return PRACTICE_GATEWAY_PASSTHROUGH;
  if (tls == NULL || base_json_get_boolean (tls, FALSE, "httpsRedirect", NULL))
    return is_http ? PRACTICE_GATEWAY_HTTP : PRACTICE_GATEWAY_TCP;

  return is_http ? PRACTICE_GATEWAY_HTTPS : PRACTICE_GATEWAY_TLS;
}

/**
 * practice_gateway_servers_select:
 * @gateway: a Gateway
 * @pod: a pod
 *
 * Returns: whether @gateway is for @pod; one without a selector is for all
 */
gboolean
practice_gateway_servers_select (JsonNode *gateway, JsonNode *pod)
{
  JsonObject *selector = base_json_get_object (gateway, "spec", "selector", NULL);

  return selector == NULL || json_object_get_size (selector) == 0 ||
         practice_object_matches_labels (pod, selector);
}

/* How well @pattern fits: a name that is written out better than a wildcard, the longer the better;
 * 0: not at all. What follows a "namespace/" limits which VirtualServices may bind, which is not
 * looked at. */
static guint
rank_pattern (const char *pattern, const char *host)
{
  const char *slash = strchr (pattern, '/');

  if (slash != NULL)
    pattern = slash + 1;
  if (host == NULL || g_str_equal (pattern, "*"))
    return 1;
  if (!practice_mesh_name_matches (pattern, host))
    return 0;

  return *pattern == '*' ? (guint)strlen (pattern) : G_MAXUINT;
}

static guint
rank_server (JsonNode *server, guint16 port, const char *host)
{
  JsonArray *hosts = base_json_get_array (server, "hosts", NULL);
  guint n_hosts = base_json_get_length (hosts);
  guint best = 0;

  if (base_json_get_int (server, 0, "port", "number", NULL) != port)
    return 0;
  for (guint i = 0; i < n_hosts; i++) {
    JsonNode *node = json_array_get_element (hosts, i);
    const char *pattern = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

    if (pattern != NULL)
      best = MAX (best, rank_pattern (pattern, host));
  }
  return best;
}

/* The server of @gateway that fits best, and how well; NULL: none does. */
static JsonNode *
find_server (JsonNode *gateway, guint16 port, const char *host, guint *rank)
{
  JsonArray *servers = base_json_get_array (gateway, "spec", "servers", NULL);
  guint n_servers = base_json_get_length (servers);
  JsonNode *best = NULL;

  *rank = 0;
  for (guint i = 0; i < n_servers; i++) {
    JsonNode *server = json_array_get_element (servers, i);
    guint found = rank_server (server, port, host);

    if (found > *rank) {
      best = server;
      *rank = found;
    }
  }
  return best;
}

/**
 * practice_gateway_servers_find:
 * @mesh: the mesh
 * @pod: a gateway's pod
 * @port: one of its ports
 * @host: (nullable): a host name; "" for who has said none; %NULL for any
 * @server: (out) (transfer none) (nullable): the server that fits it best
 *
 * Returns: (transfer full): "NAMESPACE/NAME" of the Gateways that have @host there
 */
GStrv
practice_gateway_servers_find (
  PracticeMesh *mesh, JsonNode *pod, guint16 port, const char *host, JsonNode **server)
{
  GPtrArray *gateways = practice_mesh_config_get_gateways (practice_mesh_get_config (mesh));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  guint best = 0;

  *server = NULL;
  for (guint i = 0; i < gateways->len; i++) {
    JsonNode *gateway = gateways->pdata[i];
    guint rank = 0;
    JsonNode *found = practice_gateway_servers_select (gateway, pod)
                        ? find_server (gateway, port, host, &rank)
                        : NULL;
    g_autofree char *name = NULL;

    if (found == NULL)
      continue;
    name = g_strconcat (base_metadata_get_namespace (gateway), "/",
                        base_metadata_get_name (gateway), NULL);
    g_strv_builder_add (builder, name);
    if (rank > best) {
      *server = found;
      best = rank;
    }
  }
  return g_strv_builder_end (builder);
}

static char *
decode (JsonNode *secret, const char *name)
{
  const char *text = base_json_get_string (secret, "data", name, NULL);
  gsize length;
  g_autofree guchar *data = text != NULL ? g_base64_decode (text, &length) : NULL;

  return data != NULL ? g_strndup ((const char *)data, length) : NULL;
}

static JsonNode *
find_secret (PracticeStore *store, JsonNode *server, const char *suffix)
{
  const char *name = base_json_get_string (server, "tls", "credentialName", NULL);
  g_autofree char *whole =
    g_strconcat (name != NULL ? name : MOUNTED_SECRET, name != NULL ? suffix : NULL, NULL);

  return practice_store_get (store, SECRETS, NAMESPACE, whole);
}

/**
 * practice_gateway_servers_dup_certificate:
 * @store: the cluster's objects
 * @server: a server of a Gateway
 *
 * Looks into the Secret of istio-system that its credentialName names, else into the one that is
 * mounted for all
 * (https://istio.io/v1.3/docs/tasks/traffic-management/ingress/secure-ingress-sds/).
 *
 * Returns: (transfer full) (nullable): the certificate and its key as PEM
 */
char *
practice_gateway_servers_dup_certificate (PracticeStore *store, JsonNode *server)
{
  JsonNode *secret = find_secret (store, server, NULL);
  g_autofree char *certificate = decode (secret, "tls.crt");
  g_autofree char *key = decode (secret, "tls.key");

  if (certificate == NULL || key == NULL) {
    g_clear_pointer (&certificate, g_free);
    g_clear_pointer (&key, g_free);
    certificate = decode (secret, "cert");
    key = decode (secret, "key");
  }
  return certificate != NULL && key != NULL ? g_strconcat (certificate, "\n", key, NULL) : NULL;
}

/**
 * practice_gateway_servers_dup_authority:
 * @store: the cluster's objects
 * @server: a server of a Gateway whose clients have to prove who they are
 *
 * Returns: (transfer full) (nullable): the certificate that theirs have to be signed with, as PEM
 */
char *
practice_gateway_servers_dup_authority (PracticeStore *store, JsonNode *server)
{
  static const char *const keys[] = { "cacert", "ca.crt" };
  JsonNode *secrets[] = { find_secret (store, server, NULL),
                          find_secret (store, server, AUTHORITY_SUFFIX) };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
    for (guint j = 0; j < G_N_ELEMENTS (keys); j++) {
      char *authority = decode (secrets[i], keys[j]);

      if (authority != NULL)
        return authority;
    }
  }
  return NULL;
}

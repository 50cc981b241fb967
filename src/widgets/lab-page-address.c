/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-page-address.h"

#include <string.h>

#include "base-json.h"

/* (nullable): the host name or address of the first load balancer */
static const char *
get_load_balancer (JsonNode *object)
{
  JsonArray *ingress = base_json_get_array (object, "status", "loadBalancer", "ingress", NULL);
  JsonNode *first;
  const char *name;

  if (ingress == NULL || json_array_get_length (ingress) == 0)
    return NULL;

  first = json_array_get_element (ingress, 0);
  name = base_json_get_string (first, "hostname", NULL);

  return name != NULL ? name : base_json_get_string (first, "ip", NULL);
}

/* (nullable): how a browser speaks to a port, as its name says or its number is known for */
static const char *
get_scheme (const char *name, gint64 port)
{
  if (name != NULL && g_str_has_prefix (name, "https"))
    return "https";
  if (name != NULL && g_str_has_prefix (name, "http"))
    return "http";
  if (port == 443 || port == 8443)
    return "https";

  return port == 80 || port == 8000 || port == 8080 ? "http" : NULL;
}

static char *
dup_url (const char *scheme, const char *host, gint64 port, const char *path)
{
  gboolean is_default = port == (g_str_equal (scheme, "https") ? 443 : 80);
  g_autofree char *bracketed =
    strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);

  if (is_default)
    return g_strdup_printf ("%s://%s%s", scheme, bracketed, path);

  return g_strdup_printf ("%s://%s:%" G_GINT64_FORMAT "%s", scheme, bracketed, port, path);
}

static char *
dup_service (JsonNode *service)
{
  const char *host = get_load_balancer (service);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint length = host != NULL && ports != NULL ? json_array_get_length (ports) : 0;

  for (guint i = 0; i < length; i++) {
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "port", NULL);
    const char *scheme = get_scheme (base_json_get_string (port, "name", NULL), number);

    if (scheme != NULL && number > 0)
      return dup_url (scheme, host, number, "/");
  }

  return NULL;
}

/* A path of a rule is a prefix; what is a pattern is no address. */
static const char *
get_path (JsonNode *rule)
{
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);
  const char *path = NULL;

  if (paths != NULL && json_array_get_length (paths) > 0)
    path = base_json_get_string (json_array_get_element (paths, 0), "path", NULL);

  return path != NULL && *path == '/' && strpbrk (path, "*+(){}[]|\\^$ ") == NULL ? path : "/";
}

static char *
dup_ingress (JsonNode *ingress, char **via)
{
  const char *address = get_load_balancer (ingress);
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);
  JsonArray *tls = base_json_get_array (ingress, "spec", "tls", NULL);
  gboolean secure = tls != NULL && json_array_get_length (tls) > 0;
  const char *scheme = secure ? "https" : "http";
  gint64 port = secure ? 443 : 80;
  JsonNode *rule;
  const char *host;

  if (rules == NULL || json_array_get_length (rules) == 0)
    return NULL;

  rule = json_array_get_element (rules, 0);
  host = base_json_get_string (rule, "host", NULL);
  if (host != NULL && *host == '\0')
    host = NULL;
  if (host != NULL && strchr (host, '*') != NULL)
    return NULL;
  if (host == NULL && address != NULL)
    return dup_url (scheme, address, port, get_path (rule));

  *via = g_strdup (address != NULL ? address : "");

  return host != NULL ? dup_url (scheme, host, port, get_path (rule)) : g_strdup (get_path (rule));
}

/**
 * lab_page_address_dup:
 * @object: an object of the API
 * @via: (out) (transfer full) (nullable): where to connect, where the host of the URL is only what
 *   the server is asked for; empty where the object does not say
 *
 * Returns: (transfer full) (nullable): the URL of the web page that a Service or an Ingress shows
 * to the outside
 */
char *
lab_page_address_dup (JsonNode *object, char **via)
{
  const char *kind;

  g_return_val_if_fail (via != NULL, NULL);

  *via = NULL;
  if (object == NULL)
    return NULL;

  kind = base_json_get_string (object, "kind", NULL);
  if (g_strcmp0 (kind, "Service") == 0)
    return dup_service (object);
  if (g_strcmp0 (kind, "Ingress") == 0)
    return dup_ingress (object, via);

  return NULL;
}

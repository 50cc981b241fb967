/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-name.h"

#include <gio/gio.h>
#include <string.h>

#define CLUSTER_DOMAIN ".svc.cluster.local"

/**
 * practice_mesh_name_qualify:
 * @host: a host of a VirtualService or a DestinationRule
 * @namespace_: the namespace of that object
 *
 * A name with no dot is that of a Service beside the object; any other is taken as it stands, so
 * that "reviews.default" is the name of nothing
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService).
 *
 * Returns: (transfer full): the fully qualified name
 */
char *
practice_mesh_name_qualify (const char *host, const char *namespace_)
{
  if (g_str_equal (host, "*") || strchr (host, '.') != NULL)
    return g_ascii_strdown (host, -1);
  return g_strconcat (host, ".", namespace_, CLUSTER_DOMAIN, NULL);
}

/**
 * practice_mesh_name_qualify_gateway:
 * @gateway: a gateway as a VirtualService names it
 * @namespace_: the namespace of the VirtualService
 *
 * Returns: (transfer full): "NAMESPACE/NAME", or "mesh", which is reserved for all sidecars
 */
char *
practice_mesh_name_qualify_gateway (const char *gateway, const char *namespace_)
{
  g_auto (GStrv) labels = NULL;

  if (g_str_equal (gateway, "mesh"))
    return g_strdup (gateway);
  if (g_str_has_prefix (gateway, "./"))
    return g_strconcat (namespace_, gateway + 1, NULL);
  if (strchr (gateway, '/') != NULL)
    return g_strdup (gateway);
  if (strchr (gateway, '.') == NULL)
    return g_strconcat (namespace_, "/", gateway, NULL);
  /* The form of the first releases: NAME.NAMESPACE.svc.cluster.local */
  labels = g_strsplit (gateway, ".", 3);
  return g_strconcat (labels[1], "/", labels[0], NULL);
}

/**
 * practice_mesh_name_matches:
 * @pattern: a name, "*", or a name that begins with "*"
 * @host: a host name
 *
 * Returns: whether @pattern stands for @host
 */
gboolean
practice_mesh_name_matches (const char *pattern, const char *host)
{
  if (pattern[0] != '*')
    return g_ascii_strcasecmp (pattern, host) == 0;
  pattern++;
  if (strlen (host) < strlen (pattern))
    return FALSE;
  return g_ascii_strcasecmp (pattern, host + strlen (host) - strlen (pattern)) == 0;
}

/**
 * practice_mesh_name_overlaps:
 * @a: a name or pattern
 * @b: a name or pattern
 *
 * Returns: whether some host is meant by both
 */
gboolean
practice_mesh_name_overlaps (const char *a, const char *b)
{
  return practice_mesh_name_matches (a, b) || practice_mesh_name_matches (b, a);
}

/**
 * practice_mesh_name_split_service:
 * @host: a fully qualified name
 * @namespace_: (out) (transfer full) (nullable): the namespace
 * @service: (out) (transfer full) (nullable): the Service's name
 *
 * Returns: whether @host is of the form that Services have
 */
gboolean
practice_mesh_name_split_service (const char *host, char **namespace_, char **service)
{
  const char *dot = strchr (host, '.');
  const char *end =
    g_str_has_suffix (host, CLUSTER_DOMAIN) ? host + strlen (host) - strlen (CLUSTER_DOMAIN) : NULL;

  *namespace_ = NULL;
  *service = NULL;
  if (dot == NULL || end == NULL || dot == host || dot + 1 >= end ||
      memchr (dot + 1, '.', end - dot - 1) != NULL)
    return FALSE;
  *service = g_strndup (host, dot - host);
  *namespace_ = g_strndup (dot + 1, end - dot - 1);
  return TRUE;
}

/**
 * practice_mesh_name_split_authority:
 * @authority: what a Host header says
 * @port: (out): its port; 0 where there is none
 *
 * Returns: (transfer full): the host in lower case
 */
char *
practice_mesh_name_split_authority (const char *authority, guint16 *port)
{
  const char *colon = strrchr (authority, ':');
  guint64 number = 0;

  *port = 0;
  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, G_MAXUINT16, &number, NULL))
    return g_ascii_strdown (authority, -1);
  *port = (guint16)number;
  return g_ascii_strdown (authority, colon - authority);
}

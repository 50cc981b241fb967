/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-ingress-trouble.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "session-service-trouble.h"
#include "base-spelling.h"

#define INGRESSES "ingresses"
#define CLASS_ANNOTATION "kubernetes.io/ingress.class"

/**
 * session_ingress_get_controller:
 * @name: of a Service
 *
 * Returns: (transfer none) (nullable): the class of Ingresses that the pods behind it serve, by the
 *   images that they run; %NULL where they are no Ingress controller that is known
 */
const char *
session_ingress_get_controller (SessionSight *sight, const char *namespace_, const char *name)
{
  static const char *const known[][2] = { { "traefik", "traefik" },
                                          { "ingress-nginx", "nginx" },
                                          { "nginx-ingress", "nginx" } };
  g_autoptr (GPtrArray) pods =
    session_service_list_pods (sight, session_sight_find (sight, "services", namespace_, name));

  for (guint i = 0; pods != NULL && i < pods->len; i++) {
    JsonArray *containers =
      base_json_get_array (g_ptr_array_index (pods, i), "spec", "containers", NULL);

    for (guint j = 0; j < base_json_get_length (containers); j++) {
      const char *image =
        base_json_get_string (json_array_get_element (containers, j), "image", NULL);

      for (gsize k = 0; image != NULL && k < G_N_ELEMENTS (known); k++)
        if (strstr (image, known[k][0]) != NULL)
          return known[k][1];
    }
  }
  return NULL;
}

/* (nullable) */
static const char *
get_class (JsonNode *ingress)
{
  const char *name = base_json_get_string (ingress, "spec", "ingressClassName", NULL);

  if (name == NULL)
    name = base_metadata_get_annotation (ingress, CLASS_ANNOTATION);
  return name != NULL && *name != '\0' ? name : NULL;
}

/* A class is named after its controller, as a rule. */
static gboolean
is_served (JsonNode *ingress, const char *controller)
{
  const char *name = get_class (ingress);

  return name == NULL || strstr (name, controller) != NULL;
}

static gboolean
is_for_all (JsonNode *rule)
{
  const char *host = base_json_get_string (rule, "host", NULL);

  return host == NULL || *host == '\0';
}

/* "*.example.com" is for one more label
 * (https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards). */
static gboolean
is_for_host (JsonNode *rule, const char *host)
{
  const char *its = base_json_get_string (rule, "host", NULL);
  const char *dot = strchr (host, '.');

  if (its == NULL)
    return FALSE;
  if (g_str_has_prefix (its, "*."))
    return dot != NULL && g_ascii_strcasecmp (dot, its + 1) == 0;
  return g_ascii_strcasecmp (its, host) == 0;
}

/* (nullable): the one whose path is the longest of those that fit */
static JsonNode *
find_path (JsonNode *rule, const char *path)
{
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);
  JsonNode *found = NULL;
  gsize longest = 0;

  for (guint i = 0; i < base_json_get_length (paths); i++) {
    JsonNode *node = json_array_get_element (paths, i);
    const char *its = base_json_get_string (node, "path", NULL);
    gsize length = its != NULL ? strlen (its) : 0;

    if ((length == 0 || g_str_has_prefix (path, its)) && (found == NULL || length > longest)) {
      found = node;
      longest = length;
    }
  }
  return found;
}

typedef struct {
  JsonNode *ingress; /* (nullable): with a rule for the host */
  JsonNode *path;    /* (nullable): of it, for the request's path */
} Found;

/* The rule for the request, of the Ingresses that are served or of the others. One with a host
 * counts before one for all. */
static Found
find_rule (GPtrArray *ingresses, const SessionIngressRequest *request, gboolean served)
{
  Found found = { NULL, NULL };
  Found for_all = { NULL, NULL };

  for (guint i = 0; found.path == NULL && i < ingresses->len; i++) {
    JsonNode *ingress = g_ptr_array_index (ingresses, i);
    JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);

    if (is_served (ingress, request->controller) != served)
      continue;
    for (guint j = 0; found.path == NULL && j < base_json_get_length (rules); j++) {
      JsonNode *rule = json_array_get_element (rules, j);
      JsonNode *path = find_path (rule, request->path);

      if (is_for_host (rule, request->host))
        found = (Found){ ingress, path };
      else if (is_for_all (rule) && path != NULL)
        for_all = (Found){ ingress, path };
    }
  }
  return found.path == NULL && for_all.path != NULL ? for_all : found;
}

/* (nullable): a host that is written much as @host is; @ingress: (out): that has a rule for it */
static const char *
find_near_host (GPtrArray *ingresses, const char *host, JsonNode **ingress)
{
  for (guint i = 0; i < ingresses->len; i++) {
    JsonArray *rules = NULL;

    *ingress = g_ptr_array_index (ingresses, i);
    rules = base_json_get_array (*ingress, "spec", "rules", NULL);
    for (guint j = 0; j < base_json_get_length (rules); j++) {
      const char *its = base_json_get_string (json_array_get_element (rules, j), "host", NULL);

      if (its != NULL && base_spelling_is_near (its, host))
        return its;
    }
  }
  return NULL;
}

static char *
dup_no_rule (GPtrArray *ingresses, const SessionIngressRequest *request)
{
  JsonNode *ingress = find_rule (ingresses, request, FALSE).ingress;
  const char *near = NULL;

  if (ingress != NULL)
    return g_strdup_printf (
      /* Translators: an Ingress with its namespace, two classes, and the Ingress and its namespace
       * again */
      _ ("The Ingress %s/%s is of the class %s, and who is asked serves the class %s. Mend the "
         "class: "
         "kubectl edit ingress %s -n %s"),
      base_metadata_get_namespace (ingress), base_metadata_get_name (ingress), get_class (ingress),
      request->controller, base_metadata_get_name (ingress), base_metadata_get_namespace (ingress));
  near = find_near_host (ingresses, request->host, &ingress);
  if (near != NULL)
    /* Translators: a host name, an Ingress with its namespace, and another host name */
    return g_strdup_printf (_ ("No Ingress has a rule for the host %s, but %s/%s has one for %s."),
                            request->host, base_metadata_get_namespace (ingress),
                            base_metadata_get_name (ingress), near);
  /* Translators: %s is a host name */
  return g_strdup_printf (
    _ ("No Ingress has a rule for the host %s. See those that there are: kubectl "
       "get ingresses --all-namespaces"),
    request->host);
}

/* The Service behind the rule has trouble, or is maybe not the one that was meant. */
static char *
dup_backend_trouble (SessionSight *sight,
                     JsonNode *ingress,
                     JsonNode *path,
                     const SessionIngressRequest *request)
{
  const char *service = base_json_get_string (path, "backend", "service", "name", NULL);
  gint64 port = base_json_get_int (path, 0, "backend", "service", "port", "number", NULL);
  g_autofree char *trouble = NULL;

  if (service == NULL)
    service = base_json_get_string (path, "backend", "serviceName", NULL);
  if (port == 0)
    port = base_json_get_int (path, 0, "backend", "servicePort", NULL);
  if (service == NULL)
    return NULL;
  trouble =
    session_service_dup_trouble (sight, base_metadata_get_namespace (ingress), service, port);
  if (trouble == NULL)
    trouble =
      session_service_dup_wrong_port (sight, base_metadata_get_namespace (ingress), service, port);
  /* Translators: an Ingress with its namespace, a host name, a service, and a sentence about it, or
   * nothing */
  return g_strdup_printf (_ ("The Ingress %s/%s leads %s to the service %s.%s%s"),
                          base_metadata_get_namespace (ingress), base_metadata_get_name (ingress),
                          request->host, service, trouble != NULL ? " " : "",
                          trouble != NULL ? trouble : "");
}

/**
 * session_ingress_dup_trouble:
 * @request: that was not answered as it should be
 *
 * Returns: (transfer full) (nullable): which rule leads it where, or that none does; %NULL where
 * that is not known
 */
char *
session_ingress_dup_trouble (SessionSight *sight, const SessionIngressRequest *request)
{
  GPtrArray *ingresses = session_sight_list (sight, INGRESSES, NULL);
  Found found = { NULL, NULL };

  if (ingresses == NULL)
    return NULL;
  found = find_rule (ingresses, request, TRUE);
  if (found.ingress == NULL)
    return dup_no_rule (ingresses, request);
  if (found.path == NULL)
    return g_strdup_printf (
      /* Translators: an Ingress with its namespace, a host name, and a path such as /hello */
      _ ("The Ingress %s/%s has a rule for the host %s, but none for the path %s."),
      base_metadata_get_namespace (found.ingress), base_metadata_get_name (found.ingress),
      request->host, request->path);
  return dup_backend_trouble (sight, found.ingress, found.path, request);
}

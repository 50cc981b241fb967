/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ingress-conversion.h"

#include "base-json.h"

/*
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/#ingress-v122
 */
typedef void (*ConvertBackend) (JsonObject *backend);

/* {serviceName, servicePort} to {service: {name, port: {number or name}}} */
static void
convert_backend_to_v1 (JsonObject *backend)
{
  const char *name = json_object_get_string_member_with_default (backend, "serviceName", NULL);
  JsonNode *port = json_object_get_member (backend, "servicePort");
  JsonObject *service, *service_port;

  if (name == NULL && port == NULL)
    return;
  service = json_object_new ();
  service_port = json_object_new ();
  if (name != NULL)
    json_object_set_string_member (service, "name", name);
  if (port != NULL)
    json_object_set_member (service_port,
                            json_node_get_value_type (port) == G_TYPE_STRING ? "name" : "number",
                            base_json_copy (port));
  json_object_set_object_member (service, "port", service_port);
  json_object_set_object_member (backend, "service", service);
  json_object_remove_member (backend, "serviceName");
  json_object_remove_member (backend, "servicePort");
}

static void
convert_backend_to_beta (JsonObject *backend)
{
  JsonNode *service = json_object_get_member (backend, "service");
  const char *name = base_json_get_string (service, "name", NULL);
  JsonNode *port = base_json_get (service, "port", "number", NULL);

  if (service == NULL)
    return;
  if (port == NULL)
    port = base_json_get (service, "port", "name", NULL);
  if (name != NULL)
    json_object_set_string_member (backend, "serviceName", name);
  if (port != NULL)
    json_object_set_member (backend, "servicePort", base_json_copy (port));
  json_object_remove_member (backend, "service");
}

static void
convert_paths (JsonNode *rule, ConvertBackend convert, gboolean to_v1)
{
  JsonArray *paths = base_json_get_array (rule, "http", "paths", NULL);

  for (guint i = 0; i < base_json_get_length (paths); i++) {
    JsonObject *path = json_array_get_object_element (paths, i);
    JsonObject *backend = base_json_get_object (json_array_get_element (paths, i), "backend", NULL);

    if (backend != NULL)
      convert (backend);
    /* What no pathType meant before there was one. */
    if (to_v1 && !json_object_has_member (path, "pathType"))
      json_object_set_string_member (path, "pathType", "ImplementationSpecific");
  }
}

static JsonNode *
convert (JsonNode *ingress,
         const char *from,
         const char *to,
         ConvertBackend convert_backend,
         gboolean to_v1)
{
  JsonObject *spec = base_json_get_object (ingress, "spec", NULL);
  JsonNode *backend = base_json_get (ingress, "spec", from, NULL);
  JsonArray *rules = base_json_get_array (ingress, "spec", "rules", NULL);

  if (backend != NULL && JSON_NODE_HOLDS_OBJECT (backend)) {
    json_object_set_member (spec, to, base_json_copy (backend));
    json_object_remove_member (spec, from);
    convert_backend (json_object_get_object_member (spec, to));
  }
  for (guint i = 0; i < base_json_get_length (rules); i++)
    convert_paths (json_array_get_element (rules, i), convert_backend, to_v1);
  return ingress;
}

/**
 * practice_ingress_conversion_to_v1:
 * @ingress: (transfer full): one of v1beta1, changed in place
 *
 * Returns: (transfer full): @ingress as v1 has it
 */
JsonNode *
practice_ingress_conversion_to_v1 (JsonNode *ingress)
{
  return convert (ingress, "backend", "defaultBackend", convert_backend_to_v1, TRUE);
}

/**
 * practice_ingress_conversion_to_beta:
 * @ingress: (transfer full): one of v1, changed in place
 *
 * Returns: (transfer full): @ingress as v1beta1 has it
 */
JsonNode *
practice_ingress_conversion_to_beta (JsonNode *ingress)
{
  return convert (ingress, "defaultBackend", "backend", convert_backend_to_beta, FALSE);
}

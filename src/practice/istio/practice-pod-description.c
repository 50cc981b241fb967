/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-description.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-mesh-name.h"
#include "practice-object.h"
#include "practice-sidecar.h"

#define SERVICES "/services"
#define RULE "--------------------"

typedef struct {
  PracticeMesh *mesh;
  PracticeMeshConfig *config;
  PracticeStore *store;
  JsonNode *pod;
  const char *namespace_;
  GPtrArray *lines;
} Description;

static void print (Description *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
print (Description *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_ptr_array_add (self->lines, g_strdup_vprintf (format, arguments));
  va_end (arguments);
}

static void
describe_ports (Description *self)
{
  JsonArray *containers = base_json_get_array (self->pod, "spec", "containers", NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);
    JsonArray *ports = base_json_get_array (container, "ports", NULL);

    for (guint j = 0; j < base_json_get_length (ports); j++)
      g_string_append_printf (
        text, "%s%" G_GINT64_FORMAT " (%s)", text->len > 0 ? ", " : "",
        base_json_get_int (json_array_get_element (ports, j), 0, "containerPort", NULL),
        base_json_get_string (container, "name", NULL));
  }
  print (self, "   Pod Ports: %s", text->str);
}

static void
describe_service (Description *self, JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  print (self, RULE);
  print (self, "Service: %s", base_metadata_get_name (service));
  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *port = json_array_get_element (ports, i);
    const char *name = base_json_get_string (port, "name", NULL);
    gint64 number = base_json_get_int (port, 0, "port", NULL);
    gboolean is_http =
      practice_mesh_upstream_find_http_port (service, (guint16)number) != NULL && name != NULL;

    print (self, "   Port: %s %" G_GINT64_FORMAT "/%s", name != NULL ? name : "", number,
           is_http        ? "HTTP"
           : name == NULL ? "UnsupportedProtocol"
                          : "TCP");
  }
}

static gboolean
has_labels (Description *self, JsonNode *subset)
{
  JsonObject *labels = base_json_get_object (subset, "labels", NULL);

  return labels == NULL || practice_object_matches_labels (self->pod, labels);
}

static char *
join (GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", (const char *)names->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
describe_subsets (Description *self, const char *host)
{
  g_auto (GStrv) names = practice_mesh_config_dup_subsets (self->config, self->namespace_, host);
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  g_autofree char *fitting = NULL;
  g_autofree char *others = NULL;
  JsonNode *tls =
    practice_mesh_config_find_policy (self->config, self->namespace_, host, NULL, "tls");
  JsonNode *rule = practice_mesh_config_find_rule (self->config, self->namespace_, host);

  if (rule == NULL)
    return;
  print (self, "DestinationRule: %s for \"%s\"", base_metadata_get_name (rule),
         base_json_get_string (rule, "spec", "host", NULL));
  for (guint i = 0; names[i] != NULL; i++) {
    JsonNode *subset =
      practice_mesh_config_find_subset (self->config, self->namespace_, host, names[i]);

    g_ptr_array_add (has_labels (self, subset) ? own : rest, names[i]);
  }
  fitting = join (own);
  others = join (rest);
  if (own->len > 0)
    print (self, "   Matching subsets: %s", fitting);
  else if (rest->len > 0)
    print (self, "  WARNING POD DOES NOT MATCH ANY SUBSETS.  (Non matching subsets %s)", others);
  if (own->len > 0 && rest->len > 0)
    print (self, "      (Non-matching subsets %s)", others);
  if (base_json_get_string (tls, "mode", NULL) != NULL)
    print (self, "   Traffic Policy TLS Mode: %s", base_json_get_string (tls, "mode", NULL));
  else
    print (self, "   No Traffic Policy");
}

/* (nullable): the first subset of @host that a rule names and that is not the pod's. */
static gboolean
leads_to_pod (Description *self, JsonNode *rule, const char *host, const char **other)
{
  JsonArray *routes = base_json_get_array (rule, "route", NULL);

  for (guint i = 0; i < base_json_get_length (routes); i++) {
    JsonNode *destination = base_json_get (json_array_get_element (routes, i), "destination", NULL);
    const char *name = base_json_get_string (destination, "host", NULL);
    const char *subset = base_json_get_string (destination, "subset", NULL);
    g_autofree char *whole =
      name != NULL ? practice_mesh_name_qualify (name, self->namespace_) : NULL;

    if (g_strcmp0 (whole, host) != 0)
      continue;
    if (subset == NULL || has_labels (self, practice_mesh_config_find_subset (
                                              self->config, self->namespace_, host, subset)))
      return TRUE;
    *other = subset;
  }
  return FALSE;
}

static void
describe_virtual_service (Description *self, PracticeMeshVirtualService *service, const char *host)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", "http", NULL);
  guint n_rules = base_json_get_length (rules);
  const char *other = NULL;
  gboolean leads = FALSE;

  for (guint i = 0; i < n_rules; i++)
    leads = leads_to_pod (self, json_array_get_element (rules, i), host, &other) || leads;
  print (self, "VirtualService: %s", service->name);
  if (leads || n_rules == 0) {
    print (self, "   %u HTTP route(s)", n_rules);
    return;
  }
  print (self, "   WARNING: No destinations match pod subsets (checked %u HTTP routes)", n_rules);
  if (other != NULL)
    print (self, "      Route to non-matching subset %s", other);
}

static void
describe_rules (Description *self, JsonNode *service)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (self->config);
  g_autofree char *host = practice_mesh_name_qualify (base_metadata_get_name (service),
                                                      base_metadata_get_namespace (service));

  describe_subsets (self, host);
  for (guint i = 0; i < services->len; i++) {
    PracticeMeshVirtualService *virtual_service = services->pdata[i];

    if (!g_strv_contains ((const char *const *)virtual_service->gateways, "mesh"))
      continue;
    for (guint j = 0; virtual_service->hosts[j] != NULL; j++)
      if (practice_mesh_name_matches (virtual_service->hosts[j], host)) {
        describe_virtual_service (self, virtual_service, host);
        break;
      }
  }
}

static gboolean
selects (Description *self, JsonNode *service)
{
  JsonObject *selector = base_json_get_object (service, "spec", "selector", NULL);

  return selector != NULL && json_object_get_size (selector) > 0 &&
         practice_object_matches_labels (self->pod, selector);
}

/**
 * practice_pod_description_new:
 * @mesh: the mesh
 * @pod: a Pod
 *
 * In the words of istioctl 1.4
 * (https://istio.io/v1.4/docs/ops/diagnostic-tools/istioctl-describe/).
 *
 * Returns: (transfer full): the Services of @pod and what of the mesh is about them, a line each
 */
GStrv
practice_pod_description_new (PracticeMesh *mesh, JsonNode *pod)
{
  const char *namespace_ = base_metadata_get_namespace (pod);
  g_autoptr (GPtrArray) services =
    practice_store_list (practice_mesh_get_store (mesh), SERVICES, namespace_);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  Description self = {
    mesh, practice_mesh_get_config (mesh), practice_mesh_get_store (mesh), pod, namespace_, lines,
  };

  print (&self, "Pod: %s", base_metadata_get_name (pod));
  describe_ports (&self);
  if (!practice_sidecar_is_in (pod))
    print (&self, "WARNING: %s is not part of mesh; no Istio sidecar",
           base_metadata_get_name (pod));
  for (guint i = 0; i < services->len; i++) {
    if (!selects (&self, services->pdata[i]))
      continue;
    describe_service (&self, services->pdata[i]);
    if (practice_sidecar_is_in (pod))
      print (&self, "Pilot reports that pod is PERMISSIVE (enforces HTTP/mTLS) and clients speak "
                    "HTTP");
    describe_rules (&self, services->pdata[i]);
  }
  g_ptr_array_add (lines, NULL);
  return (GStrv)g_ptr_array_steal (lines, NULL);
}

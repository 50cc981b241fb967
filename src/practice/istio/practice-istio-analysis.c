/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-istio-analysis.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-istio-admission.h"
#include "practice-mesh-config.h"
#include "practice-mesh-name.h"
#include "practice-mesh-upstream.h"
#include "practice-object.h"
#include "practice-sidecar.h"

#define NAMESPACES "/namespaces"
#define PODS "/pods"
#define GATEWAYS "networking.istio.io/gateways"

#define NOT_INJECTED                                                                               \
  "The namespace is not enabled for Istio injection. Run 'kubectl label namespace %s "             \
  "istio-injection=enabled' to enable it, or 'kubectl label namespace %s "                         \
  "istio-injection=disabled' to explicitly mark it as not needing injection"
#define NO_PROXY                                                                                   \
  "The pod is missing the Istio proxy. This can often be resolved by restarting or redeploying "   \
  "the workload."

/* Messages as they are found. */
typedef struct {
  PracticeStore *store;
  const char *namespace_; /* (nullable) */
  PracticeMeshConfig *config;
  GPtrArray *errors;
  GPtrArray *warnings;
} Analysis;

static void complain (
  Analysis *self, gboolean is_error, const char *code, JsonNode *object, const char *format, ...)
  G_GNUC_PRINTF (5, 6);

static void
complain (
  Analysis *self, gboolean is_error, const char *code, JsonNode *object, const char *format, ...)
{
  const char *namespace_ = base_metadata_get_namespace (object);
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_ptr_array_add (is_error ? self->errors : self->warnings,
                   g_strdup_printf ("%s [%s] (%s %s%s%s) %s", is_error ? "Error" : "Warn", code,
                                    base_json_get_string (object, "kind", NULL),
                                    base_metadata_get_name (object), namespace_ != NULL ? "." : "",
                                    namespace_ != NULL ? namespace_ : "", text));
}

static gboolean
is_asked_for (Analysis *self, const char *namespace_)
{
  return self->namespace_ == NULL || g_strcmp0 (self->namespace_, namespace_) == 0;
}

/* What came before the webhook. */
static void
check_schema (Analysis *self, JsonNode *object)
{
  g_autofree char *refusal =
    practice_istio_admission_dup_refusal (object, practice_mesh_config_get_minor (self->config));
  const char *reason = refusal != NULL ? strstr (refusal, "request: ") : NULL;
  const char *colon = reason != NULL ? strstr (reason + strlen ("request: "), ": ") : NULL;

  if (colon != NULL)
    complain (self, TRUE, "IST0106", object, "Schema validation error: %s", colon + 2);
}

static void
check_destination (Analysis *self, PracticeMeshVirtualService *service, JsonNode *destination)
{
  const char *host = base_json_get_string (destination, "host", NULL);
  const char *subset = base_json_get_string (destination, "subset", NULL);
  g_autofree char *whole =
    host != NULL ? practice_mesh_name_qualify (host, service->namespace_) : NULL;
  g_autofree char *namespace_ = NULL;
  g_autofree char *name = NULL;

  if (whole == NULL)
    return;
  if (!practice_mesh_name_split_service (whole, &namespace_, &name) ||
      practice_mesh_upstream_find_service (self->store, namespace_, name) == NULL)
    complain (self, TRUE, "IST0101", service->object, "Referenced host not found: \"%s\"", host);
  else if (subset != NULL && practice_mesh_config_find_subset (self->config, service->namespace_,
                                                               whole, subset) == NULL)
    complain (self, TRUE, "IST0101", service->object,
              "Referenced host+subset in destinationrule not found: \"%s+%s\"", host, subset);
}

static void
check_routes (Analysis *self, PracticeMeshVirtualService *service, const char *protocol)
{
  JsonArray *rules = base_json_get_array (service->object, "spec", protocol, NULL);
  guint n_rules = base_json_get_length (rules);

  for (guint i = 0; i < n_rules; i++) {
    JsonNode *rule = json_array_get_element (rules, i);
    JsonArray *routes = base_json_get_array (rule, "route", NULL);
    guint n_routes = base_json_get_length (routes);

    for (guint j = 0; j < n_routes; j++)
      check_destination (self, service,
                         base_json_get (json_array_get_element (routes, j), "destination", NULL));
    check_destination (self, service, base_json_get (rule, "mirror", NULL));
  }
}

static void
check_gateways (Analysis *self, PracticeMeshVirtualService *service)
{
  for (guint i = 0; service->gateways[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (service->gateways[i], "/", 2);

    if (g_str_equal (service->gateways[i], "mesh") || parts[1] == NULL ||
        practice_store_get (self->store, GATEWAYS, parts[0], parts[1]) != NULL)
      continue;
    complain (self, TRUE, "IST0101", service->object, "Referenced gateway not found: \"%s\"",
              g_str_equal (parts[0], service->namespace_) ? parts[1] : service->gateways[i]);
  }
}

static void
check_virtual_services (Analysis *self)
{
  GPtrArray *services = practice_mesh_config_get_virtual_services (self->config);

  for (guint i = 0; i < services->len; i++) {
    PracticeMeshVirtualService *service = services->pdata[i];

    if (!is_asked_for (self, service->namespace_))
      continue;
    check_schema (self, service->object);
    check_gateways (self, service);
    check_routes (self, service, "http");
    check_routes (self, service, "tcp");
    check_routes (self, service, "tls");
  }
}

static gboolean
selects_a_pod (Analysis *self, JsonObject *selector)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, NULL);

  for (guint i = 0; i < pods->len; i++)
    if (practice_object_matches_labels (pods->pdata[i], selector))
      return TRUE;
  return FALSE;
}

static char *
dup_selector (JsonObject *selector)
{
  GString *text = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  json_object_iter_init_ordered (&iter, selector);
  while (json_object_iter_next_ordered (&iter, &name, &value))
    g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "," : "", name,
                            json_node_get_string (value));
  return g_string_free (text, FALSE);
}

static void
check_all_gateways (Analysis *self)
{
  GPtrArray *gateways = practice_mesh_config_get_gateways (self->config);

  for (guint i = 0; i < gateways->len; i++) {
    JsonNode *gateway = gateways->pdata[i];
    JsonObject *selector = base_json_get_object (gateway, "spec", "selector", NULL);
    g_autofree char *text = NULL;

    if (!is_asked_for (self, base_metadata_get_namespace (gateway)))
      continue;
    check_schema (self, gateway);
    if (selector == NULL || json_object_get_size (selector) == 0 || selects_a_pod (self, selector))
      continue;
    text = dup_selector (selector);
    complain (self, TRUE, "IST0101", gateway, "Referenced selector not found: \"%s\"", text);
  }
}

static gboolean
is_system (const char *namespace_)
{
  static const char *const names[] = { "istio-system", "kube-public", "kube-system",
                                       "kube-node-lease", NULL };

  return g_strv_contains (names, namespace_);
}

static void
check_pods (Analysis *self, const char *namespace_)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, namespace_);

  for (guint i = 0; i < pods->len; i++) {
    const char *inject = base_metadata_get_annotation (pods->pdata[i], "sidecar.istio.io/inject");

    if (!practice_sidecar_is_in (pods->pdata[i]) && g_strcmp0 (inject, "false") != 0)
      complain (self, FALSE, "IST0103", pods->pdata[i], NO_PROXY);
  }
}

static void
check_namespaces (Analysis *self)
{
  g_autoptr (GPtrArray) namespaces = practice_store_list (self->store, NAMESPACES, NULL);

  for (guint i = 0; i < namespaces->len; i++) {
    JsonNode *object = namespaces->pdata[i];
    const char *name = base_metadata_get_name (object);
    const char *label = base_metadata_get_label (object, "istio-injection");

    if (!is_asked_for (self, name) || is_system (name))
      continue;
    if (label == NULL)
      complain (self, FALSE, "IST0102", object, NOT_INJECTED, name, name);
    else if (g_str_equal (label, "enabled"))
      check_pods (self, name);
  }
}

/**
 * practice_istio_analyze:
 * @store: the cluster's objects
 * @namespace_: (nullable): the namespace to look at; %NULL: all
 *
 * Looks for what Istio's analyzers look for
 * (https://istio.io/latest/docs/reference/config/analysis/): IST0101, IST0102, IST0103 and IST0106.
 *
 * Returns: (transfer full): the messages, a line each
 */
GStrv
practice_istio_analyze (PracticeStore *store, const char *namespace_)
{
  g_autoptr (PracticeMeshConfig) config = practice_mesh_config_new (store, PRACTICE_MESH_MINOR);
  g_autoptr (GPtrArray) errors = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) warnings = g_ptr_array_new ();
  Analysis self = { store, namespace_, config, errors, warnings };

  check_virtual_services (&self);
  check_all_gateways (&self);
  check_namespaces (&self);
  g_ptr_array_extend_and_steal (errors, g_steal_pointer (&warnings));
  g_ptr_array_add (errors, NULL);
  return (GStrv)g_ptr_array_steal (errors, NULL);
}

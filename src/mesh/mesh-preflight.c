/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-preflight.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"
#include "mesh-shadow.h"
#include "mesh-subset.h"
#include "mesh-virtual-service.h"

/* What is longer is not read. */
#define MAX_WARNINGS 12
#define NO_ROUTE G_MAXUINT

typedef struct {
  JsonNode *object;
  MeshVirtualService *service;
  const MeshSurroundings *around;
  GPtrArray *warnings;
} Preflight;

static void
free_warning (gpointer data)
{
  MeshWarning *warning = data;

  g_free (warning->text);
  g_free (warning->advice);
  g_free (warning);
}

/* What one route says already, another does not say again. */
static gboolean
is_said (Preflight *self, const char *text)
{
  for (guint i = 0; i < self->warnings->len; i++) {
    const MeshWarning *warning = g_ptr_array_index (self->warnings, i);

    if (g_str_equal (warning->text, text))
      return TRUE;
  }
  return FALSE;
}

/* Takes @text and @advice. */
static void
warn (Preflight *self, MeshWarningCode code, guint route, char *text, char *advice)
{
  MeshWarning *warning = g_new0 (MeshWarning, 1);

  warning->code = code;
  warning->route = route;
  warning->text = text;
  warning->advice = advice;
  if (self->warnings->len < MAX_WARNINGS && !is_said (self, text))
    g_ptr_array_add (self->warnings, warning);
  else
    free_warning (warning);
}

static JsonNode *
get_route (Preflight *self, guint route)
{
  return json_array_get_element (base_json_get_array (self->object, "spec", "http", NULL), route);
}

static void
check_destination (Preflight *self, guint route, guint i)
{
  const char *host = mesh_virtual_service_get_destination_host (self->service, route, i);
  const char *name = mesh_virtual_service_get_destination_subset (self->service, route, i);
  const char *namespace_ = mesh_virtual_service_get_namespace (self->service);
  JsonNode *subset = NULL;

  if (host == NULL || name == NULL || self->around->destination_rules == NULL)
    return;
  subset = mesh_subset_find (self->around, namespace_, host, name);
  if (subset == NULL)
    /* Translators: a subset such as v2, and a host such as reviews */
    warn (self, MESH_WARNING_NO_SUBSET, route,
          g_strdup_printf (_ ("No DestinationRule defines the subset %s of %s."), name, host),
          g_strdup (_ ("Requests sent there fail with 503. Apply the DestinationRule first, or "
                       "give the subset no route.")));
  else if (mesh_virtual_service_get_weight (self->service, route, i) > 0 &&
           !mesh_subset_has_ready_pods (self->around, namespace_, host, subset))
    /* Translators: a subset such as v2, and a host such as reviews */
    warn (self, MESH_WARNING_NO_PODS, route,
          g_strdup_printf (_ ("No pod of the subset %s of %s is ready."), name, host),
          g_strdup (_ ("Requests sent there fail with 503. Start its pods, or give it 0 %.")));
}

/* TRUE for Istio 1.14 and before; FALSE where the version is not known. */
static gboolean
demands_sum (const char *version)
{
  int major, minor;

  return version != NULL && sscanf (version, "%d.%d", &major, &minor) == 2 &&
         (major < 1 || (major == 1 && minor < 15));
}

static void
check_sum (Preflight *self, guint route)
{
  guint n = mesh_virtual_service_get_n_destinations (self->service, route);
  int sum = 0;

  for (guint i = 0; i < n; i++)
    sum += MIN (mesh_virtual_service_get_weight (self->service, route, i), 1000000);
  if (n < 2 || sum == 100)
    return;
  if (sum == 0)
    warn (self, MESH_WARNING_SUM, route, g_strdup (_ ("All weights of a route are 0.")),
          g_strdup (_ ("Istio refuses that. Move a slider.")));
  else if (demands_sum (self->around->istio_version))
    warn (self, MESH_WARNING_SUM, route,
          g_strdup_printf (_ ("The weights of a route sum to %d."), sum),
          /* Translators: %s is a version of Istio */
          g_strdup_printf (_ ("Istio %s demands 100. Move a slider: it makes them sum to 100."),
                           self->around->istio_version));
}

static void
check_fault (Preflight *self, guint route)
{
  JsonNode *node = get_route (self, route);

  if (base_json_get (node, "fault", NULL) == NULL || base_json_get (node, "timeout", NULL) == NULL)
    return;
  warn (
    self, MESH_WARNING_FAULT_AND_TIMEOUT, route,
    g_strdup (_ ("A route has a fault and a timeout.")),
    g_strdup (_ ("Istio drops the timeout of a route with a fault. Put the fault on the service "
                 "behind it.")));
}

static void
check_order (Preflight *self, guint route)
{
  for (guint i = 0; i < route; i++) {
    g_autofree char *earlier = NULL;
    g_autofree char *later = NULL;

    if (!mesh_shadow_hides (get_route (self, i), get_route (self, route)))
      continue;
    earlier = mesh_virtual_service_dup_route_title (self->service, i);
    later = mesh_virtual_service_dup_route_title (self->service, route);
    warn (self, MESH_WARNING_HIDDEN_RULE, route,
          /* Translators: two numbers of routes, and for whom the second is in words */
          g_strdup_printf (_ ("Route %u is never used (%s)."), route + 1, later),
          /* Translators: a number of a route, and for whom it is in words */
          g_strdup_printf (_ ("Route %u (%s) comes first and takes its requests. Put the narrower "
                              "one before it."),
                           i + 1, earlier));
    return;
  }
}

/* "mesh" where nothing is said
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService). */
static gboolean
has_gateway (JsonNode *object, const char *name)
{
  JsonArray *gateways = base_json_get_array (object, "spec", "gateways", NULL);

  if (base_json_get_length (gateways) == 0)
    return g_str_equal (name, "mesh");
  for (guint i = 0; i < json_array_get_length (gateways); i++) {
    if (g_strcmp0 (base_json_get_string (json_array_get_element (gateways, i), NULL), name) == 0)
      return TRUE;
  }
  return FALSE;
}

static gboolean
share_gateway (JsonNode *a, JsonNode *b)
{
  JsonArray *gateways = base_json_get_array (a, "spec", "gateways", NULL);

  if (base_json_get_length (gateways) == 0)
    return has_gateway (b, "mesh");
  for (guint i = 0; i < json_array_get_length (gateways); i++) {
    const char *name = base_json_get_string (json_array_get_element (gateways, i), NULL);

    if (name != NULL && has_gateway (b, name))
      return TRUE;
  }
  return FALSE;
}

/* (nullable): a host that both are for */
static char *
dup_shared_host (Preflight *self, MeshVirtualService *other)
{
  g_auto (GStrv) hosts = mesh_virtual_service_dup_hosts (self->service);
  g_auto (GStrv) other_hosts = mesh_virtual_service_dup_hosts (other);

  for (gsize i = 0; hosts[i] != NULL; i++) {
    for (gsize j = 0; other_hosts[j] != NULL; j++) {
      if (mesh_host_equal (hosts[i], mesh_virtual_service_get_namespace (self->service),
                           other_hosts[j], mesh_virtual_service_get_namespace (other)))
        return g_strdup (hosts[i]);
    }
  }
  return NULL;
}

static gboolean
is_same_object (JsonNode *a, JsonNode *b)
{
  return g_strcmp0 (base_metadata_get_name (a), base_metadata_get_name (b)) == 0 &&
         g_strcmp0 (base_metadata_get_namespace (a), base_metadata_get_namespace (b)) == 0;
}

static void
check_hosts (Preflight *self)
{
  GPtrArray *others = self->around->virtual_services;

  for (guint i = 0; others != NULL && i < others->len; i++) {
    JsonNode *object = g_ptr_array_index (others, i);
    g_autoptr (MeshVirtualService) other = mesh_virtual_service_new (object, NULL);
    g_autofree char *host = NULL;

    if (other == NULL || is_same_object (object, self->object) ||
        !share_gateway (self->object, object))
      continue;
    host = dup_shared_host (self, other);
    if (host == NULL)
      continue;
    warn (self, MESH_WARNING_SHARED_HOST, NO_ROUTE,
          /* Translators: the names of two VirtualServices, and a host */
          g_strdup_printf (_ ("%s and %s are both for the host %s."),
                           mesh_virtual_service_get_name (self->service),
                           mesh_virtual_service_get_name (other), host),
          g_strdup (_ ("Istio uses one of them for requests inside the mesh, the older as a rule. "
                       "Delete one.")));
  }
}

/**
 * mesh_preflight:
 * @virtual_service: as it is to be
 *
 * Returns: (transfer full) (element-type MeshWarning): what will not work as it looks; empty where
 *   nothing is found, or @virtual_service is none
 */
GPtrArray *
mesh_preflight (JsonNode *virtual_service, const MeshSurroundings *surroundings)
{
  g_autoptr (MeshVirtualService) service = mesh_virtual_service_new (virtual_service, NULL);
  Preflight self = {
    .object = virtual_service,
    .service = service,
    .around = surroundings,
    .warnings = g_ptr_array_new_with_free_func (free_warning),
  };

  if (service == NULL)
    return self.warnings;
  for (guint i = 0; i < mesh_virtual_service_get_n_routes (service); i++) {
    for (guint j = 0; j < mesh_virtual_service_get_n_destinations (service, i); j++)
      check_destination (&self, i, j);
    check_sum (&self, i);
    check_fault (&self, i);
    check_order (&self, i);
  }
  check_hosts (&self);
  return self.warnings;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-column.h"

#include "base-json.h"
#include "lab-age.h"
#include "lab-pod-text.h"
#include "lab-resource-text.h"

#include <glib/gi18n-lib.h>

#define NAME_COLUMN(chars)                                                                         \
  {                                                                                                \
    .title = N_ ("Name"), .is_name = TRUE, .width = (chars), .expands = TRUE                       \
  }
#define NAMESPACE_COLUMN                                                                           \
  {                                                                                                \
    .title = N_ ("Namespace"), .is_namespace = TRUE, .width = 10                                   \
  }
#define AGE_COLUMN                                                                                 \
  {                                                                                                \
    .title = N_ ("Age"), .is_age = TRUE, .width = 6                                                \
  }

static gboolean
node_needs_attention (JsonNode *node)
{
  g_autofree char *status = lab_node_dup_status (node);

  return !g_str_equal (status, "Ready");
}

static gboolean
pod_needs_attention (JsonNode *pod)
{
  g_autofree char *status = lab_pod_dup_status (pod);

  return !g_str_equal (status, "Running") && !g_str_equal (status, "Completed");
}

/* What a learner looks for comes first; the rest is a scroll or a wider panel away. */
static const LabColumn node_columns[] = {
  { .title = N_ ("Name"), .is_name = TRUE, .width = 16, .expands = TRUE, .keeps_begin = TRUE },
  { .title = N_ ("Status"),
    .dup_text = lab_node_dup_status,
    .needs_attention = node_needs_attention,
    .width = 8 },
  { .title = N_ ("Roles"), .dup_text = lab_node_dup_roles, .width = 7 },
  { .title = N_ ("Version"), .dup_text = lab_node_dup_version, .width = 7 },
  AGE_COLUMN,
};

static const LabColumn service_columns[] = {
  NAME_COLUMN (11),
  NAMESPACE_COLUMN,
  { .title = N_ ("External IP"),
    .dup_text = lab_service_dup_external_ip,
    .needs_attention = lab_service_is_pending,
    .width = 14 },
  { .title = N_ ("Ports"), .dup_text = lab_service_dup_ports, .width = 15, .keeps_begin = TRUE },
  { .title = N_ ("Type"), .dup_text = lab_service_dup_type, .width = 11 },
  { .title = N_ ("Cluster IP"), .dup_text = lab_service_dup_cluster_ip, .width = 12 },
  AGE_COLUMN,
};

static const LabColumn ingress_columns[] = {
  NAME_COLUMN (10),
  NAMESPACE_COLUMN,
  { .title = N_ ("Hosts"), .dup_text = lab_ingress_dup_hosts, .width = 20, .expands = TRUE },
  { .title = N_ ("Address"), .dup_text = lab_ingress_dup_address, .width = 14 },
  AGE_COLUMN,
};

static const LabColumn policy_columns[] = {
  NAME_COLUMN (13),
  NAMESPACE_COLUMN,
  { .title = N_ ("Applies to"),
    .dup_text = lab_network_policy_dup_selector,
    .width = 15,
    .expands = TRUE },
  { .title = N_ ("Lets in"), .dup_text = lab_network_policy_dup_sources, .width = 10 },
  { .title = N_ ("Types"), .dup_text = lab_network_policy_dup_types, .width = 8 },
  AGE_COLUMN,
};

static const LabColumn virtual_service_columns[] = {
  NAME_COLUMN (11),
  NAMESPACE_COLUMN,
  { .title = N_ ("Hosts"), .dup_text = lab_virtual_service_dup_hosts, .width = 10 },
  { .title = N_ ("Routes"),
    .dup_text = lab_virtual_service_dup_weights,
    .width = 18,
    .expands = TRUE },
  AGE_COLUMN,
};

/* The beginning tells the versions of a service apart, the end copies of the same pod. */
static const LabColumn pod_columns[] = {
  { .title = N_ ("Name"), .is_name = TRUE, .width = 12, .expands = TRUE, .keeps_begin = TRUE },
  NAMESPACE_COLUMN,
  { .title = N_ ("Ready"), .dup_text = lab_pod_dup_ready, .width = 5 },
  { .title = N_ ("Status"),
    .dup_text = lab_pod_dup_status,
    .needs_attention = pod_needs_attention,
    .width = 10 },
  { .title = N_ ("Restarts"), .dup_text = lab_pod_dup_restarts, .width = 7 },
  AGE_COLUMN,
};

#define COLUMNS(array) .columns = (array), .n_columns = G_N_ELEMENTS (array)

static const LabPanelKind kinds[] = {
  {
    .resource = "nodes",
    .title = N_ ("Nodes"),
    .tab = N_ ("Nodes"),
    .filter_label = N_ ("Filter nodes by name"),
    .empty_title = N_ ("No nodes"),
    .empty_hint = N_ ("A cluster without nodes can run nothing."),
    .absent_title = N_ ("No nodes here"),
    .absent_hint = N_ ("The server does not know this resource."),
    COLUMNS (node_columns),
  },
  {
    .resource = "services",
    .title = N_ ("Services"),
    .tab = N_ ("Services"),
    .filter_label = N_ ("Filter services by name"),
    .empty_title = N_ ("No services yet"),
    .empty_hint = N_ ("A service appears here as soon as it is created."),
    .absent_title = N_ ("No services here"),
    .absent_hint = N_ ("The server does not know this resource."),
    COLUMNS (service_columns),
  },
  {
    .resource = "pods",
    .title = N_ ("Pods"),
    .tab = N_ ("Pods"),
    .filter_label = N_ ("Filter pods by name"),
    .empty_title = N_ ("No pods yet"),
    .empty_hint = N_ ("A pod appears here as soon as it is created."),
    .absent_title = N_ ("No pods here"),
    .absent_hint = N_ ("The server does not know this resource."),
    COLUMNS (pod_columns),
  },
  {
    .resource = "ingresses",
    .title = N_ ("Ingresses"),
    .tab = N_ ("Ingresses"),
    .filter_label = N_ ("Filter ingresses by name"),
    .empty_title = N_ ("No ingresses yet"),
    .empty_hint = N_ ("An ingress routes HTTP by host name. It appears here once it is created."),
    .absent_title = N_ ("No ingresses here"),
    .absent_hint = N_ ("The server does not know this resource."),
    COLUMNS (ingress_columns),
  },
  {
    .resource = "networkpolicies",
    .title = N_ ("Network policies"),
    .tab = N_ ("Policies"),
    .filter_label = N_ ("Filter network policies by name"),
    .empty_title = N_ ("No network policies yet"),
    .empty_hint = N_ ("Without one, every pod can be reached by everyone."),
    .absent_title = N_ ("No network policies here"),
    .absent_hint = N_ ("The server does not know this resource."),
    COLUMNS (policy_columns),
  },
  {
    .resource = "virtualservices",
    .title = N_ ("Virtual services"),
    .tab = N_ ("Virtual services"),
    .filter_label = N_ ("Filter virtual services by name"),
    .empty_title = N_ ("No virtual services yet"),
    .empty_hint = N_ ("Without one, a service's traffic goes to all of its pods alike."),
    .absent_title = N_ ("Istio is not installed here"),
    .absent_hint = N_ ("Virtual services appear once Istio is there. The course installs it."),
    COLUMNS (virtual_service_columns),
  },
};

/**
 * lab_column_dup_text:
 * @self: a column
 * @object: an object of the column's kind
 *
 * Returns: (transfer full): what the column says of @object, never %NULL
 */
char *
lab_column_dup_text (const LabColumn *self, KubeObject *object)
{
  const char *fixed = NULL;
  g_autoptr (JsonNode) json = NULL;
  char *text;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (KUBE_IS_OBJECT (object), NULL);

  if (self->is_age)
    return lab_age_dup_text (g_get_real_time () / G_USEC_PER_SEC -
                             kube_object_get_created_at (object));
  if (self->is_name || self->is_namespace) {
    fixed = self->is_name ? kube_object_get_name (object) : kube_object_get_namespace (object);
    return g_strdup (fixed != NULL ? fixed : "");
  }

  json = kube_object_ref_json (object);
  text = json != NULL ? self->dup_text (json) : NULL;

  return text != NULL ? text : g_strdup ("");
}

/**
 * lab_panel_kind_get_all:
 * @n_kinds: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_kinds): the resource panels, in the switcher's order
 */
const LabPanelKind *
lab_panel_kind_get_all (gsize *n_kinds)
{
  g_return_val_if_fail (n_kinds != NULL, NULL);

  *n_kinds = G_N_ELEMENTS (kinds);

  return kinds;
}

/**
 * lab_panel_kind_lookup:
 * @name: the name of a resource in any form that kubectl takes ("svc", "services")
 *
 * Returns: (transfer none) (nullable): the panel that shows it
 */
const LabPanelKind *
lab_panel_kind_lookup (const char *name)
{
  const KubeKind *kind;

  g_return_val_if_fail (name != NULL, NULL);

  kind = kube_kind_lookup (name);
  if (kind == NULL)
    return NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_ascii_strcasecmp (kinds[i].resource, kind->plural) == 0)
      return &kinds[i];
  }

  return NULL;
}

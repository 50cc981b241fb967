/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-validation.h"

#include "base-json.h"
#include "practice-validation.h"

static const char *const types[] = { "ClusterIP", "ExternalName", "LoadBalancer", "NodePort",
                                     NULL };
static const char *const protocols[] = { "SCTP", "TCP", "UDP", NULL };
static const char *const affinities[] = { "ClientIP", "None", NULL };
static const char *const policies[] = { "Cluster", "Local", NULL };

static void
validate_port_name (
  JsonNode *port, const char *field, gboolean required, GHashTable *names, PracticeCauses *causes)
{
  g_autofree char *name_field = g_strconcat (field, ".name", NULL);
  const char *name = base_json_get_string (port, "name", NULL);
  const char *wrong;

  if (name == NULL || *name == '\0') {
    if (required)
      practice_causes_required (causes, name_field, NULL);
    return;
  }
  wrong = practice_names_check_label (name);
  if (wrong != NULL)
    practice_causes_invalid (causes, name_field, name, wrong);
  else if (!g_hash_table_add (names, (gpointer)name))
    practice_causes_duplicate (causes, name_field, name);
}

static void
validate_port (JsonNode *port, const char *field, GHashTable *numbers, PracticeCauses *causes)
{
  g_autofree char *port_field = g_strconcat (field, ".port", NULL);
  g_autofree char *target_field = g_strconcat (field, ".targetPort", NULL);
  g_autofree char *protocol_field = g_strconcat (field, ".protocol", NULL);
  const char *protocol = base_json_get_string (port, "protocol", NULL);
  gint64 number = base_json_get_int (port, 0, "port", NULL);
  g_autofree char *pair = g_strdup_printf ("%" G_GINT64_FORMAT "/%s", number, protocol);

  practice_validation_port (number, port_field, causes);
  practice_validation_one_of (protocol, protocol_field, TRUE, protocols, causes);
  practice_validation_port_or_name (base_json_get (port, "targetPort", NULL), target_field, causes);
  if (!g_hash_table_add (numbers, g_steal_pointer (&pair))) {
    g_autofree char *printed = g_strdup_printf (
      "core.ServicePort{Name:\"\", Protocol:\"%s\", AppProtocol:(*string)(nil), "
      "Port:%" G_GINT64_FORMAT ", TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, "
      "NodePort:0}",
      protocol, number);

    practice_causes_duplicate_literal (causes, field, printed);
  }
}

static void
validate_ports (JsonNode *service, gboolean required, PracticeCauses *causes)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  guint length = ports != NULL ? json_array_get_length (ports) : 0;

  if (length == 0 && required)
    practice_causes_required (causes, "spec.ports", NULL);
  for (guint i = 0; i < length; i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u]", i);
    JsonNode *port = json_array_get_element (ports, i);

    validate_port_name (port, field, length > 1, names, causes);
    validate_port (port, field, numbers, causes);
  }
}

static void
validate_type (JsonNode *service, const char *type, PracticeCauses *causes)
{
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  gboolean headless = g_strcmp0 (address, "None") == 0;

  practice_validation_one_of (type, "spec.type", TRUE, types, causes);
  if (g_strcmp0 (type, "ExternalName") == 0) {
    const char *name = base_json_get_string (service, "spec", "externalName", NULL);
    const char *wrong;

    if (name == NULL) {
      practice_causes_required (causes, "spec.externalName", NULL);
      return;
    }
    wrong = practice_names_check_subdomain (name);
    if (wrong != NULL)
      practice_causes_invalid (causes, "spec.externalName", name, wrong);
  } else if (headless &&
             (g_strcmp0 (type, "LoadBalancer") == 0 || g_strcmp0 (type, "NodePort") == 0)) {
    g_autofree char *words = g_strdup_printf ("may not be set to 'None' for %s services", type);

    practice_causes_invalid (causes, "spec.clusterIPs[0]", "None", words);
  }
}

static void
validate_update (JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  const char *before = base_json_get_string (old, "spec", "clusterIP", NULL);
  const char *now = base_json_get_string (service, "spec", "clusterIP", NULL);

  /* It may be left out, and go with the type. */
  if (before == NULL || now == NULL || *now == '\0' ||
      g_strcmp0 (base_json_get_string (old, "spec", "type", NULL), "ExternalName") == 0)
    return;
  if (!g_str_equal (before, now))
    practice_causes_invalid (causes, "spec.clusterIP", now, "field is immutable");
}

/**
 * practice_service_validation_check:
 * @service: what is to be stored, with its defaults
 * @old: (nullable): what it replaces
 * @causes: where what is wrong is noted
 *
 * Checks a Service.
 */
void
practice_service_validation_check (JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);
  gboolean has_ports =
    g_strcmp0 (type, "ExternalName") != 0 &&
    g_strcmp0 (base_json_get_string (service, "spec", "clusterIP", NULL), "None") != 0;

  if (base_json_get (service, "spec", NULL) == NULL) {
    practice_causes_required (causes, "spec.ports", NULL);
    return;
  }
  validate_ports (service, has_ports, causes);
  practice_names_validate_labels (base_json_get_object (service, "spec", "selector", NULL),
                                  "spec.selector", causes);
  practice_validation_one_of (base_json_get_string (service, "spec", "sessionAffinity", NULL),
                              "spec.sessionAffinity", TRUE, affinities, causes);
  validate_type (service, type, causes);
  practice_validation_one_of (base_json_get_string (service, "spec", "externalTrafficPolicy", NULL),
                              "spec.externalTrafficPolicy", FALSE, policies, causes);
  if (old != NULL)
    validate_update (service, old, causes);
}

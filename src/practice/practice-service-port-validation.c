/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-port-validation.h"

#include "base-json.h"
#include "practice-validation.h"

static const char *const protocols[] = { "SCTP", "TCP", "UDP", NULL };

static JsonArray *
get_ports (JsonNode *service, guint *length)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);

  *length = base_json_get_length (ports);
  return ports;
}

static void
validate_name (
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
  if (!g_hash_table_add (names, (gpointer)name))
    practice_causes_duplicate (causes, name_field, name);
}

static void
validate_port (JsonNode *port, const char *field, PracticeCauses *causes)
{
  g_autofree char *port_field = g_strconcat (field, ".port", NULL);
  g_autofree char *target_field = g_strconcat (field, ".targetPort", NULL);
  g_autofree char *protocol_field = g_strconcat (field, ".protocol", NULL);
  g_autofree char *application_field = g_strconcat (field, ".appProtocol", NULL);
  const char *application = base_json_get_string (port, "appProtocol", NULL);
  const char *wrong = application != NULL ? practice_names_check_label_key (application) : NULL;

  practice_validation_port (base_json_get_int (port, 0, "port", NULL), port_field, causes);
  practice_validation_one_of (base_json_get_string (port, "protocol", NULL), protocol_field, TRUE,
                              protocols, causes);
  practice_validation_port_or_name (base_json_get (port, "targetPort", NULL), target_field, causes);
  if (wrong != NULL)
    practice_causes_invalid (causes, application_field, application, wrong);
}

/**
 * practice_service_port_validation_check:
 * @service: a Service, with its defaults
 * @causes: where what is wrong is noted
 *
 * Checks names, numbers and protocols of the ports.
 */
void
practice_service_port_validation_check (JsonNode *service, PracticeCauses *causes)
{
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  guint length;
  JsonArray *ports = get_ports (service, &length);

  for (guint i = 0; i < length; i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u]", i);
    JsonNode *port = json_array_get_element (ports, i);

    validate_name (port, field, length > 1, names, causes);
    validate_port (port, field, causes);
  }
}

/* Whether @number is not in @seen yet for the protocol of @port. */
static gboolean
is_new (GHashTable *seen, JsonNode *port, gint64 number)
{
  return g_hash_table_add (seen, g_strdup_printf ("%" G_GINT64_FORMAT "/%s", number,
                                                  base_json_get_string (port, "protocol", NULL)));
}

static void
validate_node_ports (JsonNode *service, PracticeCauses *causes)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint length;
  JsonArray *ports = get_ports (service, &length);

  for (guint i = 0; i < length; i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u].nodePort", i);
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "nodePort", NULL);

    if (number != 0 && !is_new (seen, port, number))
      practice_causes_duplicate_int (causes, field, number);
  }
}

static void
refuse_node_ports (JsonNode *service, PracticeCauses *causes)
{
  guint length;
  JsonArray *ports = get_ports (service, &length);

  for (guint i = 0; i < length; i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u].nodePort", i);

    if (base_json_get_int (json_array_get_element (ports, i), 0, "nodePort", NULL) != 0)
      practice_causes_forbidden (causes, field, "may not be used when `type` is 'ClusterIP'");
  }
}

static void
validate_duplicates (JsonNode *service, PracticeCauses *causes)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint length;
  JsonArray *ports = get_ports (service, &length);

  for (guint i = 0; i < length; i++) {
    g_autofree char *field = practice_validation_field ("spec.ports[%u]", i);
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "port", NULL);
    g_autofree char *printed = g_strdup_printf (
      "core.ServicePort{Name:\"\", Protocol:\"%s\", AppProtocol:(*string)(nil), "
      "Port:%" G_GINT64_FORMAT ", TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:\"\"}, "
      "NodePort:0}",
      base_json_get_string (port, "protocol", NULL), number);

    if (!is_new (seen, port, number))
      practice_causes_duplicate_literal (causes, field, printed);
  }
}

/**
 * practice_service_port_validation_check_numbers:
 * @service: a Service, with its defaults
 * @causes: where what is wrong is noted
 *
 * Checks that no number is there twice, and that there are node ports only where the type has them.
 */
void
practice_service_port_validation_check_numbers (JsonNode *service, PracticeCauses *causes)
{
  if (g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "ClusterIP") == 0)
    refuse_node_ports (service, causes);
  validate_node_ports (service, causes);
  validate_duplicates (service, causes);
}

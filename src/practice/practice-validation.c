/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-validation.h"

#include <string.h>

#include "base-json.h"

/**
 * practice_validation_field:
 * @format: printf-like
 * @...: its arguments
 *
 * Returns: (transfer full): the path of a field
 */
char *
practice_validation_field (const char *format, ...)
{
  va_list arguments;
  char *field;

  va_start (arguments, format);
  field = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  return field;
}

/**
 * practice_validation_one_of:
 * @value: (nullable): the word
 * @field: path of the field, as "spec.ports[0].port"
 * @required: whether it must be there
 * @supported: (array zero-terminated=1): what it can be
 * @causes: where what is wrong is noted
 *
 * Checks a word.
 */
void
practice_validation_one_of (const char *value,
                            const char *field,
                            gboolean required,
                            const char *const *supported,
                            PracticeCauses *causes)
{
  if (value == NULL || *value == '\0') {
    if (required)
      practice_causes_required (causes, field, NULL);
    return;
  }
  if (!g_strv_contains (supported, value))
    practice_causes_unsupported (causes, field, value, supported);
}

/**
 * practice_validation_port:
 * @port: the number
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks the number of a port.
 */
void
practice_validation_port (gint64 port, const char *field, PracticeCauses *causes)
{
  if (port < 1 || port > 65535)
    practice_causes_invalid_int (causes, field, port, "must be between 1 and 65535, inclusive");
}

/**
 * practice_validation_port_or_name:
 * @port: (nullable): either
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks the number or the name of a port.
 */
void
practice_validation_port_or_name (JsonNode *port, const char *field, PracticeCauses *causes)
{
  if (port == NULL || json_node_get_value_type (port) != G_TYPE_STRING)
    practice_validation_port (port != NULL ? json_node_get_int (port) : 0, field, causes);
  else
    practice_names_validate_port (json_node_get_string (port), field, causes);
}

/**
 * practice_validation_not_negative:
 * @value: the number
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks that a number is not below zero.
 */
void
practice_validation_not_negative (gint64 value, const char *field, PracticeCauses *causes)
{
  if (value < 0)
    practice_causes_invalid_int (causes, field, value, "must be greater than or equal to 0");
}

static void
validate_expression (JsonNode *expression, const char *field, PracticeCauses *causes)
{
  g_autofree char *values_field = g_strconcat (field, ".values", NULL);
  g_autofree char *operator_field = g_strconcat (field, ".operator", NULL);
  g_autofree char *key_field = g_strconcat (field, ".key", NULL);
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator= base_json_get_string (expression, "operator", NULL);
  JsonArray *values = base_json_get_array (expression, "values", NULL);
  gboolean any = base_json_get_length (values) > 0;
  const char *wrong;

  if (g_strcmp0 (operator, "In") == 0 || g_strcmp0 (operator, "NotIn") == 0) {
    if (!any)
      practice_causes_required (causes, values_field,
                                "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (g_strcmp0 (operator, "Exists") == 0 || g_strcmp0 (operator, "DoesNotExist") == 0) {
    if (any)
      practice_causes_forbidden (
        causes, values_field, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else {
    practice_causes_invalid (causes, operator_field, operator, "not a valid selector operator");
  }
  wrong = practice_names_check_label_key (key != NULL ? key : "");
  if (wrong != NULL)
    practice_causes_invalid (causes, key_field, key, wrong);
}

/**
 * practice_validation_selector:
 * @selector: (nullable): the selector
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks a LabelSelector.
 */
void
practice_validation_selector (JsonNode *selector, const char *field, PracticeCauses *causes)
{
  g_autofree char *labels_field = g_strconcat (field, ".matchLabels", NULL);
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);

  practice_names_validate_labels (base_json_get_object (selector, "matchLabels", NULL),
                                  labels_field, causes);
  for (guint i = 0; i < base_json_get_length (expressions); i++) {
    g_autofree char *one = practice_validation_field ("%s.matchExpressions[%u]", field, i);

    validate_expression (json_array_get_element (expressions, i), one, causes);
  }
}

/**
 * practice_validation_read_quantity:
 * @quantity: a text or a number
 *
 * Returns: the number that a quantity is
 *   (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/)
 */
double
practice_validation_read_quantity (JsonNode *quantity)
{
  static const struct {
    const char *suffix;
    double factor;
  } units[] = {
    { "n", 1e-9 },      { "u", 1e-6 },         { "m", 1e-3 },    { "k", 1e3 },     { "M", 1e6 },
    { "G", 1e9 },       { "T", 1e12 },         { "P", 1e15 },    { "E", 1e18 },    { "Ki", 1024. },
    { "Mi", 1048576. }, { "Gi", 1073741824. }, { "Ti", 0x1p40 }, { "Pi", 0x1p50 }, { "Ei", 0x1p60 },
  };
  const char *text;
  char *end;
  double number;

  if (!JSON_NODE_HOLDS_VALUE (quantity))
    return 0;
  if (json_node_get_value_type (quantity) != G_TYPE_STRING)
    return json_node_get_double (quantity);
  text = json_node_get_string (quantity);
  number = g_ascii_strtod (text, &end);
  for (guint i = 0; i < G_N_ELEMENTS (units); i++) {
    if (g_str_equal (end, units[i].suffix))
      return number * units[i].factor;
  }
  return number;
}

/**
 * practice_validation_get_text:
 * @object: an object
 * @member: the name of a member
 *
 * Returns: (transfer none): the member; "" where it is missing or no string, as Go has it
 */
const char *
practice_validation_get_text (JsonNode *object, const char *member)
{
  const char *text = base_json_get_string (object, member, NULL);

  return text != NULL ? text : "";
}

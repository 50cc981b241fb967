/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-selector.h"

#include <string.h>

#include "base-json.h"
#include "practice-label-parser.h"
#include "practice-selector-private.h"

#define MAX_REQUIREMENTS 100

typedef struct {
  char *key;
  PracticeSelectorOperator operator;
  GStrv values;
} Requirement;

struct _PracticeSelector {
  GPtrArray *requirements; /* (element-type Requirement) */
  gboolean nothing;
};

static void
requirement_free (Requirement *requirement)
{
  g_free (requirement->key);
  g_strfreev (requirement->values);
  g_free (requirement);
}

static PracticeSelector *
selector_new (void)
{
  PracticeSelector *self = g_new0 (PracticeSelector, 1);

  self->requirements = g_ptr_array_new_with_free_func ((GDestroyNotify)requirement_free);
  return self;
}

/**
 * practice_selector_add:
 * @self: a selector
 * @key: (transfer full): a label or a field
 * @operator_: how it is compared
 * @values: (transfer full) (nullable): with what
 *
 * Adds a condition, which must hold like all others.
 */
void
practice_selector_add (PracticeSelector *self,
                       char *key,
                       PracticeSelectorOperator operator_,
                       GStrv values)
{
  Requirement *requirement = g_new0 (Requirement, 1);

  requirement->key = key;
  requirement->operator= operator_;
  requirement->values = values;
  g_ptr_array_add (self->requirements, requirement);
}

GStrv
practice_selector_new_values (const char *value)
{
  const char *values[] = { value, NULL };

  return g_strdupv ((GStrv)values);
}

/**
 * practice_selector_parse_labels:
 * @text: (nullable): as in the labelSelector of a request
 * @error: return location
 *
 * Reads a label selector (k8s.io/apimachinery/pkg/labels, Parse).
 *
 * Returns: (transfer full) (nullable): the selector, or %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 */
PracticeSelector *
practice_selector_parse_labels (const char *text, GError **error)
{
  g_autoptr (PracticeSelector) self = selector_new ();

  return practice_label_parser_parse (self, text != NULL ? text : "", error)
           ? g_steal_pointer (&self)
           : NULL;
}

/**
 * practice_selector_parse_fields:
 * @text: (nullable): as in the fieldSelector of a request
 * @error: return location
 *
 * Reads a field selector: "=", "==" and "!=" only (k8s.io/apimachinery/pkg/fields).
 *
 * Returns: (transfer full) (nullable): the selector, or %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 */
PracticeSelector *
practice_selector_parse_fields (const char *text, GError **error)
{
  g_autoptr (PracticeSelector) self = selector_new ();
  g_auto (GStrv) terms = g_strsplit (text != NULL ? text : "", ",", MAX_REQUIREMENTS);

  for (guint i = 0; terms[i] != NULL; i++) {
    char *equals = strchr (terms[i], '=');
    gboolean negative = equals != NULL && equals > terms[i] && equals[-1] == '!';
    const char *value;

    if (*terms[i] == '\0')
      continue;
    if (equals == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "invalid selector: '%s'; can't understand '%s'", text, terms[i]);
      return NULL;
    }
    value = equals[1] == '=' ? equals + 2 : equals + 1;
    practice_selector_add (self,
                           g_strndup (terms[i], (gsize)(equals - terms[i]) - (negative ? 1 : 0)),
                           negative ? PRACTICE_SELECTOR_NOT_IN : PRACTICE_SELECTOR_IN,
                           practice_selector_new_values (value));
  }
  return g_steal_pointer (&self);
}

static GStrv
dup_values (JsonArray *array)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < base_json_get_length (array); i++) {
    const char *value = json_array_get_string_element (array, i);

    if (value != NULL)
      g_strv_builder_add (builder, value);
  }
  return g_strv_builder_end (builder);
}

static void
add_expression (PracticeSelector *self, JsonNode *expression)
{
  const char *names[] = { "In", "NotIn", "Exists", "DoesNotExist" };
  const char *key = base_json_get_string (expression, "key", NULL);
  const char *operator= base_json_get_string (expression, "operator", NULL);

  for (guint i = 0; key != NULL && i < G_N_ELEMENTS (names); i++) {
    if (g_strcmp0 (operator, names[i]) == 0) {
      practice_selector_add (self, g_strdup (key), (PracticeSelectorOperator)i,
                             dup_values (base_json_get_array (expression, "values", NULL)));
      return;
    }
  }
  self->nothing = TRUE;
}

/**
 * practice_selector_new_from_object:
 * @selector: (nullable): a LabelSelector
 *
 * Returns: (transfer full): a selector for it; one of %NULL or of a bad one selects nothing
 */
PracticeSelector *
practice_selector_new_from_object (JsonNode *selector)
{
  PracticeSelector *self = selector_new ();
  JsonObject *labels = base_json_get_object (selector, "matchLabels", NULL);
  JsonArray *expressions = base_json_get_array (selector, "matchExpressions", NULL);

  self->nothing = selector == NULL;
  if (labels != NULL) {
    JsonObjectIter iter;
    const char *key;
    JsonNode *value;

    json_object_iter_init (&iter, labels);
    while (json_object_iter_next (&iter, &key, &value))
      practice_selector_add (self, g_strdup (key), PRACTICE_SELECTOR_IN,
                             practice_selector_new_values (json_node_get_string (value)));
  }
  for (guint i = 0; i < base_json_get_length (expressions); i++)
    add_expression (self, json_array_get_element (expressions, i));
  return self;
}

/**
 * practice_selector_free:
 * @self: (transfer full): a selector
 *
 * Frees @self.
 */
void
practice_selector_free (PracticeSelector *self)
{
  g_ptr_array_unref (self->requirements);
  g_free (self);
}

static gboolean
requirement_matches (const Requirement *requirement, const char *value)
{
  switch (requirement->operator) {
    case PRACTICE_SELECTOR_IN:
      return value != NULL && g_strv_contains ((const char *const *)requirement->values, value);
    case PRACTICE_SELECTOR_NOT_IN:
      return value == NULL || !g_strv_contains ((const char *const *)requirement->values, value);
    case PRACTICE_SELECTOR_EXISTS:
      return value != NULL;
    case PRACTICE_SELECTOR_MISSING:
      return value == NULL;
    case PRACTICE_SELECTOR_GREATER:
      return value != NULL &&
             g_ascii_strtoll (value, NULL, 10) > g_ascii_strtoll (requirement->values[0], NULL, 10);
    case PRACTICE_SELECTOR_LESS:
      return value != NULL &&
             g_ascii_strtoll (value, NULL, 10) < g_ascii_strtoll (requirement->values[0], NULL, 10);
    default:
      return FALSE;
  }
}

/**
 * practice_selector_matches_map:
 * @self: a selector
 * @labels: (nullable): labels
 *
 * Returns: whether @labels match
 */
gboolean
practice_selector_matches_map (PracticeSelector *self, JsonObject *labels)
{
  if (self->nothing)
    return FALSE;
  for (guint i = 0; i < self->requirements->len; i++) {
    const Requirement *requirement = self->requirements->pdata[i];
    JsonNode *node = labels != NULL ? json_object_get_member (labels, requirement->key) : NULL;

    if (!requirement_matches (requirement, node != NULL ? json_node_get_string (node) : NULL))
      return FALSE;
  }
  return TRUE;
}

/**
 * practice_selector_matches_labels:
 * @self: a selector
 * @object: an object
 *
 * Returns: whether the labels of @object match
 */
gboolean
practice_selector_matches_labels (PracticeSelector *self, JsonNode *object)
{
  /* What most lists have: not worth a look at each object. */
  if (practice_selector_is_empty (self))
    return TRUE;
  return practice_selector_matches_map (self,
                                        base_json_get_object (object, "metadata", "labels", NULL));
}

/* A path of plain names; what is not there is the empty string, as in a real server. */
static char *
dup_field (JsonNode *object, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", 8);
  JsonNode *node = object;

  for (guint i = 0; names[i] != NULL && node != NULL; i++)
    node = base_json_get (node, names[i], NULL);
  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return g_strdup ("");
  if (json_node_get_value_type (node) == G_TYPE_STRING)
    return g_strdup (json_node_get_string (node));
  return base_json_write (node, FALSE);
}

/**
 * practice_selector_matches_fields:
 * @self: a selector
 * @object: an object
 *
 * Returns: whether the fields of @object match; a missing one is empty
 */
gboolean
practice_selector_matches_fields (PracticeSelector *self, JsonNode *object)
{
  for (guint i = 0; i < self->requirements->len; i++) {
    const Requirement *requirement = self->requirements->pdata[i];
    g_autofree char *value = dup_field (object, requirement->key);

    if (!requirement_matches (requirement, value))
      return FALSE;
  }
  return TRUE;
}

/**
 * practice_selector_is_empty:
 * @self: a selector
 *
 * Returns: whether it selects all
 */
gboolean
practice_selector_is_empty (PracticeSelector *self)
{
  return self->requirements->len == 0 && !self->nothing;
}

/**
 * practice_selector_find_unknown_field:
 * @self: a selector
 * @known: (nullable) (array zero-terminated=1): fields that can be asked for
 *
 * Returns: (transfer none) (nullable): a field that @self asks for and is not in @known; the name
 *   and the namespace always are
 */
const char *
practice_selector_find_unknown_field (PracticeSelector *self, const char *const *known)
{
  for (guint i = 0; i < self->requirements->len; i++) {
    const Requirement *requirement = self->requirements->pdata[i];

    if (g_str_equal (requirement->key, "metadata.name") ||
        g_str_equal (requirement->key, "metadata.namespace") ||
        (known != NULL && g_strv_contains (known, requirement->key)))
      continue;
    return requirement->key;
  }
  return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-yaml.h"

#include "base-yaml-scalar-private.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define TAG_PREFIX "tag:yaml.org,2002:"

static gboolean
is_one_of (const char *text, const char *const *words)
{
  return g_strv_contains (words, text);
}

static JsonNode *
resolve_boolean (const char *text)
{
  static const char *const yes[] = { "true", "True", "TRUE", "yes", "Yes", "YES",
                                     "y",    "Y",    "on",   "On",  "ON",  NULL };
  static const char *const no[] = { "false", "False", "FALSE", "no",  "No",  "NO",
                                    "n",     "N",     "off",   "Off", "OFF", NULL };

  if (is_one_of (text, yes))
    return json_node_init_boolean (json_node_alloc (), TRUE);
  if (is_one_of (text, no))
    return json_node_init_boolean (json_node_alloc (), FALSE);

  return NULL;
}

/* Go's ParseInt with base 0: 0x, 0o, 0b, and a bare 0 for octal. */
static JsonNode *
resolve_integer (const char *digits)
{
  static const struct {
    const char *prefix;
    guint base;
  } bases[] = {
    { "0x", 16 }, { "0X", 16 }, { "0o", 8 }, { "0O", 8 }, { "0b", 2 }, { "0B", 2 }, { "0", 8 },
  };
  gboolean negative = *digits == '-';
  guint base = 10;
  guint64 value;
  char *end;

  if (*digits == '-' || *digits == '+')
    digits++;
  for (guint i = 0; i < G_N_ELEMENTS (bases) && digits[1] != '\0'; i++) {
    if (!g_str_has_prefix (digits, bases[i].prefix))
      continue;
    digits += strlen (bases[i].prefix);
    base = bases[i].base;
    break;
  }
  if (!g_ascii_isxdigit (*digits))
    return NULL;

  errno = 0;
  value = g_ascii_strtoull (digits, &end, base);
  if (*end != '\0' || errno != 0 || value > (guint64)G_MAXINT64 + (negative ? 1 : 0))
    return NULL;

  return json_node_init_int (json_node_alloc (), (gint64)(negative ? 0 - value : value));
}

static const char *
skip_digits (const char *text)
{
  while (g_ascii_isdigit (*text))
    text++;

  return text;
}

static gboolean
is_decimal_number (const char *text)
{
  const char *whole, *fraction;
  gboolean has_digits;

  if (*text == '-' || *text == '+')
    text++;
  whole = text;
  text = skip_digits (text);
  has_digits = text > whole;
  if (*text == '.') {
    fraction = ++text;
    text = skip_digits (text);
    has_digits = has_digits || text > fraction;
  }
  if (!has_digits)
    return FALSE;

  if (*text == 'e' || *text == 'E') {
    text++;
    if (*text == '-' || *text == '+')
      text++;
    if (!g_ascii_isdigit (*text))
      return FALSE;
    text = skip_digits (text);
  }

  return *text == '\0';
}

static gboolean
is_not_finite (const char *text)
{
  static const char *const words[] = { ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL };

  if ((*text == '-' || *text == '+') && g_ascii_toupper (text[1]) != 'N')
    text++;

  return is_one_of (text, words);
}

static JsonNode *
resolve_number (const char *text)
{
  g_autoptr (GString) digits = NULL;
  JsonNode *integer;
  double value;

  if (!g_ascii_isdigit (*text) && strchr ("+-.", *text) == NULL)
    return NULL;

  digits = g_string_new (text);
  if (*text != '.')
    g_string_replace (digits, "_", "", 0);

  integer = resolve_integer (digits->str);
  if (integer != NULL)
    return integer;
  if (!is_decimal_number (digits->str))
    return NULL;

  value = g_ascii_strtod (digits->str, NULL);
  return isfinite (value) ? json_node_init_double (json_node_alloc (), value) : NULL;
}

static JsonNode *
resolve_plain (const char *text)
{
  JsonNode *node;

  if (base_yaml_scalar_is_null (text))
    return json_node_init_null (json_node_alloc ());

  node = resolve_boolean (text);
  if (node == NULL)
    node = resolve_number (text);
  if (node == NULL)
    node = json_node_init_string (json_node_alloc (), text);

  return node;
}

static gboolean
has_type (JsonNode *node, const char *type)
{
  if (g_str_equal (type, "null"))
    return JSON_NODE_HOLDS_NULL (node);
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (g_str_equal (type, "bool"))
    return json_node_get_value_type (node) == G_TYPE_BOOLEAN;
  if (g_str_equal (type, "int"))
    return json_node_get_value_type (node) == G_TYPE_INT64;

  return json_node_get_value_type (node) == G_TYPE_DOUBLE;
}

/* What is tagged with another type than these is taken for a string, as go-yaml does. */
static JsonNode *
resolve_tagged (const char *text, const char *type, GError **error)
{
  static const char *const types[] = { "null", "bool", "int", "float", NULL };
  g_autoptr (JsonNode) node = NULL;

  if (!g_strv_contains (types, type))
    return json_node_init_string (json_node_alloc (), text);

  node = resolve_plain (text);
  if (g_str_equal (type, "float") && has_type (node, "int"))
    return json_node_init_double (json_node_alloc (), (double)json_node_get_int (node));
  if (has_type (node, type))
    return g_steal_pointer (&node);

  g_set_error (error, BASE_YAML_ERROR, BASE_YAML_ERROR_SYNTAX,
               "cannot read \"%.80s\" as a value of type %s", text, type);
  return NULL;
}

/*
 * base_yaml_scalar_resolve:
 * @text: the text of a scalar without quotes, or with @tag
 * @tag: (nullable): its tag
 * @error: return location for a #BaseYamlError
 *
 * Gives a scalar the type that Kubernetes gives it (sigs.k8s.io/yaml, which is go-yaml 2): besides
 * the core schema of YAML 1.2 the booleans of YAML 1.1 (yes, no, on, off, y, n), octal numbers by a
 * bare 0 (as in "defaultMode: 0644") and underscores in numbers. Timestamps stay strings.
 *
 * Returns: (transfer full): the value; %NULL with @error set where it is none that JSON knows
 */
JsonNode *
base_yaml_scalar_resolve (const char *text, const char *tag, GError **error)
{
  if (tag != NULL)
    return resolve_tagged (
      text, g_str_has_prefix (tag, TAG_PREFIX) ? tag + strlen (TAG_PREFIX) : "str", error);

  if (is_not_finite (text)) {
    g_set_error (error, BASE_YAML_ERROR, BASE_YAML_ERROR_SYNTAX, "%s is not a number in JSON",
                 text);
    return NULL;
  }

  return resolve_plain (text);
}

/*
 * base_yaml_scalar_is_null:
 * @text: the text of a scalar without quotes
 *
 * Returns: whether it stands for null
 */
gboolean
base_yaml_scalar_is_null (const char *text)
{
  static const char *const words[] = { "", "~", "null", "Null", "NULL", NULL };

  return is_one_of (text, words);
}

/* 2001-12-14, also with a time */
static gboolean
looks_like_timestamp (const char *text)
{
  guint groups = 0;

  if (skip_digits (text) != text + 4)
    return FALSE;

  for (const char *at = text + 4; *at == '-' && g_ascii_isdigit (at[1]); groups++) {
    text = skip_digits (at + 1);
    at = text;
  }

  return groups == 2 && (*text == '\0' || strchr ("Tt ", *text) != NULL);
}

/* 12:30 and 1:30:00.5 are numbers to the base of 60 in YAML 1.1. */
static gboolean
looks_like_base_60 (const char *text)
{
  const char *colon;

  if (*text == '-' || *text == '+')
    text++;
  if (!g_ascii_isdigit (*text))
    return FALSE;

  colon = text + strspn (text, "0123456789_");
  if (*colon != ':')
    return FALSE;
  while (*colon == ':' && g_ascii_isdigit (colon[1]))
    colon = skip_digits (colon + 1);

  return colon[strspn (colon, "0123456789_.")] == '\0';
}

/*
 * base_yaml_scalar_needs_quotes:
 * @text: a string
 *
 * Returns: whether some reader of YAML takes @text without quotes for something else than a string
 */
gboolean
base_yaml_scalar_needs_quotes (const char *text)
{
  g_autoptr (JsonNode) node = NULL;

  if (g_str_equal (text, "<<") || is_not_finite (text) || looks_like_timestamp (text) ||
      looks_like_base_60 (text))
    return TRUE;

  node = resolve_plain (text);
  return !JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING;
}

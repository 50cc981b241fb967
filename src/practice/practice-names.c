/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-names.h"

#include <string.h>

/*
 * Rules and words of k8s.io/apimachinery/pkg/util/validation.
 */
#define SUBDOMAIN_WORDS                                                                            \
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "     \
  "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "    \
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
#define LABEL_WORDS                                                                                \
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "     \
  "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "  \
  "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
#define SERVICE_WORDS                                                                              \
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "     \
  "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "  \
  "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
#define KEY_WORDS                                                                                  \
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "    \
  "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "   \
  "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
#define VALUE_WORDS                                                                                \
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', " \
  "and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or "    \
  "'12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
#define CONFIG_KEY_WORDS                                                                           \
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', " \
  " or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

#define WILDCARD_WORDS                                                                             \
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which "  \
  "must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric "   \
  "character (e.g. '*.example.com', regex used for validation is "                                 \
  "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

#define LOWER_LETTERS "abcdefghijklmnopqrstuvwxyz"
#define LOWER_ALNUM LOWER_LETTERS "0123456789"
#define ALNUM LOWER_ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* Without vowels and what looks like one, so that no word comes out
 * (k8s.io/apimachinery/pkg/util/rand). */
static const char random_characters[] = "bcdfghjklmnpqrstvwxz2456789";

/* At least one character of @ends at either end, @inner between. */
static gboolean
is_made_of (const char *text, gsize length, const char *ends, const char *inner)
{
  if (length == 0 || strchr (ends, text[0]) == NULL || strchr (ends, text[length - 1]) == NULL)
    return FALSE;
  for (gsize i = 0; i < length; i++) {
    if (strchr (inner, text[i]) == NULL)
      return FALSE;
  }
  return TRUE;
}

/**
 * practice_names_check_subdomain:
 * @name: a name
 *
 * Returns: (transfer none) (nullable): what is wrong with it as a name of most objects; %NULL for
 *   nothing
 */
const char *
practice_names_check_subdomain (const char *name)
{
  const char *part = name;

  if (strlen (name) > 253)
    return "must be no more than 253 characters";
  while (part != NULL) {
    const char *dot = strchr (part, '.');
    gsize length = dot != NULL ? (gsize)(dot - part) : strlen (part);

    if (!is_made_of (part, length, LOWER_ALNUM, LOWER_ALNUM "-"))
      return SUBDOMAIN_WORDS;
    part = dot != NULL ? dot + 1 : NULL;
  }
  return NULL;
}

/**
 * practice_names_check_label:
 * @name: a name
 *
 * Returns: (transfer none) (nullable): what is wrong with it as one label of a host name, as a
 *   namespace is; %NULL for nothing
 */
const char *
practice_names_check_label (const char *name)
{
  if (strlen (name) > 63)
    return "must be no more than 63 characters";
  return is_made_of (name, strlen (name), LOWER_ALNUM, LOWER_ALNUM "-") ? NULL : LABEL_WORDS;
}

/**
 * practice_names_check_service:
 * @name: a name
 *
 * Returns: (transfer none) (nullable): what is wrong with it as a label that begins with a letter,
 *   as a Service is; %NULL for nothing
 */
const char *
practice_names_check_service (const char *name)
{
  if (strlen (name) > 63)
    return "must be no more than 63 characters";
  if (!is_made_of (name, strlen (name), LOWER_ALNUM, LOWER_ALNUM "-") || g_ascii_isdigit (*name))
    return SERVICE_WORDS;
  return NULL;
}

/**
 * practice_names_check_wildcard:
 * @name: a host
 *
 * Returns: (transfer none) (nullable): what is wrong with it as "*." and a subdomain; %NULL for
 *   nothing
 */
const char *
practice_names_check_wildcard (const char *name)
{
  if (strlen (name) > 253)
    return "must be no more than 253 characters";
  if (!g_str_has_prefix (name, "*.") || practice_names_check_subdomain (name + 2) != NULL)
    return WILDCARD_WORDS;
  return NULL;
}

/**
 * practice_names_validate_port:
 * @name: a name
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks the name of a port.
 *
 * Returns: whether nothing is wrong with it
 */
gboolean
practice_names_validate_port (const char *name, const char *field, PracticeCauses *causes)
{
  const struct {
    gboolean is_wrong;
    const char *words;
  } rules[] = {
    { strlen (name) > 15, "must be no more than 15 characters" },
    { *name == '\0' || strspn (name, LOWER_ALNUM "-") != strlen (name),
      "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)" },
    { strcspn (name, LOWER_LETTERS) == strlen (name),
      "must contain at least one letter or number (a-z, 0-9)" },
    { strstr (name, "--") != NULL, "must not contain consecutive hyphens" },
    { *name == '-' || g_str_has_suffix (name, "-"), "must not begin or end with a hyphen" },
  };

  gboolean is_good = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++) {
    if (!rules[i].is_wrong)
      continue;
    is_good = FALSE;
    practice_causes_invalid (causes, field, name, rules[i].words);
  }
  return is_good;
}

/**
 * practice_names_validate_segment:
 * @name: a name
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks that @name can be one part of a path, as names of kinds that set no other rule are.
 */
void
practice_names_validate_segment (const char *name, const char *field, PracticeCauses *causes)
{
  if (g_str_equal (name, ".")) {
    practice_causes_invalid (causes, field, name, "may not be '.'");
    return;
  }
  if (g_str_equal (name, "..")) {
    practice_causes_invalid (causes, field, name, "may not be '..'");
    return;
  }
  if (strchr (name, '/') != NULL)
    practice_causes_invalid (causes, field, name, "may not contain '/'");
  if (strchr (name, '%') != NULL)
    practice_causes_invalid (causes, field, name, "may not contain '%'");
}

/**
 * practice_names_check_label_key:
 * @key: a name
 *
 * Returns: (transfer none) (nullable): what is wrong with it as a key of labels and annotations;
 *   %NULL for nothing
 */
const char *
practice_names_check_label_key (const char *key)
{
  const char *slash = strchr (key, '/');
  const char *name = slash != NULL ? slash + 1 : key;

  if (slash != NULL) {
    g_autofree char *prefix = g_strndup (key, (gsize)(slash - key));

    if (*prefix == '\0')
      return "prefix part must be non-empty";
    if (practice_names_check_subdomain (prefix) != NULL)
      return "prefix part " SUBDOMAIN_WORDS;
    if (strchr (name, '/') != NULL)
      return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must "
             "start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or "
             "'123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') "
             "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  }
  if (*name == '\0')
    return "name part must be non-empty";
  if (strlen (name) > 63)
    return "name part must be no more than 63 characters";
  return is_made_of (name, strlen (name), ALNUM, ALNUM "-_.") ? NULL : KEY_WORDS;
}

/**
 * practice_names_validate_label_key:
 * @key: a name
 * @field: path of the field
 * @causes: where what is wrong is noted
 *
 * Checks a key of a label; of one that is empty two things are wrong.
 */
void
practice_names_validate_label_key (const char *key, const char *field, PracticeCauses *causes)
{
  const char *wrong = practice_names_check_label_key (key);

  if (wrong != NULL)
    practice_causes_invalid (causes, field, key, wrong);
  if (*key == '\0')
    practice_causes_invalid (causes, field, key, KEY_WORDS);
}

/**
 * practice_names_check_label_value:
 * @value: a value
 *
 * Returns: (transfer none) (nullable): what is wrong with it as a value of a label; %NULL for
 *   nothing
 */
const char *
practice_names_check_label_value (const char *value)
{
  if (strlen (value) > 63)
    return "must be no more than 63 characters";
  if (*value == '\0' || is_made_of (value, strlen (value), ALNUM, ALNUM "-_."))
    return NULL;
  return VALUE_WORDS;
}

/**
 * practice_names_check_config_key:
 * @key: a name
 *
 * Returns: (transfer none) (nullable): what is wrong with it as a key of a ConfigMap or a Secret;
 *   %NULL for nothing
 */
const char *
practice_names_check_config_key (const char *key)
{
  if (strlen (key) > 253)
    return "must be no more than 253 characters";
  if (*key == '\0' || strspn (key, ALNUM "-_.") != strlen (key))
    return CONFIG_KEY_WORDS;
  if (g_str_equal (key, "."))
    return "must not be '.'";
  return g_str_has_prefix (key, "..") ? "must not start with '..'" : NULL;
}

/**
 * practice_names_validate_labels:
 * @labels: (nullable): labels
 * @field: path of the field, as "spec.ports[0].port"
 * @causes: where what is wrong is noted
 *
 * Checks keys and values.
 */
void
practice_names_validate_labels (JsonObject *labels, const char *field, PracticeCauses *causes)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *value;

  if (labels == NULL)
    return;
  json_object_iter_init_ordered (&iter, labels);
  while (json_object_iter_next_ordered (&iter, &key, &value)) {
    const char *wrong = practice_names_check_label_key (key);

    if (wrong != NULL)
      practice_causes_invalid (causes, field, key, wrong);
    wrong = practice_names_check_label_value (json_node_get_string (value));
    if (wrong != NULL)
      practice_causes_invalid (causes, field, json_node_get_string (value), wrong);
  }
}

/**
 * practice_names_generate:
 * @prefix: what it begins with
 *
 * Returns: (transfer full): @prefix and five characters, as generateName makes names
 */
char *
practice_names_generate (const char *prefix)
{
  GString *name = g_string_new (prefix);

  /* A long prefix is cut so that the whole fits a label. */
  if (name->len > 58)
    g_string_truncate (name, 58);
  for (guint i = 0; i < 5; i++)
    g_string_append_c (name,
                       random_characters[g_random_int_range (0, sizeof random_characters - 1)]);
  return g_string_free (name, FALSE);
}

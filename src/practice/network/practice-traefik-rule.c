/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-rule.h"

#include <string.h>

/* Rules come from annotations of Ingresses. */
#define VALUE_LIMIT 32
#define TEXT_LIMIT 4096

/**
 * PracticeTraefikRule:
 *
 * What Traefik 1.7 writes for a path or a host of an Ingress
 * (https://doc.traefik.io/traefik/v1.7/basics/#frontends): matchers, then modifiers, separated by
 * ";", each with values separated by ",".
 */
struct _PracticeTraefikRule {
  char *text;
  GPtrArray *parts; /* of Part */
};

typedef enum {
  HOST,
  PATH,
  PATH_PREFIX,
  PATH_STRIP,
  PATH_PREFIX_STRIP,
  ADD_PREFIX,
  REPLACE_PATH,
  REPLACE_PATH_REGEX,
} Kind;

typedef struct {
  Kind kind;
  GPtrArray *patterns; /* of GRegex: of a matcher */
  char *value;         /* (nullable): of a modifier */
} Part;

static const struct {
  const char *name;
  Kind kind;
} kinds[] = {
  { "Host", HOST },
  { "HostRegexp", HOST },
  { "Path", PATH },
  { "PathPrefix", PATH_PREFIX },
  { "PathStrip", PATH_STRIP },
  { "PathPrefixStrip", PATH_PREFIX_STRIP },
  { "AddPrefix", ADD_PREFIX },
  { "ReplacePath", REPLACE_PATH },
  { "ReplacePathRegex", REPLACE_PATH_REGEX },
};

static void
part_free (gpointer data)
{
  Part *self = data;

  g_ptr_array_unref (self->patterns);
  g_free (self->value);
  g_free (self);
}

/* "{name:regex}" is that regular expression, "{name}" one segment; all else is itself. */
static void
append_template (GString *pattern, const char *text)
{
  while (*text != '\0') {
    const char *open = strchr (text, '{');
    const char *close = open != NULL ? strchr (open, '}') : NULL;
    g_autofree char *plain = g_regex_escape_string (text, close != NULL ? (int)(open - text) : -1);
    g_autofree char *inside = NULL;
    const char *colon;

    g_string_append (pattern, plain);
    if (close == NULL)
      return;
    inside = g_strndup (open + 1, close - open - 1);
    colon = strchr (inside, ':');
    g_string_append_printf (pattern, "(?:%s)", colon != NULL ? colon + 1 : "[^/]+");
    text = close + 1;
  }
}

static GRegex *
compile (const char *text, gboolean whole, gboolean caseless)
{
  g_autoptr (GString) pattern = g_string_new ("^");

  append_template (pattern, text);
  if (whole)
    g_string_append (pattern, "$");
  return g_regex_new (pattern->str,
                      G_REGEX_OPTIMIZE | G_REGEX_DOLLAR_ENDONLY | (caseless ? G_REGEX_CASELESS : 0),
                      0, NULL);
}

static gboolean
is_modifier (Kind kind)
{
  return kind == ADD_PREFIX || kind == REPLACE_PATH || kind == REPLACE_PATH_REGEX;
}

/* Takes "PATTERN REPLACEMENT" apart. */
static gboolean
compile_replacement (Part *part, const char *value)
{
  const char *space = strchr (value, ' ');
  g_autofree char *pattern = NULL;
  GRegex *regex;

  if (space == NULL)
    return FALSE;
  pattern = g_strndup (value, space - value);
  regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  if (regex == NULL)
    return FALSE;
  g_ptr_array_add (part->patterns, regex);
  part->value = practice_traefik_rule_convert_replacement (g_strstrip ((char *)space + 1));
  return g_regex_check_replacement (part->value, NULL, NULL);
}

static gboolean
compile_values (Part *part, const char *text)
{
  g_auto (GStrv) values = g_strsplit (text, ",", VALUE_LIMIT);

  for (guint i = 0; values[i] != NULL; i++) {
    gboolean whole = part->kind != PATH_PREFIX && part->kind != PATH_PREFIX_STRIP;
    GRegex *regex = compile (g_strstrip (values[i]), whole, part->kind == HOST);

    if (regex == NULL)
      return FALSE;
    g_ptr_array_add (part->patterns, regex);
  }
  return part->patterns->len > 0;
}

static gboolean
parse_part (PracticeTraefikRule *self, char *text)
{
  char *colon = strchr (text, ':');
  Part *part = NULL;

  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  g_strstrip (text);
  for (guint i = 0; part == NULL && i < G_N_ELEMENTS (kinds); i++) {
    if (!g_str_equal (kinds[i].name, text))
      continue;
    part = g_new0 (Part, 1);
    part->kind = kinds[i].kind;
    part->patterns = g_ptr_array_new_with_free_func ((GDestroyNotify)g_regex_unref);
    g_ptr_array_add (self->parts, part);
  }
  if (part == NULL)
    return FALSE;
  g_strstrip (colon + 1);
  if (part->kind == REPLACE_PATH_REGEX)
    return compile_replacement (part, colon + 1);
  if (!is_modifier (part->kind))
    return compile_values (part, colon + 1);
  part->value = g_strdup (colon + 1);
  return TRUE;
}

static gboolean
matches_any (const Part *part, const char *text)
{
  for (guint i = 0; i < part->patterns->len; i++)
    if (g_regex_match (g_ptr_array_index (part->patterns, i), text, 0, NULL))
      return TRUE;
  return FALSE;
}

/* (transfer full): @path without what @part matches at its beginning. */
static char *
strip (const Part *part, const char *path, char **prefix)
{
  for (guint i = 0; i < part->patterns->len; i++) {
    g_autoptr (GMatchInfo) match = NULL;
    int end;

    if (!g_regex_match (g_ptr_array_index (part->patterns, i), path, 0, &match))
      continue;
    g_match_info_fetch_pos (match, 0, NULL, &end);
    g_free (*prefix);
    *prefix = g_strndup (path, end);
    return g_strconcat (path[end] == '/' ? "" : "/", path + end, NULL);
  }
  return g_strdup (path);
}

static char *
rewrite_part (const Part *part, const char *path, char **prefix)
{
  switch (part->kind) {
    case PATH_STRIP:
    case PATH_PREFIX_STRIP:
      return strip (part, path, prefix);
    case ADD_PREFIX:
      return g_strconcat (part->value, path, NULL);
    case REPLACE_PATH:
      return g_strdup (part->value);
    case REPLACE_PATH_REGEX:
      return g_regex_replace (g_ptr_array_index (part->patterns, 0), path, -1, 0, part->value, 0,
                              NULL);
    case HOST:
    case PATH:
    case PATH_PREFIX:
    default:
      return g_strdup (path);
  }
}

/**
 * practice_traefik_rule_parse:
 * @text: such as "Host:a.com" or "PathPrefix:/a;ReplacePathRegex: ^/a(.*) /b$1"
 *
 * Returns: (transfer full) (nullable): the rule; %NULL where it cannot be read
 */
PracticeTraefikRule *
practice_traefik_rule_parse (const char *text)
{
  g_autoptr (PracticeTraefikRule) self = NULL;
  g_auto (GStrv) parts = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > TEXT_LIMIT || !g_utf8_validate (text, -1, NULL))
    return NULL;
  self = g_new0 (PracticeTraefikRule, 1);
  self->text = g_strdup (text);
  self->parts = g_ptr_array_new_with_free_func (part_free);
  parts = g_strsplit (text, ";", VALUE_LIMIT);
  for (guint i = 0; parts[i] != NULL; i++)
    if (!parse_part (self, parts[i]))
      return NULL;
  return self->parts->len > 0 ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_traefik_rule_free:
 * @self: (transfer full): a rule
 *
 * Frees @self.
 */
void
practice_traefik_rule_free (PracticeTraefikRule *self)
{
  g_ptr_array_unref (self->parts);
  g_free (self->text);
  g_free (self);
}

/**
 * practice_traefik_rule_get_text:
 * @self: a rule
 *
 * Returns: (transfer none): what it was read from
 */
const char *
practice_traefik_rule_get_text (PracticeTraefikRule *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * practice_traefik_rule_matches:
 * @self: a rule
 * @host: the host of a request, without a port
 * @path: its path, without a query
 *
 * Returns: whether all of its matchers take the request
 */
gboolean
practice_traefik_rule_matches (PracticeTraefikRule *self, const char *host, const char *path)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (host != NULL && path != NULL, FALSE);

  for (guint i = 0; i < self->parts->len; i++) {
    const Part *part = g_ptr_array_index (self->parts, i);

    if (!is_modifier (part->kind) && !matches_any (part, part->kind == HOST ? host : path))
      return FALSE;
  }
  return TRUE;
}

/**
 * practice_traefik_rule_rewrite:
 * @self: a rule that matches
 * @path: the path of a request
 * @prefix: (inout) (nullable) (transfer full): what was taken from its beginning
 *
 * Returns: (transfer full): the path to ask the server for
 */
char *
practice_traefik_rule_rewrite (PracticeTraefikRule *self, const char *path, char **prefix)
{
  g_autofree char *present = g_strdup (path);

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (path != NULL && prefix != NULL, NULL);

  for (guint i = 0; i < self->parts->len; i++) {
    char *next = rewrite_part (g_ptr_array_index (self->parts, i), present, prefix);

    if (next == NULL)
      continue;
    g_free (present);
    present = next;
  }
  return g_steal_pointer (&present);
}

/**
 * practice_traefik_rule_convert_replacement:
 * @replacement: with groups as "$1" or "${1}"
 *
 * Returns: (transfer full): the same for g_regex_replace()
 */
char *
practice_traefik_rule_convert_replacement (const char *replacement)
{
  GString *converted = g_string_new (NULL);

  g_return_val_if_fail (replacement != NULL, NULL);

  for (const char *p = replacement; *p != '\0'; p++) {
    const char *digits = p[0] == '$' && p[1] == '{' ? p + 2 : p + 1;

    if (p[0] == '$' && g_ascii_isdigit (*digits)) {
      g_string_append_printf (converted, "\\g<%c>", *digits);
      p = digits;
      if (digits[-1] == '{' && digits[1] == '}')
        p++;
    } else if (*p == '\\') {
      g_string_append (converted, "\\\\");
    } else {
      g_string_append_c (converted, *p);
    }
  }
  return g_string_free (converted, FALSE);
}

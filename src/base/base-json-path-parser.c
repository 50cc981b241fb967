/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-path.h"

#include "base-json-path-private.h"
#include "base-json.h"

#include <string.h>

#define MAX_LENGTH 4096
#define MAX_DEPTH 8

typedef struct {
  const char *start;
  const char *at;
  guint depth; /* of filters inside filters */
} Parser;

static GPtrArray *parse_steps (Parser *self, GError **error);

static void
operand_clear (BaseJsonPathOperand *self)
{
  g_clear_pointer (&self->literal, json_node_unref);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

static void
step_free (BaseJsonPathStep *self)
{
  g_free (self->name);
  g_strfreev (self->names);
  operand_clear (&self->left);
  operand_clear (&self->right);
  g_clear_pointer (&self->choices, g_ptr_array_unref);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BaseJsonPathStep, step_free)

static BaseJsonPathStep *
step_new (BaseJsonPathKind kind)
{
  BaseJsonPathStep *self = g_new0 (BaseJsonPathStep, 1);

  self->kind = kind;
  return self;
}

static gpointer
fail (Parser *self, GError **error, const char *message)
{
  g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX,
               "the path \"%s\" is wrong at character %ld: %s", self->start,
               g_utf8_strlen (self->start, self->at - self->start) + 1, message);
  return NULL;
}

static void
skip_space (Parser *self)
{
  while (*self->at == ' ' || *self->at == '\t')
    self->at++;
}

static gboolean
accept_text (Parser *self, const char *text)
{
  if (!g_str_has_prefix (self->at, text))
    return FALSE;

  self->at += strlen (text);
  return TRUE;
}

/* A backslash takes the next character as it is: in annotations.kubernetes\.io/name the dot
 * belongs to the name. */
static BaseJsonPathStep *
step_new_names (const char *text, gsize length)
{
  BaseJsonPathStep *step = step_new (BASE_JSON_PATH_NAMES);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *whole = g_string_new (NULL);
  GString *part = g_string_new (NULL);

  for (gsize i = 0; i < length; i++) {
    gboolean is_dot = text[i] == '.';

    if (text[i] == '\\' && i + 1 < length)
      i++;
    g_string_append_c (whole, text[i]);
    if (is_dot) {
      g_ptr_array_add (names, g_string_free (part, FALSE));
      part = g_string_new (NULL);
    } else {
      g_string_append_c (part, text[i]);
    }
  }
  g_ptr_array_add (names, g_string_free (part, FALSE));
  g_ptr_array_add (names, NULL);

  step->name = g_string_free (whole, FALSE);
  step->names = (char **)g_ptr_array_steal (names, NULL);
  return step;
}

static BaseJsonPathStep *
parse_name (Parser *self, GError **error)
{
  const char *start = self->at;
  gsize length;

  while (*self->at != '\0' && strchr (".[](){}<>=!,'\" \t", *self->at) == NULL) {
    if (*self->at == '\\' && self->at[1] != '\0')
      self->at++;
    self->at++;
  }

  length = (gsize)(self->at - start);
  if (length == 0)
    return fail (self, error, "expected a name");
  if (length == 1 && *start == '*')
    return step_new (BASE_JSON_PATH_WILDCARD);

  return step_new_names (start, length);
}

/* Leaves @length of the text between the quotes; its escapes are still in it. */
static const char *
parse_quoted (Parser *self, gsize *length, GError **error)
{
  char quote = *self->at++;
  const char *start = self->at;

  while (*self->at != '\0' && *self->at != quote) {
    if (*self->at == '\\' && self->at[1] != '\0')
      self->at++;
    self->at++;
  }
  if (*self->at == '\0')
    return fail (self, error, "a quote that does not end");

  *length = (gsize)(self->at - start);
  self->at++;
  return start;
}

static gboolean
parse_integer (Parser *self, gint64 *value, GError **error)
{
  const char *start = self->at;
  g_autofree char *digits = NULL;

  if (*self->at == '-' || *self->at == '+')
    self->at++;
  while (g_ascii_isdigit (*self->at))
    self->at++;

  digits = g_strndup (start, (gsize)(self->at - start));
  if (g_ascii_string_to_signed (digits, 10, G_MININT32, G_MAXINT32, value, NULL))
    return TRUE;

  self->at = start;
  fail (self, error, "expected a number, a quoted name, * or ?(");
  return FALSE;
}

/* [start:end:stride], each of which may be left out */
static BaseJsonPathStep *
parse_slice (Parser *self, GError **error)
{
  g_autoptr (BaseJsonPathStep) step = step_new (BASE_JSON_PATH_SLICE);

  step->stride = 1;
  if (*self->at != ':' && !parse_integer (self, &step->start, error))
    return NULL;
  if (!accept_text (self, ":")) {
    step->is_index = TRUE;
    return g_steal_pointer (&step);
  }

  if (*self->at != ':' && *self->at != ']' && *self->at != ',') {
    step->has_end = TRUE;
    if (!parse_integer (self, &step->end, error))
      return NULL;
  }
  if (accept_text (self, ":") && !parse_integer (self, &step->stride, error))
    return NULL;
  if (step->stride < 1)
    return fail (self, error, "the step of a slice must be above 0");

  return g_steal_pointer (&step);
}

static gboolean
parse_literal (Parser *self, BaseJsonPathOperand *operand, GError **error)
{
  g_autofree char *text = NULL;
  const char *start = self->at;
  gsize length;

  if (*start == '"' || *start == '\'') {
    g_autoptr (BaseJsonPathStep) name = NULL;

    start = parse_quoted (self, &length, error);
    if (start == NULL)
      return FALSE;
    name = step_new_names (start, length);
    operand->literal = json_node_init_string (json_node_alloc (), name->name);
    return TRUE;
  }

  length = strcspn (start, ") \t=!<>");
  text = g_strndup (start, length);
  operand->literal = base_json_parse (text, -1, NULL);
  if (operand->literal == NULL || JSON_NODE_HOLDS_ARRAY (operand->literal) ||
      JSON_NODE_HOLDS_OBJECT (operand->literal)) {
    fail (self, error, "expected @, a quoted text, a number, true, false or null");
    return FALSE;
  }

  self->at += length;
  return TRUE;
}

static gboolean
parse_operand (Parser *self, BaseJsonPathOperand *operand, GError **error)
{
  skip_space (self);
  if (*self->at != '@' && *self->at != '$')
    return parse_literal (self, operand, error);

  operand->from_root = *self->at == '$';
  self->at++;
  operand->steps = parse_steps (self, error);

  return operand->steps != NULL;
}

static BaseJsonPathComparison
parse_comparison (Parser *self)
{
  static const struct {
    const char *text;
    BaseJsonPathComparison comparison;
  } comparisons[] = {
    { "==", BASE_JSON_PATH_EQUAL },         { "!=", BASE_JSON_PATH_NOT_EQUAL },
    { "<=", BASE_JSON_PATH_LESS_EQUAL },    { "<", BASE_JSON_PATH_LESS },
    { ">=", BASE_JSON_PATH_GREATER_EQUAL }, { ">", BASE_JSON_PATH_GREATER },
  };

  skip_space (self);
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++) {
    if (accept_text (self, comparisons[i].text))
      return comparisons[i].comparison;
  }

  return BASE_JSON_PATH_EXISTS;
}

static BaseJsonPathStep *
parse_filter (Parser *self, GError **error)
{
  g_autoptr (BaseJsonPathStep) step = step_new (BASE_JSON_PATH_FILTER);

  if (self->depth == MAX_DEPTH)
    return fail (self, error, "too many filters in one another");

  self->depth++;
  if (!parse_operand (self, &step->left, error))
    return NULL;
  step->comparison = parse_comparison (self);
  if (step->comparison != BASE_JSON_PATH_EXISTS && !parse_operand (self, &step->right, error))
    return NULL;
  self->depth--;

  skip_space (self);
  if (!accept_text (self, ")"))
    return fail (self, error, "expected one comparison and )");

  return g_steal_pointer (&step);
}

static BaseJsonPathStep *
parse_choice (Parser *self, GError **error)
{
  const char *name;
  gsize length;

  if (accept_text (self, "?("))
    return parse_filter (self, error);
  if (accept_text (self, "*"))
    return step_new (BASE_JSON_PATH_WILDCARD);
  if (*self->at != '\'' && *self->at != '"')
    return parse_slice (self, error);

  name = parse_quoted (self, &length, error);
  return name != NULL ? step_new_names (name, length) : NULL;
}

static BaseJsonPathStep *
parse_brackets (Parser *self, GError **error)
{
  g_autoptr (BaseJsonPathStep) all = step_new (BASE_JSON_PATH_UNION);

  all->choices = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);
  do {
    BaseJsonPathStep *choice;

    skip_space (self);
    choice = parse_choice (self, error);
    if (choice == NULL)
      return NULL;
    g_ptr_array_add (all->choices, choice);
    skip_space (self);
  } while (accept_text (self, ","));

  if (!accept_text (self, "]"))
    return fail (self, error, "expected , or ]");

  return all->choices->len == 1 ? g_ptr_array_steal_index (all->choices, 0)
                                : g_steal_pointer (&all);
}

/* Ends before the first character that no step begins with. */
static GPtrArray *
parse_steps (Parser *self, GError **error)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func ((GDestroyNotify)step_free);

  while (*self->at == '.' || *self->at == '[') {
    BaseJsonPathStep *step;

    if (accept_text (self, "..")) {
      g_ptr_array_add (steps, step_new (BASE_JSON_PATH_RECURSIVE));
    } else {
      /* kubectl takes .[0] and ['a'].['b'] too */
      accept_text (self, ".");
    }

    step = accept_text (self, "[") ? parse_brackets (self, error) : parse_name (self, error);
    if (step == NULL)
      return NULL;
    g_ptr_array_add (steps, step);
  }

  return g_steal_pointer (&steps);
}

/*
 * base_json_path_parse:
 * @expression: a path
 * @error: return location for a #BaseJsonError
 *
 * Returns: (transfer full) (element-type BaseJsonPathStep): the steps of the path, or %NULL with
 *   @error set
 */
GPtrArray *
base_json_path_parse (const char *expression, GError **error)
{
  Parser self = { .start = expression, .at = expression };
  g_autoptr (GPtrArray) steps = NULL;
  gboolean has_brace;

  if (strlen (expression) > MAX_LENGTH || !g_utf8_validate (expression, -1, NULL)) {
    g_set_error (error, BASE_JSON_ERROR, BASE_JSON_ERROR_SYNTAX,
                 "a path is UTF-8 text of at most %d bytes", MAX_LENGTH);
    return NULL;
  }

  skip_space (&self);
  has_brace = accept_text (&self, "{");
  skip_space (&self);
  if (!accept_text (&self, "$") && *self.at != '.' && *self.at != '[' && !accept_text (&self, "@"))
    return fail (&self, error, "a path begins with $, . or [");
  if (g_str_equal (self.at, ".") || g_str_equal (self.at, ".}"))
    self.at++;

  steps = parse_steps (&self, error);
  if (steps == NULL)
    return NULL;

  skip_space (&self);
  if (has_brace && !accept_text (&self, "}"))
    return fail (&self, error, "expected . or [ or }");
  skip_space (&self);
  if (*self.at != '\0')
    return fail (&self, error, "expected . or [");

  return g_steal_pointer (&steps);
}

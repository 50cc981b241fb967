/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-need.h"

#include <string.h>

#include "kube-kind.h"
#include "session-line.h"

#define OUTPUT "jsonpath="
#define ADDRESS "loadBalancer"

static void
need_free (gpointer data)
{
  SessionNeed *self = data;

  g_free (self->namespace_);
  g_free (self->service);
  base_json_path_unref (self->path);
  g_free (self);
}

/* Where the substitution ends whose text begins at @p: at its bracket. */
static const char *
find_end (const char *p)
{
  guint depth = 1;

  for (; *p != '\0'; p++) {
    if (*p == '(')
      depth++;
    else if (*p == ')' && --depth == 0)
      break;
  }
  return p;
}

static const char *
get_word (const SessionLineCommand *command, guint i)
{
  return i < command->words->len
           ? ((const SessionLineWord *)g_ptr_array_index (command->words, i))->text
           : NULL;
}

/* (nullable): what the option @i says, be it in the next word or after a "=" in its own */
static const char *
get_value (const SessionLineCommand *command, guint i, const char *brief, const char *full)
{
  const char *word = get_word (command, i);

  if (g_str_equal (word, brief) || g_str_equal (word, full))
    return get_word (command, i + 1);
  if (g_str_has_prefix (word, full) && word[strlen (full)] == '=')
    return word + strlen (full) + 1;
  if (word[1] != '-' && g_str_has_prefix (word, brief))
    return word + strlen (brief) + (word[strlen (brief)] == '=');
  return NULL;
}

/* (nullable) (transfer full): kubectl writes "{.status}" what is "$.status" elsewhere */
static BaseJsonPath *
new_path (const char *output)
{
  g_autofree char *expression = NULL;
  gsize length;

  if (output == NULL || !g_str_has_prefix (output, OUTPUT))
    return NULL;
  output += strlen (OUTPUT);
  length = strlen (output);
  if (!g_str_has_prefix (output, "{.") || !g_str_has_suffix (output, "}") ||
      strpbrk (output + 1, "{") != NULL || strstr (output, ADDRESS) == NULL)
    return NULL;
  expression = g_strdup_printf ("$%.*s", (int)length - 2, output + 1);
  return base_json_path_new (expression, NULL);
}

static gboolean
is_service (const char *kind, gsize length)
{
  g_autofree char *name = g_strndup (kind, length);
  const KubeKind *known = kube_kind_lookup (name);

  return known != NULL && g_str_equal (known->plural, "services");
}

/* "service redis", or "service/redis" */
static void
take_name (const char *word, gboolean *is_kind_known, char **name)
{
  const char *slash = strchr (word, '/');

  if (strchr (word, '=') != NULL)
    return;
  if (slash != NULL && is_service (word, slash - word))
    *name = g_strdup (slash + 1);
  else if (*is_kind_known && *name == NULL)
    *name = g_strdup (word);
  else if (is_service (word, strlen (word)))
    *is_kind_known = TRUE;
}

/* (nullable): where it asks for something else */
static SessionNeed *
new_need (const SessionLineCommand *command)
{
  g_autofree char *name = NULL;
  const char *namespace_ = NULL, *output = NULL;
  gboolean is_kind_known = FALSE;
  BaseJsonPath *path = NULL;
  SessionNeed *self = NULL;

  if (!g_str_equal (session_line_command_get_program (command), "kubectl") ||
      g_strcmp0 (get_word (command, 1), "get") != 0)
    return NULL;
  for (guint i = 2; i < command->words->len; i++) {
    const char *of_namespace = get_value (command, i, "-n", "--namespace");
    const char *of_output = get_value (command, i, "-o", "--output");
    const char *value = of_namespace != NULL ? of_namespace : of_output;

    if (get_word (command, i)[0] != '-')
      take_name (get_word (command, i), &is_kind_known, &name);
    else if (value != NULL && value == get_word (command, i + 1))
      i++;
    namespace_ = of_namespace != NULL ? of_namespace : namespace_;
    output = of_output != NULL ? of_output : output;
  }
  path = name != NULL ? new_path (output) : NULL;
  if (path == NULL)
    return NULL;
  self = g_new0 (SessionNeed, 1);
  self->namespace_ = g_strdup (namespace_);
  self->service = g_steal_pointer (&name);
  self->path = path;
  return self;
}

/**
 * session_need_list:
 * @text: what is to be typed
 *
 * Returns: (transfer full) (element-type SessionNeed): which addresses it cannot do without
 */
GPtrArray *
session_need_list (const char *text)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func (need_free);
  const char *p = NULL;

  g_return_val_if_fail (text != NULL, needs);

  for (p = strstr (text, "$("); p != NULL; p = strstr (p, "$(")) {
    const char *end = find_end (p + 2);
    g_autofree char *inner = g_strndup (p + 2, end - p - 2);
    g_autoptr (GPtrArray) commands = session_line_read (inner);

    for (guint i = 0; i < commands->len; i++) {
      SessionNeed *need = new_need (g_ptr_array_index (commands, i));

      if (need != NULL)
        g_ptr_array_add (needs, need);
    }
    p += 2;
  }
  return needs;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-need.h"

#include <string.h>

#include "kube-kind.h"
#include "session-line.h"

#define OUTPUT "jsonpath="
#define ADDRESS "loadBalancer"
/* Each is read as a whole, with those inside of it. */
#define MAX_SUBSTITUTIONS 64

/* What a command asks the cluster for; texts of its words. */
typedef struct {
  gboolean is_kind_known;
  const char *service;    /* (nullable) */
  const char *namespace_; /* (nullable) */
  const char *output;     /* (nullable) */
} Question;

static const struct {
  const char *brief;
  const char *full;
} options[] = { { "-n", "--namespace" }, { "-o", "--output" } };

/* Of kubectl get; nothing follows them. */
static const char *const flags[] = {
  "--no-headers",       "--show-labels",         "--show-kind",
  "--ignore-not-found", "--show-managed-fields", NULL,
};

/* With them it asks another cluster. */
static const char *const elsewhere[] = {
  "--cluster",
  "--context",
  "--kubeconfig",
  "--server",
};

static void
need_free (gpointer data)
{
  SessionNeed *self = data;

  g_free (self->namespace_);
  g_free (self->service);
  base_json_path_unref (self->path);
  g_free (self);
}

/* (nullable): where the substitution ends whose text begins at @p: at its bracket */
static const char *
find_end (const char *p)
{
  guint depth = 1;

  for (; *p != '\0'; p++) {
    if (*p == '(')
      depth++;
    else if (*p == ')' && --depth == 0)
      return p;
  }
  return NULL;
}

static const SessionLineWord *
get_word (const SessionLineCommand *command, guint i)
{
  return g_ptr_array_index (command->words, i);
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

/* What the shell or kubectl would make something else of is no name. */
static gboolean
is_name (const char *text)
{
  return *text != '\0' && text[strspn (text, "abcdefghijklmnopqrstuvwxyz0123456789-.")] == '\0';
}

/* "service redis", or "service/redis". FALSE: it asks for something else. */
static gboolean
take_name (Question *self, const char *word)
{
  const char *slash = strchr (word, '/');

  if (self->service != NULL) /* of several there is a list */
    return FALSE;
  if (!self->is_kind_known && slash == NULL)
    return self->is_kind_known = is_service (word, strlen (word));
  if (!self->is_kind_known && !is_service (word, slash - word))
    return FALSE;
  self->service = self->is_kind_known ? word : slash + 1;
  return is_name (self->service);
}

/* (nullable): where the option @word says something in its own word */
static const char *
get_own_value (const char *word, const char *brief, const char *full)
{
  if (g_str_has_prefix (word, full) && word[strlen (full)] == '=')
    return word + strlen (full) + 1;
  if (g_str_has_prefix (word, brief) && word[strlen (brief)] != '\0')
    return word + strlen (brief) + (word[strlen (brief)] == '=');
  return NULL;
}

static gboolean
is_harmless (const char *option)
{
  gsize length = strcspn (option, "=");

  for (gsize i = 0; i < G_N_ELEMENTS (elsewhere); i++) {
    if (strlen (elsewhere[i]) == length && strncmp (option, elsewhere[i], length) == 0)
      return FALSE;
  }
  return g_strv_contains (flags, option) ||
         (g_str_has_prefix (option, "--") && option[length] == '=');
}

/* The option @i, and what it says. FALSE: it is not known what it says, or where. */
static gboolean
take_option (Question *self, const SessionLineCommand *command, guint *i)
{
  const char *word = get_word (command, *i)->text;

  for (gsize k = 0; k < G_N_ELEMENTS (options); k++) {
    const char **value = k == 0 ? &self->namespace_ : &self->output;
    const char *own = get_own_value (word, options[k].brief, options[k].full);

    if (own != NULL) {
      *value = own;
      return TRUE;
    }
    if (!g_str_equal (word, options[k].brief) && !g_str_equal (word, options[k].full))
      continue;
    if (*i + 1 == command->words->len)
      return FALSE;
    *value = get_word (command, ++*i)->text;
    return TRUE;
  }
  return is_harmless (word);
}

/* What the shell puts somewhere is not known: then it is not known what is asked, either. */
static gboolean
read_question (Question *self, const SessionLineCommand *command)
{
  if (!g_str_equal (session_line_command_get_program (command), "kubectl") ||
      command->words->len < 2 || !g_str_equal (get_word (command, 1)->text, "get"))
    return FALSE;
  for (guint i = 2; i < command->words->len; i++) {
    if (get_word (command, i)->is_open)
      return FALSE;
  }
  for (guint i = 2; i < command->words->len; i++) {
    const char *word = get_word (command, i)->text;

    if (word[0] == '-' ? !take_option (self, command, &i) : !take_name (self, word))
      return FALSE;
  }
  return self->service != NULL && (self->namespace_ == NULL || is_name (self->namespace_));
}

/* (nullable): where it asks for something else, or it is not sure what for */
static SessionNeed *
new_need (const SessionLineCommand *command)
{
  Question question = { 0 };
  BaseJsonPath *path = NULL;
  SessionNeed *self = NULL;

  if (!read_question (&question, command))
    return NULL;
  path = new_path (question.output);
  if (path == NULL)
    return NULL;
  self = g_new0 (SessionNeed, 1);
  self->namespace_ = g_strdup (question.namespace_);
  self->service = g_strdup (question.service);
  self->path = path;
  return self;
}

static void
add_needs (GPtrArray *needs, const char *text, gsize length)
{
  g_autofree char *inner = g_strndup (text, length);
  g_autoptr (GPtrArray) commands = session_line_read (inner);

  for (guint i = 0; i < commands->len; i++) {
    SessionNeed *need = new_need (g_ptr_array_index (commands, i));

    if (need != NULL)
      g_ptr_array_add (needs, need);
  }
}

/**
 * session_need_list:
 * @text: what is to be typed
 *
 * Returns: (transfer full) (element-type SessionNeed): which addresses it cannot do without, as far
 *   as they are asked for in the first few substitutions; nothing after one that has no end
 */
GPtrArray *
session_need_list (const char *text)
{
  GPtrArray *needs = g_ptr_array_new_with_free_func (need_free);
  const char *p = NULL;
  guint n = 0;

  g_return_val_if_fail (text != NULL, needs);

  for (p = strstr (text, "$("); p != NULL && n < MAX_SUBSTITUTIONS; p = strstr (p + 2, "$("), n++) {
    const char *end = find_end (p + 2);

    if (end == NULL)
      break;
    add_needs (needs, p + 2, end - p - 2);
  }
  return needs;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-form-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-hidden.h"

#define ADDRESS "address:"

/* Letters of a line that stands for a text. */
#define BEGINNING 40

static const struct {
  const char *name;
  const char *title;
} subjects[] = {
  { "kubernetes", "Kubernetes" },
  { "istio", "Istio" },
};

static const struct {
  const char *name;
  const char *title;
} places[] = {
  { "practice", N_ ("in practice") },
  { "ssh", N_ ("on a jumpserver") },
  { "local", N_ ("on this computer") },
};

static char *
dup_place (const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    if (g_str_equal (places[i].name, value))
      return g_strdup (_ (places[i].title));
  }

  return g_strdup (value);
}

/* (nullable): all places but one */
static char *
dup_other_places (const char *value)
{
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++) {
    if (g_str_equal (places[i].name, value))
      /* Translators: %s is one of "in practice", "on a jumpserver" and "on this computer" */
      return g_strdup_printf (_ ("not %s"), _ (places[i].title));
  }

  return NULL;
}

/* What is left of all versions by a comparison. */
static const char *const opposites[][2] = {
  { "<", ">=" },
  { ">=", "<" },
  { "<=", ">" },
  { ">", "<=" },
};

/* (nullable) */
static const char *
get_opposite (const char *operation)
{
  for (gsize i = 0; i < G_N_ELEMENTS (opposites); i++) {
    if (g_str_equal (opposites[i][0], operation))
      return opposites[i][1];
  }

  return NULL;
}

static char *
dup_comparison (const char *operation, const char *title, const char *value)
{
  if (g_str_equal (operation, "<="))
    /* Translators: a form of a command for a version (of Kubernetes, Istio) and all before it */
    return g_strdup_printf (_ ("%s up to %s"), title, value);
  if (g_str_equal (operation, "<"))
    /* Translators: a form of a command for all versions before one */
    return g_strdup_printf (_ ("%s before %s"), title, value);
  if (g_str_equal (operation, ">="))
    /* Translators: a form of a command for a version and all after it */
    return g_strdup_printf (_ ("%s from %s"), title, value);
  if (g_str_equal (operation, ">"))
    /* Translators: a form of a command for all versions after one */
    return g_strdup_printf (_ ("%s after %s"), title, value);
  if (g_str_equal (operation, "="))
    return g_strdup_printf ("%s %s", title, value);

  return NULL;
}

/* (nullable): whether the cluster has a group, a version of it, or a resource in that */
static char *
dup_api (const char *operation, const char *value, gboolean opposite)
{
  gboolean is_equal = g_str_equal (operation, "=") || g_str_equal (operation, "==");

  if (!is_equal && !g_str_equal (operation, "!="))
    return NULL;
  if (is_equal != opposite)
    /* Translators: a form of a command for clusters that have a part of the API, such as
     * networking.k8s.io/v1 */
    return g_strdup_printf (_ ("with %s"), value);
  /* Translators: a form of a command for clusters that do not have a part of the API, such as
   * networking.k8s.io/v1 */
  return g_strdup_printf (_ ("without %s"), value);
}

/* (nullable): whether the address of a Service, such as "redis" or "istio-system/gateway", is a
 * name or a number */
static char *
dup_address (const char *service, const char *operation, const char *value, gboolean opposite)
{
  gboolean is_number = g_str_equal (value, "number");
  gboolean is_equal = g_str_equal (operation, "=") || g_str_equal (operation, "==");
  const char *slash = strrchr (service, '/');
  const char *name = slash != NULL ? slash + 1 : service;

  if ((!is_number && !g_str_equal (value, "name")) || (!is_equal && !g_str_equal (operation, "!=")))
    return NULL;
  if ((is_equal != opposite) == is_number)
    /* Translators: a form of a command for a Service, such as redis, whose load balancer has an
     * address of digits */
    return g_strdup_printf (_ ("with an IP address for %s"), name);
  /* Translators: a form of a command for a Service, such as redis, whose load balancer has a host
   * name */
  return g_strdup_printf (_ ("with a host name for %s"), name);
}

/* One condition, "kubernetes<1.22", in words, or (@opposite) when it does not hold. (nullable):
 * it is not understood, or has no opposite in words. */
static char *
dup_words (const char *condition, gboolean opposite)
{
  gsize length = strcspn (condition, "<>=!");
  gsize end = length + strspn (condition + length, "<>=!");
  g_autofree char *name = g_strndup (condition, length);
  g_autofree char *operation = g_strndup (condition + length, end - length);
  const char *value = condition + end;

  g_strstrip (name);
  if (g_str_equal (name, "place") && g_str_equal (operation, "="))
    return opposite ? dup_other_places (value) : dup_place (value);
  if (g_str_equal (name, "place") && g_str_equal (operation, "!="))
    return opposite ? dup_place (value) : dup_other_places (value);
  if (g_str_has_prefix (name, ADDRESS))
    return dup_address (name + strlen (ADDRESS), operation, value, opposite);

  if (g_str_equal (name, "api"))
    return dup_api (operation, value, opposite);

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++) {
    const char *wanted = opposite ? get_opposite (operation) : operation;

    if (g_str_equal (subjects[i].name, name) && wanted != NULL)
      return dup_comparison (wanted, subjects[i].title, value);
  }

  return NULL;
}

/* (transfer full) (nullable): @words begin a title */
static char *
capitalize (char *words)
{
  g_autofree char *owned = words;
  g_autoptr (GString) title = g_string_new (NULL);

  if (owned == NULL)
    return NULL;
  g_string_append_unichar (title, g_unichar_totitle (g_utf8_get_char (owned)));
  g_string_append (title, g_utf8_next_char (owned));

  return g_strdup (title->str);
}

static char *
dup_conditions (const char *when)
{
  g_auto (GStrv) conditions = g_strsplit (when, ",", -1);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  for (gsize i = 0; conditions[i] != NULL; i++) {
    g_autofree char *text = dup_words (g_strstrip (conditions[i]), FALSE);

    if (i == 0)
      text = capitalize (g_steal_pointer (&text));
    /* what is not understood stays as written */
    g_strv_builder_add (builder, text != NULL ? text : conditions[i]);
  }
  words = g_strv_builder_end (builder);

  return g_strjoinv (", ", words);
}

static gboolean
has_condition (const CourseForm *form)
{
  return form->when != NULL && *form->when != '\0';
}

/* (nullable): the only other form of two, where it has one condition alone */
static const char *
find_only_condition (GPtrArray *forms, guint index)
{
  const CourseForm *other;

  if (forms->len != 2)
    return NULL;
  other = g_ptr_array_index (forms, 1 - index);

  return has_condition (other) && strchr (other->when, ',') == NULL ? other->when : NULL;
}

static gboolean
has_any_condition (GPtrArray *forms)
{
  for (guint i = 0; i < forms->len; i++) {
    if (has_condition (g_ptr_array_index (forms, i)))
      return TRUE;
  }

  return FALSE;
}

/**
 * lab_form_dup_title:
 * @forms: (element-type CourseForm): the ways to do a step
 * @index: one of them
 *
 * Returns: (transfer full): when it is the right one, in words: "Kubernetes before 1.22"
 */
char *
lab_form_dup_title (GPtrArray *forms, guint index)
{
  const CourseForm *form;
  const char *other;
  char *words;

  g_return_val_if_fail (forms != NULL && index < forms->len, NULL);

  form = g_ptr_array_index (forms, index);
  if (has_condition (form))
    return dup_conditions (form->when);
  if (forms->len == 1)
    /* Translators: the only form of a command */
    return g_strdup (_ ("Always"));
  if (!has_any_condition (forms))
    /* Translators: one of several forms of a command, of which none is for anything special */
    return g_strdup_printf (_ ("Way %u"), index + 1);

  other = find_only_condition (forms, index);
  words = other != NULL ? capitalize (dup_words (other, TRUE)) : NULL;

  /* Translators: a form of a command that fits where no other does */
  return words != NULL ? words : g_strdup (_ ("In all other cases"));
}

/**
 * lab_form_dup_note:
 * @form: one way to do a step
 * @filled: (nullable): what was filled in of what the course leaves open
 *
 * Returns: (transfer full): why it is done so, and what was filled in; empty where there is nothing
 *   to say
 */
char *
lab_form_dup_note (const CourseForm *form, const char *const *filled)
{
  g_autoptr (GString) note = g_string_new (NULL);

  g_return_val_if_fail (form != NULL, NULL);

  g_string_append (note, form->why != NULL ? form->why : "");
  if (filled != NULL && filled[0] != NULL) {
    g_autofree char *list = g_strjoinv (", ", (char **)filled);

    if (note->len > 0)
      g_string_append_c (note, ' ');
    /* Translators: parts of a command that are another for each student; %s is a list such as
     * "10.1.2.3, centos" */
    g_string_append_printf (note, _ ("Filled in for you: %s."), list);
  }

  return g_strdup (note->str);
}

/**
 * lab_input_dup_text:
 * @input: a line typed into the program that a step starts
 *
 * Returns: (transfer full): that, in words
 */
char *
lab_input_dup_text (const CourseInput *input)
{
  g_autofree char *typed = NULL;

  g_return_val_if_fail (input != NULL, NULL);

  typed = base_hidden_dup_visible (input->text);
  if (input->after == NULL)
    /* Translators: a line that is typed into a program, such as "quit" */
    return g_strdup_printf (_ ("Then types “%s”"), typed);

  /* Translators: a line that is typed into a program once it has printed something */
  return g_strdup_printf (_ ("Types “%s” once “%s” appears"), typed, input->after);
}

/**
 * lab_form_dup_beginning:
 * @text: what is shown as code
 *
 * Returns: (transfer full): its first line, short enough for a name
 */
char *
lab_form_dup_beginning (const char *text)
{
  g_autofree char *line = NULL;
  g_autofree char *begin = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  line = g_strndup (text, strcspn (text, "\n"));
  if (g_utf8_strlen (line, -1) <= BEGINNING)
    return g_steal_pointer (&line);
  begin = g_utf8_substring (line, 0, BEGINNING);

  return g_strconcat (begin, "…", NULL);
}

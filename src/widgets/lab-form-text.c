/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-form-text.h"

#include <glib/gi18n-lib.h>

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

/* One condition, "kubernetes<1.22", in words; one that is not understood stays as written. */
static char *
dup_condition (const char *condition)
{
  gsize length = strcspn (condition, "<>=!");
  g_autofree char *name = g_strndup (condition, length);
  const char *operation = condition + length;
  const char *value = operation + strspn (operation, "<>=!");

  g_strstrip (name);
  if (g_str_equal (name, "place") && *operation == '=')
    return dup_place (value);

  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++) {
    const char *title = subjects[i].title;

    if (!g_str_equal (subjects[i].name, name))
      continue;
    if (g_str_has_prefix (operation, "<="))
      /* Translators: a form of a command for a version (of Kubernetes, Istio) and all before it */
      return g_strdup_printf (_ ("%s up to %s"), title, value);
    if (*operation == '<')
      /* Translators: a form of a command for all versions before one */
      return g_strdup_printf (_ ("%s before %s"), title, value);
    if (g_str_has_prefix (operation, ">="))
      /* Translators: a form of a command for a version and all after it */
      return g_strdup_printf (_ ("%s from %s"), title, value);
    if (*operation == '>')
      /* Translators: a form of a command for all versions after one */
      return g_strdup_printf (_ ("%s after %s"), title, value);
    if (*operation == '=')
      return g_strdup_printf ("%s %s", title, value);
  }

  return g_strdup (condition);
}

/**
 * lab_form_dup_title:
 * @form: one way to do a step
 *
 * Returns: (transfer full): when it is the right one, in words: "Kubernetes before 1.22"
 */
char *
lab_form_dup_title (const CourseForm *form)
{
  g_auto (GStrv) conditions = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (form != NULL, NULL);

  if (form->when == NULL || *form->when == '\0')
    /* Translators: a form of a command that fits where no other does */
    return g_strdup (_ ("Otherwise"));

  conditions = g_strsplit (form->when, ",", -1);
  for (gsize i = 0; conditions[i] != NULL; i++) {
    g_autofree char *text = dup_condition (g_strstrip (conditions[i]));

    g_strv_builder_add (builder, text);
  }
  words = g_strv_builder_end (builder);

  return g_strjoinv (", ", words);
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
  g_return_val_if_fail (input != NULL, NULL);

  if (input->after == NULL)
    /* Translators: a line that is typed into a program, such as "quit" */
    return g_strdup_printf (_ ("Then types “%s”"), input->text);

  /* Translators: a line that is typed into a program once it has printed something */
  return g_strdup_printf (_ ("Types “%s” once “%s” appears"), input->text, input->after);
}

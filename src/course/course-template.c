/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-template.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-spelling.h"

#define MAX_NAME 64

static const struct {
  const char *name; /* as a course writes it; other braces, such as kubectl's own templates, stay */
  gsize offset;     /* in the facts */
  const char *title;
} templates[] = {
  { "{{jumpserver}}", offsetof (CourseFacts, jumpserver), N_ ("the jumpserver's address") },
  { "{{user}}", offsetof (CourseFacts, user), N_ ("your name on the jumpserver") },
  { "{{istio}}", offsetof (CourseFacts, istio), N_ ("Istio's version") },
  { "{{student}}", offsetof (CourseFacts, student), N_ ("your name") },
};

/* (nullable) */
static const char *
get_value (gsize i, const CourseFacts *facts)
{
  const char *value = G_STRUCT_MEMBER (const char *, facts, templates[i].offset);

  return value != NULL && *value != '\0' ? value : NULL;
}

char *
course_template_fill (const char *text, const CourseFacts *facts)
{
  g_autoptr (GString) filled = g_string_new (NULL);

  for (const char *p = text; *p != '\0';) {
    const char *value = NULL;

    for (gsize i = 0; value == NULL && *p == '{' && i < G_N_ELEMENTS (templates); i++) {
      if (g_str_has_prefix (p, templates[i].name) && (value = get_value (i, facts)) != NULL)
        p += strlen (templates[i].name);
    }
    if (value != NULL)
      g_string_append (filled, value);
    else
      g_string_append_c (filled, *p++);
  }
  return g_strdup (filled->str);
}

GStrv
course_template_dup_values (const char *text, const CourseFacts *facts)
{
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++) {
    if (strstr (text, templates[i].name) != NULL && get_value (i, facts) != NULL)
      g_strv_builder_add (values, get_value (i, facts));
  }
  return g_strv_builder_end (values);
}

const char *
course_template_find_unknown (const char *text, const CourseFacts *facts)
{
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++) {
    if (strstr (text, templates[i].name) != NULL && get_value (i, facts) == NULL)
      return _ (templates[i].title);
  }
  return NULL;
}

/* (nullable): the name of ours that @word, from within braces, was to be */
static const char *
find_meant (const char *word)
{
  for (gsize i = 0; i < G_N_ELEMENTS (templates); i++) {
    g_autofree char *own = g_strndup (templates[i].name + 2, strlen (templates[i].name) - 4);

    if (g_str_equal (word, own) || base_spelling_is_near (word, own))
      return templates[i].name;
  }
  return NULL;
}

/* Also with blanks in the braces, as others write them. */
const char *
course_template_find_slip (const char *text, gsize *length, const char **meant)
{
  for (const char *p = strstr (text, "{{"); p != NULL; p = strstr (p + 2, "{{")) {
    gsize inner = strcspn (p + 2, "{}\n");
    g_autofree char *word = NULL;

    if (inner > MAX_NAME || !g_str_has_prefix (p + 2 + inner, "}}"))
      continue;
    word = g_strstrip (g_strndup (p + 2, inner));
    *length = inner + 4;
    *meant = find_meant (word);
    if (*meant != NULL && strncmp (p, *meant, *length) != 0)
      return p;
  }
  return NULL;
}

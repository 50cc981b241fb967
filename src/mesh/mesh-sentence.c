/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-sentence.h"

#include <stdarg.h>
#include <string.h>

/* (nullable): the value of a name that @start begins with, "name}..." */
static const char *
find_value (const char *start, gsize length, va_list pairs)
{
  const char *name = NULL;

  while ((name = va_arg (pairs, const char *)) != NULL) {
    const char *value = va_arg (pairs, const char *);

    if (strlen (name) == length && strncmp (name, start, length) == 0)
      return value;
  }
  return NULL;
}

/**
 * mesh_sentence_fill:
 * @sentence: a whole sentence with names in braces, "User {who} goes to {where}."
 * @...: names and what stands for them, and %NULL
 *
 * So a sentence of a table can be translated whole, with its parts in any order. What is filled in
 * is not looked at again.
 *
 * Returns: (transfer full): the sentence; a name that is not given stays as it is
 */
char *
mesh_sentence_fill (const char *sentence, ...)
{
  GString *text = g_string_new (NULL);

  for (const char *c = sentence; *c != '\0';) {
    const char *end = *c == '{' ? strchr (c, '}') : NULL;
    const char *value = NULL;

    if (end != NULL) {
      va_list pairs;

      va_start (pairs, sentence);
      value = find_value (c + 1, (gsize)(end - c - 1), pairs);
      va_end (pairs);
    }
    if (value != NULL) {
      g_string_append (text, value);
      c = end + 1;
    } else {
      g_string_append_c (text, *c++);
    }
  }
  return g_string_free (text, FALSE);
}

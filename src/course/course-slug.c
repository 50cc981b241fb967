/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-slug.h"

#define MAX_LETTERS 100

/**
 * course_slug_new:
 * @text: a heading or a command, UTF-8
 *
 * The anchor that Markdown viewers give a heading: lower case, blanks as dashes, no other
 * punctuation (as github-slugger does).
 *
 * Returns: (transfer full): the slug, never empty
 */
char *
course_slug_new (const char *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
  GString *slug = g_string_new (NULL);
  guint letters = 0;

  for (const char *p = trimmed; *p != '\0' && letters < MAX_LETTERS; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    letters++;
    if (g_unichar_isspace (letter))
      g_string_append_c (slug, '-');
    else if (g_unichar_isalnum (letter) || letter == '-' || letter == '_')
      g_string_append_unichar (slug, g_unichar_tolower (letter));
  }
  if (slug->len == 0)
    g_string_append (slug, "untitled");
  return g_string_free (slug, FALSE);
}

/**
 * course_slug_unique:
 * @slug: a slug
 * @taken: (element-type utf8 uint): slugs that are taken, each with the next number to try
 *
 * Adds @slug to @taken, with a number where it is there already, as Markdown viewers number equal
 * headings.
 *
 * Returns: (transfer full): what was added
 */
char *
course_slug_unique (const char *slug, GHashTable *taken)
{
  g_autofree char *candidate = g_strdup (slug);
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (taken, slug));

  while (g_hash_table_contains (taken, candidate)) {
    g_free (candidate);
    candidate = g_strdup_printf ("%s-%u", slug, number++);
  }
  g_hash_table_insert (taken, g_strdup (candidate), GUINT_TO_POINTER (1));
  g_hash_table_insert (taken, g_strdup (slug), GUINT_TO_POINTER (MAX (number, 1)));
  return g_steal_pointer (&candidate);
}

/**
 * course_slug_is_id:
 * @text: an id as written
 *
 * Returns: whether @text is one: small letters, digits and dashes, no dash first
 */
gboolean
course_slug_is_id (const char *text)
{
  if (!g_ascii_islower (text[0]) && !g_ascii_isdigit (text[0]))
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_islower (*p) && !g_ascii_isdigit (*p) && *p != '-')
      return FALSE;
  return strlen (text) <= 64;
}

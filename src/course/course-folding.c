/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-folding.h"

/* The longest decomposition of a letter has 18 letters (Unicode 15, NFKD). */
#define MAX_PARTS 18

/* Letters of a text as they are compared: small, without accents, any blank as a space. */
static void
append_folded (GString *folded, const char *letter)
{
  gunichar parts[MAX_PARTS];
  gsize length;

  if ((guchar)*letter < 0x80) {
    g_string_append_c (folded, g_ascii_isspace (*letter) ? ' ' : g_ascii_tolower (*letter));
    return;
  }
  length = g_unichar_fully_decompose (g_utf8_get_char (letter), TRUE, parts, MAX_PARTS);
  for (gsize i = 0; i < MIN (length, MAX_PARTS); i++) {
    if (g_unichar_ismark (parts[i]))
      continue;
    g_string_append_unichar (folded,
                             g_unichar_isspace (parts[i]) ? ' ' : g_unichar_tolower (parts[i]));
  }
}

/**
 * course_folding_new:
 * @text: UTF-8
 *
 * Returns: (transfer full): @text with what a search does not tell apart made the same: capital
 *   and small letters, letters with and without accents, kinds of blanks
 */
char *
course_folding_new (const char *text)
{
  GString *folded = g_string_new (NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    append_folded (folded, p);
  return g_string_free (folded, FALSE);
}

/**
 * course_folding_find:
 * @text: UTF-8
 * @folded_start: where a piece begins in what course_folding_new() makes of @text
 * @folded_length: how long the piece is there
 * @start: (out): where it begins in @text
 * @end: (out): where it ends in @text
 */
void
course_folding_find (
  const char *text, gsize folded_start, gsize folded_length, gsize *start, gsize *end)
{
  g_autoptr (GString) folded = g_string_new (NULL);
  const char *p = text;

  *start = 0;
  while (*p != '\0' && folded->len < folded_start + folded_length) {
    if (folded->len <= folded_start)
      *start = p - text;
    append_folded (folded, p);
    p = g_utf8_next_char (p);
  }
  /* accents that belong to the last letter */
  while (*p != '\0' && g_unichar_ismark (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  *end = p - text;
}

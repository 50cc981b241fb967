/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-spelling.h"

#include <string.h>

#define MAX_WORD 64
/* Edits that make one word of the other; short words have fewer. */
#define MAX_EDITS 3
#define LETTERS_AN_EDIT 3

/* Levenshtein's distance, by bytes: names of a cluster are ASCII. */
static gsize
count_edits (const char *a, gsize a_length, const char *b, gsize b_length)
{
  gsize row[MAX_WORD + 1];

  for (gsize j = 0; j <= b_length; j++)
    row[j] = j;
  for (gsize i = 1; i <= a_length; i++) {
    gsize diagonal = row[0];

    row[0] = i;
    for (gsize j = 1; j <= b_length; j++) {
      gsize above = row[j];
      gsize changed = diagonal + (a[i - 1] != b[j - 1]);

      row[j] = MIN (MIN (above, row[j - 1]) + 1, changed);
      diagonal = above;
    }
  }
  return row[b_length];
}

/* Two letters beside each other have changed places. */
static gboolean
are_swapped (const char *a, const char *b)
{
  while (*a != '\0' && *a == *b) {
    a++;
    b++;
  }
  return a[0] != '\0' && b[0] != '\0' && a[0] == b[1] && a[1] == b[0] && strcmp (a + 2, b + 2) == 0;
}

/* "echo-1" and "echo-2" are two things, and neither is written wrong. */
static gboolean
are_numbered (const char *a, const char *b)
{
  while (*a != '\0' || *b != '\0') {
    while (g_ascii_isdigit (*a))
      a++;
    while (g_ascii_isdigit (*b))
      b++;
    if (*a != *b)
      return FALSE;
    if (*a != '\0') {
      a++;
      b++;
    }
  }
  return TRUE;
}

/**
 * base_spelling_is_near:
 * @a: a word, such as a name in a cluster
 * @b: another
 *
 * Two letters have changed places; or letters are others, more, or missing, one for each three of
 * the shorter word, and at most three. Words that differ only in their numbers are two names, and
 * neither is wrong; of words longer than 64 bytes nothing is said.
 *
 * Returns: whether one may have been meant for the other; %FALSE where they are the same
 */
gboolean
base_spelling_is_near (const char *a, const char *b)
{
  gsize a_length = strlen (a);
  gsize b_length = strlen (b);
  gsize shorter = MIN (a_length, b_length);

  if (MAX (a_length, b_length) > MAX_WORD || are_numbered (a, b))
    return FALSE;
  return are_swapped (a, b) ||
         count_edits (a, a_length, b, b_length) <= MIN (MAX_EDITS, shorter / LETTERS_AN_EDIT);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-hidden.h"

#include <glib/gi18n-lib.h>

/* Asks for the coloured form of the sign before it. */
#define EMOJI_SELECTOR 0xfe0f

typedef enum {
  KIND_DIRECTION,
  KIND_INVISIBLE,
} Kind;

/* From DerivedCoreProperties.txt of Unicode 15, Default_Ignorable_Code_Point, and PropList.txt,
 * Bidi_Control; with the separators that break a line, and the marks of an annotation. In the order
 * of their numbers. */
static const struct {
  gunichar first;
  gunichar last;
  Kind kind;
} ranges[] = {
  { 0x00ad, 0x00ad, KIND_INVISIBLE },   /* soft hyphen */
  { 0x034f, 0x034f, KIND_INVISIBLE },   /* combining grapheme joiner */
  { 0x061c, 0x061c, KIND_DIRECTION },   /* Arabic letter mark */
  { 0x115f, 0x1160, KIND_INVISIBLE },   /* Hangul fillers */
  { 0x17b4, 0x17b5, KIND_INVISIBLE },   /* Khmer inherent vowels */
  { 0x180b, 0x180f, KIND_INVISIBLE },   /* Mongolian selectors and vowel separator */
  { 0x200b, 0x200d, KIND_INVISIBLE },   /* zero width space and joiners */
  { 0x200e, 0x200f, KIND_DIRECTION },   /* left-to-right and right-to-left marks */
  { 0x2028, 0x2029, KIND_INVISIBLE },   /* line and paragraph separators */
  { 0x202a, 0x202e, KIND_DIRECTION },   /* embeddings and overrides */
  { 0x2060, 0x2065, KIND_INVISIBLE },   /* word joiner, invisible operators */
  { 0x2066, 0x2069, KIND_DIRECTION },   /* isolates */
  { 0x206a, 0x206f, KIND_INVISIBLE },   /* deprecated format characters */
  { 0x3164, 0x3164, KIND_INVISIBLE },   /* Hangul filler */
  { 0xfe00, 0xfe0f, KIND_INVISIBLE },   /* variation selectors */
  { 0xfeff, 0xfeff, KIND_INVISIBLE },   /* byte order mark */
  { 0xffa0, 0xffa0, KIND_INVISIBLE },   /* halfwidth Hangul filler */
  { 0xfff0, 0xfffb, KIND_INVISIBLE },   /* annotation marks */
  { 0x1bca0, 0x1bca3, KIND_INVISIBLE }, /* shorthand format controls */
  { 0x1d173, 0x1d17a, KIND_INVISIBLE }, /* musical format controls */
  { 0xe0000, 0xe0fff, KIND_INVISIBLE }, /* tags, more variation selectors */
};

/* Index of the range of @letter; -1: it is in none. */
static int
find_range (gunichar letter)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges) && ranges[i].first <= letter; i++)
    if (letter <= ranges[i].last)
      return (int)i;
  return -1;
}

static gboolean
is_control (gunichar letter)
{
  return letter != '\t' && letter != '\n' && g_unichar_iscntrl (letter);
}

/* A sign that has a coloured form is seen; what asks for it is a part of it. */
static gboolean
is_part_of_emoji (gunichar before, gunichar letter)
{
  GUnicodeType type = before >= 0x80 ? g_unichar_type (before) : G_UNICODE_UNASSIGNED;

  return letter == EMOJI_SELECTOR &&
         (type == G_UNICODE_OTHER_SYMBOL || type == G_UNICODE_MATH_SYMBOL);
}

/**
 * base_hidden_find:
 * @text: UTF-8
 *
 * Looks for control characters, tab and newline excepted, for characters without a shape, and for
 * those that turn the order of others.
 *
 * Returns: (transfer none) (nullable): where the first of them stands in @text
 */
const char *
base_hidden_find (const char *text)
{
  gunichar before = 0;

  g_return_val_if_fail (text != NULL, NULL);

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);

    if (is_control (letter) ||
        (letter >= 0x80 && find_range (letter) >= 0 && !is_part_of_emoji (before, letter)))
      return p;
    before = letter;
  }
  return NULL;
}

/**
 * base_hidden_get_reason:
 * @letter: one that base_hidden_find() has found
 *
 * Returns: (transfer none): what it is, in the user's language, to stand in a sentence
 */
const char *
base_hidden_get_reason (gunichar letter)
{
  int range = find_range (letter);

  if (range < 0)
    return _ ("a control character");
  if (ranges[range].kind == KIND_DIRECTION)
    return _ ("which shows the letters around it in another order");
  return _ ("which cannot be seen");
}

/**
 * base_hidden_dup_visible:
 * @text: UTF-8
 *
 * Returns: (transfer full): @text with the number of each character that base_hidden_find() finds,
 *   as "⟨U+202E⟩", in its place
 */
char *
base_hidden_dup_visible (const char *text)
{
  GString *visible = g_string_new (NULL);
  const char *found;

  g_return_val_if_fail (text != NULL, NULL);

  while ((found = base_hidden_find (text)) != NULL) {
    g_string_append_len (visible, text, found - text);
    g_string_append_printf (visible, "⟨U+%04X⟩", g_utf8_get_char (found));
    text = g_utf8_next_char (found);
  }
  g_string_append (visible, text);
  return g_string_free (visible, FALSE);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-section-title.h"

#include <string.h>

/**
 * lab_section_title_split:
 * @title: of a section or a group: "7 Traffic management"
 * @number: (out) (transfer full): "7"; empty where @title does not begin with a number
 *
 * The sidebar sets numbers in a column of their own.
 *
 * Returns: (transfer none): the rest of @title
 */
const char *
lab_section_title_split (const char *title, char **number)
{
  gsize length;
  gsize spaces;

  g_return_val_if_fail (title != NULL, NULL);
  g_return_val_if_fail (number != NULL, NULL);

  length = strspn (title, "0123456789.");
  spaces = strspn (title + length, " ");
  if (spaces == 0 || title[length + spaces] == '\0')
    length = spaces = 0;
  *number = g_strndup (title, length);

  return title + length + spaces;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-guess.h"

#include "lab-code-label.h"

#define LETTERS_OF_LINE 85
#define LINES_OF_CARD 4

static int
count_lines (const char *text, gsize limit)
{
  int lines = 1;

  for (const char *p = text; *p != '\0' && (gsize)(p - text) < limit;) {
    gsize length = strcspn (p, "\n");

    lines += 1 + (int)(length / LETTERS_OF_LINE);
    p += length + (p[length] == '\n');
  }

  return lines;
}

static int
guess_lines (LabBlockItem *item, const CourseBlock *block)
{
  int lines = 2;

  if (block->type == COURSE_BLOCK_STEP)
    lines = LINES_OF_CARD + count_lines (lab_block_item_get_form (item)->text, G_MAXSIZE) +
            2 * (int)course_step_get_checks (block->step)->len;
  else if (block->text != NULL)
    lines = count_lines (block->text,
                         block->type == COURSE_BLOCK_CODE ? LAB_CODE_LABEL_BYTES : G_MAXSIZE);

  return lines;
}

/**
 * lab_block_guess_height:
 * @item: a row that is not made yet
 * @line_height: of a line of text
 *
 * Returns: about how high it will be
 */
int
lab_block_guess_height (LabBlockItem *item, int line_height)
{
  const CourseBlock *block = lab_block_item_get_block (item);

  if (block == NULL)
    return LINES_OF_CARD * line_height;
  if (block->type == COURSE_BLOCK_IMAGE && block->height > 0)
    return (int)block->height;

  return guess_lines (item, block) * line_height;
}

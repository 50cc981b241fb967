/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sgr.h"

/* What a number may be at most: no screen is larger. */
#define MAX_NUMBER 9999

void
session_sgr_reset (SessionSgr *self)
{
  *self =
    (SessionSgr){ .foreground = SESSION_SCREEN_NO_COLOR, .background = SESSION_SCREEN_NO_COLOR };
}

/* Of three levels of red, green and blue the nearest of the sixteen colours. */
static guint8
find_nearest (int red, int green, int blue)
{
  int highest = MAX (red, MAX (green, blue));
  guint8 color = 0;

  if (highest < 64)
    return 0;
  color = (guint8)((red > highest / 2 ? 1 : 0) | (green > highest / 2 ? 2 : 0) |
                   (blue > highest / 2 ? 4 : 0));
  return (guint8)(highest > 192 ? color + 8 : color);
}

/* One of xterm's 256: sixteen, a cube of six levels a side, and greys. */
static guint8
get_indexed (int index)
{
  if (index < 16)
    return (guint8)MAX (index, 0);
  if (index > 231)
    return index > 243 ? 7 : 8;
  index -= 16;
  return find_nearest (index / 36 * 51, index / 6 % 6 * 51, index % 6 * 51);
}

/* "38;5;N" or "38;2;R;G;B"; returns how many numbers it has read beyond the first. */
static guint
read_color (const int *numbers, guint n_numbers, guint8 *color)
{
  if (n_numbers >= 3 && numbers[1] == 5) {
    *color = get_indexed (numbers[2]);
    return 2;
  }
  if (n_numbers >= 5 && numbers[1] == 2) {
    *color = find_nearest (numbers[2], numbers[3], numbers[4]);
    return 4;
  }
  return n_numbers - 1;
}

static void
apply_one (SessionSgr *self, int number)
{
  if (number == 0)
    session_sgr_reset (self);
  else if (number == 1)
    self->bold = TRUE;
  else if (number == 22)
    self->bold = FALSE;
  else if (number == 7)
    self->reversed = TRUE;
  else if (number == 27)
    self->reversed = FALSE;
  else if (number >= 30 && number <= 37)
    self->foreground = (guint8)(number - 30);
  else if (number == 39)
    self->foreground = SESSION_SCREEN_NO_COLOR;
  else if (number >= 40 && number <= 47)
    self->background = (guint8)(number - 40);
  else if (number == 49)
    self->background = SESSION_SCREEN_NO_COLOR;
  else if (number >= 90 && number <= 97)
    self->foreground = (guint8)(number - 90 + 8);
  else if (number >= 100 && number <= 107)
    self->background = (guint8)(number - 100 + 8);
}

void
session_sgr_apply (SessionSgr *self, const int *numbers, guint n_numbers)
{
  for (guint i = 0; i < n_numbers; i++) {
    if (numbers[i] == 38)
      i += read_color (numbers + i, n_numbers - i, &self->foreground);
    else if (numbers[i] == 48)
      i += read_color (numbers + i, n_numbers - i, &self->background);
    else
      apply_one (self, numbers[i]);
  }
}

/**
 * session_sgr_get_cell:
 * @letter: 0: only the background
 *
 * Letters that are reversed on a screen without colours are written dark on light.
 */
SessionScreenCell
session_sgr_get_cell (const SessionSgr *self, gunichar letter)
{
  SessionScreenCell cell = { .letter = letter,
                             .foreground = self->foreground,
                             .background = self->background,
                             .bold = self->bold };

  if (self->reversed) {
    cell.foreground = self->background != SESSION_SCREEN_NO_COLOR ? self->background : 0;
    cell.background = self->foreground != SESSION_SCREEN_NO_COLOR ? self->foreground : 7;
  }
  return cell;
}

guint
session_sgr_parse_numbers (const char *text, int *numbers, guint size)
{
  guint n = 0;

  for (const char *p = text;; p++) {
    if (g_ascii_isdigit (*p) && n < size)
      numbers[n] = MIN (numbers[n] * 10 + (*p - '0'), MAX_NUMBER);
    else if (*p == ';' || *p == ':' || *p == '\0')
      n++;
    else if (!g_ascii_isdigit (*p))
      return 0;
    if (*p == '\0')
      return MIN (n, size);
  }
}

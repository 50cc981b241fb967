/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-mesh-duration.h"

#include <math.h>
#include <string.h>

/* More than any timeout in use, and far from where a double is no longer exact. */
#define MAX_MICROSECONDS (365.0 * 24 * 3600 * G_USEC_PER_SEC)

static const struct {
  const char *unit;
  double microseconds;
} units[] = {
  { "ms", 1e3 }, { "us", 1.0 }, { "µs", 1.0 },   { "ns", 1e-3 },
  { "s", 1e6 },  { "m", 60e6 }, { "h", 3600e6 },
};

/* 0: no unit begins here. */
static double
read_unit (const char **text)
{
  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (*text, units[i].unit)) {
      *text += strlen (units[i].unit);
      return units[i].microseconds;
    }
  return 0;
}

/**
 * practice_mesh_duration_parse:
 * @text: a duration as Go writes it (https://pkg.go.dev/time#ParseDuration)
 * @microseconds: (out): how long it is, rounded
 *
 * Returns: whether @text is a duration
 */
gboolean
practice_mesh_duration_parse (const char *text, gint64 *microseconds)
{
  gboolean is_negative = *text == '-';
  double total = 0;

  *microseconds = 0;
  if (*text == '-' || *text == '+')
    text++;
  if (g_str_equal (text, "0"))
    return TRUE;
  if (*text == '\0')
    return FALSE;
  while (*text != '\0') {
    char *end = NULL;
    double number, unit;

    if (!g_ascii_isdigit (*text) && *text != '.')
      return FALSE;
    number = g_ascii_strtod (text, &end);
    if (end == text)
      return FALSE;
    text = end;
    unit = read_unit (&text);
    total += number * unit;
    if (unit <= 0 || !isfinite (total) || total > MAX_MICROSECONDS)
      return FALSE;
  }
  *microseconds = (gint64)llround (is_negative ? -total : total);
  return TRUE;
}

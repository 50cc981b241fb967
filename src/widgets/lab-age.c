/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-age.h"

#include <glib/gi18n-lib.h>

#define MINUTE G_GINT64_CONSTANT (60)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

/* Two units, the smaller one only where it is not zero. */
static char *
dup_pair (gint64 large, const char *large_unit, gint64 small, const char *small_unit)
{
  if (small == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "%s", large, large_unit);

  return g_strdup_printf ("%" G_GINT64_FORMAT "%s%" G_GINT64_FORMAT "%s", large, large_unit, small,
                          small_unit);
}

/**
 * lab_age_dup_text:
 * @seconds: an age in seconds
 *
 * The age as kubectl's AGE column writes it ("45s", "7m30s", "5h12m", "3d4h"), so that the panel
 * and the terminal agree: HumanDuration() of k8s.io/apimachinery/pkg/util/duration. A clock that
 * differs from the server's by a little must not show a negative age.
 *
 * Returns: (transfer full): the text
 */
char *
lab_age_dup_text (gint64 seconds)
{
  if (seconds < 0)
    return g_strdup ("0s");
  if (seconds < 2 * MINUTE)
    return g_strdup_printf ("%" G_GINT64_FORMAT "s", seconds);
  if (seconds < 10 * MINUTE)
    return dup_pair (seconds / MINUTE, "m", seconds % MINUTE, "s");
  if (seconds < 3 * HOUR)
    return g_strdup_printf ("%" G_GINT64_FORMAT "m", seconds / MINUTE);
  if (seconds < 8 * HOUR)
    return dup_pair (seconds / HOUR, "h", seconds / MINUTE % 60, "m");
  if (seconds < 2 * DAY)
    return g_strdup_printf ("%" G_GINT64_FORMAT "h", seconds / HOUR);
  if (seconds < 8 * DAY)
    return dup_pair (seconds / DAY, "d", seconds / HOUR % 24, "h");
  if (seconds < 2 * YEAR)
    return g_strdup_printf ("%" G_GINT64_FORMAT "d", seconds / DAY);
  if (seconds < 8 * YEAR)
    return dup_pair (seconds / YEAR, "y", seconds / DAY % 365, "d");

  return g_strdup_printf ("%" G_GINT64_FORMAT "y", seconds / YEAR);
}

/**
 * lab_age_dup_ago:
 * @seconds: how long ago, in seconds
 *
 * Returns: (transfer full): the same for a sentence: "2 s ago", "5 min ago"
 */
char *
lab_age_dup_ago (gint64 seconds)
{
  seconds = MAX (seconds, 0);
  if (seconds < MINUTE)
    /* Translators: a number of seconds, with the unit's symbol */
    return g_strdup_printf (_ ("%d s ago"), (int)seconds);
  if (seconds < HOUR)
    /* Translators: a number of minutes, with the unit's symbol */
    return g_strdup_printf (_ ("%d min ago"), (int)(seconds / MINUTE));

  /* Translators: a number of hours, with the unit's symbol */
  return g_strdup_printf (_ ("%d h ago"), (int)MIN (seconds / HOUR, G_MAXINT));
}

/**
 * lab_age_dup_duration:
 * @seconds: how long, in seconds
 *
 * Returns: (transfer full): the same in words that change seldom once it is long: "45 s", "3 min"
 */
char *
lab_age_dup_duration (gint64 seconds)
{
  seconds = MAX (seconds, 0);
  if (seconds < MINUTE)
    /* Translators: a number of seconds, with the unit's symbol */
    return g_strdup_printf (_ ("%d s"), (int)seconds);
  if (seconds < HOUR)
    /* Translators: a number of minutes, with the unit's symbol */
    return g_strdup_printf (_ ("%d min"), (int)(seconds / MINUTE));

  /* Translators: a number of hours, with the unit's symbol */
  return g_strdup_printf (_ ("%d h"), (int)MIN (seconds / HOUR, G_MAXINT));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-age.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define YEAR (365 * DAY)

static char *
two_units (gint64 first, char first_unit, gint64 second, char second_unit)
{
  if (second == 0)
    return g_strdup_printf ("%" G_GINT64_FORMAT "%c", first, first_unit);
  return g_strdup_printf ("%" G_GINT64_FORMAT "%c%" G_GINT64_FORMAT "%c", first, first_unit, second,
                          second_unit);
}

/**
 * practice_age_format:
 * @seconds: a duration
 *
 * Two or three digits of precision: seconds to 2 minutes, then minutes and seconds to 10 minutes,
 * minutes to 3 hours, and so on (k8s.io/apimachinery/pkg/util/duration, HumanDuration).
 *
 * Returns: (transfer full): the duration in words, "<invalid>" for one in the past
 */
char *
practice_age_format (gint64 seconds)
{
  /* A clock that is a little off is no news. */
  if (seconds < -1)
    return g_strdup ("<invalid>");
  seconds = MAX (seconds, 0);
  if (seconds < 2 * MINUTE)
    return g_strdup_printf ("%" G_GINT64_FORMAT "s", seconds);
  if (seconds < 10 * MINUTE)
    return two_units (seconds / MINUTE, 'm', seconds % MINUTE, 's');
  if (seconds < 3 * HOUR)
    return g_strdup_printf ("%" G_GINT64_FORMAT "m", seconds / MINUTE);
  if (seconds < 8 * HOUR)
    return two_units (seconds / HOUR, 'h', seconds / MINUTE % 60, 'm');
  if (seconds < 2 * DAY)
    return g_strdup_printf ("%" G_GINT64_FORMAT "h", seconds / HOUR);
  if (seconds < 8 * DAY)
    return two_units (seconds / DAY, 'd', seconds / HOUR % 24, 'h');
  if (seconds < 2 * YEAR)
    return g_strdup_printf ("%" G_GINT64_FORMAT "d", seconds / DAY);
  if (seconds < 8 * YEAR)
    return two_units (seconds / YEAR, 'y', seconds / DAY % 365, 'd');
  return g_strdup_printf ("%" G_GINT64_FORMAT "y", seconds / YEAR);
}

/**
 * practice_age_dup_since:
 * @time: (nullable): RFC 3339
 *
 * How long ago something was, as kubectl's AGE has it.
 *
 * Returns: (transfer full): the duration; "<unknown>" without a time, "<invalid>" for what is none
 */
char *
practice_age_dup_since (const char *time)
{
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (time == NULL || *time == '\0')
    return g_strdup ("<unknown>");
  then = g_date_time_new_from_iso8601 (time, NULL);
  if (then == NULL)
    return g_strdup ("<invalid>");
  now = g_date_time_new_now_utc ();
  return practice_age_format (g_date_time_difference (now, then) / G_TIME_SPAN_SECOND);
}

/**
 * practice_age_dup_now:
 *
 * Returns: (transfer full): the present as RFC 3339, in whole seconds, as Kubernetes writes times
 */
char *
practice_age_dup_now (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y-%m-%dT%H:%M:%SZ");
}

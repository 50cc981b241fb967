/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-duration.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* More than any timeout in use, and far from where a double is no longer exact. */
#define MAX_US (365.0 * 24 * 3600 * G_USEC_PER_SEC)

#define MINUTE_US (60 * (gint64)G_USEC_PER_SEC)
#define HOUR_US (60 * MINUTE_US)

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
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++) {
    if (g_str_has_prefix (*text, units[i].unit)) {
      *text += strlen (units[i].unit);
      return units[i].microseconds;
    }
  }
  return 0;
}

/* Digits with at most one point; strtod() would take "1e3" and "0x1" as well. */
static gboolean
read_number (const char **text, double *number)
{
  gsize length = strspn (*text, "0123456789.");
  g_autofree char *digits = g_strndup (*text, length);
  char *end = NULL;

  *number = g_ascii_strtod (digits, &end);
  *text += length;
  return length > 0 && *end == '\0' && end != digits;
}

/**
 * mesh_duration_parse:
 * @text: (nullable): a duration as Go writes it (https://pkg.go.dev/time#ParseDuration)
 * @microseconds: (out): how long it is, rounded
 *
 * Returns: whether @text is a duration
 */
gboolean
mesh_duration_parse (const char *text, gint64 *microseconds)
{
  gboolean is_negative = text != NULL && *text == '-';
  double total = 0;

  *microseconds = 0;
  if (text == NULL)
    return FALSE;
  if (*text == '-' || *text == '+')
    text++;
  if (g_str_equal (text, "0"))
    return TRUE;
  if (*text == '\0')
    return FALSE;
  while (*text != '\0') {
    double number, unit;

    if (!read_number (&text, &number))
      return FALSE;
    unit = read_unit (&text);
    total += number * unit;
    if (unit <= 0 || !isfinite (total) || total > MAX_US)
      return FALSE;
  }
  *microseconds = (gint64)llround (is_negative ? -total : total);
  return TRUE;
}

/**
 * mesh_duration_dup_words:
 * @text: (nullable): a duration
 *
 * Returns: (transfer full): "0.5 s", "1 min 30 s"; @text itself where it is none
 */
char *
mesh_duration_dup_words (const char *text)
{
  gint64 us;
  int minutes;

  if (!mesh_duration_parse (text, &us))
    return g_strdup (text != NULL ? text : "");
  if (us < MINUTE_US)
    /* Translators: a time in seconds, "0.5 s" */
    return g_strdup_printf (_ ("%g s"), (double)us / G_USEC_PER_SEC);
  minutes = (int)(us / MINUTE_US);
  if (us % MINUTE_US != 0)
    /* Translators: a time, "1 min 30 s" */
    return g_strdup_printf (_ ("%d min %g s"), minutes, (double)(us % MINUTE_US) / G_USEC_PER_SEC);
  if (us % HOUR_US == 0)
    /* Translators: a time, "2 h" */
    return g_strdup_printf (_ ("%d h"), (int)(us / HOUR_US));
  /* Translators: a time, "5 min" */
  return g_strdup_printf (_ ("%d min"), minutes);
}

/**
 * mesh_duration_dup_error:
 * @text: a duration as typed
 *
 * Holds it to what Istio's webhook asks of every duration, in its words
 * (https://github.com/istio/istio/blob/1.4.0/pkg/config/validation/validation.go, the same
 * in 1.30).
 *
 * Returns: (transfer full) (nullable): what is wrong with it
 */
char *
mesh_duration_dup_error (const char *text)
{
  gint64 us;

  if (!mesh_duration_parse (text, &us))
    return g_strdup (_ ("Write a time with its unit, such as 0.5s, 500ms or 1m30s."));
  if (us < 1000)
    return g_strdup ("duration must be greater than 1ms");
  if (us % 1000 != 0)
    return g_strdup ("only durations to ms precision are supported");
  return NULL;
}

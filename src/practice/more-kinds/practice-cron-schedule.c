/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cron-schedule.h"

#include <string.h>

/* Schedules are read, and refused, as github.com/robfig/cron 1.1 does, which Kubernetes 1.15 to
 * 1.20 use. */

/* A bit for "*" beside those of the numbers. */
#define STAR (G_GUINT64_CONSTANT (1) << 63)

#define N_FIELDS 5

/* Of "@every". */
#define MAX_SECONDS 1e9

/* How far a date such as 29 February is looked for. */
#define MAX_YEARS 5

struct _PracticeCronSchedule {
  guint64 fields[N_FIELDS]; /* minute, hour, day, month, day of the week */
  gint64 every;             /* seconds; 0: by the fields */
};

enum {
  MINUTE,
  HOUR,
  DAY,
  MONTH,
  WEEKDAY,
};

static const struct {
  guint least;
  guint most;
} bounds[N_FIELDS] = { { 0, 59 }, { 0, 23 }, { 1, 31 }, { 1, 12 }, { 0, 6 } };

static const char *const months[] = { "jan", "feb", "mar", "apr", "may", "jun",
                                      "jul", "aug", "sep", "oct", "nov", "dec" };
static const char *const days[] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static const struct {
  const char *name;
  const char *fields;
} descriptors[] = {
  { "@yearly", "0 0 1 1 *" }, { "@annually", "0 0 1 1 *" }, { "@monthly", "0 0 1 * *" },
  { "@weekly", "0 0 * * 0" }, { "@daily", "0 0 * * *" },    { "@midnight", "0 0 * * *" },
  { "@hourly", "0 * * * *" },
};

#define set_error(error, ...)                                                                      \
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, __VA_ARGS__)

static gboolean
read_number (const char *text, guint *number, GError **error)
{
  gint64 value;

  if (!g_ascii_string_to_signed (text, 10, G_MININT, G_MAXINT, &value, NULL)) {
    set_error (error, "Failed to parse int from %s: strconv.Atoi: parsing \"%s\": invalid syntax",
               text, text);
    return FALSE;
  }
  if (value < 0) {
    set_error (error, "Negative number (%d) not allowed: %s", (int)value, text);
    return FALSE;
  }
  *number = (guint)value;
  return TRUE;
}

/* A number, or the name of a month or a day. */
static gboolean
read_value (const char *text, guint field, guint *number, GError **error)
{
  const char *const *names = field == MONTH ? months : field == WEEKDAY ? days : NULL;
  guint n_names = field == MONTH ? G_N_ELEMENTS (months) : G_N_ELEMENTS (days);

  for (guint i = 0; names != NULL && i < n_names; i++) {
    if (g_ascii_strcasecmp (text, names[i]) == 0) {
      *number = i + bounds[field].least;
      return TRUE;
    }
  }
  return read_number (text, number, error);
}

/* "*", "5", "1-5" */
static gboolean
read_ends (const char *text,
           const char *whole,
           guint field,
           guint *start,
           guint *end,
           guint64 *bits,
           GError **error)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", -1);
  guint n_ends = g_strv_length (ends);

  if (g_str_equal (text, "*") || g_str_equal (text, "?")) {
    *start = bounds[field].least;
    *end = bounds[field].most;
    *bits |= STAR;
    return TRUE;
  }
  if (n_ends > 2) {
    set_error (error, "Too many hyphens: %s", whole);
    return FALSE;
  }
  if (!read_value (n_ends > 0 ? ends[0] : "", field, start, error))
    return FALSE;
  *end = *start;
  return n_ends < 2 || read_value (ends[1], field, end, error);
}

static gboolean
check_range (const char *text, guint field, guint start, guint end, guint step, GError **error)
{
  if (start < bounds[field].least)
    set_error (error, "Beginning of range (%u) below minimum (%u): %s", start, bounds[field].least,
               text);
  else if (end > bounds[field].most)
    set_error (error, "End of range (%u) above maximum (%u): %s", end, bounds[field].most, text);
  else if (start > end)
    set_error (error, "Beginning of range (%u) beyond end of range (%u): %s", start, end, text);
  else if (step == 0)
    set_error (error, "Step of range should be a positive number: %s", text);
  else
    return TRUE;
  return FALSE;
}

/* "1-5/2": one of the parts between commas. */
static gboolean
read_range (const char *text, guint field, guint64 *bits, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", -1);
  guint n_parts = g_strv_length (parts);
  guint start, end, step = 1;
  const char *ends = n_parts > 0 ? parts[0] : "";

  if (!read_ends (ends, text, field, &start, &end, bits, error))
    return FALSE;
  if (n_parts > 2) {
    set_error (error, "Too many slashes: %s", text);
    return FALSE;
  }
  if (n_parts == 2) {
    if (!read_number (parts[1], &step, error))
      return FALSE;
    if (strchr (ends, '-') == NULL)
      end = bounds[field].most;
    if (step > 1)
      *bits &= ~STAR;
  }
  if (!check_range (text, field, start, end, step, error))
    return FALSE;
  for (guint i = start; i <= end; i += step)
    *bits |= G_GUINT64_CONSTANT (1) << i;
  return TRUE;
}

static gboolean
read_field (const char *text, guint field, guint64 *bits, GError **error)
{
  g_auto (GStrv) ranges = g_strsplit (text, ",", -1);

  *bits = 0;
  for (guint i = 0; ranges[i] != NULL; i++)
    if (*ranges[i] != '\0' && !read_range (ranges[i], field, bits, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_fields (PracticeCronSchedule *self, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n", -1);
  g_autoptr (GPtrArray) fields = g_ptr_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_ptr_array_add (fields, words[i]);
  if (fields->len != N_FIELDS) {
    set_error (error, "Expected exactly 5 fields, found %u: %s", fields->len, text);
    return FALSE;
  }
  for (guint i = 0; i < N_FIELDS; i++)
    if (!read_field (fields->pdata[i], i, &self->fields[i], error))
      return FALSE;
  return TRUE;
}

/* "1h30m" in seconds; 0: it is none, or less than one. */
static gint64
read_duration (const char *text)
{
  static const struct {
    const char *name;
    double seconds;
  } units[] = { { "ms", 0.001 }, { "h", 3600 }, { "m", 60 }, { "s", 1 } };
  double seconds = 0;

  while (*text != '\0') {
    char *end;
    double number = g_ascii_strtod (text, &end);
    guint unit = 0;

    while (unit < G_N_ELEMENTS (units) && !g_str_has_prefix (end, units[unit].name))
      unit++;
    if (end == text || unit == G_N_ELEMENTS (units) || !(number >= 0 && number <= MAX_SECONDS))
      return 0;
    seconds += number * units[unit].seconds;
    text = end + strlen (units[unit].name);
  }
  return (gint64)MIN (seconds, MAX_SECONDS);
}

static gboolean
read_descriptor (PracticeCronSchedule *self, const char *text, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (descriptors); i++)
    if (g_str_equal (text, descriptors[i].name))
      return read_fields (self, descriptors[i].fields, error);
  if (!g_str_has_prefix (text, "@every ")) {
    set_error (error, "Unrecognized descriptor: %s", text);
    return FALSE;
  }
  self->every = read_duration (text + strlen ("@every "));
  if (self->every > 0)
    return TRUE;
  set_error (error, "Failed to parse duration %s: time: invalid duration %s", text,
             text + strlen ("@every "));
  return FALSE;
}

/**
 * practice_cron_schedule_parse:
 * @text: as "0-59/15 8 * * mon"
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the schedule; %NULL with %G_IO_ERROR_INVALID_ARGUMENT
 */
PracticeCronSchedule *
practice_cron_schedule_parse (const char *text, GError **error)
{
  g_autoptr (PracticeCronSchedule) self = g_new0 (PracticeCronSchedule, 1);

  g_return_val_if_fail (text != NULL, NULL);

  if (*text == '@' ? read_descriptor (self, text, error) : read_fields (self, text, error))
    return g_steal_pointer (&self);
  return NULL;
}

/**
 * practice_cron_schedule_free:
 * @self: (transfer full): a schedule
 *
 * Frees @self.
 */
void
practice_cron_schedule_free (PracticeCronSchedule *self)
{
  g_free (self);
}

static gboolean
has (PracticeCronSchedule *self, guint field, int value)
{
  return (self->fields[field] & (G_GUINT64_CONSTANT (1) << value)) != 0;
}

/* Where both days are given, either is enough. */
static gboolean
is_day (PracticeCronSchedule *self, GDateTime *time)
{
  gboolean by_month = has (self, DAY, g_date_time_get_day_of_month (time));
  gboolean by_week = has (self, WEEKDAY, g_date_time_get_day_of_week (time) % 7);

  if ((self->fields[DAY] & STAR) != 0 || (self->fields[WEEKDAY] & STAR) != 0)
    return by_month && by_week;
  return by_month || by_week;
}

/* The next time that may be one, after one of which the @field is none. */
static GDateTime *
skip (GDateTime *time, guint field)
{
  int year, month, day;

  g_date_time_get_ymd (time, &year, &month, &day);
  if (field == MONTH)
    return month == 12 ? g_date_time_new_utc (year + 1, 1, 1, 0, 0, 0)
                       : g_date_time_new_utc (year, month + 1, 1, 0, 0, 0);
  if (field == DAY) {
    g_autoptr (GDateTime) start = g_date_time_new_utc (year, month, day, 0, 0, 0);

    return g_date_time_add_days (start, 1);
  }
  if (field == HOUR) {
    g_autoptr (GDateTime) start =
      g_date_time_new_utc (year, month, day, g_date_time_get_hour (time), 0, 0);

    return g_date_time_add_hours (start, 1);
  }
  return g_date_time_add_minutes (time, 1);
}

/**
 * practice_cron_schedule_get_next:
 * @self: a schedule
 * @time: seconds since 1970
 *
 * Returns: the first time after @time that is one of the schedule, in UTC; -1 where none comes
 *   within years
 */
gint64
practice_cron_schedule_get_next (PracticeCronSchedule *self, gint64 time)
{
  g_autoptr (GDateTime) now = NULL;
  int last_year;

  if (self->every > 0)
    return time + self->every;
  now = g_date_time_new_from_unix_utc (time - time % 60 + 60);
  if (now == NULL)
    return -1;
  last_year = g_date_time_get_year (now) + MAX_YEARS;
  while (now != NULL && g_date_time_get_year (now) <= last_year) {
    g_autoptr (GDateTime) before = g_steal_pointer (&now);

    if (!has (self, MONTH, g_date_time_get_month (before)))
      now = skip (before, MONTH);
    else if (!is_day (self, before))
      now = skip (before, DAY);
    else if (!has (self, HOUR, g_date_time_get_hour (before)))
      now = skip (before, HOUR);
    else if (!has (self, MINUTE, g_date_time_get_minute (before)))
      now = skip (before, MINUTE);
    else
      return g_date_time_to_unix (before);
  }
  return -1;
}

/**
 * practice_cron_schedule_get_latest:
 * @self: a schedule
 * @start: seconds since 1970
 * @now: seconds since 1970
 *
 * Returns: the last time of the schedule that is after @start and not after @now; -1 for none
 */
gint64
practice_cron_schedule_get_latest (PracticeCronSchedule *self, gint64 start, gint64 now)
{
  /* However long ago @start is, few times are looked at: the shortest of these that has any. */
  static const gint64 spans[] = { 60, 3600, 24 * 3600, 31 * 24 * 3600,
                                  MAX_YEARS * 366 * 24 * 3600 };
  gint64 latest = -1;

  if (self->every > 0)
    return now - start >= self->every ? now - (now - start) % self->every : -1;
  for (guint i = 0; i < G_N_ELEMENTS (spans) && latest < 0; i++) {
    gint64 time = practice_cron_schedule_get_next (self, MAX (start, now - spans[i]));

    for (; time >= 0 && time <= now; time = practice_cron_schedule_get_next (self, time))
      latest = time;
  }
  return latest;
}

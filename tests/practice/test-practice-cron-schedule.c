/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cron-schedule.h"

static gint64
read_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);

  g_assert_nonnull (time);
  return g_date_time_to_unix (time);
}

static void
test_next (void)
{
  static const struct {
    const char *schedule;
    const char *time;
    const char *next;
  } cases[] = {
    { "*/5 * * * *", "2019-12-11T10:02:00Z", "2019-12-11T10:05:00Z" },
    { "*/5 * * * *", "2019-12-11T10:05:00Z", "2019-12-11T10:10:00Z" },
    { "* * * * *", "2019-12-31T23:59:59Z", "2020-01-01T00:00:00Z" },
    { "30 8 * * mon", "2019-12-11T10:00:00Z", "2019-12-16T08:30:00Z" },
    { "0 0 29 2 *", "2019-12-11T10:00:00Z", "2020-02-29T00:00:00Z" },
    { "0 12 1,15 * *", "2019-12-11T10:00:00Z", "2019-12-15T12:00:00Z" },
    /* With both days either is enough. */
    { "0 12 13 * fri", "2019-12-11T13:00:00Z", "2019-12-13T12:00:00Z" },
    { "0 12 20 * thu", "2019-12-11T13:00:00Z", "2019-12-12T12:00:00Z" },
    { "10-20/5 3 * jun *", "2019-12-11T10:00:00Z", "2020-06-01T03:10:00Z" },
    { "@hourly", "2019-12-11T10:00:00Z", "2019-12-11T11:00:00Z" },
    { "@weekly", "2019-12-11T10:00:00Z", "2019-12-15T00:00:00Z" },
    { "@every 1h30m", "2019-12-11T10:00:00Z", "2019-12-11T11:30:00Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PracticeCronSchedule) schedule =
      practice_cron_schedule_parse (cases[i].schedule, &error);

    g_assert_no_error (error);
    g_assert_cmpint (practice_cron_schedule_get_next (schedule, read_time (cases[i].time)), ==,
                     read_time (cases[i].next));
  }
}

static void
test_never (void)
{
  g_autoptr (PracticeCronSchedule) schedule = practice_cron_schedule_parse ("0 0 31 2 *", NULL);

  g_assert_cmpint (practice_cron_schedule_get_next (schedule, read_time ("2019-12-11T10:00:00Z")),
                   ==, -1);
}

static void
test_latest (void)
{
  static const struct {
    const char *schedule;
    const char *start;
    const char *now;
    const char *latest;
  } cases[] = {
    { "*/5 * * * *", "2019-12-11T10:02:00Z", "2019-12-11T10:04:59Z", NULL },
    { "*/5 * * * *", "2019-12-11T10:02:00Z", "2019-12-11T10:05:00Z", "2019-12-11T10:05:00Z" },
    /* Years ago, and still at once. */
    { "* * * * *", "2015-01-01T00:00:00Z", "2019-12-11T10:00:30Z", "2019-12-11T10:00:00Z" },
    { "0 0 1 1 *", "2015-01-02T00:00:00Z", "2019-12-11T10:00:30Z", "2019-01-01T00:00:00Z" },
    { "@every 7m", "2019-12-11T10:00:00Z", "2019-12-11T10:20:00Z", "2019-12-11T10:14:00Z" },
    { "@every 7m", "2019-12-11T10:00:00Z", "2019-12-11T10:06:00Z", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PracticeCronSchedule) schedule =
      practice_cron_schedule_parse (cases[i].schedule, NULL);

    g_assert_cmpint (practice_cron_schedule_get_latest (schedule, read_time (cases[i].start),
                                                        read_time (cases[i].now)),
                     ==, cases[i].latest != NULL ? read_time (cases[i].latest) : -1);
  }
}

static void
test_refused (void)
{
  static const struct {
    const char *schedule;
    const char *message;
  } cases[] = {
    { "* * * *", "Expected exactly 5 fields, found 4: * * * *" },
    { "", "Expected exactly 5 fields, found 0: " },
    { "60 * * * *", "End of range (60) above maximum (59): 60" },
    { "* * 0 * *", "Beginning of range (0) below minimum (1): 0" },
    { "5-3 * * * *", "Beginning of range (5) beyond end of range (3): 5-3" },
    { "*/0 * * * *", "Step of range should be a positive number: */0" },
    { "1-2-3 * * * *", "Too many hyphens: 1-2-3" },
    { "1/2/3 * * * *", "Too many slashes: 1/2/3" },
    { "a * * * *", "Failed to parse int from a: strconv.Atoi: parsing \"a\": invalid syntax" },
    { "@sometimes", "Unrecognized descriptor: @sometimes" },
    { "@every x", "Failed to parse duration @every x: time: invalid duration x" },
    { "@every nan", "Failed to parse duration @every nan: time: invalid duration nan" },
    { "@every 99999999999999h",
      "Failed to parse duration @every 99999999999999h: time: invalid duration 99999999999999h" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PracticeCronSchedule) schedule =
      practice_cron_schedule_parse (cases[i].schedule, &error);

    g_assert_null (schedule);
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_assert_cmpstr (error->message, ==, cases[i].message);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/cron-schedule/next", test_next);
  g_test_add_func ("/practice/cron-schedule/never", test_never);
  g_test_add_func ("/practice/cron-schedule/latest", test_latest);
  g_test_add_func ("/practice/cron-schedule/refused", test_refused);

  return g_test_run ();
}

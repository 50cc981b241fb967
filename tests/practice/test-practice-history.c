/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-history.h"
#include "test-json.h"

#define FRESH (75 * G_TIME_SPAN_SECOND)

typedef struct {
  GHashTable *records;
  PracticeHistory history;
  guint64 version; /* of the last event */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->records = g_hash_table_new (NULL, NULL);
  practice_history_init (&fixture->history, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  practice_history_clear (&fixture->history);
  g_assert_cmpuint (g_hash_table_size (fixture->records), ==, 0);
  g_hash_table_unref (fixture->records);
}

/* @n events at the time @now. */
static void
add (Fixture *fixture, guint n, gint64 now)
{
  for (guint i = 0; i < n; i++) {
    PracticeRecord *record = practice_record_new (fixture->records, test_json ("{'a':1}"),
                                                  g_bytes_new_static ("{\"a\":1}", 7));

    practice_history_add (&fixture->history, PRACTICE_EVENT_ADDED, ++fixture->version, record, NULL,
                          now);
    practice_record_unref (record);
  }
}

static guint
count_since (Fixture *fixture, guint64 version)
{
  g_autoptr (GPtrArray) events =
    practice_history_dup_since (&fixture->history, "/configmaps", version);

  return events != NULL ? events->len : G_MAXUINT;
}

/* What is fresh stays, and of the rest the last. */
static void
test_age (Fixture *fixture, gconstpointer data)
{
  add (fixture, 300, 0);
  add (fixture, 200, 10);
  g_assert_true (practice_history_age (&fixture->history, FRESH));
  g_assert_cmpuint (count_since (fixture, 0), ==, 500);
  g_assert_true (practice_history_age (&fixture->history, FRESH + 1));
  g_assert_cmpuint (count_since (fixture, 300), ==, 200);
  g_assert_cmpuint (count_since (fixture, 299), ==, G_MAXUINT);
  g_assert_false (practice_history_age (&fixture->history, FRESH + 11));
  g_assert_cmpuint (count_since (fixture, 400), ==, 100);
  g_assert_cmpuint (count_since (fixture, 399), ==, G_MAXUINT);
  g_assert_false (practice_history_age (&fixture->history, G_MAXINT64));
  g_assert_cmpuint (count_since (fixture, 400), ==, 100);
}

/* A few stay for as long as nothing comes. */
static void
test_few (Fixture *fixture, gconstpointer data)
{
  add (fixture, 100, 0);
  g_assert_false (practice_history_age (&fixture->history, G_MAXINT64));
  g_assert_cmpuint (count_since (fixture, 0), ==, 100);
  add (fixture, 1, FRESH);
  g_assert_true (practice_history_age (&fixture->history, FRESH));
  g_assert_false (practice_history_age (&fixture->history, 2 * FRESH));
  g_assert_cmpuint (count_since (fixture, 1), ==, 100);
}

static void
test_many (Fixture *fixture, gconstpointer data)
{
  add (fixture, 1500, 0);
  g_assert_cmpuint (count_since (fixture, 500), ==, 1000);
  g_assert_cmpuint (count_since (fixture, 499), ==, G_MAXUINT);
  g_assert_cmpuint (g_hash_table_size (fixture->records), <, 100);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/practice/history/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("age", test_age);
  ADD ("few", test_few);
  ADD ("many", test_many);
  return g_test_run ();
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-certificates.h"
#include "practice-signing-request-cleaner.h"
#include "practice-signing-request.h"
#include "test-cluster-objects.h"
#include "test-wait.h"

#define WAIT 20

/* When the requests of these tests were decided: 2026-01-01T00:00:00Z. */
#define BEGIN "2026-01-01T00:00:00Z"
#define BEGIN_SECONDS G_GINT64_CONSTANT (1767225600)

typedef struct {
  TestObjects base;
  PracticeController *cleaner;
  gint64 begin; /* from which time is counted */
  gint64 now;
  char *mark; /* name of a request that is over, and comes after all others */
} Fixture;

static gint64
get_now (gpointer user_data)
{
  Fixture *fixture = user_data;

  return fixture->now;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  test_objects_set_up (&fixture->base, data);
  fixture->begin = BEGIN_SECONDS * G_USEC_PER_SEC;
  fixture->now = fixture->begin;
  fixture->cleaner = practice_signing_request_cleaner_new (fixture->base.store);
  practice_signing_request_cleaner_set_clock (PRACTICE_SIGNING_REQUEST_CLEANER (fixture->cleaner),
                                              get_now, fixture);
  practice_controller_start (fixture->cleaner);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->cleaner));
  test_objects_tear_down (&fixture->base, data);
  g_free (fixture->mark);
}

/* @status: JSON. */
static void
put (Fixture *fixture, const char *name, const char *finalizers, const char *status)
{
  g_autofree char *text = g_strdup_printf (
    "{'apiVersion':'certificates.k8s.io/v1','kind':'CertificateSigningRequest','metadata':{'name':"
    "'%s','finalizers':%s},'spec':{},'status':%s}",
    name, finalizers, status);
  g_autoptr (GError) error = NULL;

  practice_store_create (fixture->base.store, PRACTICE_SIGNING_REQUESTS, test_json (text), &error);
  g_assert_no_error (error);
}

/* The store's own clock has made it: from then on it is counted. */
static void
begin_at_creation (Fixture *fixture, const char *name)
{
  JsonNode *object =
    practice_store_get (fixture->base.store, PRACTICE_SIGNING_REQUESTS, NULL, name);
  g_autoptr (GDateTime) made = g_date_time_new_from_iso8601 (
    base_json_get_string (object, "metadata", "creationTimestamp", NULL), NULL);

  fixture->begin = g_date_time_to_unix (made) * G_USEC_PER_SEC;
}

static gboolean
is_there (Fixture *fixture, const char *name)
{
  return practice_store_get (fixture->base.store, PRACTICE_SIGNING_REQUESTS, NULL, name) != NULL;
}

static gboolean
mark_is_gone (gpointer data)
{
  Fixture *fixture = data;

  return !is_there (fixture, fixture->mark);
}

/* Has the cleaner look at everything after so much time. */
static void
move_clock (Fixture *fixture, gint64 span)
{
  g_free (fixture->mark);
  fixture->mark = g_strdup_printf ("mark-%" G_GINT64_FORMAT, span);
  fixture->now = fixture->begin + span;
  practice_controller_enqueue_all (fixture->cleaner, NULL);
  put (fixture, fixture->mark, "[]",
       "{'conditions':[{'type':'Denied','lastUpdateTime':'2000-01-01T00:00:00Z'}]}");
  test_wait_until (mark_is_gone, fixture, WAIT, "the cleaner");
}

#define DECIDED(type) "'conditions':[{'type':'" type "','lastUpdateTime':'" BEGIN "'}]"

/* (transfer full): a status with a certificate, base64, that is good for 24 hours of the real
 * clock and more. */
static char *
dup_issued (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeCertificates) certificates =
    practice_certificates_new_authority ("test", &error);
  g_autofree char *base64 = NULL;

  g_assert_no_error (error);
  base64 = g_base64_encode ((const guchar *)certificates->ca, strlen (certificates->ca));
  return g_strdup_printf ("{" DECIDED ("Approved") ",'certificate':'%s'}", base64);
}

static void
test_decided (Fixture *fixture, gconstpointer data)
{
  g_autofree char *issued = dup_issued ();

  put (fixture, "issued", "[]", issued);
  put (fixture, "denied", "[]", "{" DECIDED ("Denied") "}");
  put (fixture, "failed", "[]", "{" DECIDED ("Failed") "}");
  move_clock (fixture, G_TIME_SPAN_HOUR);
  g_assert_true (is_there (fixture, "issued"));
  g_assert_true (is_there (fixture, "denied"));
  g_assert_true (is_there (fixture, "failed"));
  move_clock (fixture, G_TIME_SPAN_HOUR + 1);
  g_assert_false (is_there (fixture, "issued"));
  g_assert_false (is_there (fixture, "denied"));
  g_assert_false (is_there (fixture, "failed"));
}

static void
test_pending (Fixture *fixture, gconstpointer data)
{
  put (fixture, "pending", "[]", "{}");
  begin_at_creation (fixture, "pending");
  move_clock (fixture, 24 * G_TIME_SPAN_HOUR);
  g_assert_true (is_there (fixture, "pending"));
  move_clock (fixture, 24 * G_TIME_SPAN_HOUR + 1);
  g_assert_false (is_there (fixture, "pending"));
}

/* Those for another's signer, those of which nobody knows since when, and those whose time or
 * certificate makes no sense. */
static void
test_left (Fixture *fixture, gconstpointer data)
{
  static const char *const statuses[] = {
    "{" DECIDED ("Approved") "}",
    "{'conditions':[{'type':'Denied'}]}",
    "{'conditions':[{'type':'Denied','lastUpdateTime':'yesterday'}]}",
    "{'conditions':[{'type':'Approved'}],'certificate':'bm9uZQ=='}",
    "{" DECIDED ("Odd") "}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autofree char *name = g_strdup_printf ("left-%u", i);

    put (fixture, name, "[]", statuses[i]);
  }
  move_clock (fixture, 1000 * G_TIME_SPAN_DAY);
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++) {
    g_autofree char *name = g_strdup_printf ("left-%u", i);

    g_assert_true (is_there (fixture, name));
  }
}

/* One whose certificate is over goes though nobody knows when it was approved. */
static void
test_expired (Fixture *fixture, gconstpointer data)
{
  g_autofree char *issued = dup_issued ();
  g_autofree char *undated = NULL;
  g_auto (GStrv) parts = g_strsplit (issued, ",'lastUpdateTime':'" BEGIN "'", -1);

  undated = g_strjoinv ("", parts);
  put (fixture, "undated", "[]", undated);
  move_clock (fixture, 0);
  g_assert_true (is_there (fixture, "undated"));
  move_clock (fixture, 10000 * G_TIME_SPAN_DAY);
  g_assert_false (is_there (fixture, "undated"));
}

/* Who holds it says when it goes. */
static void
test_held (Fixture *fixture, gconstpointer data)
{
  JsonNode *object;
  g_autofree char *version = NULL;

  put (fixture, "held", "['example.com/mine']", "{'conditions':[]}");
  begin_at_creation (fixture, "held");
  move_clock (fixture, 25 * G_TIME_SPAN_HOUR);
  object = practice_store_get (fixture->base.store, PRACTICE_SIGNING_REQUESTS, NULL, "held");
  g_assert_nonnull (base_json_get_string (object, "metadata", "deletionTimestamp", NULL));
  version = g_strdup (base_json_get_string (object, "metadata", "resourceVersion", NULL));
  move_clock (fixture, 26 * G_TIME_SPAN_HOUR);
  object = practice_store_get (fixture->base.store, PRACTICE_SIGNING_REQUESTS, NULL, "held");
  g_assert_cmpstr (base_json_get_string (object, "metadata", "resourceVersion", NULL), ==, version);
}

static gboolean
is_gone (gpointer data)
{
  Fixture *fixture = data;

  fixture->now += 60 * G_TIME_SPAN_MILLISECOND;
  return !is_there (fixture, "denied");
}

/* It looks again by itself when the time has come. */
static void
test_waits (Fixture *fixture, gconstpointer data)
{
  fixture->now += G_TIME_SPAN_HOUR - 50 * G_TIME_SPAN_MILLISECOND;
  put (fixture, "denied", "[]", "{" DECIDED ("Denied") "}");
  test_wait_until (is_gone, fixture, WAIT, "the cleaner to look again");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/practice/signing-request-cleaner/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("decided", test_decided);
  ADD ("pending", test_pending);
  ADD ("left", test_left);
  ADD ("expired", test_expired);
  ADD ("held", test_held);
  ADD ("waits", test_waits);
  return g_test_run ();
}

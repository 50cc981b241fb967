/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "session-report.h"

static void
error_cb (
  GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
}

static void
assert_well_formed (const char *xml)
{
  const GMarkupParser parser = { .text = error_cb };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, xml, -1, &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
  g_markup_parse_context_free (context);
}

static void
test_empty (void)
{
  g_autoptr (SessionReport) report = session_report_new ();
  g_autofree char *xml = session_report_dup_junit (report);

  assert_well_formed (xml);
  g_assert_nonnull (strstr (xml, "tests=\"0\""));
}

static void
test_cases (void)
{
  g_autoptr (SessionReport) report = session_report_new ();
  g_autofree char *xml = NULL;

  session_report_add (report, "load-balancer", "redis-pod", 1.5, NULL, NULL, "not kept", NULL);
  session_report_add (report, "load-balancer", "redis-ping", 2.25, "<no> \"answer\" & more",
                      "waited for: A & B\n", "out\001put\n]]> \xff end",
                      "/tmp/a & b/redis-ping.svg");
  session_report_add (report, "traffic-shifting", "half", 0, NULL,
                      "waited for: it\n  dns: 1.000 s\n", NULL, NULL);
  session_report_add_skipped (report, "traffic-shifting", "third", "requires <pods>");
  xml = session_report_dup_junit (report);
  assert_well_formed (xml);
  g_assert_cmpuint (session_report_get_n_failures (report), ==, 1);
  g_assert_nonnull (strstr (
    xml,
    "<testsuites name=\"konvoy-lab\" tests=\"4\" failures=\"1\" errors=\"0\" time=\"3.750\">"));
  g_assert_nonnull (
    strstr (xml, "<testsuite name=\"load-balancer\" tests=\"2\" failures=\"1\" errors=\"0\" "
                 "skipped=\"0\" time=\"3.750\" timestamp=\"20"));
  g_assert_nonnull (
    strstr (xml, "<testcase classname=\"load-balancer\" name=\"redis-pod\" time=\"1.500\"/>"));
  g_assert_nonnull (strstr (xml, "message=\"&lt;no&gt; &quot;answer&quot; &amp; more\""));
  g_assert_nonnull (strstr (
    xml,
    "<system-out>[[ATTACHMENT|/tmp/a &amp; b/redis-ping.svg]]\nwaited for: A &amp; B\noutput\n"));
  g_assert_nonnull (strstr (xml, "<testsuite name=\"traffic-shifting\" tests=\"2\" failures=\"0\" "
                                 "errors=\"0\" skipped=\"1\" time=\"0.000\""));
  g_assert_nonnull (strstr (xml, "<skipped message=\"requires &lt;pods&gt;\"/>"));
  g_assert_null (strstr (xml, "not kept"));
  g_assert_nonnull (strstr (xml,
                            "name=\"half\" time=\"0.000\">\n      <system-out>waited for: it\n  "
                            "dns: 1.000 s\n</system-out>\n    </testcase>"));
}

static void
test_secrets (void)
{
  g_autoptr (SessionReport) report = session_report_new ();
  g_autofree char *xml = NULL;

  session_report_add (report, "a", "b", 0, "Authorization: Bearer abcdefghijklmnop0123456789",
                      "Authorization: Bearer abcdefghijklmnop0123456789\n",
                      "Authorization: Bearer abcdefghijklmnop0123456789\n", NULL);
  xml = session_report_dup_junit (report);
  g_assert_null (strstr (xml, "abcdefghijklmnop0123456789"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/report/empty", test_empty);
  g_test_add_func ("/session/report/cases", test_cases);
  g_test_add_func ("/session/report/secrets", test_secrets);
  return g_test_run ();
}

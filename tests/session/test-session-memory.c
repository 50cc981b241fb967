/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "course-check-parser.h"
#include "session-memory.h"

static KubeObject *
new_service (const char *uid)
{
  g_autofree char *json =
    g_strdup_printf ("{\"metadata\":{\"name\":\"redis\",\"namespace\":\"default\",\"uid\":\"%s\","
                     "\"creationTimestamp\":\"2019-12-01T10:00:00Z\"}}",
                     uid);
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  return kube_object_new (bytes);
}

static const SessionRecollection *
recall (SessionMemory *memory)
{
  return session_memory_recall (memory, "services", "default", "redis");
}

static void
test_gone (void)
{
  g_autoptr (SessionMemory) memory = session_memory_new ();
  g_autoptr (KubeObject) service = new_service ("1");

  g_assert_null (recall (memory));
  /* who has never been is not gone */
  session_memory_miss (memory, "services", "default", "redis");
  g_assert_null (recall (memory));
  session_memory_see (memory, "services", service, NULL);
  g_assert_cmpint (recall (memory)->seen_at, >, 0);
  g_assert_cmpint (recall (memory)->gone_at, ==, 0);
  g_assert_null (session_memory_recall (memory, "pods", "default", "redis"));
  g_assert_null (session_memory_recall (memory, "services", NULL, "redis"));
  session_memory_miss (memory, "services", "default", "redis");
  g_assert_cmpint (recall (memory)->gone_at, >=, recall (memory)->seen_at);
  session_memory_see (memory, "services", service, NULL);
  g_assert_cmpint (recall (memory)->gone_at, ==, 0);
  g_assert_cmpint (recall (memory)->remade_at, ==, 0);
}

/* What a check singles out is told from the same of another check. */
static void
test_group (void)
{
  g_autoptr (SessionMemory) memory = session_memory_new ();
  g_autoptr (GPtrArray) messages = course_messages_new ();
  const CourseReport report = { .messages = messages, .file = "lab.md" };
  g_autoptr (GPtrArray) checks =
    course_check_parse_list ("- {resource: services, selector: a=b, at-least: 1, says: One}\n"
                             "- {resource: services, selector: a=b, at-least: 2, says: Two}\n",
                             1, 60, &report);
  CourseCheck *one = g_ptr_array_index (checks, 0);
  CourseCheck *two = g_ptr_array_index (checks, 1);
  g_autoptr (KubeObject) service = new_service ("1");
  g_autoptr (JsonNode) json = kube_object_ref_json (service);
  g_autoptr (GPtrArray) some = g_ptr_array_new ();
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GPtrArray) missing = NULL;

  g_ptr_array_add (some, json);
  session_memory_miss_group (memory, one, "default", none);
  g_assert_null (session_memory_recall_group (memory, one, "default"));
  session_memory_see_group (memory, one, "default", none);
  g_assert_null (session_memory_recall_group (memory, one, "default"));
  session_memory_assume_group (memory, one, "default", 7);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->seen_at, ==, 7);
  session_memory_miss_group (memory, one, "default", none);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->gone_at, ==, 0);

  session_memory_see_group (memory, one, "default", some);
  session_memory_assume_group (memory, one, "default", G_MAXINT64);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->seen_at, <, G_MAXINT64);
  session_memory_miss_group (memory, one, "default", some);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->gone_at, ==, 0);
  session_memory_miss_group (memory, one, "default", none);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->gone_at, >, 0);
  missing = session_group_list_missing (session_memory_recall_group (memory, one, "default"), none);
  g_assert_cmpuint (missing->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (missing, 0), ==, "redis");
  g_assert_null (session_memory_recall_group (memory, two, "default"));
  g_assert_null (session_memory_recall_group (memory, one, "other"));
  session_memory_see_group (memory, one, "default", some);
  g_assert_cmpint (session_memory_recall_group (memory, one, "default")->gone_at, ==, 0);
}

static void
test_address (void)
{
  g_autoptr (SessionMemory) memory = session_memory_new ();
  g_autoptr (KubeObject) service = new_service ("1");
  g_autoptr (KubeObject) other = new_service ("2");
  const gint64 created_at = kube_object_get_created_at (service);

  /* one that has it at first sight may have had it since it was made */
  session_memory_see (memory, "services", service, "one.example");
  g_assert_cmpint (recall (memory)->addressed_at, ==, created_at);
  g_assert_cmpstr (recall (memory)->address, ==, "one.example");
  g_assert_null (recall (memory)->old_address);
  session_memory_see (memory, "services", other, NULL);
  g_assert_cmpint (recall (memory)->addressed_at, >, created_at);
  g_assert_cmpint (recall (memory)->remade_at, ==, created_at);
  session_memory_see (memory, "services", other, "two.example");
  g_assert_cmpstr (recall (memory)->address, ==, "two.example");
  g_assert_cmpstr (recall (memory)->old_address, ==, "one.example");
  g_assert_cmpint (recall (memory)->addressed_at, >, created_at);
}

static void
test_assume (void)
{
  g_autoptr (SessionMemory) memory = session_memory_new ();
  g_autoptr (KubeObject) service = new_service ("1");

  session_memory_assume (memory, "services", "default", "redis", 1000);
  session_memory_assume (memory, "services", "default", "redis", 900);
  g_assert_cmpint (recall (memory)->seen_at, ==, 1000);
  /* nobody has seen it go */
  session_memory_miss (memory, "services", "default", "redis");
  g_assert_cmpint (recall (memory)->gone_at, ==, 0);
  session_memory_see (memory, "services", service, NULL);
  g_assert_cmpint (recall (memory)->remade_at, ==, 0);
  session_memory_assume (memory, "services", "default", "redis", 1000);
  g_assert_cmpint (recall (memory)->seen_at, >, 1000);
}

/* A course has few; what a hostile one names does not grow without end. */
static void
test_many (void)
{
  g_autoptr (SessionMemory) memory = session_memory_new ();

  for (guint i = 0; i < 5000; i++) {
    g_autofree char *name = g_strdup_printf ("n%u", i);

    session_memory_assume (memory, "pods", "default", name, 1000);
  }
  g_assert_nonnull (session_memory_recall (memory, "pods", "default", "n999"));
  g_assert_null (session_memory_recall (memory, "pods", "default", "n1000"));
}

static void
test_time (void)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *today = session_memory_dup_time (now);
  g_autofree char *long_ago = session_memory_dup_time (1000000000);

  g_assert_true (g_regex_match_simple ("^[0-9]{2}:[0-9]{2}:[0-9]{2}$", today, 0, 0));
  g_assert_true (g_regex_match_simple ("01.* [0-9]{2}:[0-9]{2}$", long_ago, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/memory/gone", test_gone);
  g_test_add_func ("/session/memory/group", test_group);
  g_test_add_func ("/session/memory/address", test_address);
  g_test_add_func ("/session/memory/assume", test_assume);
  g_test_add_func ("/session/memory/many", test_many);
  g_test_add_func ("/session/memory/time", test_time);
  return g_test_run ();
}

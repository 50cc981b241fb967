/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "course-fixture.h"
#include "course-folding.h"
#include "course-index.h"

#define TEXT                                                                                       \
  "# T\n\n## Ingress\n\nA paragraph on the Gateway of the Résumé.\n\nAnother one.\n\n"           \
  "```bash\nkubectl get pods\n```\n\n"                                                             \
  "The output should be similar to:\n\n```\nNAME   READY\nredis  1/1\n```\n\n"                     \
  "## Second\n\nSTRASSE and Straße, GATEWAYS.\n\n```yaml\nkind: Gateway\n```\n"

static CourseIndex *
new_index (CourseFixture *self, const char *text)
{
  g_autoptr (CourseCourse) course = course_fixture_load_text (self, text);

  return course_index_new (course);
}

static void
assert_hit (GPtrArray *hits, guint i, CourseHitKind kind, const char *section, const char *match)
{
  const CourseHit *hit;

  g_assert_cmpuint (i, <, hits->len);
  hit = g_ptr_array_index (hits, i);
  g_assert_cmpint (hit->kind, ==, kind);
  g_assert_cmpstr (course_section_get_title (hit->section), ==, section);
  g_assert_cmpstr (hit->match, ==, match);
}

static void
test_kinds (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseIndex) index = new_index (self, TEXT);
  g_autoptr (GPtrArray) titles = course_index_find (index, "ingress", 10);
  g_autoptr (GPtrArray) gateways = course_index_find (index, "gateway", 10);
  g_autoptr (GPtrArray) commands = course_index_find (index, "get pods", 10);
  g_autoptr (GPtrArray) outputs = course_index_find (index, "redis", 10);
  const CourseHit *hit;

  g_assert_cmpuint (titles->len, ==, 1);
  assert_hit (titles, 0, COURSE_HIT_TITLE, "Ingress", "Ingress");
  g_assert_cmpuint (gateways->len, ==, 3);
  assert_hit (gateways, 0, COURSE_HIT_PROSE, "Ingress", "Gateway");
  assert_hit (gateways, 1, COURSE_HIT_PROSE, "Second", "GATEWAY");
  assert_hit (gateways, 2, COURSE_HIT_COMMAND, "Second", "Gateway");
  g_assert_cmpuint (commands->len, ==, 1);
  assert_hit (commands, 0, COURSE_HIT_COMMAND, "Ingress", "get");
  g_assert_cmpuint (outputs->len, ==, 1);
  assert_hit (outputs, 0, COURSE_HIT_OUTPUT, "Ingress", "redis");

  hit = g_ptr_array_index (gateways, 0);
  g_assert_cmpstr (hit->before, ==, "A paragraph on the ");
  g_assert_cmpstr (hit->after, ==, " of the Résumé.");
  g_assert_cmpuint (hit->block, ==, 0);
  hit = g_ptr_array_index (outputs, 0);
  g_assert_cmpstr (hit->before, ==, "NAME READY ");
  g_assert_cmpuint (hit->block, ==, 2);
}

static void
test_folding (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseIndex) index = new_index (self, TEXT);
  g_autoptr (GPtrArray) plain = course_index_find (index, "resume", 10);
  g_autoptr (GPtrArray) accented = course_index_find (index, "RÉSUMÉ", 10);
  g_autoptr (GPtrArray) decomposed = course_index_find (index, "re\314\201sume", 10);

  assert_hit (plain, 0, COURSE_HIT_PROSE, "Ingress", "Résumé");
  assert_hit (accented, 0, COURSE_HIT_PROSE, "Ingress", "Résumé");
  assert_hit (decomposed, 0, COURSE_HIT_PROSE, "Ingress", "Résumé");
}

/* A folded text may be longer or shorter than the text; what is shown is the text's own. */
static void
test_places (CourseFixture *self, gconstpointer data)
{
  static const char *const texts[][3] = {
    { "abc", "b", "b" },
    { "Ǆ x Résumé y", "resume", "Résumé" },
    { "e\314\201 cafe\314\201!", "cafe", "cafe\314\201" },
    { "ﬁne", "fin", "ﬁn" },
    { "İstanbul", "stan", "stan" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *folded = course_folding_new (texts[i][0]);
    const char *found = strstr (folded, texts[i][1]);
    g_autofree char *match = NULL;
    gsize start, end;

    g_assert_nonnull (found);
    course_folding_find (texts[i][0], found - folded, strlen (texts[i][1]), &start, &end);
    match = g_strndup (texts[i][0] + start, end - start);
    g_assert_cmpstr (match, ==, texts[i][2]);
  }
}

static void
test_words (CourseFixture *self, gconstpointer data)
{
  g_autoptr (CourseIndex) index = new_index (self, TEXT);
  g_autoptr (GPtrArray) both = course_index_find (index, "  resume   gateway ", 10);
  g_autoptr (GPtrArray) apart = course_index_find (index, "resume strasse", 10);
  g_autoptr (GPtrArray) none = course_index_find (index, " \t", 10);
  g_autoptr (GPtrArray) invalid = course_index_find (index, "\xff", 10);
  g_autoptr (GPtrArray) few = course_index_find (index, "e", 2);

  g_assert_cmpuint (both->len, ==, 1);
  assert_hit (both, 0, COURSE_HIT_PROSE, "Ingress", "Résumé");
  g_assert_cmpuint (apart->len, ==, 0);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (invalid->len, ==, 0);
  g_assert_cmpuint (few->len, ==, 2);
}

/* Only some of what is around a hit is shown, whole letters of it. */
static void
test_around (CourseFixture *self, gconstpointer data)
{
  g_autofree char *umlauts = g_strnfill (1000, 'x');
  g_autofree char *text = g_strdup_printf ("# T\n\n%sé needle é%s\n", umlauts, umlauts);
  g_autoptr (CourseIndex) index = new_index (self, text);
  g_autoptr (GPtrArray) hits = course_index_find (index, "needle", 10);
  const CourseHit *hit = g_ptr_array_index (hits, 0);

  g_assert_true (g_str_has_prefix (hit->before, "…x"));
  g_assert_true (g_str_has_suffix (hit->before, "xé "));
  g_assert_cmpint (g_utf8_strlen (hit->before, -1), ==, 41);
  g_assert_true (g_str_has_prefix (hit->after, " éx"));
  g_assert_true (g_str_has_suffix (hit->after, "x…"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  COURSE_FIXTURE_TEST ("/course/index/kinds", test_kinds);
  COURSE_FIXTURE_TEST ("/course/index/folding", test_folding);
  COURSE_FIXTURE_TEST ("/course/index/places", test_places);
  COURSE_FIXTURE_TEST ("/course/index/words", test_words);
  COURSE_FIXTURE_TEST ("/course/index/around", test_around);

  return g_test_run ();
}

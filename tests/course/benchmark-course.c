/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <time.h>

#include "course-fixture.h"

/* How long the largest files that a course may have take, and hostile ones of that size: each is
 * parsed or refused. Processor time, since the machine may have other work. */

#define SIZE (2000 * 1024)

static double
get_cpu_ms (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static double
measure (CourseFixture *fixture, const char *text)
{
  g_autofree char *path = course_fixture_write (fixture, "lab.md", text);
  double start = get_cpu_ms ();
  g_autoptr (CourseCourse) course = course_course_load (path, NULL);

  return get_cpu_ms () - start;
}

/* @stretch: bytes after which an empty line follows; 0: never */
static char *
repeat (const char *head, const char *piece, gsize stretch)
{
  GString *text = g_string_new (head);
  gsize start = text->len;

  while (text->len < SIZE) {
    g_string_append (text, piece);
    if (stretch > 0 && text->len - start > stretch) {
      g_string_append (text, "\n\n");
      start = text->len;
    }
  }
  return g_string_free (text, FALSE);
}

static char *
dup_fences (void)
{
  GString *text = g_string_new ("# T\n\n");

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, "```bash\nkubectl get pods --namespace n%u\n```\n\n", i);
  return g_string_free (text, FALSE);
}

static void
measure_ordinary (CourseFixture *fixture)
{
  g_autofree char *manual =
    repeat ("# Manual\n\n",
            "## A part\n\nSome *words* on [what](https://example.org) `kubectl` does, and why "
            "that is so. They fill a line or two, as sentences do.\n\n- one\n- two\n\n"
            "```bash\nkubectl get pods\n```\n\n```output\nNAME READY\n```\n\n",
            0);
  g_autofree char *prose = repeat ("# Prose\n\n", "word ", 60000);
  g_autofree char *fences = dup_fences ();

  printf ("course-open-manual-2mb: %.0f ms\n", measure (fixture, manual));
  printf ("course-open-prose-2mb: %.0f ms\n", measure (fixture, prose));
  printf ("course-open-10000-fences: %.0f ms\n", measure (fixture, fences));
}

static void
measure_hostile (CourseFixture *fixture)
{
  static const char *const pieces[] = {
    "*a ",      "*a **b ",   "*_",        "_",
    "[",        "[a](",      "![",        "![a",
    "`",        "<",         "<!--",      "<?",
    "<!A ",     "<a:",       "&",         "\\",
    "![a](b)",  "<![CDATA[", "a**b c*",   "> a\n",
    "- ",       "- a\n",     "a\n",       "1. ",
    "## h\n",   "a\n===\n",  "|a|b|\n",   "\t",
    "```\n",    "~~~a\n",    "---\n",     "```bash\nls\n\n",
    "[a](#x) ", "<b>",       "\xc3\xa9",  "\xff",
    ">",        "`a``",      "- a\n  ",   "[a]: b\n",
    "[a][b] ",  "&#0;",      "<div>\n",   "http://a ",
    "a\\\n",    "* * *\n",   "  - a\n\n",
  };
  double slowest = 0;
  g_autofree char *name = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    const gsize stretches[] = { 0, 60000, 500 };
    g_autofree char *shown = g_strescape (pieces[i], NULL);

    for (gsize j = 0; j < G_N_ELEMENTS (stretches); j++) {
      g_autofree char *text = repeat ("# T\n\n", pieces[i], stretches[j]);
      double ms = measure (fixture, text);

      if (ms > slowest) {
        slowest = ms;
        g_free (name);
        name = g_strdup_printf ("'%s' in paragraphs of %" G_GSIZE_FORMAT, shown, stretches[j]);
      }
    }
  }
  printf ("course-open-hostile-2mb, the slowest, %s: %.0f ms\n", name, slowest);
}

int
main (void)
{
  CourseFixture fixture = { 0 };

  course_fixture_set_up (&fixture, NULL);
  measure_ordinary (&fixture);
  measure_hostile (&fixture);
  course_fixture_tear_down (&fixture, NULL);

  return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-report.h"

#include <string.h>

#include "base-redactor.h"

#define MAX_OUTPUT 8192

typedef struct {
  char *section;
  char *step;
  double seconds;
  gboolean skipped;
  char *reason;  /* (nullable): why it failed, or was left out */
  char *waits;   /* (nullable) */
  char *output;  /* (nullable) */
  char *picture; /* (nullable) */
} Case;

struct _SessionReport {
  GPtrArray *cases;
  BaseRedactor *redactor;
  guint n_failures;
  GDateTime *begun_at;
};

static void
case_free (gpointer data)
{
  Case *self = data;

  g_free (self->section);
  g_free (self->step);
  g_free (self->reason);
  g_free (self->waits);
  g_free (self->output);
  g_free (self->picture);
  g_free (self);
}

/* What XML can hold: valid UTF-8, no control characters but tab and newline
 * (https://www.w3.org/TR/xml/#charsets). */
static char *
dup_clean (SessionReport *self, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *redacted = base_redactor_redact (self->redactor, valid);
  g_autoptr (GString) clean = g_string_new (NULL);

  for (const char *p = redacted; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (c == '\t' || c == '\n' || (c >= 0x20 && c != 0xfffe && c != 0xffff))
      g_string_append_unichar (clean, c);
  }
  return g_strdup (clean->str);
}

/* A number as XML wants it, whatever the user's language. */
static char *
format_seconds (double seconds)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.3f", seconds));
}

static gboolean
has_output (const Case *one)
{
  return one->picture != NULL || one->waits != NULL || one->output != NULL;
}

/* What was waited for, and what the terminal showed. Servers that show reports find a picture by
 * such a line (https://plugins.jenkins.io/junit-attachments/). */
static void
append_output (GString *xml, const Case *one)
{
  g_autofree char *line =
    one->picture != NULL ? g_strdup_printf ("[[ATTACHMENT|%s]]\n", one->picture) : NULL;
  g_autofree char *output = NULL;

  if (!has_output (one))
    return;
  output = g_markup_printf_escaped ("      <system-out>%s%s%s</system-out>\n",
                                    line != NULL ? line : "", one->waits != NULL ? one->waits : "",
                                    one->output != NULL ? one->output : "");
  g_string_append (xml, output);
}

static void
append_case (GString *xml, const Case *one)
{
  g_autofree char *time = format_seconds (one->seconds);
  g_autofree char *start = g_markup_printf_escaped (
    "    <testcase classname=\"%s\" name=\"%s\" time=\"%s\"", one->section, one->step, time);

  g_string_append (xml, start);
  if (one->reason == NULL && !has_output (one)) {
    g_string_append (xml, "/>\n");
    return;
  }
  g_string_append (xml, ">\n");
  if (one->reason != NULL) {
    g_autofree char *result =
      one->skipped ? g_markup_printf_escaped ("      <skipped message=\"%s\"/>\n", one->reason)
                   : g_markup_printf_escaped ("      <failure type=\"failed\" message=\"%s\"/>\n",
                                              one->reason);

    g_string_append (xml, result);
  }
  append_output (xml, one);
  g_string_append (xml, "    </testcase>\n");
}

/* When a suite began: in UTC without a zone, as the schema wants it. */
static char *
dup_timestamp (SessionReport *self, double elapsed)
{
  g_autoptr (GDateTime) at = g_date_time_add_seconds (self->begun_at, elapsed);

  return g_date_time_format (at, "%Y-%m-%dT%H:%M:%S");
}

/* The cases from @first on that are of one section; returns where the next section begins. */
static guint
append_suite (SessionReport *self, GString *xml, guint first, double *elapsed)
{
  const Case *one = g_ptr_array_index (self->cases, first);
  const char *section = one->section;
  g_autofree char *start = NULL;
  g_autofree char *time = NULL;
  g_autofree char *timestamp = NULL;
  double seconds = 0;
  guint n_failures = 0;
  guint n_skipped = 0;
  guint end = first;

  for (; end < self->cases->len; end++) {
    one = g_ptr_array_index (self->cases, end);
    if (strcmp (one->section, section) != 0)
      break;
    seconds += one->seconds;
    n_failures += one->reason != NULL && !one->skipped;
    n_skipped += one->skipped;
  }
  time = format_seconds (seconds);
  timestamp = dup_timestamp (self, *elapsed);
  *elapsed += seconds;
  start = g_markup_printf_escaped (
    "  <testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\" time=\"%s\" "
    "timestamp=\"%s\">\n",
    section, end - first, n_failures, n_skipped, time, timestamp);
  g_string_append (xml, start);
  for (guint i = first; i < end; i++)
    append_case (xml, g_ptr_array_index (self->cases, i));
  g_string_append (xml, "  </testsuite>\n");
  return end;
}

SessionReport *
session_report_new (void)
{
  SessionReport *self = g_new0 (SessionReport, 1);

  self->cases = g_ptr_array_new_with_free_func (case_free);
  self->redactor = base_redactor_new ();
  self->begun_at = g_date_time_new_now_utc ();
  return self;
}

void
session_report_free (SessionReport *self)
{
  g_ptr_array_unref (self->cases);
  g_clear_object (&self->redactor);
  g_clear_pointer (&self->begun_at, g_date_time_unref);
  g_free (self);
}

void
session_report_add (SessionReport *self,
                    const char *section,
                    const char *step,
                    double seconds,
                    const char *reason,
                    const char *waits,
                    const char *output,
                    const char *picture)
{
  Case *one = g_new0 (Case, 1);
  gsize length = output != NULL ? strlen (output) : 0;

  one->section = g_strdup (section);
  one->step = g_strdup (step);
  one->seconds = seconds;
  one->picture = picture != NULL ? dup_clean (self, picture) : NULL;
  one->reason = reason != NULL ? dup_clean (self, reason) : NULL;
  if (waits != NULL && *waits != '\0')
    one->waits = dup_clean (self, waits);
  if (length > 0 && reason != NULL)
    one->output = dup_clean (self, output + (length > MAX_OUTPUT ? length - MAX_OUTPUT : 0));
  self->n_failures += reason != NULL;
  g_ptr_array_add (self->cases, one);
}

void
session_report_add_skipped (SessionReport *self,
                            const char *section,
                            const char *step,
                            const char *reason)
{
  Case *one = g_new0 (Case, 1);

  one->section = g_strdup (section);
  one->step = g_strdup (step);
  one->skipped = TRUE;
  one->reason = dup_clean (self, reason);
  g_ptr_array_add (self->cases, one);
}

guint
session_report_get_n_failures (SessionReport *self)
{
  return self->n_failures;
}

/**
 * session_report_dup_junit:
 *
 * Returns: (transfer full): a whole XML document, one test suite for each section
 */
char *
session_report_dup_junit (SessionReport *self)
{
  g_autofree char *time = NULL;
  double seconds = 0, elapsed = 0;
  g_autoptr (GString) xml = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

  for (guint i = 0; i < self->cases->len; i++)
    seconds += ((const Case *)g_ptr_array_index (self->cases, i))->seconds;
  time = format_seconds (seconds);
  g_string_append_printf (
    xml, "<testsuites name=\"konvoy-lab\" tests=\"%u\" failures=\"%u\" errors=\"0\" time=\"%s\">\n",
    self->cases->len, self->n_failures, time);
  for (guint i = 0; i < self->cases->len;)
    i = append_suite (self, xml, i, &elapsed);
  g_string_append (xml, "</testsuites>\n");
  return g_strdup (xml->str);
}

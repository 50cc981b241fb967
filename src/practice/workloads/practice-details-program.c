/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-details-program.h"

#include <string.h>

#define JSON "application/json"

/**
 * PracticeDetailsProgram:
 *
 * Bookinfo's details (https://istio.io/latest/docs/examples/bookinfo/): the same facts for the
 * book of every number.
 */
struct _PracticeDetailsProgram {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeDetailsProgram, practice_details_program, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_details_program_start (PracticeProgram *program, int *status)
{
  practice_launch_print (practice_program_get_launch (program),
                         "INFO  WEBrick::HTTPServer#start: pid=1 port=%u",
                         practice_program_get_port (program));

  return TRUE;
}

static gboolean
is_below (const char *path, const char *prefix)
{
  gsize length = strlen (prefix);

  return strncmp (path, prefix, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

static PracticeHttpResponse *
respond_details (const char *path)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *body = NULL;
  gint64 id;

  if (!g_ascii_string_to_signed (slash + 1, 10, G_MININT64, G_MAXINT64, &id, NULL))
    return practice_http_response_new (400, JSON,
                                       "{\"error\":\"please provide numeric product id\"}");

  body = g_strdup_printf ("{\"id\":%" G_GINT64_FORMAT ",\"author\":\"William Shakespeare\","
                          "\"year\":1595,\"type\":\"paperback\",\"pages\":200,"
                          "\"publisher\":\"PublisherA\",\"language\":\"English\","
                          "\"ISBN-10\":\"1234567890\",\"ISBN-13\":\"123-1234567890\"}",
                          id);

  return practice_http_response_new (200, JSON, body);
}

static PracticeHttpResponse *
practice_details_program_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  PracticeHttpResponse *response;

  if (is_below (path, "/health"))
    response = practice_http_response_new (200, JSON, "{\"status\":\"Details is healthy\"}");
  else if (is_below (path, "/details"))
    response = respond_details (path);
  else
    response = practice_http_response_new (404, "text/html; charset=ISO-8859-1",
                                           "<HTML>\n<HEAD><TITLE>Not Found</TITLE></HEAD>\n"
                                           "<BODY>\n<H1>Not Found</H1>\n</BODY>\n</HTML>\n");
  soup_message_headers_replace (practice_http_response_get_headers (response), "Server",
                                "WEBrick/1.4.2 (Ruby/2.6.5/2019-10-01)");

  return response;
}

static void
practice_details_program_log (PracticeProgram *program,
                              PracticeHttpRequest *request,
                              PracticeHttpResponse *response,
                              double milliseconds)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d/%b/%Y:%H:%M:%S UTC");
  const char *target = practice_http_request_get_target (request);

  practice_launch_print (practice_program_get_launch (program),
                         "%s - - [%s] \"%s %s HTTP/1.1\" %u %" G_GSIZE_FORMAT,
                         practice_http_request_get_peer (request)->address, time,
                         practice_http_request_get_method (request), target,
                         practice_http_response_get_status (response),
                         g_bytes_get_size (practice_http_response_get_body (response)));
  practice_launch_print (practice_program_get_launch (program), "- -> %s", target);
}

static void
practice_details_program_class_init (PracticeDetailsProgramClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_details_program_start;
  program_class->respond = practice_details_program_respond;
  program_class->log = practice_details_program_log;
}

static void
practice_details_program_init (PracticeDetailsProgram *self)
{
}

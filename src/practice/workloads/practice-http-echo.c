/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-echo.h"

#include <string.h>

#define DEFAULT_LISTEN ":5678"

/* Its exit statuses. */
#define CANNOT_LISTEN 1
#define BAD_FLAG 2
#define FAILED 127

/**
 * PracticeHttpEcho:
 *
 * https://github.com/hashicorp/http-echo: answers every request with the text of its argument
 * -text, at the address of -listen.
 */
struct _PracticeHttpEcho {
  PracticeProgram parent_instance;

  char *text;
  char *listen;
};

G_DEFINE_FINAL_TYPE (PracticeHttpEcho, practice_http_echo, PRACTICE_TYPE_PROGRAM)

/* Go's flags: one dash or two, the value behind "=" or in the next word. Returns how many words
 * were the flag; 0: something else. */
static guint
take_flag (char **words, const char *name, char **value)
{
  const char *word = words[0];
  gsize length = strlen (name);

  if (*word != '-')
    return 0;
  word += word[1] == '-' ? 2 : 1;
  if (strncmp (word, name, length) != 0)
    return 0;
  if (word[length] == '=') {
    g_free (*value);
    *value = g_strdup (word + length + 1);
    return 1;
  }
  if (word[length] != '\0' || words[1] == NULL)
    return 0;
  g_free (*value);
  *value = g_strdup (words[1]);

  return 2;
}

/* FALSE: it ends with @status. */
static gboolean
read_arguments (PracticeHttpEcho *self, PracticeLaunch *launch, int *status)
{
  for (char **words = launch->arguments; *words != NULL;) {
    guint n_words = take_flag (words, "text", &self->text);

    if (n_words == 0)
      n_words = take_flag (words, "listen", &self->listen);
    if (n_words == 0 && **words == '-') {
      practice_launch_print (launch, "flag provided but not defined: %s", *words);
      *status = BAD_FLAG;
      return FALSE;
    }
    if (n_words == 0) {
      practice_launch_print (launch, "Too many arguments!");
      *status = FAILED;
      return FALSE;
    }
    words += n_words;
  }

  return TRUE;
}

static char *
dup_log_time (void)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  return g_date_time_format (now, "%Y/%m/%d %H:%M:%S");
}

static gboolean
practice_http_echo_start (PracticeProgram *program, int *status)
{
  PracticeHttpEcho *self = PRACTICE_HTTP_ECHO (program);
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *now = dup_log_time ();
  const char *colon;
  guint64 port;

  self->listen = g_strdup (DEFAULT_LISTEN);
  self->text = g_strdup (practice_launch_get (launch, "ECHO_TEXT", ""));
  if (!read_arguments (self, launch, status))
    return FALSE;
  if (*self->text == '\0') {
    practice_launch_print (launch, "Missing -text option!");
    *status = FAILED;
    return FALSE;
  }

  colon = strrchr (self->listen, ':');
  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL)) {
    practice_launch_print (launch, "%s [ERR] server exited with: listen tcp: address %s: %s", now,
                           self->listen,
                           colon == NULL ? "missing port in address" : "invalid port");
    *status = CANNOT_LISTEN;
    return FALSE;
  }
  launch->port = port;
  practice_launch_print (launch, "%s Server is listening on %s", now, self->listen);

  return TRUE;
}

static PracticeHttpResponse *
practice_http_echo_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  PracticeHttpEcho *self = PRACTICE_HTTP_ECHO (program);
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *body =
    g_strconcat (g_str_equal (path, "/health") ? "{\"status\":\"ok\"}" : self->text, "\n", NULL);
  PracticeHttpResponse *response =
    practice_http_response_new (200, "text/plain; charset=utf-8", body);
  SoupMessageHeaders *headers = practice_http_response_get_headers (response);

  soup_message_headers_replace (headers, "X-App-Name", "http-echo");
  soup_message_headers_replace (headers, "X-App-Version",
                                practice_launch_is_tagged_since (launch, 1, 0) &&
                                    strchr (launch->image, ':') != NULL
                                  ? "1.0.0"
                                  : "0.2.3");

  return response;
}

static void
practice_http_echo_log (PracticeProgram *program,
                        PracticeHttpRequest *request,
                        PracticeHttpResponse *response,
                        double milliseconds)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *now = dup_log_time ();
  const char *agent = practice_http_request_get_header (request, "User-Agent");

  /* the real one does not log its health */
  if (g_str_equal (path, "/health"))
    return;

  practice_launch_print (
    practice_program_get_launch (program),
    "%s %s %s \"%s %s HTTP/1.1\" %u %" G_GSIZE_FORMAT " \"%s\" %.3fµs", now,
    practice_http_request_get_host (request), practice_http_request_get_peer (request)->address,
    practice_http_request_get_method (request), path, practice_http_response_get_status (response),
    g_bytes_get_size (practice_http_response_get_body (response)), agent != NULL ? agent : "",
    milliseconds * 1000);
}

static void
practice_http_echo_finalize (GObject *object)
{
  PracticeHttpEcho *self = PRACTICE_HTTP_ECHO (object);

  g_free (self->text);
  g_free (self->listen);

  G_OBJECT_CLASS (practice_http_echo_parent_class)->finalize (object);
}

static void
practice_http_echo_class_init (PracticeHttpEchoClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_http_echo_finalize;

  program_class->start = practice_http_echo_start;
  program_class->respond = practice_http_echo_respond;
  program_class->log = practice_http_echo_log;
}

static void
practice_http_echo_init (PracticeHttpEcho *self)
{
}

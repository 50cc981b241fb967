/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-access-log.h"

struct _PracticeAccessLog {
  PracticeContainerLogs *logs;
  char *pod_uid;
  char *container;
};

static const char *
get_header (PracticeHttpRequest *request, const char *name)
{
  const char *value = practice_http_request_get_header (request, name);

  return value != NULL ? value : "-";
}

/**
 * practice_access_log_new:
 * @logs: what containers print
 * @pod_uid: of the pod
 * @container: name of its container
 *
 * Returns: (transfer full): the log of that container
 */
PracticeAccessLog *
practice_access_log_new (PracticeContainerLogs *logs, const char *pod_uid, const char *container)
{
  PracticeAccessLog *self;

  g_return_val_if_fail (PRACTICE_IS_CONTAINER_LOGS (logs), NULL);
  g_return_val_if_fail (pod_uid != NULL && container != NULL, NULL);

  self = g_new0 (PracticeAccessLog, 1);
  self->logs = g_object_ref (logs);
  self->pod_uid = g_strdup (pod_uid);
  self->container = g_strdup (container);
  return self;
}

/**
 * practice_access_log_free:
 * @self: (transfer full): a log
 *
 * Frees @self.
 */
void
practice_access_log_free (PracticeAccessLog *self)
{
  g_clear_object (&self->logs);
  g_free (self->pod_uid);
  g_free (self->container);
  g_free (self);
}

/**
 * practice_access_log_write:
 * @self: a log
 * @request: as it came from the client
 * @response: what it got
 * @number: how many there were so far, this one with them
 * @frontend: (nullable): name of the frontend that took it
 * @url: (nullable): of the server that did
 * @microseconds: how long it took
 *
 * Writes a line in Traefik's common log format
 * (https://doc.traefik.io/traefik/v1.7/configuration/logs/#access-logs).
 */
void
practice_access_log_write (PracticeAccessLog *self,
                           PracticeHttpRequest *request,
                           PracticeHttpResponse *response,
                           guint number,
                           const char *frontend,
                           const char *url,
                           gint64 microseconds)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d/%b/%Y:%H:%M:%S +0000");
  g_autofree char *line = NULL;

  g_return_if_fail (self != NULL);

  line = g_strdup_printf (
    "%s - - [%s] \"%s %s HTTP/1.1\" %u %" G_GSIZE_FORMAT " \"%s\" \"%s\" %u \"%s\" \"%s\" "
    "%" G_GINT64_FORMAT "ms",
    practice_http_request_get_peer (request)->address, time,
    practice_http_request_get_method (request), practice_http_request_get_target (request),
    practice_http_response_get_status (response),
    g_bytes_get_size (practice_http_response_get_body (response)), get_header (request, "Referer"),
    get_header (request, "User-Agent"), number, frontend != NULL ? frontend : "backend not found",
    url != NULL ? url : "/", microseconds / G_TIME_SPAN_MILLISECOND);
  practice_container_logs_append (self->logs, self->pod_uid, self->container, line);
}

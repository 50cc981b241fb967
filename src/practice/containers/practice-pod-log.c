/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-log.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-log-follower.h"
#include "practice-pod-target.h"
#include "practice-status.h"

/* What a request asks of a log (PodLogOptions). */
typedef struct {
  PracticeLogSelection selection;
  gint64 limit; /* bytes; -1: none */
  gboolean follow;
  gboolean previous;
} Options;

/* Whether the parameter is missing or a number from @least. */
static gboolean
read_number (
  PracticeRequest *request, const char *parameter, gint64 least, gint64 *number, GError **error)
{
  const char *value = practice_request_get (request, parameter);

  *number = -1;
  if (value == NULL || *value == '\0' ||
      g_ascii_string_to_signed (value, 10, least, G_MAXINT64, number, NULL))
    return TRUE;
  practice_status_set_bad_request (error, "%s: Invalid value: \"%s\": must be greater than%s 0",
                                   parameter, value, least == 0 ? " or equal to" : "");
  return FALSE;
}

static gboolean
read_since (PracticeRequest *request, gint64 *since, GError **error)
{
  const char *text = practice_request_get (request, "sinceTime");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = NULL;
  gint64 seconds;

  *since = 0;
  if (!read_number (request, "sinceSeconds", 1, &seconds, error))
    return FALSE;
  if (seconds > 0)
    *since =
      g_get_real_time () - MIN (seconds, g_get_real_time () / G_USEC_PER_SEC) * G_USEC_PER_SEC;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (seconds > 0) {
    practice_status_set_bad_request (error, "at most one of `sinceTime` or `sinceSeconds` may be "
                                            "specified");
    return FALSE;
  }
  time = g_date_time_new_from_iso8601 (text, utc);
  if (time == NULL) {
    practice_status_set_bad_request (error,
                                     "parsing time \"%s\" as \"2006-01-02T15:04:05Z07:00\": cannot "
                                     "parse \"%s\" as \"2006\"",
                                     text, text);
    return FALSE;
  }
  *since = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

static gboolean
read_options (PracticeRequest *request, Options *options, GError **error)
{
  options->follow = practice_request_get_boolean (request, "follow");
  options->previous = practice_request_get_boolean (request, "previous");
  options->selection.timestamps = practice_request_get_boolean (request, "timestamps");
  return read_number (request, "tailLines", 0, &options->selection.tail, error) &&
         read_number (request, "limitBytes", 1, &options->limit, error) &&
         read_since (request, &options->selection.since, error);
}

static void
set_waiting (JsonNode *pod, const char *container, const char *reason, GError **error)
{
  const char *what = reason;

  if (g_strcmp0 (reason, "ErrImagePull") == 0)
    what = "image can't be pulled";
  else if (g_strcmp0 (reason, "ImagePullBackOff") == 0)
    what = "trying and failing to pull image";
  practice_status_set_bad_request (error, "container \"%s\" in pod \"%s\" is waiting to start: %s",
                                   container, base_metadata_get_name (pod), what);
}

/* Whose lines are meant, as a kubelet decides it: one that waits to be started again shows those of
 * its last run, with and without `previous`. */
static gboolean
choose_run (JsonNode *pod, const char *container, Options *options, GError **error)
{
  JsonNode *status = practice_pod_target_get_status (pod, container);
  const char *state = practice_pod_target_get_state (pod, container);
  gboolean ran_before = base_json_get (status, "lastState", "terminated", NULL) != NULL;
  gboolean waits = state == NULL || g_str_equal (state, "waiting");

  if (options->previous && !ran_before) {
    practice_status_set_bad_request (error,
                                     "previous terminated container \"%s\" in pod \"%s\" not found",
                                     container, base_metadata_get_name (pod));
    return FALSE;
  }
  if (waits && !ran_before) {
    const char *reason = base_json_get_string (status, "state", "waiting", "reason", NULL);

    set_waiting (pod, container, reason != NULL ? reason : "ContainerCreating", error);
    return FALSE;
  }
  if (waits)
    options->previous = FALSE;
  return TRUE;
}

static void
answer (SoupServerMessage *message, GBytes *text, gint64 limit)
{
  g_autoptr (GBytes) part = limit >= 0 && (guint64)limit < g_bytes_get_size (text)
                              ? g_bytes_new_from_bytes (text, 0, (gsize)limit)
                              : g_bytes_ref (text);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_replace (headers, "Content-Type", "text/plain");
  if (g_bytes_get_size (part) > 0)
    soup_message_body_append_bytes (body, part);
  soup_message_body_complete (body);
}

/**
 * practice_pod_log_serve:
 * @logs: what containers printed
 * @pod: the Pod
 * @request: a request for its log
 * @message: gets the answer
 * @error: return location
 *
 * Sends the log of a container
 * (https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#get-read-log-of-the-specified-pod).
 *
 * Returns: %FALSE with a Status, and nothing sent, where there is none
 */
gboolean
practice_pod_log_serve (PracticeContainerLogs *logs,
                        JsonNode *pod,
                        PracticeRequest *request,
                        SoupServerMessage *message,
                        GError **error)
{
  const char *uid = base_metadata_get_uid (pod);
  const char *container = practice_pod_target_find_container (pod, request, error);
  const char *state;
  g_autoptr (GBytes) text = NULL;
  Options options;

  if (container == NULL || !read_options (request, &options, error) ||
      !practice_pod_target_check_node (pod, error) || !choose_run (pod, container, &options, error))
    return FALSE;
  state = practice_pod_target_get_state (pod, container);
  text =
    practice_container_logs_dup_text (logs, uid, container, options.previous, &options.selection);
  if (options.follow && !options.previous && g_strcmp0 (state, "running") == 0 &&
      !practice_container_logs_has_ended (logs, uid, container))
    practice_log_follower_start (logs, uid, container, options.selection.timestamps, text,
                                 options.limit, message);
  else
    answer (message, text, options.limit);
  return TRUE;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-socket-probe.h"

#include <stdio.h>
#include <string.h>

#define MAX_LINE 512

typedef struct {
  PracticeHttpRequest *request; /* (nullable) */
  GCancellable *inner;          /* (owned): ended by the limit or by the caller */
  GSource *limit;               /* (owned) */
  gboolean is_late;
  GIOStream *stream; /* (nullable) (owned) */
  char *text;        /* (nullable) (owned): what is sent */
  char line[MAX_LINE];
} Probe;

static void
probe_free (gpointer data)
{
  Probe *self = data;

  g_source_destroy (self->limit);
  g_source_unref (self->limit);
  if (self->stream != NULL)
    g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  g_clear_object (&self->stream);
  g_clear_object (&self->inner);
  g_clear_pointer (&self->request, practice_http_request_unref);
  g_free (self->text);
  g_free (self);
}

static gboolean
limit_cb (gpointer user_data)
{
  Probe *self = user_data;

  self->is_late = TRUE;
  g_cancellable_cancel (self->inner);

  return G_SOURCE_REMOVE;
}

static void
return_failure (GTask *task, GError *error)
{
  Probe *probe = g_task_get_task_data (task);

  if (probe->is_late) {
    g_error_free (error);
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timed out");
  } else {
    g_task_return_error (task, error);
  }
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);
  int status;

  if (length < 0) {
    return_failure (task, g_steal_pointer (&error));
    return;
  }
  probe->line[length] = '\0';
  if (sscanf (probe->line, "HTTP/1.%*1[01] %3d", &status) == 1)
    g_task_return_int (task, status);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "malformed HTTP response");
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error)) {
    return_failure (task, g_steal_pointer (&error));
    return;
  }
  g_input_stream_read_async (g_io_stream_get_input_stream (probe->stream), probe->line,
                             MAX_LINE - 1, G_PRIORITY_DEFAULT, probe->inner, read_cb,
                             g_steal_pointer (&task));
}

static char *
dup_text (PracticeHttpRequest *request)
{
  GString *text = g_string_new (NULL);
  SoupMessageHeadersIter iter;
  const char *name;
  const char *value;

  g_string_append_printf (text, "GET %s HTTP/1.1\r\nConnection: close\r\n",
                          practice_http_request_get_target (request));
  soup_message_headers_iter_init (&iter, practice_http_request_get_headers (request));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    g_string_append_printf (text, "%s: %s\r\n", name, value);
  g_string_append (text, "\r\n");

  return g_string_free (text, FALSE);
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Probe *probe = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  probe->stream =
    practice_container_runtime_connect_finish (PRACTICE_CONTAINER_RUNTIME (source), result, &error);
  if (probe->stream == NULL) {
    return_failure (task, g_steal_pointer (&error));
    return;
  }
  if (probe->request == NULL) {
    g_task_return_int (task, 0);
    return;
  }
  probe->text = dup_text (probe->request);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (probe->stream), probe->text,
                                   strlen (probe->text), G_PRIORITY_DEFAULT, probe->inner,
                                   written_cb, g_steal_pointer (&task));
}

/**
 * practice_socket_probe_async:
 * @runtime: where containers run
 * @pod: a Pod
 * @port: a TCP port
 * @request: (nullable): what to ask there
 * @milliseconds: how long it may take
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is known
 * @user_data: data of @callback
 *
 * Asks what a container's own program has opened.
 */
void
practice_socket_probe_async (PracticeContainerRuntime *runtime,
                             JsonNode *pod,
                             guint16 port,
                             PracticeHttpRequest *request,
                             guint milliseconds,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Probe *probe;

  g_return_if_fail (PRACTICE_IS_CONTAINER_RUNTIME (runtime));

  task = g_task_new (runtime, cancellable, callback, user_data);
  g_task_set_source_tag (task, practice_socket_probe_async);
  probe = g_new0 (Probe, 1);
  probe->request = request != NULL ? practice_http_request_ref (request) : NULL;
  probe->inner = g_cancellable_new ();
  probe->limit = g_timeout_source_new (milliseconds);
  g_source_set_callback (probe->limit, limit_cb, probe, NULL);
  g_source_attach (probe->limit, g_main_context_get_thread_default ());
  g_task_set_task_data (task, probe, probe_free);

  practice_container_runtime_connect_async (runtime, pod, port, probe->inner, connected_cb,
                                            g_steal_pointer (&task));
}

/**
 * practice_socket_probe_finish:
 * @result: the result
 * @error: return location
 *
 * Returns: the HTTP status; 0 where nothing was asked; -1 with @error set
 */
int
practice_socket_probe_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error);
}

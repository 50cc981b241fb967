/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-exec.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-answer.h"
#include "practice-exec-session.h"
#include "practice-exec-spdy.h"
#include "practice-exec-websocket.h"
#include "practice-log-attachment.h"
#include "practice-main-process.h"
#include "practice-pod-target.h"
#include "practice-status.h"
#include "practice-upgrade.h"

#define MAX_WORDS 1024

/* A request on its way to the container. */
typedef struct {
  SoupServerMessage *message;
  PracticeContainer *container;
  PracticeUpgrade upgrade;
  const char *protocol;
  PracticeExecOptions options;
  GStrv argv;               /* (nullable): NULL: attach */
  PracticeProcess *process; /* (nullable): what to attach to */
  PracticeContainerLogs *logs;
  char *uid;
  char *name;
  gboolean ends_input;
} Call;

static const char *const spdy_protocols[] = { "v4.channel.k8s.io", NULL };
static const char *const websocket_protocols[] = { "v5.channel.k8s.io", "v4.channel.k8s.io", NULL };

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_object (&self->message);
  g_clear_object (&self->container);
  g_clear_object (&self->process);
  g_clear_object (&self->logs);
  g_strfreev (self->argv);
  g_free (self->uid);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_free)

/* All values of the parameter "command". */
static GStrv
read_command (SoupServerMessage *message)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_auto (GStrv) pairs = g_strsplit (query != NULL ? query : "", "&", MAX_WORDS);
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (guint i = 0; pairs[i] != NULL; i++) {
    g_autofree char *word = NULL;

    if (!g_str_has_prefix (pairs[i], "command="))
      continue;
    word = g_uri_unescape_string (g_strdelimit (pairs[i] + strlen ("command="), "+", ' '), NULL);
    if (word != NULL)
      g_strv_builder_add (words, word);
  }
  return g_strv_builder_end (words);
}

static gboolean
read_options (Call *call, PracticeRequest *request, GError **error)
{
  PracticeExecOptions *options = &call->options;

  options->in = practice_request_get_boolean (request, "stdin");
  options->out = practice_request_get_boolean (request, "stdout");
  options->tty = practice_request_get_boolean (request, "tty");
  options->err = practice_request_get_boolean (request, "stderr") && !options->tty;
  if (options->in || options->out || options->err)
    return TRUE;
  practice_status_set_bad_request (error, "you must specify at least 1 of stdin, stdout, stderr");
  return FALSE;
}

static gboolean
read_upgrade (Call *call, GError **error)
{
  gboolean is_spdy;

  call->upgrade = practice_upgrade_get_wanted (call->message);
  if (call->upgrade == PRACTICE_UPGRADE_NONE) {
    practice_status_set_bad_request (error, "Upgrade request required");
    return FALSE;
  }
  is_spdy = call->upgrade == PRACTICE_UPGRADE_SPDY;
  call->protocol = practice_upgrade_choose_protocol (
    call->message, call->upgrade, is_spdy ? spdy_protocols : websocket_protocols);
  if (call->protocol != NULL)
    return TRUE;
  practice_status_set_bad_request (error,
                                   "unable to upgrade: unable to negotiate protocol: client and "
                                   "server have no protocol in common");
  return FALSE;
}

static void
upgraded_cb (GIOStream *stream, gpointer user_data)
{
  Call *call = user_data;
  const PracticeAttachment attachment = { call->logs, call->uid, call->name, call->ends_input };
  g_autoptr (PracticeExecStreams) streams =
    call->upgrade == PRACTICE_UPGRADE_SPDY ? practice_exec_spdy_new (stream, &call->options)
                                           : practice_exec_websocket_new (stream, &call->options);

  if (call->argv != NULL)
    practice_exec_session_start_exec (streams, call->container, (const char *const *)call->argv);
  else if (call->process != NULL)
    practice_exec_session_start_attach (streams, call->process, &attachment);
  else
    practice_log_attachment_start (streams, call->logs, call->uid, call->name);
}

static void
refuse (SoupServerMessage *message, const GError *error)
{
  g_autoptr (GError) status = NULL;
  g_autoptr (PracticeAnswer) answer = NULL;
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  practice_status_set_internal (&status, error->message);
  answer = practice_answer_new_error (status);
  soup_server_message_set_status (message, answer->status, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Content-Type",
                                answer->content_type);
  for (guint i = 0; i < answer->body->len; i++)
    soup_message_body_append_bytes (body, answer->body->pdata[i]);
  soup_message_body_complete (body);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (SoupServerMessage) message = g_object_ref (call->message);
  g_autoptr (GError) error = NULL;

  if (practice_container_start_finish (PRACTICE_CONTAINER (source), result, &error)) {
    PracticeUpgrade upgrade = call->upgrade;
    const char *protocol = call->protocol;

    /* The message owns it from now on. */
    g_clear_object (&call->message);
    practice_upgrade_start (message, upgrade, protocol, upgraded_cb, g_steal_pointer (&call),
                            call_free);
  } else {
    refuse (message, error);
  }
  soup_server_message_unpause (message);
}

/* As a kubelet says it. */
static gboolean
check_running (JsonNode *pod, const char *container, GError **error)
{
  g_autofree char *words = NULL;

  if (g_strcmp0 (practice_pod_target_get_state (pod, container), "running") == 0)
    return TRUE;
  words = g_strdup_printf ("unable to upgrade connection: container not found (\"%s\")", container);
  practice_status_set_internal (error, words);
  return FALSE;
}

/* Whether the command is there; then the container is being started. */
static gboolean
begin_exec (Call *call, PracticeContainerRuntime *runtime, JsonNode *pod, GError **error)
{
  g_autoptr (GError) why = NULL;
  PracticeContainer *container =
    practice_container_runtime_ensure_for_command (runtime, pod, call->name, &why);

  if (container == NULL) {
    practice_status_set_internal (error, why->message);
    call_free (call);
    return FALSE;
  }
  call->container = g_object_ref (container);
  soup_server_message_pause (call->message);
  practice_container_start_async (container, NULL, started_cb, call);
  return TRUE;
}

/* What does not really run is only seen by what it prints. */
static void
begin_attach (Call *call, PracticeContainerRuntime *runtime, JsonNode *pod)
{
  g_autoptr (SoupServerMessage) message = g_steal_pointer (&call->message);
  PracticeMainProcess *program =
    practice_container_runtime_get_main (runtime, call->uid, call->name);
  PracticeProcess *process = program != NULL ? practice_main_process_get_process (program) : NULL;

  g_set_object (&call->process, process);
  call->ends_input = base_json_get_boolean (practice_pod_target_get_spec (pod, call->name), FALSE,
                                            "stdinOnce", NULL);
  practice_upgrade_start (message, call->upgrade, call->protocol, upgraded_cb, call, call_free);
}

/**
 * practice_pod_exec_serve:
 * @runtime: where programs run
 * @pod: the Pod
 * @request: a request for exec or attach
 * @message: gets the answer
 * @error: return location
 *
 * Runs a program in a container for a client over WebSocket or SPDY, or joins the client to the one
 * that runs there (https://kubernetes.io/docs/reference/using-api/api-concepts/, KEP-4006).
 *
 * Returns: %FALSE with a Status, and nothing sent
 */
gboolean
practice_pod_exec_serve (PracticeContainerRuntime *runtime,
                         JsonNode *pod,
                         PracticeRequest *request,
                         SoupServerMessage *message,
                         GError **error)
{
  g_autoptr (Call) call = g_new0 (Call, 1);
  const char *name = practice_pod_target_find_container (pod, request, error);
  gboolean is_exec = g_str_equal (request->subresource, "exec");

  if (name == NULL)
    return FALSE;
  call->message = g_object_ref (message);
  call->logs = g_object_ref (practice_container_runtime_get_logs (runtime));
  call->uid = g_strdup (base_metadata_get_uid (pod));
  call->name = g_strdup (name);
  if (is_exec)
    call->argv = read_command (message);
  if (is_exec && call->argv[0] == NULL) {
    practice_status_set_bad_request (error, "you must specify at least one command for the "
                                            "container");
    return FALSE;
  }
  if (!read_options (call, request, error) || !practice_pod_target_check_node (pod, error) ||
      !check_running (pod, name, error) || !read_upgrade (call, error))
    return FALSE;
  if (is_exec)
    return begin_exec (g_steal_pointer (&call), runtime, pod, error);
  begin_attach (g_steal_pointer (&call), runtime, pod);
  return TRUE;
}

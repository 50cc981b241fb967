/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-forward.h"

#include "base-json.h"
#include "practice-pod-target.h"
#include "practice-port-forward.h"
#include "practice-status.h"
#include "practice-upgrade.h"
#include "practice-websocket-tunnel.h"

static const char *const spdy_protocols[] = { "portforward.k8s.io", NULL };
static const char *const websocket_protocols[] = { "SPDY/3.1+portforward.k8s.io", NULL };

typedef struct {
  PracticeContainerRuntime *runtime;
  JsonNode *pod;
  PracticeUpgrade upgrade;
} Call;

static void
call_free (gpointer data)
{
  Call *self = data;

  g_clear_object (&self->runtime);
  json_node_unref (self->pod);
  g_free (self);
}

static void
upgraded_cb (GIOStream *stream, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GIOStream) inner = call->upgrade == PRACTICE_UPGRADE_SPDY
                                  ? g_object_ref (stream)
                                  : practice_websocket_tunnel_open (stream, NULL);

  if (inner != NULL)
    practice_port_forward_start (call->runtime, call->pod, inner);
}

/**
 * practice_pod_forward_serve:
 * @runtime: connects to pods
 * @pod: the Pod
 * @message: a request for portforward; gets the answer
 * @error: return location
 *
 * Begins to forward ports, over SPDY, or SPDY inside a WebSocket.
 *
 * Returns: %FALSE with a Status, and nothing sent
 */
gboolean
practice_pod_forward_serve (PracticeContainerRuntime *runtime,
                            JsonNode *pod,
                            SoupServerMessage *message,
                            GError **error)
{
  PracticeUpgrade upgrade = practice_upgrade_get_wanted (message);
  const char *protocol = NULL;
  Call *call;

  if (!practice_pod_target_check_node (pod, error))
    return FALSE;
  if (g_strcmp0 (base_json_get_string (pod, "status", "phase", NULL), "Running") != 0) {
    practice_status_set_bad_request (error,
                                     "unable to forward port because pod is not running. "
                                     "Current status=%s",
                                     base_json_get_string (pod, "status", "phase", NULL));
    return FALSE;
  }
  if (upgrade != PRACTICE_UPGRADE_NONE)
    protocol = practice_upgrade_choose_protocol (
      message, upgrade, upgrade == PRACTICE_UPGRADE_SPDY ? spdy_protocols : websocket_protocols);
  if (protocol == NULL) {
    practice_status_set_bad_request (error, "Upgrade request required");
    return FALSE;
  }
  call = g_new (Call, 1);
  call->runtime = g_object_ref (runtime);
  call->pod = json_node_ref (pod);
  call->upgrade = upgrade;
  practice_upgrade_start (message, upgrade, protocol, upgraded_cb, call, call_free);
  return TRUE;
}

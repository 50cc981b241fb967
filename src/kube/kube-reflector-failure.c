/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-reflector-private.h"

#include "kube-change.h"
#include "kube-error-private.h"

/* Which failure of a list or a watch leads where. */

/* Takes @error. */
static void
back_off (KubeReflector *self, GError *error)
{
  kube_pause_back_off (self->pause, self->live_since, error);
  kube_reflector_set_state (self, KUBE_LIST_STALE, error);
}

/* @error: (nullable): why there was no answer to us; else somebody else has found that out */
void
kube_reflector_wait_for_server (KubeReflector *self, const GError *error)
{
  KubeReachability *reachability = kube_client_get_reachability (self->client);

  kube_pause_wait_for_server (self->pause, error);
  kube_reflector_set_state (self, KUBE_LIST_STALE,
                            g_error_copy (kube_reachability_get_error (reachability)));
}

/* Nothing of it is there any more. */
void
kube_reflector_set_absent (KubeReflector *self)
{
  g_autoptr (GPtrArray) nothing = kube_change_new_array ();
  gboolean is_news = self->state != KUBE_LIST_ABSENT;

  self->version = NULL;
  kube_round_forget_all (self->round);
  kube_pause_wait (self->pause, kube_client_get_timings (self->client)->absent);
  if (is_news)
    g_signal_emit_by_name (self, "listed", nothing, TRUE);
  if (is_news && kube_pause_is_timed (self->pause))
    kube_reflector_set_state (self, KUBE_LIST_ABSENT, NULL);
}

/* Takes @error. Those who may not see all namespaces mostly may see the one of their kubeconfig. */
static void
handle_forbidden (KubeReflector *self, GError *error)
{
  KubeContext *context = kube_client_get_context (self->client);

  kube_round_forget_version (self->round);
  if (self->kind->namespaced && self->wants_all && !self->narrowed) {
    self->narrowed = TRUE;
    kube_round_set_namespace (self->round, kube_context_get_namespace (context));
    g_error_free (error);
    kube_reflector_proceed (self);
    return;
  }
  if (self->narrowed)
    kube_round_set_namespace (self->round, NULL);
  self->narrowed = FALSE;
  kube_pause_wait (self->pause, kube_client_get_timings (self->client)->forbidden);
  kube_reflector_set_state (self, KUBE_LIST_FORBIDDEN, error);
}

/* Takes @error: why there is no list, or no watch. Nothing is under way. */
void
kube_reflector_handle_error (KubeReflector *self, GError *error)
{
  if (error->domain != KUBE_ERROR) {
    back_off (self, error);
    return;
  }
  switch ((KubeError)error->code) {
    case KUBE_ERROR_UNREACHABLE:
    case KUBE_ERROR_TLS:
      kube_reflector_wait_for_server (self, error);
      g_error_free (error);
      break;
    case KUBE_ERROR_UNAUTHORIZED:
    case KUBE_ERROR_EXEC_NOT_APPROVED:
    case KUBE_ERROR_CONFIG:
      kube_reflector_set_state (self, KUBE_LIST_UNAUTHORIZED, error);
      break;
    case KUBE_ERROR_FORBIDDEN:
      handle_forbidden (self, error);
      break;
    case KUBE_ERROR_NOT_FOUND:
      /* gone altogether, or only this version of it? */
      g_error_free (error);
      kube_reflector_discover (self);
      break;
    case KUBE_ERROR_GONE:
    case KUBE_ERROR_INVALID:
      /* the version from which to go on is of no use */
      kube_round_forget_version (self->round);
      back_off (self, error);
      break;
    case KUBE_ERROR_FAILED:
    case KUBE_ERROR_ALREADY_EXISTS:
    case KUBE_ERROR_CONFLICT:
    case KUBE_ERROR_BUSY:
    case KUBE_ERROR_SERVER:
    case KUBE_ERROR_PROTOCOL:
    default:
      back_off (self, error);
      break;
  }
}

/* Takes @error. A server with no API at all is not asked again because of that. */
void
kube_reflector_handle_discovery_error (KubeReflector *self, GError *error)
{
  if (g_error_matches (error, KUBE_ERROR, KUBE_ERROR_NOT_FOUND))
    back_off (self, error);
  else
    kube_reflector_handle_error (self, error);
}

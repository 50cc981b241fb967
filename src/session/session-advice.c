/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-advice.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

#include "kube-error.h"

/* (nullable) */
static const char *
get_advice (const GError *error)
{
  if (error->domain != KUBE_ERROR)
    return NULL;
  switch ((KubeError)error->code) {
    case KUBE_ERROR_UNREACHABLE:
      return _ ("Check that the cluster is running; it is tried again by itself.");
    case KUBE_ERROR_SERVER:
    case KUBE_ERROR_BUSY:
      return _ ("It is tried again by itself.");
    case KUBE_ERROR_FORBIDDEN:
      return _ ("Ask who runs the cluster to let you see it.");
    case KUBE_ERROR_PROTOCOL:
    case KUBE_ERROR_NOT_FOUND:
      return _ ("Check the server's address in the kubeconfig.");
    case KUBE_ERROR_FAILED:
    case KUBE_ERROR_CONFIG:
    case KUBE_ERROR_TLS:
    case KUBE_ERROR_UNAUTHORIZED:
    case KUBE_ERROR_ALREADY_EXISTS:
    case KUBE_ERROR_CONFLICT:
    case KUBE_ERROR_GONE:
    case KUBE_ERROR_INVALID:
    case KUBE_ERROR_EXEC_NOT_APPROVED:
    default:
      return NULL;
  }
}

GError *
session_advice_add (GError *error)
{
  const char *advice = get_advice (error);
  g_autofree char *message = NULL;

  if (advice == NULL)
    return error;
  message = g_steal_pointer (&error->message);
  error->message =
    g_strdup_printf (g_str_has_suffix (message, ".") ? "%s %s" : "%s. %s", message, advice);
  return error;
}

gboolean
session_advice_is_passing (const GError *error)
{
  return g_error_matches (error, KUBE_ERROR, KUBE_ERROR_UNREACHABLE) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_SERVER) ||
         g_error_matches (error, KUBE_ERROR, KUBE_ERROR_BUSY) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

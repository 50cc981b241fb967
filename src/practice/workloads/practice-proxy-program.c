/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-proxy-program.h"

#include "practice-sidecar.h"

/**
 * PracticeProxyProgram:
 *
 * The proxy's own port (https://istio.io/latest/docs/ops/deployment/application-requirements/).
 * What the proxy does to the pod's traffic is #PracticeSidecar's business.
 */
struct _PracticeProxyProgram {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeProxyProgram, practice_proxy_program, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_proxy_program_start (PracticeProgram *program, int *status)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");

  practice_launch_print (practice_program_get_launch (program), "%s\tinfo\tEnvoy proxy is ready",
                         time);

  return TRUE;
}

/* The agent beside Envoy says that it is ready once the control plane has sent something. */
static gboolean
is_ready (PracticeProgram *program)
{
  PracticeLaunch *launch = practice_program_get_launch (program);

  return !PRACTICE_IS_SIDECAR (launch->outbound) ||
         practice_sidecar_is_configured (PRACTICE_SIDECAR (launch->outbound),
                                         launch->peer->namespace_, launch->peer->pod);
}

static PracticeHttpResponse *
practice_proxy_program_respond (PracticeProgram *program, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  gboolean is_known = g_str_equal (path, "/healthz/ready");

  return practice_http_response_new (!is_known            ? 404
                                     : is_ready (program) ? 200
                                                          : 503,
                                     "text/plain; charset=utf-8",
                                     is_known ? "" : "404 page not found\n");
}

static void
practice_proxy_program_class_init (PracticeProxyProgramClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_proxy_program_start;
  program_class->respond = practice_proxy_program_respond;
}

static void
practice_proxy_program_init (PracticeProxyProgram *self)
{
}

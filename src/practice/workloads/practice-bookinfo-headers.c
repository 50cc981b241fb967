/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-bookinfo-headers.h"

/* What Bookinfo's programs hand on from a request to those that it causes, so that proxies can put
 * a trace together (https://istio.io/latest/docs/tasks/observability/distributed-tracing/). */
static const char *const always[] = {
  "x-request-id",
  "x-ot-span-context",
  "x-datadog-trace-id",
  "x-datadog-parent-id",
  "x-datadog-sampling-priority",
  "traceparent",
  "tracestate",
  "x-cloud-trace-context",
  "grpc-trace-bin",
  "x-b3-traceid",
  "x-b3-spanid",
  "x-b3-parentspanid",
  "x-b3-sampled",
  "x-b3-flags",
  "sw8",
  "user-agent",
};

/* Since 2022. */
static const char *const later[] = { "cookie", "authorization", "jwt" };

static void
forward (SoupMessageHeaders *from, SoupMessageHeaders *to, const char *const *names, gsize n_names)
{
  for (gsize i = 0; i < n_names; i++) {
    const char *value = soup_message_headers_get_list (from, names[i]);

    if (value != NULL)
      soup_message_headers_replace (to, names[i], value);
  }
}

/**
 * practice_bookinfo_headers_forward:
 * @launch: of the program
 * @from: a request that it answers
 * @to: one that it sends
 *
 * Copies the headers that the program's version hands on; "end-user" is not among them, for
 * productpage sets it by its own session alone.
 */
void
practice_bookinfo_headers_forward (PracticeLaunch *launch,
                                   PracticeHttpRequest *from,
                                   PracticeHttpRequest *to)
{
  SoupMessageHeaders *source = practice_http_request_get_headers (from);
  SoupMessageHeaders *target = practice_http_request_get_headers (to);

  forward (source, target, always, G_N_ELEMENTS (always));
  if (practice_launch_is_tagged_since (launch, 1, 17))
    forward (source, target, later, G_N_ELEMENTS (later));
}

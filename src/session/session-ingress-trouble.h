/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-sight.h"

G_BEGIN_DECLS

/* What an Ingress controller makes of a request, and why. */
typedef struct {
  const char *controller; /* as session_ingress_get_controller() tells */
  const char *host;
  const char *path;
} SessionIngressRequest;

const char *
session_ingress_get_controller (SessionSight *sight, const char *namespace_, const char *name);
char *session_ingress_dup_trouble (SessionSight *sight, const SessionIngressRequest *request);

G_END_DECLS

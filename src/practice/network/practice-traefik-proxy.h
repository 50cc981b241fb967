/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-access-log.h"
#include "practice-fabric.h"
#include "practice-traefik.h"

G_BEGIN_DECLS

/* One entry point of a Traefik pod: finds the frontend of a request and hands it to a server.
 * Implements PracticeHttpHandler. */
#define PRACTICE_TYPE_TRAEFIK_PROXY (practice_traefik_proxy_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeTraefikProxy, practice_traefik_proxy, PRACTICE, TRAEFIK_PROXY, GObject)

/* @pod: who asks the servers. @entry_point: "http" or "https". */
PracticeTraefikProxy *practice_traefik_proxy_new (PracticeTraefik *traefik,
                                                  PracticeFabric *fabric,
                                                  const PracticePeer *pod,
                                                  const char *entry_point);
/* How long a server may not answer at all: 30 s if not said. */
void practice_traefik_proxy_set_dial_seconds (PracticeTraefikProxy *self, double seconds);
/* Takes @log. */
void practice_traefik_proxy_set_log (PracticeTraefikProxy *self, PracticeAccessLog *log);

G_END_DECLS

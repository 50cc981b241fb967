/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-handler.h"
#include "practice-traefik.h"

G_BEGIN_DECLS

/* Port 8080 of a Traefik pod: its page and its API. Implements PracticeHttpHandler. */
#define PRACTICE_TYPE_TRAEFIK_DASHBOARD (practice_traefik_dashboard_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeTraefikDashboard, practice_traefik_dashboard, PRACTICE, TRAEFIK_DASHBOARD, GObject)

PracticeTraefikDashboard *practice_traefik_dashboard_new (PracticeTraefik *traefik);

G_END_DECLS

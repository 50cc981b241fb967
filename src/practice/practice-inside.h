/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-api-server.h"
#include "practice-dns-server.h"
#include "practice-network.h"
#include "practice-resolve.h"
#include "practice-sites.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What is served inside the sandbox's network; all is borrowed. */
typedef struct {
  PracticeNetwork *network;
  PracticeStore *store;
  PracticeApiServer *api;
  PracticeSites *sites;
  PracticeResolveFunc resolve; /* which address a name has */
  gpointer user_data;          /* of @resolve */
} PracticeInside;

/* (transfer full) (nullable): the server that knows their names; @self must outlive it. */
PracticeDnsServer *practice_inside_serve (PracticeInside *self, GError **error);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-telemetry.h"

G_BEGIN_DECLS

/* Requests by what came of them, as Kiali counts them. */
typedef struct {
  guint n_requests;
  guint n_classes[6]; /* of status: [3] is 3xx; [0] no response */
  double duration;    /* sum of milliseconds, each flow's with its requests */
  guint n_encrypted;
  GHashTable *codes; /* "200" to Code */
} PracticeKialiRates;

void practice_kiali_rates_init (PracticeKialiRates *self);
void practice_kiali_rates_clear (PracticeKialiRates *self);
void practice_kiali_rates_add (PracticeKialiRates *self, const PracticeMeshTraffic *traffic);
/* Members of a node's "rates", @direction being "In" or "Out". */
void practice_kiali_rates_write_node (PracticeKialiRates *self,
                                      const char *direction,
                                      guint seconds,
                                      JsonObject *rates);
/* (transfer full): an edge's "traffic". @n_all: all that its source sends. */
JsonObject *practice_kiali_rates_write_edge (PracticeKialiRates *self, guint n_all, guint seconds);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-client-private.h"
#include "kube-pause.h"
#include "kube-reflector.h"
#include "kube-round.h"

G_BEGIN_DECLS

struct _KubeReflector {
  GObject parent_instance;

  KubeClient *client;
  const KubeKind *kind;
  KubeRound *round;
  KubePause *pause;
  gboolean wants_all; /* namespaces */
  gboolean narrowed;  /* to the one that we may see */

  KubeListState state;
  GError *error; /* (nullable) */
  gint64 synced_at;
  gboolean started;

  const char *version;       /* (nullable): static; of the kind's group */
  GCancellable *cancellable; /* (nullable): of the discovery under way */
  gint64 live_since;         /* monotonic, 0: is not */
};

/* Does the next thing. Nothing is under way. */
void kube_reflector_proceed (KubeReflector *self);
void kube_reflector_discover (KubeReflector *self);
void kube_reflector_set_state (KubeReflector *self, KubeListState state, GError *error);

/* What follows from a failure. */
void kube_reflector_handle_error (KubeReflector *self, GError *error);
void kube_reflector_handle_discovery_error (KubeReflector *self, GError *error);
void kube_reflector_wait_for_server (KubeReflector *self, const GError *error);
void kube_reflector_set_absent (KubeReflector *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When a request is tried again. */
typedef struct {
  guint attempts;                  /* beyond the first */
  gint64 try_timeout;              /* microseconds; 0: none of its own */
  const char *on;                  /* Envoy's conditions, by commas */
  gboolean is_service_unavailable; /* whether 503 is among them */
} PracticeMeshRetries;

gboolean practice_mesh_retries_want_status (const PracticeMeshRetries *self, guint status);
gboolean
practice_mesh_retries_want_end (const PracticeMeshRetries *self, gboolean is_connect_failure);
gint64 practice_mesh_retries_draw_rest (guint n_tries);

G_END_DECLS

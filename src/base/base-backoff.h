/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Doubles a delay from a floor to a ceiling, with jitter; plain data, no allocation. */
typedef struct {
  guint floor_ms;
  guint ceiling_ms;
  double jitter; /* 0 to 1: at most this part is added */
  guint failures;
} BaseBackoff;

#define BASE_BACKOFF_INIT(floor, ceiling, part)                                                    \
  {                                                                                                \
    .floor_ms = (floor), .ceiling_ms = (ceiling), .jitter = (part), .failures = 0                  \
  }

guint base_backoff_next (BaseBackoff *self);
void base_backoff_reset (BaseBackoff *self);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long everything waits, in milliseconds. Tests shorten it. */
typedef struct {
  guint backoff_floor;   /* after a failure, doubled for each one that follows */
  guint backoff_ceiling; /* both as client-go's reflector has them */
  guint healthy;         /* after so long with no failure the next one counts as the first */
  guint answer;          /* a watch's headers must be there */
  guint silence;         /* nothing at all on a watch, not even a bookmark: is the server there? */
  guint probe;           /* that question's own limit */
  guint watch;           /* a watch's length, asked of the server; up to twice that */
  guint frame;           /* while events flood in, the model changes once in this */
  guint absent;          /* a resource that is not served is looked for again */
  guint forbidden;       /* and one that is forbidden */
} KubeTimings;

extern const KubeTimings kube_timings_default;

G_END_DECLS

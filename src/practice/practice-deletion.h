/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"

G_BEGIN_DECLS

/* What a DELETE asks, and what it makes of an object: gone at once, or marked, where a kubelet, a
 * finalizer or the garbage collector has still something to do. */
typedef struct {
  gint64 grace_seconds;    /* -1: the object's own */
  const char *propagation; /* (nullable): "Background", "Foreground", "Orphan" */
  const char *uid;         /* (nullable): what it must have */
  const char *version;     /* (nullable) */
  gboolean dry_run;
} PracticeDeletion;

gboolean practice_deletion_check (PracticeResource *resource, const char *name, GError **error);
JsonNode *practice_deletion_mark (const PracticeDeletion *self,
                                  PracticeResource *resource,
                                  JsonNode *object,
                                  gboolean *at_once);
gboolean practice_deletion_is_due (PracticeResource *resource, JsonNode *object);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-store.h"

G_BEGIN_DECLS

/* The admission controllers of a cluster: https://kubernetes.io/docs/reference/access-authn-authz/
 * admission-controllers/. @resource is what an object is, as the store names it. Each returns FALSE
 * with a Status where an object is refused. */

/* Changes a new object, before it has its defaults. */
gboolean practice_admission_mutate (PracticeStore *store,
                                    const char *resource,
                                    JsonNode *object,
                                    GError **error);
/* A new object that is valid. */
gboolean practice_admission_check_creation (PracticeStore *store,
                                            const char *resource,
                                            JsonNode *object,
                                            GError **error);
/* Stores what a controller makes (takes @object), where nobody of those minds. */
JsonNode *practice_admission_create (PracticeStore *store,
                                     const char *resource,
                                     JsonNode *object,
                                     GError **error);
/* A valid @object that is to replace @old. */
gboolean practice_admission_check_update (
  PracticeStore *store, const char *resource, JsonNode *object, JsonNode *old, GError **error);

G_END_DECLS

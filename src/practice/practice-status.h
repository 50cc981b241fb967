/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-authorizer.h"
#include "practice-causes.h"
#include "practice-resource.h"

G_BEGIN_DECLS

/* The errors of a Kubernetes API server, in its words: the code is that of HTTP, the message that
 * of the Status, and the whole Status goes with the error. */
#define PRACTICE_STATUS_ERROR (practice_status_error_quark ())
GQuark practice_status_error_quark (void);

/* The Status of @error; one with code 500 for errors of other domains. */
JsonNode *practice_status_dup_node (const GError *error);
guint practice_status_get_code (const GError *error);
/* What an eviction answers. */
JsonNode *practice_status_new_success (void);
/* What a DELETE answers. */
JsonNode *practice_status_new_deleted (PracticeResource *resource, JsonNode *object);

void practice_status_set_bad_request (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
void practice_status_set_unauthorized (GError **error);
void practice_status_set_forbidden (GError **error,
                                    PracticeResource *resource,
                                    const char *name,
                                    const char *why);
/* The same; @store_name as "/pods" or "apps/deployments". */
void practice_status_set_stored_forbidden (GError **error,
                                           const char *store_name,
                                           const char *name,
                                           const char *why);
void practice_status_set_access_denied (GError **error,
                                        const PracticeUser *user,
                                        const PracticeAccess *access);
void practice_status_set_no_such_resource (GError **error);
void practice_status_set_not_found (GError **error, PracticeResource *resource, const char *name);
void
practice_status_set_scale_not_found (GError **error, PracticeResource *resource, const char *name);
void practice_status_set_namespace_not_found (GError **error, const char *name);
void practice_status_set_method_not_allowed (GError **error,
                                             PracticeResource *resource,
                                             const char *verb);
void practice_status_set_no_such_method (GError **error);
void practice_status_set_exists (GError **error, PracticeResource *resource, const char *name);
void practice_status_set_conflict (GError **error,
                                   PracticeResource *resource,
                                   const char *name,
                                   const char *why);
/* Takes @causes. */
void practice_status_set_apply_conflict (GError **error, const char *message, JsonArray *causes);
void practice_status_set_expired (GError **error, guint64 asked, guint64 oldest);
void practice_status_set_continue_expired (GError **error);
void practice_status_set_too_large_version (GError **error, guint64 asked, guint64 present);
void practice_status_set_too_large (GError **error, gsize limit);
void practice_status_set_media_type (GError **error, const char *const *accepted);
void practice_status_set_invalid (GError **error,
                                  PracticeResource *resource,
                                  const char *name,
                                  PracticeCauses *causes);
void practice_status_set_invalid_options (GError **error, const char *kind, PracticeCauses *causes);
/* An admission webhook's refusal, which has no reason. */
void practice_status_set_denied (GError **error, const char *message);
void practice_status_set_named_not_found (GError **error, const char *plural, const char *name);
void practice_status_set_unavailable (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);
void practice_status_set_too_many (GError **error,
                                   const char *message,
                                   const char *reason,
                                   const char *cause);
void practice_status_set_unprocessable (GError **error);
void practice_status_set_internal (GError **error, const char *message);
void practice_status_set_unknown (GError **error, const char *message);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-status.h"

G_BEGIN_DECLS

/* What all errors are made with. @details (transfer full) (nullable). */
void practice_status_set (
  GError **error, guint code, const char *reason, const char *message, JsonObject *details);
/* (transfer full): details that name an object; each argument nullable. */
JsonObject *practice_status_make_details (const char *name, const char *group, const char *kind);
JsonObject *practice_status_make_resource_details (PracticeResource *resource, const char *name);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-resource.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* Gives @service (to be stored next; changed in place) its cluster IP from 10.0.0.0/18 and its node
 * ports from 30000 to 32767. What is given out is what the Services in the store hold. @old is what
 * it replaces (nullable). Errors are Statuses. */
gboolean practice_service_addresses_assign (PracticeStore *store,
                                            PracticeResource *resource,
                                            JsonNode *service,
                                            JsonNode *old,
                                            GError **error);

G_END_DECLS

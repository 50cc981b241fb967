/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* (transfer full) (nullable): why Istio's webhook refuses an object of the group
 * networking.istio.io, as its whole message; NULL: it does not. */
char *practice_istio_admission_dup_refusal (JsonNode *object, guint minor);

G_END_DECLS

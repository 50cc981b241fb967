/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-istio-errors.h"

G_BEGIN_DECLS

/* What must hold in a spec whose form is good; @minor: of the Istio whose rules count. */
void
practice_istio_validate_virtual_service (JsonNode *spec, guint minor, PracticeIstioErrors *errors);
void practice_istio_validate_destination_rule (JsonNode *spec, PracticeIstioErrors *errors);
void
practice_istio_validate_gateway (const char *name, JsonNode *spec, PracticeIstioErrors *errors);

/* Parts of them. */
void practice_istio_validate_domain (const char *domain, PracticeIstioErrors *errors);
gboolean practice_istio_is_label (const char *text);
void
practice_istio_validate_duration (JsonNode *node, const char *member, PracticeIstioErrors *errors);
void practice_istio_validate_port (gint64 port, PracticeIstioErrors *errors);
void practice_istio_validate_export (JsonNode *spec, PracticeIstioErrors *errors);
void practice_istio_validate_subset_name (const char *name, PracticeIstioErrors *errors);
/* A number that may be quoted. */
double practice_istio_get_number (JsonNode *node, double fallback, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS

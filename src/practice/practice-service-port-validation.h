/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* The ports of a Service, each by itself. */
void practice_service_port_validation_check (JsonNode *service, PracticeCauses *causes);
/* What they are beside each other, and with the Service's type. */
void practice_service_port_validation_check_numbers (JsonNode *service, PracticeCauses *causes);

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"
#include "practice-names.h"

G_BEGIN_DECLS

/* What the validation of several kinds shares: k8s.io/kubernetes/pkg/apis/core/validation. */
char *practice_validation_field (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* One of @supported (NULL terminated), or empty where @required is not set. */
void practice_validation_one_of (const char *value,
                                 const char *field,
                                 gboolean required,
                                 const char *const *supported,
                                 PracticeCauses *causes);
void practice_validation_port (gint64 port, const char *field, PracticeCauses *causes);
/* A number from 1 to 65535 or the name of a port. */
void practice_validation_port_or_name (JsonNode *port, const char *field, PracticeCauses *causes);
void practice_validation_not_negative (gint64 value, const char *field, PracticeCauses *causes);
/* A LabelSelector. */
void practice_validation_selector (JsonNode *selector, const char *field, PracticeCauses *causes);
/* The number of a quantity: "1.5", "100m", "2Gi". */
double practice_validation_read_quantity (JsonNode *quantity);
/* "" where there is no such text. */
const char *practice_validation_get_text (JsonNode *object, const char *member);

G_END_DECLS
